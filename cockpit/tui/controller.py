"""The controller that the app asks for everything; only types, so that the first frame need not wait for them."""

from __future__ import annotations

from typing import Protocol

from cockpit.session.snapshot import Controller
from cockpit.tui.traces.source import TraceSource


class CockpitController(Controller, Protocol):
    """A controller whose traces can be paged, and that can be let go of."""

    @property
    def traces(self) -> TraceSource:
        """The traces of the incident."""
        ...

    def close(self) -> None:
        """Stop driving the incident from this terminal; the journal keeps where it stands. May block shortly."""
        ...


class Opener(Protocol):
    """Opens journal and world; called in a thread behind the first frame, may fail with a CockpitError."""

    def __call__(self) -> CockpitController: ...
