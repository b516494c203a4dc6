"""Many processes that all want to command one incident at the same moment."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.errors import CockpitError
from cockpit.journal.log import Journal
from cockpit.playbooks.loader import load_playbook
from cockpit.session.session import Session

REFUSED = "there is exactly one"
"""What everybody is told who comes too late."""

Opener = Callable[[int], Journal]
"""Opens the journal for one of the processes, by its number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one race ended.

    Attributes:
        took, refused: how many were told that they command, and how many that somebody else does.
        otherwise: what the rest was told.
        most: how many commanded at once, at the worst instant of the journal.
        longest_s: how long anybody waited for the answer.
    """

    took: int
    refused: int
    otherwise: tuple[str, ...]
    most: int
    longest_s: float
    sound: bool

    @property
    def fine(self) -> bool:
        """Whether exactly one commands, everybody knows, and the journal tells it."""
        return self.sound and self.took == self.most == 1 and not self.otherwise


def race(opener: Opener, racers: int) -> Outcome:
    """Let processes race for the command of a new incident."""
    journal = opener(0)
    now = WallClock().now()
    incident = journal.open_incident([
        NewEvent(Kind.INCIDENT_OPENED, now, "page", Source.SYSTEM, {"mode": "live", "title": "a race", "start": ""}),
        NewEvent(Kind.PAGED, now, "page", Source.SYSTEM, {"inject": "", "text": "who commands?"}),
    ])  # fmt: skip
    answers = _run(opener, incident, racers)
    events, sound = journal.events(incident), journal.verify(incident).ok
    journal.close()
    told = [answer for answer, _ in answers]
    return Outcome(
        took=told.count(""),
        refused=sum(REFUSED in one for one in told),
        otherwise=tuple(one for one in told if one and REFUSED not in one),
        most=at_once(events),
        longest_s=max(took for _, took in answers),
        sound=sound,
    )


def at_once(events: Sequence[Event]) -> int:
    """Count from the bare lines how many commanded at the worst instant."""
    holding: set[str] = set()
    most = 0
    for event in events:
        if event.get("role") == "ic":
            if event.kind in (Kind.ROLE_TAKEN, Kind.ROLE_ACCEPTED):
                holding.add(event.actor)
            if event.kind is Kind.ROLE_ACCEPTED:
                holding.discard(str(event.get("giver")))
            if event.kind is Kind.ROLE_RELEASED:
                holding.discard(event.actor)
        most = max(most, len(holding))
    return most


def _run(opener: Opener, incident: str, racers: int) -> list[tuple[str, float]]:
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(racers), context.Queue()
    processes = [
        context.Process(target=_want, args=(opener, incident, number, gate, results), daemon=True)
        for number in range(1, racers + 1)
    ]
    for process in processes:
        process.start()
    answers = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return answers


def _want(opener: Opener, incident: str, number: int, gate: Any, results: Any) -> None:
    world: Any = None  # taking a role asks nothing of it
    with_journal = opener(number)
    session = Session(with_journal, incident, world, load_playbook(), WallClock())
    gate.wait()
    began = time.monotonic()
    try:
        said = session.do("take_role", {"role": "ic"}, actor=f"r{number}").refused
    except CockpitError as problem:
        said = f"{type(problem).__name__}: {problem}"
    results.put((said, time.monotonic() - began))
    with_journal.close()
