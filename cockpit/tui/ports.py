"""What the app needs from outside: settings, and what the home screen offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.domain.events import Event
    from cockpit.golden.memory import Found
    from cockpit.postmortem.left import Left
    from cockpit.postmortem.todo import Item
    from cockpit.postmortem.writer import Page
    from cockpit.tui.controller import CockpitController as CockpitController
    from cockpit.tui.controller import Opener as Opener


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A drill that can be started; `brief` is two sentences for people."""

    name: str
    title: str
    brief: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """An incident in the journal; `score` (0–100) is None until it is over; `mode` is drill, live or range."""

    incident: str
    title: str
    scenario: str
    seed: int
    opened_at: datetime
    ended: bool = False
    score: float | None = None
    mode: str = "drill"


@dataclass(frozen=True, slots=True)
class HomeData:
    """What the home screen shows; newest runs first."""

    scenarios: tuple[ScenarioLine, ...] = ()
    runs: tuple[RunLine, ...] = ()
    profiles: tuple[str, ...] = ("default",)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NewDrill:
    """What the new-drill form asks for; `speed` in virtual seconds a second."""

    scenario: str
    seed: int = 7
    speed: float = 1.0
    profile: str = "default"


class HomeModel(Protocol):
    """What is behind the home screen; every call runs in a thread and may fail with a CockpitError."""

    def load(self) -> HomeData:
        """Collect scenarios and runs."""
        ...

    def start(self, drill: NewDrill) -> CockpitController:
        """Open a new drill."""
        ...

    def resume(self, incident: str) -> CockpitController:
        """Go on with an incident where it was."""
        ...

    def events(self, incident: str) -> tuple[Event, ...]:
        """Read a whole incident, for its debrief."""
        ...


class Papers(Protocol):
    """What is written after an incident; every call runs in a thread and may fail with a CockpitError."""

    def open(self, incident: str) -> Page:
        """Bring a postmortem up to its journal, keeping what people wrote."""
        ...

    def save(self, incident: str, given: str, new: str) -> Page:
        """Keep what a person made of `given`, merged with what others wrote meanwhile."""
        ...

    def copy(self, incident: str, text: str) -> Path:
        """Return a copy for an editor."""
        ...

    def sign(self, incident: str, seen: str) -> Page:
        """Sign what was read; refused when it has changed since."""
        ...

    def export(self, incident: str, form: str) -> Path:
        """Write it to a file as `md` or `html`, masked, and return where."""
        ...

    def put(self, incident: str, item: Item) -> Page:
        """Add an action item, or change one."""
        ...

    def finish(self, incident: str, item: str) -> Page:
        """Say that an action item is done."""
        ...

    def track(self, incident: str, item: str) -> Page:
        """Make a ticket of an action item where the team tracks its work."""
        ...

    def left(self) -> Sequence[Left]:
        """Return what is left to do of every incident that is over."""
        ...

    def keep_case(self, incident: str, case: str) -> Path:
        """Write a case into the golden set, and what its stand-ins stand for beside the journal; return its file."""
        ...


class Remembers(Protocol):
    """What the team remembers of earlier incidents; every call runs in a thread and may fail with a CockpitError."""

    def similar(self, incident: str, answers: Sequence[str] = ()) -> Found:
        """Return what an incident looks like; `answers` are some of it that went wrong."""
        ...


@dataclass(frozen=True, slots=True)
class TuiSettings:
    """What a person can set about the screens.

    Attributes:
        theme: one of `cockpit.tui.theme.THEMES`.
        keys: other keys by command id, comma-separated, as in `{"severity": "s,f2"}`.
        state_folder: where a crash report goes (made 0700); None writes none.
    """

    theme: str = "cockpit-dark"
    keys: dict[str, str] | None = None
    state_folder: Path | None = None
