"""Reading: single traces, two side by side, what a signal means, and the debrief of what is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.actions import BY_ID, OPENING
from cockpit.tui.messages import Wish
from cockpit.tui.requests import Requests
from cockpit.tui.runner import Notice, answered

if TYPE_CHECKING:
    from cockpit.domain.events import Event
    from cockpit.session.snapshot import Controller, Snapshot
    from cockpit.tui.screens.groups.screen import GroupChosen
    from cockpit.tui.signals import SignalPicked
    from cockpit.tui.traces.messages import ComparePicked, ReproductionAsked, TraceOpened, TracePinned
    from cockpit.world.port import TraceDetail


class Reading(Requests):
    """The part of the app that looks closer; handlers are found by their names."""

    def debrief(self) -> None:
        """Open the debrief of what is over; a drill that runs is asked to end first."""
        from cockpit.tui.screens.ask import AskScreen

        snapshot = self.latest
        if snapshot is None:
            self.say(Notice("Not now: there is nothing to look back on yet", "refused"))
        elif snapshot.state.live:
            self.say(Notice("Not now: a live incident has no score; its journal tells what happened", "refused"))
        elif not (snapshot.ended or snapshot.state.ended):
            words = "The drill ends here, as it stands, and its score with it."
            if not snapshot.state.simulated:
                words = "The drill ends here, and its score with it. The staging systems are put back as they were."
            self.push_screen(AskScreen("End the drill?", words, yes="end it", keys=("enter",)), self._end_drill)
        elif counted(snapshot):
            self.read_debrief(snapshot.log)
        else:
            self.say(Notice("Not now: what the drill did to users is still being counted", "refused"))

    def _end_drill(self, yes: bool | None) -> None:
        if yes:
            self.run_worker(self._end_and_read(), group="end", exclusive=True, description="end the drill")

    async def _end_and_read(self) -> None:
        """End the drill and go straight on to its debrief."""
        controller: Controller | None = self.controller
        if controller is None or await answered(controller.do("end_drill"), self.say) is None:
            return
        snapshot = controller.snapshot()
        if snapshot is not None and snapshot.state.ended and counted(snapshot):
            self.read_debrief(snapshot.log)

    def read_debrief(self, events: tuple[Event, ...]) -> None:
        """Open the debrief of a whole incident."""
        from cockpit.tui.screens.debrief import DebriefScreen

        self.push_screen(DebriefScreen(events))

    def on_trace_opened(self, event: TraceOpened) -> None:
        self.run_worker(self._open_trace(event.trace), group="traces", exclusive=True, description="open a trace")

    def on_compare_picked(self, event: ComparePicked) -> None:
        self.run_worker(
            self._compare(event.passing, event.failing), group="traces", exclusive=True, description="compare traces"
        )

    def on_reproduction_asked(self, event: ReproductionAsked) -> None:
        self.run_worker(self._reproduce(event.trace), group="traces", exclusive=True, description="copy a trace")

    def on_trace_pinned(self, event: TracePinned) -> None:
        self.carry_out(Wish("pin_trace", {"trace": event.trace}))

    def open_groups(self) -> None:
        """Look at all failing traces together."""
        from cockpit.tui.screens.groups.screen import GroupsScreen

        if self.controller is None or self.latest is None:
            self.say(Notice(f"Not now: {OPENING}", "refused"))
        elif not isinstance(self.screen, GroupsScreen):
            self.push_screen(GroupsScreen(self.latest, self.controller))

    def on_group_chosen(self, event: GroupChosen) -> None:
        from cockpit.tui.traces.pane import TracePane

        for pane in self.cockpit.query(TracePane) if self.cockpit else ():
            pane.show_group(event.name, event.groups)
        if self.cockpit:
            self.cockpit.board.go(BY_ID["filter"].pane)

    def on_signal_picked(self, event: SignalPicked) -> None:
        from cockpit.tui.screens.symptom import SymptomScreen

        if self.latest:
            self.push_screen(SymptomScreen(self.latest, event.signal))

    async def _open_trace(self, trace: int) -> None:
        from cockpit.tui.traces.screen import TraceScreen

        if detail := await self._detail(trace):
            await self.push_screen(TraceScreen(detail))

    async def _reproduce(self, trace: int) -> None:
        from cockpit.tui.traces.detail import reproduction
        from cockpit.tui.traces.screen import JsonScreen

        if detail := await self._detail(trace):
            await self.push_screen(JsonScreen(reproduction(detail), copy=True))

    async def _compare(self, passing: int, failing: int) -> None:
        from cockpit.tui.traces.compare import CompareScreen

        good, bad = await self._detail(passing), await self._detail(failing)
        if good and bad and self.controller:
            await self.push_screen(CompareScreen(good, bad, self.controller.traces))

    async def _detail(self, trace: int) -> TraceDetail | None:
        controller: Controller | None = self.controller
        if controller is None:
            return None
        detail = await answered(controller.trace(trace), self.say)
        if detail is None:
            self.say(Notice(f"Trace {trace} can't be opened: it is not kept any more", "refused"))
        return detail


def counted(snapshot: Snapshot) -> bool:
    """Whether what a drill did to users is known: on staging systems it is counted when the drill is over."""
    return snapshot.state.simulated or any(event.kind == "range_measured" for event in snapshot.log)
