"""Many processes that want to command one incident at the same moment, and all else that can be wished about it."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
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

BROKEN = "broken:"
"""How an answer begins that is an error and no refusal."""

HELD = "has held the journal"
"""What is said where so many write at once on so few cores that one has waited for too long; then one asks again."""

TURNS = 3
"""How many wishes each makes in a scramble."""

PATIENCE_S = 60.0
"""For how long one asks again."""

Opener = Callable[[int], Journal]
"""Opens the journal for one of the processes, by its number."""

Wish = tuple[str, dict[str, str]]


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


@dataclass(frozen=True, slots=True)
class Scramble:
    """How a scramble ended: `changed` counts who held command by what, `broken` what ended with an error.

    `least` and `most` commanded at once, from the first who took it on.
    """

    changed: dict[str, int]
    broken: tuple[str, ...]
    least: int
    most: int
    longest_s: float
    sound: bool

    @property
    def fine(self) -> bool:
        """Whether exactly one commanded at every line, and nothing broke."""
        return self.sound and self.least == self.most == 1 and not self.broken


def race(opener: Opener, racers: int) -> Outcome:
    """Let processes race for the command of a new incident."""
    journal = opener(0)
    incident = _opened(journal)
    answers = _run(opener, incident, racers, lambda number: [("take_role", {"role": "ic"})])
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


def scramble(opener: Opener, racers: int, turns: int = TURNS) -> Scramble:
    """Let processes take, offer, accept, decline, take over and give up command, all at the same time."""
    journal = opener(0)
    incident = _opened(journal)
    answers = _run(opener, incident, racers, lambda number: _wishes(number, racers, turns))
    events, sound = journal.events(incident), journal.verify(incident).ok
    journal.close()
    counts = commanders(events)
    return Scramble(
        changed=dict(Counter(event.kind.value for event in events if event.get("role") == "ic")),
        broken=tuple(one for one, _ in answers if BROKEN in one),
        least=min(counts, default=0),
        most=max(counts, default=0),
        longest_s=max(took for _, took in answers),
        sound=sound,
    )


def at_once(events: Sequence[Event]) -> int:
    """Count from the bare lines how many commanded at the worst instant."""
    return max(commanders(events), default=0)


def commanders(events: Sequence[Event]) -> list[int]:
    """Count from the bare lines how many commanded after each of them, from the first who did."""
    holding: set[str] = set()
    counts: list[int] = []
    for event in events:
        if event.get("role") == "ic":
            if event.kind in (Kind.ROLE_TAKEN, Kind.ROLE_ACCEPTED):
                holding.discard(str(event.get("giver")))
                holding.add(event.actor)
            if event.kind is Kind.ROLE_RELEASED:
                holding.discard(event.actor)
        if holding or counts:
            counts.append(len(holding))
    return counts


def _opened(journal: Journal) -> str:
    now = WallClock().now()
    return journal.open_incident([
        NewEvent(Kind.INCIDENT_OPENED, now, "page", Source.SYSTEM, {"mode": "live", "title": "a race", "start": ""}),
        NewEvent(Kind.PAGED, now, "page", Source.SYSTEM, {"inject": "", "text": "who commands?"}),
    ])  # fmt: skip


def _wishes(number: int, racers: int, turns: int) -> list[Wish]:
    """Return what one of them wishes, in an order of its own."""
    neighbour = f"r{number % racers + 1}"
    known: list[Wish] = [
        ("take_role", {"role": "ic"}),
        ("hand_over_role", {"role": "ic", "to": neighbour}),
        ("accept_role", {"role": "ic"}),
        ("decline_role", {"role": "ic", "reason": "not now"}),
        ("take_over_role", {"role": "ic", "reason": "nobody answers there"}),
        ("release_role", {"role": "ic"}),
    ]
    drawn = random.Random(number)
    return [drawn.choice(known) for _ in range(turns)]


def _run(
    opener: Opener, incident: str, racers: int, wishes: Callable[[int], Sequence[Wish]]
) -> list[tuple[str, float]]:
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(racers), context.Queue()
    processes = [
        context.Process(target=_want, args=(opener, incident, number, wishes(number), gate, results), daemon=True)
        for number in range(1, racers + 1)
    ]
    for process in processes:
        process.start()
    answers = [results.get(timeout=120) for number in range(1, racers + 1) for _ in wishes(number)]
    for process in processes:
        process.join()
    return answers


def _want(opener: Opener, incident: str, number: int, wishes: Sequence[Wish], gate: Any, results: Any) -> None:
    world: Any = None  # taking a role asks nothing of it
    with_journal = opener(number)
    session = Session(with_journal, incident, world, load_playbook(), WallClock())
    gate.wait()
    for action, arguments in wishes:
        began = time.monotonic()
        said = _do(session, action, arguments, f"r{number}")
        while HELD in said and time.monotonic() - began < PATIENCE_S:
            said = _do(session, action, arguments, f"r{number}")
        results.put((said, time.monotonic() - began))
    with_journal.close()


def _do(session: Session, action: str, arguments: dict[str, str], actor: str) -> str:
    try:
        return session.do(action, arguments, actor=actor).refused
    except CockpitError as problem:
        return f"{BROKEN} {type(problem).__name__}: {problem}"
