"""A tiny world and playbook for the tests of the screens: one leak, which the kill switch stops."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.levers import LeverOrder, LeverPlan, LeverPull, LeverSpec, LeverView, plain_canary, plain_undo
from cockpit.domain.parts import UPDATE_STATES
from cockpit.domain.playbook import (
    Cadence,
    Condition,
    IncidentClass,
    Option,
    Playbook,
    Profile,
    Question,
    SeverityRule,
    Symptom,
    UpdateTemplate,
)
from cockpit.playbooks.loader import load_playbook
from cockpit.world.port import Change, Proof, Series, SignalFrame, TraceDetail, TraceRow

PAGE = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)

LEVERS = (
    ("revert_prompt", 1, "Revert prompt", "v41", ("v40", "v39")),
    ("pin_model", 2, "Pin model", "sonnet-latest", ("sonnet-4-5@0815",)),
    ("disable_tool", 3, "Disable tool", "on", ("order_lookup",)),
    ("guardrail_block", 4, "Guardrail", "warn", ("output", "input")),
    ("fallback_model", 5, "Fallback model", "primary", ("fallback",)),
    ("cap_cost", 6, "Cap cost", "none", ("40/min",)),
    ("kill_switch", 7, "Kill switch", "on", ("faq",)),
    ("clear_sessions", 8, "Clear sessions", "412 open", ("all",)),
)


def playbook() -> Playbook:
    """Make a playbook small enough to read."""
    rules = (
        SeverityRule(
            "leak", "SEV1", "leaking another user's data", (Condition("leak_seen", "==", True),), floor=True
        ),
        SeverityRule(
            "injection", "SEV1", "injected instructions ran", (Condition("injection_seen", "==", True),), True
        ),
        SeverityRule("cost100", "SEV1", "cost ≥ 100× baseline", (Condition("cost_ratio", ">=", 100.0),)),
        SeverityRule("quality", "SEV2", "> 20 % of traffic degraded", (Condition("degraded_share", ">", 0.2),)),
        SeverityRule("latency", "SEV3", "p99 > 2× baseline", (Condition("p99_ratio", ">", 2.0),)),
    )
    classes = (
        IncidentClass(
            "pii_leak", "PII leak", "answers name other people", "close the path", ("kill_switch",), "retrieval"
        ),
        IncidentClass("drift", "Quality drift", "scores sag", "pin the model", ("pin_model",), "model"),
        IncidentClass("cost_runaway", "Cost runaway", "cost climbs", "cap it", ("disable_tool", "cap_cost"), "tool"),
    )
    profile = Profile(
        "default", "Default", "test", ("SEV1", "SEV2", "SEV3", "SEV4"), rules,
        {"SEV1": 900.0, "SEV2": 3600.0}, Cadence(300.0, 1800.0), classes, (), 172800.0, proof_last=20,
    )  # fmt: skip
    questions = (
        Question("at_risk", "Users at risk right now?", (
            Option("yes", "yes", "stopped", "kill switch", ("kill_switch",), {"users_at_risk": True}),
            Option("no", "no", "changed", "look for what changed"),
        ), ("leak_seen", "leaks_per_min")),
        Question("stopped", "Harm stopped on the wire?", (
            Option("yes", "yes", "changed"), Option("no", "no", "", "next rung", ("disable_tenant",)),
        ), ("leaks_per_min",)),
        Question("changed", "What changed?", (
            Option("prompt", "prompt", "", "revert it", ("revert_prompt",)),
            Option("model", "model", "", "pin it", ("pin_model",)),
            Option("index", "index", "", "undo it"), Option("nothing", "nothing", "", "investigate"),
        )),
    )  # fmt: skip
    templates = tuple(
        UpdateTemplate(
            audience, state, f"[{state}] $title ($severity). Impact: $impact. Doing: $action. Next: $next_update."
        )
        for audience in ("team", "executives", "customers", "legal")
        for state in UPDATE_STATES
    )
    specs = tuple(
        LeverSpec(name, rung, title, title, name == "kill_switch", name == "kill_switch")
        for name, rung, title, *_ in LEVERS
    )
    symptom = Symptom(
        "leak",
        "answers show other customers' data",
        "retrieval without a filter",
        "close the path",
        ("leaks_per_min",),
    )
    clocks = load_playbook().clocks
    return Playbook(
        profile, {one.id: one for one in questions}, "at_risk", (symptom,), specs, templates, clocks=clocks
    )


class FakeWorld:
    """Leaks from two minutes before the page until ten seconds after the kill switch."""

    service = "support-assistant"
    people = ("ada", "lin")
    expertise: ClassVar[dict[str, list[str]]] = {"lin": ["data"]}
    pagers: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.orders: list[LeverOrder] = []
        self.hostile = ""

    def _killed_at(self) -> datetime | None:
        kills = [order for order in self.orders if order.lever == "kill_switch" and not order.undoes]
        undone = any(order.undoes for order in self.orders)
        return None if undone or not kills else kills[0].at + timedelta(seconds=10)

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """The page, a mail, and the read-back of every order."""
        found = [
            NewEvent(Kind.PAGED, PAGE, "pager", Source.WORLD,
                     {"inject": "page", "channel": "pager", "sender": "judge",
                      "text": "3 answers leak orders " + self.hostile}),
            NewEvent(Kind.INJECT_DELIVERED, PAGE + timedelta(seconds=26), "mail", Source.WORLD,
                     {"inject": "mail", "channel": "email", "sender": "customer",
                      "text": "it showed me someone else's address"}),
            *(
                NewEvent(Kind.LEVER_APPLIED, order.at + timedelta(seconds=4), "world", Source.WORLD,
                         {"op": order.op, "value": order.target})
                for order in self.orders
            ),
        ]  # fmt: skip
        return [event for event in found if since < event.at <= until]

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Every lever, ready."""
        return tuple(LeverView(name, current, choices, "", 2.0) for name, _, _, current, choices in LEVERS)

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """A plan with everything in it."""
        view = next(view for view in self.levers(at) if view.name == lever)
        return LeverPlan(
            lever, target or view.choices[0], dict(scope), view.current, "every user of /support", 1.0, (2.0, 20.0),
            "the assistant answers from the FAQ", "put it back", "open sessions", lever == "kill_switch",
            once=lever == "clear_sessions",
        )  # fmt: skip

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Say what taking a pull back would do."""
        return plain_undo(pull)

    def plan_canary(self, percent: float, at: datetime) -> LeverPlan:
        """Say what another share of users would do."""
        return plain_canary(percent, 0.0)

    def pull(self, order: LeverOrder) -> None:
        """Remember it once."""
        if all(one.op != order.op for one in self.orders):
            self.orders.append(order)

    def _leaks(self, moment: datetime) -> float:
        killed = self._killed_at()
        if moment < PAGE - timedelta(minutes=2) or (killed and moment > killed):
            return 0.0
        return 7.0 + math.sin(moment.timestamp() / 40)

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """Four signals, of which the first is the harm."""
        step = window_s / bins
        moments = [at - timedelta(seconds=step * (bins - 1 - index)) for index in range(bins)]
        leaks = [self._leaks(moment) for moment in moments]
        wave = [math.sin(moment.timestamp() / 90) for moment in moments]

        def series(
            name: str, label: str, unit: str, values: list[float], base: float, line: float, **more: bool
        ) -> Series:
            return Series(name, label, unit, values, values[-1], base, line, **more)

        return SignalFrame(at, window_s, step, (
            series("leaks_per_min", "leaks", "/min", leaks, 0.0, 0.5, harm=True),
            series("grounding_pct", "grounding", "%", [95 - bad + one for bad, one in zip(leaks, wave, strict=True)],
                   95.0, 92.0, floor=True),
            series("refusal_pct", "refusals", "%", [2.5 + one / 2 for one in wave], 2.5, 8.0),
            series("cost_ratio", "cost", "×", [1.05 + one / 20 for one in wave], 1.0, 2.0),
        ), {"leak_seen": any(leaks), "injection_seen": leaks[-1] > 0, "cost_ratio": 1.05, "p99_ratio": 1.0,
            "degraded_share": 0.08})  # fmt: skip

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """All match twelve seconds after the order."""
        order = next(one for one in self.orders if one.op == op)
        matched = last if at >= order.at + timedelta(seconds=12) else last // 2
        return Proof(matched, last, "faq-01", "faq-01")

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """An innocent prompt change and a guilty index."""
        return (
            Change(
                "prompt:v41",
                PAGE - timedelta(minutes=12),
                "prompt v40 → v41",
                "prompt",
                "v40",
                "v41",
                "mia",
                self.hostile,
            ),
            Change(
                "index:shared-3",
                PAGE - timedelta(hours=1),
                "index shared-3 built",
                "index",
                "shared-2",
                "shared-3",
                "ci",
            ),
            Change(
                "alias:sonnet",
                PAGE - timedelta(days=9),
                "alias sonnet-latest resolves to 0929",
                "model",
                "0815",
                "0929",
                "vendor",
            ),
        )

    def harmed(self, at: datetime) -> int:
        """Grows while it leaks."""
        end = min(at, self._killed_at() or at)
        return max(0, int((end - PAGE + timedelta(minutes=2)).total_seconds() / 9))

    def card(self, at: datetime) -> Mapping[str, str]:
        """Four lines."""
        return {
            "last-known-good prompt": "v40 (until 02:02)",
            "model": "sonnet-4-5@0929, moved 9 days ago",
            "baseline against now": "grounding 95 → 88",
            "retrieval": "returns chunks of other tenants " + self.hostile,
        }

    def snapshot(self, at: datetime) -> Mapping[str, Any]:
        """The configuration in force."""
        return {"prompt": "v41", "model": "sonnet-4-5@0929"}

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """None: the tests of the screens bring their own."""
        return ()

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """None."""
        return ()

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Made by the fakes."""
        return None
