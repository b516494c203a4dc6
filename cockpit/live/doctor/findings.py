"""What the doctor says: one line for each thing that was looked at, in words that are safe to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from cockpit.domain.text import clean
from cockpit.errors import CockpitError
from cockpit.world.intime import all_in_time, in_time

LONGEST = 400
"""Characters of one detail or next step; outside text may be as long as its writer liked."""

SPARE_S = 5.0
"""Each look ends by itself in its own time; only a machine that hardly runs takes so much longer."""


class Grade(StrEnum):
    """How one look came out; a note is worth knowing, and nothing has to be done about it."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Found:
    """One line: the area, which system, lever or signal of it, what was looked at, how it came out, what to do."""

    area: str
    subject: str
    what: str
    grade: Grade
    detail: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Something to look at, and how long that may take in all, in seconds."""

    area: str
    subject: str
    work: Callable[[], Sequence[Found]]
    seconds: float


class Scribe:
    """Writes findings about one subject."""

    def __init__(self, area: str, subject: str) -> None:
        self.area = area
        self.subject = subject

    def fine(self, what: str, detail: str = "") -> Found:
        """All is well."""
        return self.graded(Grade.FINE, what, detail)

    def note(self, what: str, detail: str, next_step: str = "") -> Found:
        """Worth knowing."""
        return self.graded(Grade.NOTE, what, detail, next_step)

    def warning(self, what: str, detail: str, next_step: str) -> Found:
        """It works, and something should be done about it."""
        return self.graded(Grade.WARNING, what, detail, next_step)

    def wrong(self, what: str, detail: str, next_step: str) -> Found:
        """It will not work when it is needed."""
        return self.graded(Grade.WRONG, what, detail, next_step)

    def problem(self, what: str, problem: CockpitError, next_step: str) -> Found:
        """It does not work, and the error may know itself what to do."""
        return self.wrong(what, problem.message, problem.hint or next_step)

    def graded(self, grade: Grade, what: str, detail: str = "", next_step: str = "") -> Found:
        """Write a finding; all text is made harmless here."""
        told = (_safe(text) for text in (self.area, self.subject, what, detail, next_step))
        area, subject, what, detail, next_step = told
        return Found(area, subject, what, grade, detail, next_step)


def look_at_all(looks: Sequence[Look], tell: Callable[[str], None]) -> list[Found]:
    """Look at everything at once, and return what was found in the order of `looks`.

    One that fails or does not end in time is a finding like any other. `tell` hears of each that has ended.
    """
    found: dict[int, list[Found]] = {}
    works = [partial(_one, place, look) for place, look in enumerate(looks)]
    longest = max((look.seconds for look in looks), default=0.0)
    for done in all_in_time(works, longest + SPARE_S, "looking at everything"):
        if isinstance(done, tuple):
            place, lines = done
            found[place] = lines
            tell(f"{looks[place].area} {looks[place].subject}".strip())
    return [line for place in range(len(looks)) for line in found.get(place, ())]


def _one(place: int, look: Look) -> tuple[int, list[Found]]:
    """Look at one thing; back in time, whatever it does."""
    doing = f"looking at {look.area} {look.subject}".strip()
    try:
        return place, list(in_time(look.work, look.seconds, doing))
    except CockpitError as problem:
        step = "See why it does not answer, then run the doctor again."
        return place, [Scribe(look.area, look.subject).problem("looked at", problem, step)]


def _safe(text: str) -> str:
    return clean(text, multiline=False, limit=LONGEST).strip()
