"""One change pulled by different clients through the same faults, and what they showed held against what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import httpx

from cockpit.domain.levers import Stage
from cockpit.world.saga import carry_out
from tests.adapters.fenced import SPECIMEN
from tests.adapters.subjects import TOKEN, Trial, trial

CALL_S = 0.6
LIMIT_S = 3.0
HEALS_S = 0.8
AT_ONCE = 16
STAYS = float("inf")

FAULTS = (
    "", "refused", "reset before", "reset after", "cut at 10", "cut at 120", "trickle", "black hole", "late", "403",
    "429", "500", "500 after acting", "garbage", "html", "liar",
)  # fmt: skip
"""Sixteen ways for one request to go, the first of which is well."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one client showed of one pull, and what there was in the end.

    Attributes:
        shown: `applied`, `refused` or `unknown`.
        there: whether the wanted value is in force in the end.
        applied: how many times the system was changed.
        seconds: how long the client took.
    """

    client: str
    fault: str
    heals: bool
    shown: Stage
    there: bool
    applied: int
    seconds: float

    @property
    def wrong(self) -> bool:
        """Whether what was shown is not so."""
        return self.shown is not Stage.UNKNOWN and (self.shown is Stage.APPLIED) != self.there


Client = Callable[[Trial], Stage]


def saga(tried: Trial) -> Stage:
    """Pull as the cockpit does."""
    return carry_out(tried.system, tried.planned(), LIMIT_S, call_s=CALL_S).stage


def naive(tried: Trial, tries: int = 1) -> Stage:
    """Pull as a script does: success is applied, all else is not."""
    assert tried.chaos is not None
    with httpx.Client(trust_env=False, timeout=CALL_S, headers={"authorization": f"Bearer {TOKEN}"}) as client:
        for _ in range(tries):
            try:
                if client.put(f"{tried.chaos.url}/flag", json={"value": SPECIMEN.want}).is_success:
                    return Stage.APPLIED
            except httpx.HTTPError:
                pass
    return Stage.REFUSED


CLIENTS: dict[str, Client] = {"saga": saga, "naive": naive, "naive + 3 retries": partial(naive, tries=4)}


def pull(name: str, fault: str, heals: bool, skip: int) -> Pulled:
    """Let one client pull once; the fault sets in after the plan was read, and `skip` connections later."""
    with trial(SPECIMEN, Path(), CALL_S) as tried:
        assert tried.chaos is not None
        client: Any = CLIENTS[name]
        tried.chaos.begin(fault, skip=skip if name == "saga" else 0, heals_after=HEALS_S if heals else STAYS)
        began = time.monotonic()
        shown = client(tried)
        seconds = time.monotonic() - began
        tried.chaos.end()
        tried.chaos.settle()
        there = tried.now().value == SPECIMEN.want
        return Pulled(name, fault, heals, shown, there, tried.applied, seconds)


def pulls(names: Iterable[str], faults: Sequence[str], runs: int) -> list[Pulled]:
    """Let clients pull through every fault, that heals and that stays.

    The saga looks first, which the naive clients do not: it meets the fault at its first look in one half of the
    runs, and at its first write in the other.
    """
    cases = list(product(names, faults, (True, False), range(runs)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda case: pull(case[0], case[1], case[2], case[3] % 2), cases))
