"""The state of an incident, and the fold that makes it from the journal.

`fold` is total: any sequence of events gives a state, whatever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cockpit.domain import alerts, cadence, deliveries, errands, legal, pages, tasks
from cockpit.domain.alerts import AlertSeen
from cockpit.domain.deliveries import Delivery
from cockpit.domain.events import Event, Kind
from cockpit.domain.fold import command as fold_command
from cockpit.domain.fold import learn as fold_learn
from cockpit.domain.fold import levers as fold_levers
from cockpit.domain.fold import triage as fold_triage
from cockpit.domain.fold import written as fold_written
from cockpit.domain.learning import Learning
from cockpit.domain.legal import Running
from cockpit.domain.levers import LeverPull, Proposal, Stage
from cockpit.domain.pages import PageSeen, PageWord
from cockpit.domain.parts import (
    Answer,
    Canary,
    Clearance,
    Command,
    Containment,
    Freeze,
    Inject,
    Override,
    Pin,
    SeverityCall,
    Snooze,
    Triage,
    Update,
)
from cockpit.domain.steps import MILESTONES
from cockpit.domain.tasks import Task

__all__ = ["Answer", "IncidentState", "fold"]


@dataclass(frozen=True, slots=True)
class IncidentState:
    """Everything that is known about one incident at one line of its journal.

    `milestones` holds the first time each was reached (names as in STIX/VERIS: page, ack, declare, severity_set,
    class_set, freeze, first_lever, verified, all_clear …). `mode` is drill, live, or range: a drill on the team's
    own staging systems. `opening` is its first line's hash. `present` names who opened it and who joined; `noted_at`
    is when the last note was written.
    `deliveries` are by an update's line and a channel's name; `errands`, of pagers and trackers, by the line that
    asked and the errand's name.
    `pages` are by their names, and `page_words` what their pagers are to be told, in order.
    `alerts` are what other systems told, by `SOURCE/KEY`; `merged_into` is where it goes on, `absorbed` which others
    go on here. `held` is a drill that a trainer has stopped: only a trainer lets it go on.
    """

    incident: str = ""
    mode: str = "drill"
    title: str = ""
    service: str = ""
    scenario: str = ""
    seed: int = 0
    profile: str = "default"
    started_at: datetime | None = None
    opening: str = ""
    last_seq: int = 0
    head: str = ""
    last_at: datetime | None = None
    milestones: Mapping[str, datetime] = field(default_factory=dict)
    severities: tuple[SeverityCall, ...] = ()
    triage: Triage = field(default_factory=Triage)
    pulls: tuple[LeverPull, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    containment: Containment = field(default_factory=Containment)
    canary: Canary | None = None
    command: Command = field(default_factory=Command)
    updates: tuple[Update, ...] = ()
    deliveries: Mapping[tuple[int, str], Delivery] = field(default_factory=dict)
    errands: Mapping[tuple[int, str], Delivery] = field(default_factory=dict)
    snooze: Snooze | None = None
    clearance: Clearance | None = None
    clocks: tuple[Running, ...] = ()
    tasks: tuple[Task, ...] = ()
    injects: tuple[Inject, ...] = ()
    pins: tuple[Pin, ...] = ()
    present: tuple[str, ...] = ()
    noted_at: datetime | None = None
    alerts: Mapping[str, AlertSeen] = field(default_factory=dict)
    pages: Mapping[str, PageSeen] = field(default_factory=dict)
    page_words: tuple[PageWord, ...] = ()
    merged_into: str = ""
    absorbed: tuple[str, ...] = ()
    learning: Learning = field(default_factory=Learning)
    orders: int = 0
    refusals: int = 0
    paused: bool = False
    held: bool = False
    speed: float = 1.0
    ended: str = ""

    @property
    def page_at(self) -> datetime | None:
        """When the first page came."""
        return self.milestones.get("page")

    @property
    def severity(self) -> str:
        """The severity in force, or an empty text while nobody has called one."""
        return self.severities[-1].severity if self.severities else ""

    @property
    def contained(self) -> bool:
        """Whether harm is measured to have stopped, and has not come back."""
        return self.containment.since is not None

    @property
    def all_clear_at(self) -> datetime | None:
        """When the all-clear was given."""
        return self.milestones.get("all_clear")

    @property
    def simulated(self) -> bool:
        """Whether the world is a simulator, whose time can be stopped."""
        return self.mode == "drill"

    @property
    def live(self) -> bool:
        """Whether it is no exercise."""
        return self.mode == "live"

    def proposal(self, lever: str) -> Proposal | None:
        """Find the pull of a lever that waits for a second person."""
        return next((one for one in self.proposals if one.lever == lever), None)

    def pull(self, op: str) -> LeverPull | None:
        """Find a pull by its op."""
        return next((pull for pull in self.pulls if pull.op == op), None)

    def in_force(self, lever: str) -> LeverPull | None:
        """Return the latest pull of a lever that still holds."""
        return next((p for p in reversed(self.pulls) if p.lever == lever and p.in_force), None)

    @property
    def unproven(self) -> tuple[LeverPull, ...]:
        """Pulls in force that no answers have proven yet, without those that were done once more since."""
        waits = (pull for pull in self.pulls if pull.in_force and pull.stage is not Stage.PROVEN)
        return tuple(pull for pull in waits if not any(one.repeats(pull) for one in self.pulls))

    @property
    def debt(self) -> tuple[LeverPull, ...]:
        """Pulls that somebody still has to undo or make permanent."""
        return tuple(pull for pull in self.pulls if pull.debt)


def fold(events: Iterable[Event], state: IncidentState | None = None) -> IncidentState:
    """Fold events, in order, into a state; `state` is where to go on from."""
    current = state or IncidentState()
    for event in events:
        current = apply(current, event)
    return current


def apply(state: IncidentState, event: Event) -> IncidentState:
    """Fold one event in."""
    handler = _HANDLERS.get(event.kind)
    changes: dict[str, Any] = handler(state, event) if handler else {}
    changes |= pages.fold_page(state, event)
    changes |= errands.fold_errand(state, event)
    if event.kind in _ORDERS:
        changes["orders"] = state.orders + 1
    milestone = MILESTONES.get(event.kind)
    if milestone and milestone not in state.milestones:
        changes["milestones"] = {**state.milestones, milestone: event.at}
    return replace(state, last_seq=event.seq, head=event.hash, last_at=event.at, **changes)


_ORDERS = (Kind.LEVER_PULLED, Kind.CANARY_OPENED, Kind.CANARY_WIDENED, Kind.CANARY_ABORTED)
"""Events that ask something of the world; their number names the next op."""


def _opened(state: IncidentState, event: Event) -> dict[str, Any]:
    return {
        "incident": event.incident,
        "opening": event.hash,
        "mode": str(event.get("mode", "drill")),
        "title": str(event.get("title", "")),
        "service": str(event.get("service", "")),
        "scenario": str(event.get("scenario", "")),
        "seed": int(event.get("seed", 0)),
        "profile": str(event.get("profile", "default")),
        "speed": float(event.get("speed", 1.0)),
        "started_at": event.at,
        "present": state.present if event.get("opened_by") else tuple(dict.fromkeys((*state.present, event.actor))),
        **_reached_by_opening(state, event),
    }


def _reached_by_opening(state: IncidentState, event: Event) -> dict[str, Any]:
    """Whoever opens a live incident has seen it and is on it; an exercise or an alert pages somebody first."""
    if str(event.get("mode", "drill")) != "live" or event.get("opened_by"):
        return {}
    return {"milestones": {"page": event.at, "ack": event.at, **state.milestones}}


def _joined(state: IncidentState, event: Event) -> dict[str, Any]:
    name = str(event.get("name", "")) or event.actor
    return {"present": tuple(dict.fromkeys((*state.present, name)))}


def _severity(state: IncidentState, event: Event) -> dict[str, Any]:
    call = SeverityCall(
        str(event.get("severity", "")), event.at, event.actor, event.seq, tuple(event.get("rules", ()))
    )
    return {"severities": (*state.severities, call)}


def _frozen(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"freezes": (*state.freezes, Freeze(event.at, event.seq, str(event.get("digest", ""))))}


def _posted(state: IncidentState, event: Event) -> dict[str, Any]:
    """A new update ends whatever put the reminder off."""
    chosen = event.get("channels")
    update = Update(
        event.at, event.seq, event.actor, str(event.get("audience", "")), str(event.get("state", "")),
        str(event.get("text", "")), tuple(event.get("missing", ())),
        None if chosen is None else tuple(str(one) for one in chosen),
    )  # fmt: skip
    return {"updates": (*state.updates, update), "snooze": None}


def _cleared(state: IncidentState, event: Event) -> dict[str, Any]:
    told = [one for one in event.get("overridden", ()) if isinstance(one, Mapping)]
    overrides = tuple(Override(*(str(one.get(key, "")) for key in ("point", "words", "reason"))) for one in told)
    return {"clearance": state.clearance or Clearance(event.at, event.actor, event.seq, overrides)}


def _inject(state: IncidentState, event: Event) -> dict[str, Any]:
    inject = Inject(
        event.at, event.seq, str(event.get("inject", "")), str(event.get("channel", "pager")),
        str(event.get("sender", event.actor)), str(event.get("text", "")), str(event.get("signal", "")),
        str(event.get("trace") or event.get("session") or ""),
    )  # fmt: skip
    return {"injects": (*state.injects, inject)}


def _pinned(state: IncidentState, event: Event) -> dict[str, Any]:
    pin = Pin(event.at, event.seq, int(event.get("trace", 0)), str(event.get("verdict", "")))
    return {"pins": (*state.pins, pin)}


def _ended(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"ended": str(event.get("reason", "")) or "ended"}


_HANDLERS: Mapping[Kind, Any] = {
    Kind.INCIDENT_OPENED: _opened,
    Kind.ATTACHED: _joined,
    Kind.NOTED: lambda state, event: {"noted_at": event.at},
    Kind.SEVERITY_SET: _severity,
    Kind.EVIDENCE_FROZEN: _frozen,
    Kind.UPDATE_POSTED: _posted,
    Kind.ALL_CLEAR_GIVEN: _cleared,
    Kind.PAGED: _inject,
    Kind.INJECT_DELIVERED: _inject,
    Kind.TRACE_PINNED: _pinned,
    Kind.DRILL_ENDED: _ended,
    Kind.DRILL_PAUSED: lambda state, event: {"paused": True, "held": state.held or event.get("held") is True},
    Kind.DRILL_RESUMED: lambda state, event: {"paused": False, "held": False},
    Kind.SPEED_CHANGED: lambda state, event: {"speed": float(event.get("speed", 1.0))},
    Kind.ACTION_REFUSED: lambda state, event: {"refusals": state.refusals + 1},
    **fold_triage.HANDLERS,
    **fold_levers.HANDLERS,
    **fold_command.HANDLERS,
    **alerts.HANDLERS,
    **fold_learn.HANDLERS,
    **legal.HANDLERS,
    **tasks.HANDLERS,
    **fold_written.HANDLERS,
    **cadence.HANDLERS,
    **deliveries.HANDLERS,
}
