"""What a draft is written from: the journal's lines, what they fold into, and the team's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import IncidentState, fold
from cockpit.domain.moments import moment
from cockpit.domain.playbook import Playbook, Profile
from cockpit.domain.steps import ACTIONS, MILESTONES, steps_of
from cockpit.domain.text import clean

ABOUT_ITSELF = (Kind.POSTMORTEM_DRAFTED, Kind.POSTMORTEM_EDITED, Kind.POSTMORTEM_EXPORTED, Kind.POSTMORTEM_DONE)
"""Lines about the document: were they told in it, no draft would ever equal the one before."""

_CANARY = (Kind.CANARY_OPENED, Kind.CANARY_WIDENED, Kind.CANARY_ABORTED)

OPEN = "**Open:** "
_MARKUP = re.compile(r"[\\`*\[\]<>#|~&]|(?<!\w)_|_(?!\w)|^[-+=]|(?<=^\d)[.)]")
_SAME = {name: ACTIONS[kind] for kind, name in MILESTONES.items() if kind in ACTIONS}


@dataclass(frozen=True, slots=True)
class Gate:
    """What the golden set could have done: one of three answers, and what that asks for."""

    answer: str
    asks: str
    had: tuple[str, ...] = ()
    caught_by: tuple[str, ...] = ()


class Record:
    """One incident, laid out for writing about it."""

    def __init__(self, events: Sequence[Event], playbook: Playbook, gate: Gate | None = None) -> None:
        self.events = [event for event in events if event.kind not in ABOUT_ITSELF]
        self.playbook = playbook
        self.gate = gate

    @cached_property
    def state(self) -> IncidentState:
        """What the lines fold into."""
        return fold(self.events)

    @property
    def profile(self) -> Profile:
        """The rules that were agreed on."""
        return self.playbook.profile

    @cached_property
    def known(self) -> Mapping[int, datetime]:
        """When each line was known, by its number.

        A drill has a clock of its own, which stood at the latest moment told so far; else it is when a line was
        recorded, and never before it happened.
        """
        found: dict[int, datetime] = {}
        latest: datetime | None = None
        for event in self.events:
            latest = max(latest, event.at) if latest else event.at
            found[event.seq] = latest if self.state.simulated else max(event.at, event.recorded_at)
        return found

    @cached_property
    def pulled(self) -> Mapping[str, str]:
        """What each order of the journal is called, by its op: a lever, an undo, or a step of the canary."""
        found = {one.op: f"{'undoing ' if one.undoes else ''}{one.title or one.lever}" for one in self.state.pulls}
        return {**{str(one.get("op", "")): "the canary" for one in self.of(*_CANARY)}, **found}

    @cached_property
    def firsts(self) -> Mapping[str, Event]:
        """The first line that answers to each name of an order rule; an action and its milestone are one."""
        found: dict[str, Event] = {}
        for event in self.events:
            for name in steps_of(event):
                found.setdefault(_SAME.get(name, name), event)
        return found

    def first(self, name: str) -> Event | None:
        """Return the first line that answers to a name of an order rule."""
        name = "verified" if name == "contained" else name
        return self.firsts.get(_SAME.get(name, name))

    def of(self, *kinds: Kind) -> list[Event]:
        """Return the lines of some kinds."""
        return [event for event in self.events if event.kind in kinds]

    @cached_property
    def onset(self) -> tuple[datetime | None, str]:
        """When it began, and who says so: what a person gauged, else the first signal, else the page."""
        marks, told = self.state.milestones, str(self.state.triage.characterised.get("since", ""))
        page = self.state.page_at or self.state.started_at
        called = "the page" if self.paged else "its opening"
        if told and page and (since := moment(told, page)) and page - since < timedelta(days=30):
            return since, "gauged by a responder"
        if signal := marks.get("signal"):
            return signal, "the first signal; when it began was not gauged"
        return page, f"{called}; when it began was not gauged"

    @property
    def paged(self) -> bool:
        """Whether a page is on record; what a person opened by hand has none."""
        return bool(self.of(Kind.PAGED, Kind.ALERT_RECEIVED))

    @property
    def end(self) -> datetime | None:
        """When it was over, or None while it goes on."""
        return self.state.all_clear_at or self.state.learning.closed_at

    @property
    def contained_at(self) -> datetime | None:
        """When harm was measured to have stopped for good, else for the first time."""
        return self.state.containment.since or self.state.milestones.get("verified")

    @property
    def quiet_since(self) -> datetime | None:
        """From when on no signal of harm was over its line: containment is told once that has held for a while."""
        when = self.contained_at
        told = next((one for one in self.of(Kind.CONTAINED) if one.at == when), None)
        held = told.get("window_s") if told else None
        return when - timedelta(seconds=held) if when and isinstance(held, int | float) else when


def stamp(when: datetime | None) -> str:
    """Write a moment to the second, or a dash."""
    return f"{when:%Y-%m-%d %H:%M:%S}" if when else "–"


def span(start: datetime | None, end: datetime | None) -> str:
    """Write how long something took, or that it is not known."""
    return lasted(end - start) if start and end and end >= start else "not known"


def lasted(took: timedelta | float) -> str:
    """Write how long something took in its two largest units, so that nobody takes it for a time of day."""
    left = int(took.total_seconds() if isinstance(took, timedelta) else took)
    parts: list[tuple[int, str]] = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        number, left = divmod(left, size)
        if number or parts:
            parts.append((number, unit))
    return " ".join(f"{number} {unit}" for number, unit in parts[:2] if number) or "0 s"


def safe(text: object, limit: int = 600) -> str:
    """Make outside text harmless within a line of Markdown, and leave it readable: people go on writing in it."""
    return _MARKUP.sub(r"\\\g<0>", clean(str(text), multiline=False, limit=limit))
