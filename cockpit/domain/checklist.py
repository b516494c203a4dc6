"""What an all-clear rests on: each point done or open, and what closes it."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.deliveries import unsettled
from cockpit.domain.incident import IncidentState
from cockpit.domain.playbook import Playbook

CONTAINED = "contained"
"""The point that a measurement closes, or a person who says how they know."""


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist; `how` says what closes it, `opened` how it is told while it is open."""

    id: str
    done: bool
    text: str
    opened: str
    how: str = ""

    @property
    def words(self) -> str:
        """The line as it stands now."""
        return self.text if self.done else self.opened


def checklist(state: IncidentState, playbook: Playbook, *, measured: bool) -> list[Point]:
    """List the points in the order in which an incident reaches them.

    Args:
        measured: whether there is a harm signal at all.
    """
    return [
        _contained(state, measured=measured),
        _proven(state),
        _reopened(state, playbook, measured=measured),
        _debt(state, playbook),
        Point("evidence", bool(state.freezes), "evidence is frozen", "no evidence was frozen", "freeze it (e)"),
        _named(state),
        _told(state),
        _arrived(state),
        Point(
            "ic", "ic" in state.command.holders, "there is an incident commander", "nobody is in command",
            "take IC (r)",
        ),
    ]  # fmt: skip


def open_points(points: list[Point]) -> list[Point]:
    """Return the points that are not done."""
    return [point for point in points if not point.done]


def _contained(state: IncidentState, *, measured: bool) -> Point:
    how = "wait for CONTAINED in pane 5" if measured else "no harm signal is configured: judge, and say how"
    return Point(
        CONTAINED, state.contained, "harm is measured to have stopped", "harm is not measured to have stopped", how
    )


def _proven(state: IncidentState) -> Point:
    names = [pull.title or pull.lever for pull in state.unproven]
    opened = f"not proven on the wire: {', '.join(names)}"
    return Point("proven", not names, "every pull is proven on the wire", opened, "wait, or undo it (u)")


def _reopened(state: IncidentState, playbook: Playbook, *, measured: bool) -> Point:
    closing = _closing(playbook)
    names = [pull.title or pull.lever for pull in state.pulls if pull.in_force and pull.lever in closing]
    canary = state.canary
    watching = canary is not None and canary.state == "watching"
    opened = f"service is not re-opened: {', '.join(names)}" if names else "the canary is still watched"
    how = "open a canary (o)" if measured else "undo it (u)"
    return Point("reopened", not names and not watching, "service is re-opened", opened, how)


def _debt(state: IncidentState, playbook: Playbook) -> Point:
    """What takes the service away is named where it is re-opened."""
    names = [pull.title or pull.lever for pull in state.debt if pull.lever not in _closing(playbook)]
    none = "no other lever debt" if state.debt else "no lever debt"
    return Point("debt", not names, none, f"lever debt: {', '.join(names)}", "undo or keep (u)")


def _closing(playbook: Playbook) -> set[str]:
    return {spec.name for spec in playbook.levers if spec.closes}


def _named(state: IncidentState) -> Point:
    parts = {"class": state.triage.incident_class, "layer": state.triage.layer}
    missing = [name for name, value in parts.items() if not value]
    return Point(
        "named", not missing, "class and layer are named", f"not named: {' and '.join(missing)}", "name it (i)"
    )


def _told(state: IncidentState) -> Point:
    """Somebody was told that it is resolved; who was told something else last is named."""
    last = {update.audience: update.state for update in state.updates}
    waiting = [name for name, status in last.items() if status != "resolved"]
    aside = f" (not yet to {', '.join(waiting)})" if waiting else ""
    done = any(update.state == "resolved" for update in state.updates)
    return Point("told", done, f"an update says resolved{aside}", "no update says that it is resolved", "post it (c)")


def _arrived(state: IncidentState) -> Point:
    missing = unsettled(state.deliveries)
    names = ", ".join(dict.fromkeys(one.channel for one in missing))
    opened = f"updates not known to have arrived: {names}"
    return Point(
        "arrived", not missing, "every update that was sent has arrived", opened, "wait, or send it again (D)"
    )
