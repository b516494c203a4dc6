"""What panes and screens tell the app; none of them calls the controller for an action by itself.

A pane posts a message; a modal returns `Wish`es by `dismiss`, in the order they are to be carried out (the first
that is refused stops the rest), or None when nothing is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual.message import Message

if TYPE_CHECKING:
    from cockpit.session.snapshot import Done, Snapshot
    from cockpit.tui.runner import Notice


@dataclass(frozen=True, slots=True)
class Wish:
    """An action that a modal asks for, by its name in the registry."""

    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class ActionRequested(Message):
    """Somebody wants an action carried out as the person at this terminal."""

    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class PlanRequested(Message):
    """Somebody wants to see what pulling a lever would do; an empty target asks for the sensible one."""

    lever: str
    target: str = ""


@dataclass
class ModalRequested(Message):
    """Somebody wants a modal opened: its name in `cockpit.tui.modals.MODALS`, and what it needs to know."""

    modal: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class ActionDone(Message):
    """An action was carried out, or refused; posted to the screen that is shown."""

    done: Done


@runtime_checkable
class ShowsSnapshot(Protocol):
    """A pane that wants every new snapshot (about four a second; redraw what changed); every AskModal does too."""

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now."""
        ...


@runtime_checkable
class HearsNotices(Protocol):
    """A dialog that stays open while things are done, and wants to hear what became of them."""

    def hear(self, notice: Notice) -> None:
        """Show an outcome."""
        ...
