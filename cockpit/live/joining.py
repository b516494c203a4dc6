"""Two incidents that are one, and one that is two: merging and splitting, told in both journals.

Both write to two incidents, one after the other. Where that was cut short in between, doing it again finishes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.domain.alerts import AlertSeen
from cockpit.domain.clock import Clock
from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.incident import IncidentState, fold
from cockpit.errors import ActionRefused, BadInput
from cockpit.live.alerts.desk import Opener, received
from cockpit.live.alerts.ledger import LIVE, Keeps


@dataclass(frozen=True, slots=True)
class Joiner:
    """Merges and splits, in the name of one person."""

    journal: Keeps
    clock: Clock
    actor: str

    def merge(self, merged: str, into: str) -> int:
        """End one incident in another one, which takes over its alerts; returns how many it took.

        Raises:
            BadInput: they are the same, or one is no live incident.
            ActionRefused: one is over, or levers are still in force in the one that would end.
            UnknownIncident: there is no such incident.
        """
        if merged == into:
            raise BadInput(f"{merged} can't be merged into itself", hint="Name two incidents.")
        gone, stays = self._state(merged), self._state(into)
        _must_be_free(gone)
        alerts = self._latest(merged)
        if merged not in stays.absorbed:
            told = {"merged": merged, "title": gone.title}
            taken = [self._handed(payload, merged) for payload in alerts.values()]
            self._append(stays, [self._event(Kind.INCIDENT_ABSORBED, told), *taken])
        self._append(gone, [self._event(Kind.INCIDENT_MERGED, {"into": into})])
        return len(alerts)

    def split(self, incident: str, key: str, opener: Opener) -> str:
        """Give one alert an incident of its own, and return that one's id.

        Args:
            key: the alert's `SOURCE/KEY`, or its key alone, or how that begins, where that is enough.

        Raises:
            BadInput: no alert is meant, or several are.
            ActionRefused: the incident is over, or holds this alert alone.
            UnknownIncident: there is no such incident.
        """
        state = self._state(incident)
        alert = _meant(state, key)
        fresh = self._begun(incident, alert)
        if not fresh:
            if len(state.alerts) == 1:
                raise ActionRefused(f"{incident} holds this alert alone", hint="There is nothing to split.")
            fresh = self._begin(incident, alert, opener)
        told = {"source": alert.source, "key": alert.key, "to": fresh}
        self._append(state, [self._event(Kind.ALERT_MOVED, told)])
        return fresh

    def _begin(self, incident: str, alert: AlertSeen, opener: Opener) -> str:
        first = opener(alert.title, alert.service)
        split = {**first.payload, "split_from": incident}
        opened = NewEvent(first.kind, first.at, self.actor, Source.PERSON, split)
        return self.journal.open_incident([opened, self._handed(self._latest(incident)[alert.name], incident)])

    def _begun(self, incident: str, alert: AlertSeen) -> str:
        """Find what an earlier, cut-off split of the same alert opened."""
        for line in self.journal.incidents():
            if line.mode != LIVE or line.ended or line.id == incident:
                continue
            events = self.journal.events(line.id)
            if events[0].get("split_from") == incident and alert.name in fold(events).alerts:
                return line.id
        return ""

    def _state(self, incident: str) -> IncidentState:
        state = fold(self.journal.events(incident))
        if not state.live:
            raise BadInput(f"{incident} is a drill, no live incident")
        if state.merged_into:
            raise ActionRefused(f"{incident} goes on in {state.merged_into}", hint=f"Name {state.merged_into}.")
        if state.ended or state.all_clear_at:
            raise ActionRefused(f"{incident} is over", hint="Only open incidents are merged or split.")
        return state

    def _latest(self, incident: str) -> dict[str, Mapping[str, Any]]:
        """Return what was last told of every alert that is on an incident, as it was recorded."""
        events: Mapping[int, Event] = {event.seq: event for event in self.journal.events(incident)}
        alerts = fold(events.values()).alerts
        return {name: events[alert.seq].payload for name, alert in alerts.items()}

    def _handed(self, payload: Mapping[str, Any], giver: str) -> NewEvent:
        return received({**payload, "moved_from": giver}, self._now, str(payload.get("source", "")))

    def _event(self, kind: Kind, payload: Mapping[str, Any]) -> NewEvent:
        return NewEvent(kind, self._now, self.actor, Source.PERSON, payload)

    def _append(self, state: IncidentState, events: list[NewEvent]) -> None:
        self.journal.append(state.incident, events, expected_seq=state.last_seq)

    @property
    def _now(self) -> datetime:
        return self.clock.now()


def _must_be_free(state: IncidentState) -> None:
    """Refuse to end an incident that somebody still has to clean up after."""
    if state.debt or (state.canary and state.canary.open):
        raise ActionRefused(
            f"{state.incident} has levers in force, and nobody would undo them",
            hint=f"Undo or keep them first, or merge the other one into {state.incident}.",
        )


def _meant(state: IncidentState, key: str) -> AlertSeen:
    exact = [one for name, one in state.alerts.items() if key in (name, one.key)]
    found = exact or [one for one in state.alerts.values() if key and one.key.startswith(key)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in found or state.alerts.values())
    what = "several alerts" if found else "no alert"
    raise BadInput(
        f"{key!r} means {what} on {state.incident}", hint=f"There are: {names}." if names else "It holds none."
    )
