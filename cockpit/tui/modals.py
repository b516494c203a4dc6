"""The modals by name, imported when they are first opened.

Each is called as `Modal(snapshot, controller, **arguments)`, is handed later snapshots through `show` when it has
one, and is dismissed with a tuple of wishes or None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from cockpit.tui.messages import Wish

if TYPE_CHECKING:
    from cockpit.session.snapshot import Controller, Snapshot

MODALS = {
    "severity": "cockpit.tui.screens.severity:SeverityModal",
    "plan": "cockpit.tui.screens.plan:PlanModal",
    "update": "cockpit.tui.screens.update:UpdateModal",
    "snooze": "cockpit.tui.screens.snooze:SnoozeModal",
    "deliveries": "cockpit.tui.screens.deliveries:DeliveriesModal",
    "roles": "cockpit.tui.screens.roles:RolesModal",
    "classify": "cockpit.tui.screens.classify:ClassifyModal",
    "characterise": "cockpit.tui.screens.characterise:CharacteriseModal",
    "hypotheses": "cockpit.tui.screens.hypotheses:HypothesesModal",
    "approve": "cockpit.tui.screens.approve:ApproveModal",
    "canary": "cockpit.tui.screens.canary:CanaryModal",
    "undo": "cockpit.tui.screens.undo:UndoModal",
    "all_clear": "cockpit.tui.screens.allclear:AllClearModal",
    "page": "cockpit.tui.screens.page:PageModal",
    "tasks": "cockpit.tui.screens.tasks:TasksModal",
    "clocks": "cockpit.tui.screens.clocks:ClocksModal",
    "catch_up": "cockpit.tui.screens.catchup:CatchUpScreen",
    "note": "cockpit.tui.screens.note:NoteModal",
    "learn": "cockpit.tui.screens.learn.screen:LearnModal",
    "changes": "cockpit.tui.screens.changes:ChangesScreen",
    "card": "cockpit.tui.screens.card:CardScreen",
}
"""Module and class of each; `plan` takes the arguments lever and target."""

Wishes = Sequence[Wish] | None
"""What a modal is dismissed with."""


def modal(name: str, snapshot: Snapshot, controller: Controller, **arguments: Any) -> Screen[Wishes]:
    """Make a modal by its name."""
    module, _, attribute = MODALS[name].partition(":")
    maker = cast("Callable[..., Screen[Wishes]]", getattr(import_module(module), attribute))
    return maker(snapshot, controller, **arguments)
