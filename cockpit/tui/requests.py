"""What the app does when a pane, a modal or a key asks for something."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import App

from cockpit.tui.actions import BY_ID, OPENING, Command, refusal, runnable
from cockpit.tui.messages import ActionDone, ActionRequested, HearsNotices, ModalRequested, PlanRequested, Wish
from cockpit.tui.modals import Wishes, modal
from cockpit.tui.runner import ASKS_FIRST, ActionRunner, Notice
from cockpit.tui.screens.cockpit import CommandGiven

if TYPE_CHECKING:
    from cockpit.session.snapshot import Done, Snapshot
    from cockpit.tui.ports import CockpitController
    from cockpit.tui.screens.cockpit import CockpitScreen

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""The steps of + and -, in virtual seconds a second."""

LEVERS = 5
"""The pane in which a pull tells what becomes of it."""


class Requests(App[None]):
    """The part of the app that carries requests to the controller; nothing else calls it for an action."""

    controller: CockpitController | None = None
    runner: ActionRunner | None = None

    @property
    @abstractmethod
    def cockpit(self) -> CockpitScreen | None:
        """The cockpit's screen, while there is one."""

    @property
    def latest(self) -> Snapshot | None:
        """The latest snapshot, once the incident is open."""
        return self.cockpit.latest if self.cockpit else None

    def say(self, notice: Notice) -> None:
        """Show an outcome in the cockpit's advice bar, and in a dialog over it that stays."""
        if self.cockpit:
            self.cockpit.say(notice)
        for screen in self.screen_stack:
            if isinstance(screen, HearsNotices):
                screen.hear(notice)

    def connect(self, controller: CockpitController) -> None:
        """Take a controller on: from now on requests go there."""
        self.controller = controller
        self.runner = ActionRunner(controller, self.say, self._done)

    @abstractmethod
    def poll(self) -> None:
        """Show the latest snapshot, if it is a new one."""

    def _done(self, done: Done) -> None:
        if done.action in ASKS_FIRST and self.cockpit:
            self.cockpit.look_at(LEVERS)
        self.poll()
        self.screen.post_message(ActionDone(done))

    def carry_out(self, *wishes: Wish) -> None:
        """Do one thing after the other behind the screen, and say what became of it."""
        if self.runner is None:
            self.say(Notice(f"Not now: {OPENING}", "refused"))
            return
        self.run_worker(self.runner.carry_out(wishes), group="actions", description="carry out an action")

    def open_modal(self, name: str, arguments: Mapping[str, Any] | None = None) -> None:
        """Open a modal; what it is dismissed with is carried out."""
        if self.controller is None or self.latest is None:
            self.say(Notice(f"Not now: {OPENING}", "refused"))
            return
        self.push_screen(modal(name, self.latest, self.controller, **(arguments or {})), self._wished)

    def _wished(self, wishes: Wishes) -> None:
        if wishes:
            self.carry_out(*wishes)

    def give(self, command: Command) -> None:
        """Do what a key asks for, or say why not."""
        if reason := refusal(command, self.latest):
            self.say(Notice(f"Not now: {reason}", "refused"))
        elif command.modal:
            self.open_modal(command.modal, command.arguments)
        elif command.id in ("faster", "slower"):
            self._change_speed(1 if command.id == "faster" else -1)
        elif command.actions and self.latest:
            self.carry_out(Wish(runnable(command, self.latest)))

    def _change_speed(self, by: int) -> None:
        current = self.latest.speed if self.latest else 1.0
        steps = [speed for speed in SPEEDS if (speed > current if by > 0 else speed < current)]
        if not steps:
            self.say(Notice(f"Not now: ×{current:g} is as {'fast' if by > 0 else 'slow'} as it goes", "refused"))
            return
        self.carry_out(Wish("set_speed", {"speed": steps[0] if by > 0 else steps[-1]}))

    @on(ActionRequested)
    def _action_requested(self, event: ActionRequested) -> None:
        self.carry_out(Wish(event.action, event.arguments))

    @on(PlanRequested)
    def _plan_requested(self, event: PlanRequested) -> None:
        self.open_modal("plan", {"lever": event.lever, "target": event.target})

    @on(ModalRequested)
    def _modal_requested(self, event: ModalRequested) -> None:
        self.open_modal(event.modal, event.arguments)

    @on(CommandGiven)
    def _command_given(self, event: CommandGiven) -> None:
        self.give(BY_ID[event.command])
