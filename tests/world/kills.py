"""Processes that pull changes and are killed at any moment, and what their journal says of it afterwards.

A process does what a cockpit has to do at least: it finishes what the journal says was begun and not ended, then
plans, journals the intent, carries the change out and journals the end, again and again until it is killed.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL
from typing import Any

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.domain.levers import Stage
from cockpit.journal.log import Journal
from cockpit.world.contract import Write
from cockpit.world.saga import SagaResult, carry_out, recover
from cockpit.world.specimen import Asked, Said
from tests.adapters.fenced import SPECIMEN, FencedFake
from tests.adapters.served import Served
from tests.adapters.subjects import connect, read

INCIDENT = "INC-0001"
LIMIT_S = 2.0
SLOW_S = 0.004
"""The longest that the system takes for one step, so that processes die inside it too, in seconds."""

LONGEST_LIFE_S = 0.3
ENDS = {Stage.APPLIED: Kind.LEVER_APPLIED, Stage.REFUSED: Kind.LEVER_REFUSED, Stage.UNKNOWN: Kind.LEVER_UNKNOWN}


class Counting(FencedFake):
    """Counts how often each key really changed something."""

    def __init__(self) -> None:
        super().__init__()
        self.by_key: Counter[str] = Counter()

    def answer(self, asked: Asked) -> Said:
        """Answer slowly, before and after acting."""
        time.sleep(random.uniform(0, SLOW_S))
        before = self.applied
        said = super().answer(asked)
        self.by_key[asked.headers.get("idempotency-key", "")] += self.applied - before
        time.sleep(random.uniform(0, SLOW_S))
        return said


def write_of(event: Event) -> Write:
    """Return the change an intent describes."""
    intent = event.payload["intent"]
    return Write(intent["address"], intent["value"], event.payload["op"], intent["version"], intent["before"])


def open_pulls(events: Sequence[Event]) -> list[Event]:
    """Return the intents without an end."""
    ended = {event.payload["op"] for event in events if event.kind in ENDS.values()}
    pulled = [event for event in events if event.kind is Kind.LEVER_PULLED]
    return [event for event in pulled if event.payload["op"] not in ended]


def live(folder: str, url: str, born: Any) -> None:
    """Be one process: finish, then pull until killed."""
    system = connect(SPECIMEN, {"url": url, "deadline_s": 1.0})
    with closing(Journal.open(Path(folder) / "journal.db", clock=WallClock())) as journal:
        born.send(os.getpid())
        for begun in open_pulls(journal.events(INCIDENT)):
            _tell(journal, begun.payload["op"], recover(system, write_of(begun), LIMIT_S, call_s=1.0))
        while True:
            _pull(journal, system)


def breed(folder: str, url: str, orders: Any, born: Any) -> None:
    """Fork a process for every order: whatever is imported is imported once."""
    read(connect(SPECIMEN, {"url": url}), SPECIMEN.address)
    while orders.recv():
        pid = os.fork()
        if not pid:
            try:
                live(folder, url, born)
            finally:
                os._exit(1)
        os.waitpid(pid, 0)
        born.send(pid)


def _pull(journal: Journal, system: Any) -> None:
    now = read(system, SPECIMEN.address)
    intent = {"address": SPECIMEN.address, "value": not now.value, "version": now.version, "before": now.value}
    op = f"L{journal.head(INCIDENT)[0]}"
    event = _append(journal, Kind.LEVER_PULLED, {"op": op, "lever": "kill_switch", "target": "x", "intent": intent})
    _tell(journal, op, carry_out(system, write_of(event), LIMIT_S, call_s=1.0))


def _tell(journal: Journal, op: str, result: SagaResult) -> None:
    _append(journal, ENDS[result.stage], {"op": op, "reason": result.reason, "sends": result.sends})


def _append(journal: Journal, kind: Kind, payload: dict[str, Any]) -> Event:
    event = NewEvent(kind, datetime.now(UTC), "ada", payload=payload)
    return journal.append(INCIDENT, [event], expected_seq=journal.head(INCIDENT)[0])[0]


@dataclass(frozen=True, slots=True)
class Toll:
    """What so many kills left behind.

    Attributes:
        pulls: how many changes were begun; `cut` how many of them a kill left without an end.
        wrong: ends that are not so: applied and never done, or refused and done.
        double: changes that were made twice.
        unrecorded: changes nobody's journal knows.
        early: new pulls begun before the one before them had an end.
    """

    kills: int
    pulls: int
    cut: int
    wrong: int
    double: int
    unrecorded: int
    early: int
    unknown: int

    @property
    def fine(self) -> bool:
        """Whether nothing was wrong."""
        return not (self.wrong or self.double or self.unrecorded or self.early)


def kill(folder: Path, kills: int, seed: int) -> Toll:
    """Start and kill so many processes, one after the other, and add up what they left."""
    chance, fake, cut = random.Random(seed), Counting(), 0
    context = get_context("spawn")
    (orders, to_obey), (born, to_tell) = context.Pipe(), context.Pipe()
    with closing(Journal.open(folder / "journal.db", clock=WallClock())) as journal, Served(fake) as served:
        opening = {"mode": "drill", "title": "kills", "scenario": "none", "seed": 1}
        opened = NewEvent(Kind.INCIDENT_OPENED, datetime.now(UTC), "ada", payload=opening)
        journal.append(INCIDENT, [opened], expected_seq=0)
        mother = context.Process(target=breed, args=(str(folder), served.url, to_obey, to_tell), daemon=True)
        mother.start()
        for _ in range(kills):
            orders.send(True)
            pid = born.recv()
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            os.kill(pid, SIGKILL)
            assert born.recv() == pid
            cut += len(open_pulls(journal.events(INCIDENT)))
        orders.send(False)
        mother.join(10)
        return _toll(journal.events(INCIDENT), fake, kills, cut)


def _toll(events: Sequence[Event], fake: Counting, kills: int, cut: int) -> Toll:
    ends = {event.payload["op"]: event.kind for event in events if event.kind in ENDS.values()}
    ops = [event.payload["op"] for event in events if event.kind is Kind.LEVER_PULLED]
    done = {key for key, count in fake.by_key.items() if count and key}
    wrong = sum((ends[op] is Kind.LEVER_APPLIED) != (op in done) for op in ends if _certain(ends[op]))
    return Toll(
        kills=kills,
        pulls=len(ops),
        cut=cut,
        wrong=wrong,
        double=sum(count > 1 for count in fake.by_key.values()),
        unrecorded=len(done - set(ops)),
        early=sum(1 for _ in _early(events)),
        unknown=sum(end is Kind.LEVER_UNKNOWN for end in ends.values()),
    )


def _certain(kind: Kind) -> bool:
    return kind is not Kind.LEVER_UNKNOWN


def _early(events: Sequence[Event]) -> Iterator[Event]:
    """Yield every pull that was begun while another one was without an end."""
    open_ops: set[str] = set()
    for event in events:
        if event.kind is Kind.LEVER_PULLED:
            if open_ops:
                yield event
            open_ops.add(event.payload["op"])
        elif event.kind in ENDS.values():
            open_ops.discard(event.payload["op"])
