"""Steering a drill from a terminal of the trainer's own: its clock, its end, and what people are told.

A trainer writes to the journal like everybody else; whoever drives the drill obeys what is written there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.incident import IncidentState, fold
from cockpit.errors import ActionRefused, BadInput, JournalConflict
from cockpit.session.running import FASTEST, SLOWEST
from cockpit.session.session import Log

TRIES = 64
"""How often a word is written anew because the drill went on meanwhile."""

CHANNELS = ("chat", "email", "phone", "status")
"""How a trainer's message can reach the players."""

LONGEST_TEXT = 2_000
"""Characters of a message."""

Decide = Callable[[IncidentState], NewEvent]


@dataclass(frozen=True, slots=True)
class Trainer:
    """A trainer's hand on one drill; `now` tells where its clock stands."""

    journal: Log
    incident: str
    name: str
    now: Callable[[IncidentState], datetime]

    def pause(self) -> Event:
        """Stop the clock; only a trainer lets it go on.

        Raises:
            ActionRefused: the drill is over, held already, or has no clock of its own.
        """
        return self._write(self._pause)

    def resume(self) -> Event:
        """Let the drill go on, whoever stopped it.

        Raises:
            ActionRefused: it is running, over, or has no clock of its own.
        """
        return self._write(self._resume)

    def set_speed(self, speed: float) -> Event:
        """Let the clock run slower or faster.

        Raises:
            BadInput: no drill runs that fast or that slowly.
            ActionRefused: the drill is over, or has no clock of its own.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise BadInput(f"a drill runs at ×{SLOWEST:g} to ×{FASTEST:g}, not ×{speed:g}")
        return self._write(lambda state: self._clocked(state, Kind.SPEED_CHANGED, {"speed": speed}))

    def say(self, sender: str, text: str, channel: str) -> Event:
        """Send the players a message, as somebody of the story.

        Raises:
            BadInput: there is nothing to say, or too much.
            ActionRefused: the drill is over.
        """
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise BadInput(f"a message has 1 to {LONGEST_TEXT} characters")

        def message(state: IncidentState) -> NewEvent:
            _still_open(state)
            payload = {"inject": f"trainer-{state.last_seq + 1}", "channel": channel, "sender": sender, "text": text}
            return NewEvent(
                Kind.INJECT_DELIVERED, self.now(state), sender, Source.PERSON, {**payload, "by": self.name}
            )

        return self._write(message)

    def end(self, reason: str = "") -> Event:
        """End the drill; its debrief opens at the players'.

        Raises:
            ActionRefused: it is over already.
        """

        def ended(state: IncidentState) -> NewEvent:
            _still_open(state)
            return self._event(state, Kind.DRILL_ENDED, {"reason": reason or f"ended by {self.name}"})

        return self._write(ended)

    def _pause(self, state: IncidentState) -> NewEvent:
        event = self._clocked(state, Kind.DRILL_PAUSED, {"held": True})
        if state.held:
            raise ActionRefused("the drill is held already")
        return event

    def _resume(self, state: IncidentState) -> NewEvent:
        event = self._clocked(state, Kind.DRILL_RESUMED, {})
        if not state.paused:
            raise ActionRefused("the drill is running")
        return event

    def _clocked(self, state: IncidentState, kind: Kind, payload: dict[str, Any]) -> NewEvent:
        _still_open(state)
        if not state.simulated:
            raise ActionRefused("real systems have no clock to stop or to hurry")
        return self._event(state, kind, payload)

    def _event(self, state: IncidentState, kind: Kind, payload: dict[str, Any]) -> NewEvent:
        return NewEvent(kind, self.now(state), self.name, Source.PERSON, payload)

    def _write(self, decide: Decide) -> Event:
        """Decide on what the journal says now, and decide anew whenever somebody else was faster."""
        for _ in range(TRIES):
            state = fold(self.journal.events(self.incident))
            if state.live:
                raise BadInput(f"{self.incident} is a real incident: nobody trains on it")
            try:
                return self.journal.append(self.incident, [decide(state)], expected_seq=state.last_seq)[0]
            except JournalConflict:
                continue
        raise JournalConflict("the journal was busy", hint="Try again.")


def _still_open(state: IncidentState) -> None:
    if state.ended:
        raise ActionRefused("this drill is over", hint="`cockpit debrief` tells how it went.")
