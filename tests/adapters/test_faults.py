"""Every adapter under every fault: back in time, with an error that says what is certain, and never twice.

All faults of one specimen run side by side, since most of their time is spent waiting; each has a fake of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.levers import Stage
from cockpit.errors import (
    CockpitError,
    Moved,
    Refused,
    Throttled,
    Unauthorised,
    Unreachable,
    Unsure,
    WorldError,
)
from cockpit.world.contract import ChangeLog, Deadline, Meter, StatusFeed, TraceSource, Verdict
from cockpit.world.saga import carry_out, same
from cockpit.world.specimen import Specimen
from tests.adapters.chaos import FAULTS, ONLY_WRITES, Chaos
from tests.adapters.secrecy import leaks, told
from tests.adapters.subjects import SERVED, Trial, first_of_each, name_of, trial

WAITED = ("black hole", "late", "trickle")
"""Faults that a call ends under because its time is over."""

SHORT_S, AMPLE_S = 0.4, 20.0
"""How long a call may take under one of them, and under all others, which are over as soon as the machine allows."""

PATIENCE_S = 5.0
"""How late a call may come back on a machine that is busy with other things; `tests/bench` measures the contract's
second."""

CALL_S, LIMIT_S = 0.8, 2.0
NEVER_SENT, TRIES = "the connection stood too late", 4
"""How a call ends that met no fault, since the machine was too busy to connect in time; and how often it is tried."""

HEALS_S = 0.8
AT_ONCE, PULLS_AT_ONCE = 12, 32
"""Pulls wait for most of their time, and nothing is asked of how soon they end."""

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

CERTAIN: dict[str, tuple[type[WorldError], ...]] = {
    "refused": (Unreachable,),
    "reset before": (Unsure, Unreachable),
    "401": (Unauthorised,),
    "403": (Unauthorised,),
    "404": (Refused,),
    "409": (Moved, Refused),
    "429": (Throttled,),
    "redirect": (Refused,),
}
"""The errors a fault may end in; all others leave it open what happened."""

FEW = ("refused", "reset after", "403", "500 after acting", "html")
"""Those that every adapter meets by default."""

WAITS = {"litellm-alias", "unleash-flag", "mlflow"}
"""Who meets by default what has to be waited for, too."""

OFTEN_ABSENCE = ("404",)
"""To a read, this may well be the answer: there is no such value."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one call came to."""

    what: str
    fault: str
    late_s: float
    error: CockpitError | None
    result: Any = field(default=None, repr=False)


def deadline_under(fault: str) -> float:
    """Return how long a call may take under a fault, in seconds."""
    return SHORT_S if fault in WAITED else AMPLE_S


def timed(what: str, fault: str, call: Callable[[Deadline], Any]) -> Told:
    """Call, and tell how late it was back; anything that is no error of ours goes through."""
    end = time.monotonic() + deadline_under(fault)
    try:
        result = call(Deadline(deadline_under(fault)))
    except CockpitError as problem:
        return Told(what, fault, time.monotonic() - end, problem)
    return Told(what, fault, time.monotonic() - end, None, result)


def looks(tried: Trial) -> Iterator[tuple[str, Callable[[Deadline], Any]]]:
    """Yield what changes nothing."""
    system, specimen = tried.system, tried.specimen
    if specimen.address:
        yield "read", lambda deadline: system.read(specimen.address, deadline)
    if isinstance(system, ChangeLog):
        yield "changes", lambda deadline: system.changes(LONG_AGO, deadline)
    if isinstance(system, StatusFeed):
        yield "status", lambda deadline: system.status(deadline)
    if isinstance(system, Meter):
        yield "measure", lambda deadline: system.measure(deadline)
    if isinstance(system, TraceSource):
        yield "traces", lambda deadline: system.traces(LONG_AGO, datetime.now(UTC), "", deadline)
    yield "check", lambda deadline: system.check(deadline)


def look_at(specimen: Specimen, folder: Path, fault: str) -> list[Told]:
    """Try everything that changes nothing under one fault; again, where a busy machine kept it from meeting it."""
    for left in reversed(range(TRIES)):
        found = _look_once(specimen, folder, fault)
        if not left or not any(NEVER_SENT in str(one.error) for one in found):
            break
    return found


