"""Remembering: which earlier incidents the one on screen looks like, found out behind it and told when it changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError
from cockpit.tui.actions import Command
from cockpit.tui.runner import Notice
from cockpit.tui.visits import Visits

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState
    from cockpit.golden.memory import Found
    from cockpit.session.snapshot import Snapshot
    from cockpit.tui.ports import Remembers

PATIENCE_S = 5.0
"""How long an answer that went wrong is waited for."""


class Remembering(Visits):
    """The part of the app that holds an incident against what the team remembers."""

    memory: Remembers | None = None
    alike: Found | None = None
    _seen: tuple[object, ...] = ()
    _named = ""

    def remember(self, snapshot: Snapshot) -> None:
        """Look again where something that is compared has changed; nobody waits for it."""
        seen = _compared(snapshot.state, snapshot)
        if self.memory is None or snapshot.state.page_at is None or seen == self._seen:
            return
        if self._seen[:1] != seen[:1]:
            self.alike, self._named = None, ""
        self._seen = seen
        self.run_worker(
            partial(self._look_back, snapshot), thread=True, group="memory", exclusive=True,
            description="hold the incident against earlier ones",
        )  # fmt: skip

    def _look_back(self, snapshot: Snapshot) -> None:
        assert self.memory is not None
        try:
            found = self.memory.similar(snapshot.state.incident, self._answers(snapshot))
        except Exception:  # it is a help; what is wrong with the journal is told where it matters
            return
        self.call_from_thread(self._remembered, found)

    def _answers(self, snapshot: Snapshot) -> list[str]:
        """Return the answers of the pinned traces."""
        controller = self.controller
        found: list[str] = []
        for pin in snapshot.state.pins if controller else ():
            try:
                detail = controller.trace(pin.trace).result(PATIENCE_S) if controller else None
            except (CockpitError, TimeoutError):
                continue
            found += [detail.messages[-1][1]] if detail and detail.messages else []
        return found

    def _remembered(self, found: Found) -> None:
        from cockpit.tui.screens.similar import SimilarScreen, headline

        if self.latest is None or self.latest.state.incident != found.incident:
            return
        self.alike = found
        for screen in self.screen_stack:
            if isinstance(screen, SimilarScreen):
                screen.tell(found)
        if found.likes and found.likes[0].other.id != self._named:
            self._named = found.likes[0].other.id
            self.say(Notice(f"{headline(found.likes[0])}: H says why"))

    def give(self, command: Command) -> None:
        """Do what a key asks for, or say why not."""
        if command.id == "similar" and self.controller and self.latest:
            from cockpit.tui.screens.similar import SimilarScreen

            self.push_screen(SimilarScreen(self.latest, self.controller, self.alike))
        else:
            super().give(command)


def _compared(state: IncidentState, snapshot: Snapshot) -> tuple[object, ...]:
    triage = state.triage
    signals = {str(event.get("signal")) for event in snapshot.log if event.kind in ("signal_fired", "paged")}
    scope = tuple(sorted((name, str(value)) for name, value in triage.scope.items()))
    named = (triage.incident_class, triage.layer, triage.component, triage.change, scope)
    return (state.incident, state.page_at, *named, frozenset(signals), len(state.pins), len(state.learning.fixtures))
