"""Real systems as the screens see them, in memory: values with versions, somebody else's hands, doubtful answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.levers import LeverOrder, LeverPlan, LeverPull, LeverView
from cockpit.world.port import Proof, SignalFrame
from tests.tui.fake_world import LEVERS, FakeWorld
from tests.tui.fakes import FakeController

TOLD_AFTER = timedelta(seconds=4)


@dataclass(frozen=True)
class Held:
    """What a system holds for one lever."""

    value: str
    version: int = 12
    by: str = "mia"


class LiveFakeWorld(FakeWorld):
    """Every lever is a flag on one system; a change is told of four seconds later, as its fate is.

    Attributes:
        people_wanted: how many people a pull takes.
        fates: by lever, `unknown` or `refused`, where it is not simply stored.
        measured: whether a harm signal is configured; `probed` whether the wire answers at all.
    """

    def __init__(self, people: int = 1, *, staging: bool = False) -> None:
        super().__init__()
        self.people_wanted = people
        self.held = {name: Held(current) for name, _, _, current, _ in LEVERS}
        self.fates: dict[str, str] = {}
        self.told: list[NewEvent] = []
        self.measured = True
        self.probed = True
        self.staging = staging
        self.looked_before_s = 1.0

    def meddle(self, lever: str, value: str, by: str = "noah") -> None:
        """Let somebody else change a value."""
        self.held[lever] = Held(value, self.held[lever].version + 1, by)

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Every lever as it is held now."""
        looked_at = at - timedelta(seconds=self.looked_before_s)
        held = self.held
        return tuple(
            replace(view, current=held[view.name].value, value=held[view.name].value, looked_at=looked_at)
            for view in super().levers(at)
        )

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """A plan that names the system, the address and the version."""
        plan, held = super().plan(lever, target, scope, at), self.held[lever]
        intent = {"system": "flags", "address": f"flag:{lever}@production", "staging": self.staging,
                  "value": plan.target, "before": held.value, "version": str(held.version), "by": held.by,
                  "key": f"key-{lever}"}  # fmt: skip
        return replace(plan, current=held.value, version=str(held.version), people=self.people_wanted, intent=intent)

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Refused when somebody else changed it since."""
        plan, held = self.plan(pull.lever, pull.before, {}, at), self.held[pull.lever]
        if held.value != pull.target:
            reason = f"somebody changed it since: it was set to {pull.target}, it is {held.value} now"
            return replace(plan, refused=reason)
        return plan

    def pull(self, order: LeverOrder) -> None:
        """Carry it out once, and tell later what became of it."""
        if any(one.op == order.op for one in self.orders):
            return
        super().pull(order)
        fate = self.fates.get(order.lever, "")
        kind, payload = self._fate(order, fate)
        self.told.append(NewEvent(kind, order.at + TOLD_AFTER, "flags", Source.WORLD, {"op": order.op, **payload}))
        if not fate and order.lever in self.held:
            self.held[order.lever] = Held(order.target, self.held[order.lever].version + 1, "cockpit")

    def _fate(self, order: LeverOrder, fate: str) -> tuple[Kind, dict[str, Any]]:
        if fate == "unknown":
            return Kind.LEVER_UNKNOWN, {"reason": "flags did not answer within 5 s"}
        if fate == "refused":
            before, now = order.intent.get("before", ""), self.held[order.lever].value
            return Kind.LEVER_REFUSED, {"reason": f"it was {before} when you planned, it is {now} now"}
        return Kind.LEVER_APPLIED, {"value": order.target}

    def settle(self, op: str, at: datetime) -> None:
        """Let a doubtful change turn out to be stored."""
        self.told.append(NewEvent(Kind.LEVER_APPLIED, at, "flags", Source.WORLD, {"op": op, "value": "read back"}))

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """What became of orders; only an exercise pages."""
        pages = [one for one in super().happenings(since, until) if one.kind is Kind.PAGED] if self.staging else []
        return [*pages, *(event for event in self.told if since < event.at <= until)]

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """The signals, or none where none is configured."""
        frame = super().signals(at, window_s, bins, arm)
        return frame if self.measured else replace(frame, series=(), facts={})

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """Nothing while the probes have not been answered."""
        return super().proof(op, at, last) if self.probed else Proof(0, 0, "", "faq-01")


class LiveController(FakeController):
    """A live incident at one terminal."""

    world: LiveFakeWorld


def live(people: int = 1, *, mode: str = "live", actor: str = "you", **given: Any) -> LiveController:
    """Open a live incident, or an exercise on staging systems, as somebody."""
    world = LiveFakeWorld(people, staging=mode == "range")
    return LiveController(mode=mode, world=world, actor=actor, **given)


def beside(other: LiveController, actor: str) -> LiveController:
    """Join it as somebody else."""
    return LiveController(beside=other, actor=actor)