def _look_once(specimen: Specimen, folder: Path, fault: str) -> list[Told]:
    """Try it; where it has to wait, all at once."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        tried.chaos.begin(fault)
        calls = list(looks(tried))
        with ThreadPoolExecutor(len(calls) if fault in WAITED else 1) as pool:
            return list(pool.map(lambda one: timed(one[0], fault, one[1]), calls))


def in_parallel(works: Iterable[Callable[[], list[Told]]], at_once: int = AT_ONCE) -> list[Told]:
    """Run pieces of work side by side."""
    with ThreadPoolExecutor(at_once) as pool:
        return [told for batch in pool.map(lambda work: work(), works) for told in batch]


def judge_time(found: Sequence[Told]) -> None:
    """Fail for a call that did not come back, or that gave the token away."""
    assert [one for one in found if one.late_s > PATIENCE_S] == []
    assert [one for one in found if one.error and leaks(told(one.error))] == []


def judge_look(one: Told) -> str:
    """Return what is wrong with the end of a look; empty when nothing is."""
    if one.error is not None:
        allowed = CERTAIN.get(one.fault, (Unsure,)) if one.what == "read" else (WorldError,)
        return "" if isinstance(one.error, allowed) else f"{one}: {one.error!r} is none of {allowed}"
    return "" if honest(one) else f"{one}: as if nothing was wrong: {one.result}"


def honest(one: Told) -> bool:
    """Whether an answer that is no error admits that something is wrong."""
    if one.what == "check":
        return any(finding.verdict is not Verdict.FINE for finding in one.result)
    if one.what == "measure":
        return not one.result
    if one.what == "status":
        return bool(one.result.overall == "unknown")
    return one.what != "traces" and one.fault in OFTEN_ABSENCE


def requests_of_a_write(specimen: Specimen, folder: Path) -> int:
    """Return how many requests a write makes when all is well."""
    with trial(specimen, folder) as tried:
        assert tried.chaos is not None
        write = tried.planned()
        tried.chaos.begin("")
        tried.system.write(write, Deadline(5))
        return tried.chaos.taken


def write_under(specimen: Specimen, folder: Path, fault: str, skip: int) -> list[Told]:
    """Write once under one fault that sets in after some requests, and hold what was said against what happened."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        write, before = tried.planned(), tried.applied
        tried.chaos.begin(fault, skip=skip)
        one = timed("write", fault, lambda deadline: tried.system.write(write, deadline))
        settle(tried.chaos)
        changed = tried.applied - before
        assert changed <= 1, f"{one}: applied {changed} times"
        if isinstance(one.error, (Refused, Moved, Throttled, Unreachable)):
            assert not changed, f"{one}: {type(one.error).__name__} is certain, and it happened"
            # An adapter that looks before it writes knows, when the look fails, that the write was never sent.
            assert isinstance(one.error, (Unreachable, *CERTAIN.get(fault, ()))), f"{one}: {one.error!r}"
        return [one]


def settle(chaos: Chaos) -> None:
    """Let everything that is held in the network arrive."""
    chaos.end()
    chaos.settle()


def pull_under(specimen: Specimen, folder: Path, fault: str, skip: int, heals_after: float) -> list[Told]:
    """Carry the change out under one fault, and hold what is shown against what is there in the end."""
    with trial(specimen, folder, CALL_S) as tried:
        assert tried.chaos is not None
        write, before = tried.planned(), tried.applied
        tried.chaos.begin(fault, skip=skip, heals_after=heals_after)
        began = time.monotonic()
        result = carry_out(tried.system, write, LIMIT_S, call_s=CALL_S)
        took = time.monotonic() - began
        settle(tried.chaos)
        changed, there = tried.applied - before, same(tried.now().value, specimen.want)
        case = f"{fault}, after {skip}, {'healed' if heals_after < 9 else 'stays'}: {result}"
        assert changed <= 1, f"{case}: applied {changed} times"
        if result.stage is Stage.APPLIED:
            assert there, case
        if result.stage is Stage.REFUSED:
            assert not there, case
            assert not changed, case
        assert result.stage is Stage.APPLIED or result.reason, case
        assert not leaks(repr(result)), case
        assert took <= LIMIT_S + 4 + PATIENCE_S, case
        return []


@pytest.fixture(params=first_of_each(SERVED), ids=name_of)
def first(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


@pytest.fixture(params=SERVED, ids=name_of)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


def few(specimen: Specimen) -> Sequence[str]:
    """Return the faults that a specimen meets by default."""
    return (*FEW, "black hole") if name_of(specimen) in WAITS else FEW


def run_looks(specimen: Specimen, folder: Path, faults: Sequence[str]) -> None:
    """Hold what looking says against what is wrong."""
    found = in_parallel(partial(look_at, specimen, folder, fault) for fault in faults)
    judge_time(found)
    wrong = "\n".join(filter(None, map(judge_look, found)))
    assert not wrong, wrong


def run_writes(specimen: Specimen, folder: Path, faults: Sequence[str]) -> None:
    """Let every fault set in before each of the requests that a write makes."""
    skips = range(requests_of_a_write(specimen, folder))
    found = in_parallel(partial(write_under, specimen, folder, fault, skip) for skip, fault in product(skips, faults))
    judge_time(found)


def run_pulls(specimen: Specimen, folder: Path, faults: Sequence[str], skips: Sequence[int]) -> None:
    """Carry the change out under every fault, that goes away and that stays."""
    cases = product(skips, (HEALS_S, float("inf")), faults)
    in_parallel(
        (partial(pull_under, specimen, folder, fault, skip, heals) for skip, heals, fault in cases), PULLS_AT_ONCE
    )


def test_looking_ends_in_time_and_says_what_is_certain(first: Specimen, tmp_path: Path) -> None:
    run_looks(first, tmp_path, few(first))


def test_writing_ends_in_time_and_says_what_is_certain(specimen: Specimen, tmp_path: Path) -> None:
    if specimen.address:
        run_writes(specimen, tmp_path, few(specimen))


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_looking_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    run_looks(specimen, tmp_path, [fault for fault in FAULTS if fault not in ONLY_WRITES])


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_writing_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    if specimen.address:
        run_writes(specimen, tmp_path, FAULTS)


@pytest.mark.integration
@pytest.mark.timeout(900)
def test_what_is_shown_of_a_pull_is_true_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    if specimen.address:
        run_pulls(specimen, tmp_path, FAULTS, (0, 1, 2))
