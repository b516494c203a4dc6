"""Sequences of events as nobody would write them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from cockpit.domain.events import Event, Kind
from tests.domain.lines import PAGE, Lines, opened

_NAMES = st.sampled_from(["ada", "bob", "lin", "cockpit", "world", "\x1b[31m", ""])
_OPS = st.sampled_from(["L1", "L2", "L3", ""])
_LEVERS = st.sampled_from(["kill_switch", "revert_prompt", "shallower_retrieval", "cap_cost", "no_such_lever"])
_ROLES = st.sampled_from(["ic", "operations", "communications"])
_TEXTS = st.text(max_size=30)
_PAYLOADS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    Kind.SEVERITY_SET: st.fixed_dictionaries({"severity": st.sampled_from(["SEV1", "SEV2", "SEV4", "S1", "?"])}),
    Kind.CLASS_SET: st.fixed_dictionaries({"class": st.sampled_from(["pii_leak", "drift", "nothing", ""])}),
    Kind.LAYER_SET: st.fixed_dictionaries({"layer": st.sampled_from(["retrieval", "model", ""]), "change": _TEXTS}),
    Kind.QUESTION_ANSWERED: st.fixed_dictionaries(
        {
            "question": st.sampled_from(["at_risk", "on_the_wire", "changed", "undone", "layer", "x"]),
            "answer": st.sampled_from(["yes", "no", "prompt", "nothing", "cannot", "x"]),
        }
    ),
    Kind.LEVER_PULLED: st.fixed_dictionaries(
        {"op": _OPS, "lever": _LEVERS, "target": _TEXTS, "undoes": st.sampled_from(["", "L1", "L2"])},
        optional={"destructive": st.booleans(), "scope": st.just({"tenants": ["acme"]})},
    ),
    Kind.LEVER_PROPOSED: st.fixed_dictionaries(
        {"lever": _LEVERS, "target": _TEXTS, "undoes": st.sampled_from(["", "L1"])}
    ),
    Kind.LEVER_WITHDRAWN: st.fixed_dictionaries({"lever": _LEVERS}),
    Kind.ATTACHED: st.fixed_dictionaries({"name": _NAMES, "where": _TEXTS}),
    Kind.LEVER_APPLIED: st.fixed_dictionaries({"op": _OPS}),
    Kind.LEVER_REFUSED: st.fixed_dictionaries({"op": _OPS, "reason": _TEXTS}),
    Kind.LEVER_UNKNOWN: st.fixed_dictionaries({"op": _OPS}),
    Kind.LEVER_PROVEN: st.fixed_dictionaries({"op": _OPS, "matched": st.integers(0, 200), "of": st.integers(0, 200)}),
    Kind.LEVER_NOT_PROVEN: st.fixed_dictionaries({"op": _OPS}),
    Kind.LEVER_KEPT: st.fixed_dictionaries({"op": _OPS}),
    Kind.CANARY_OPENED: st.fixed_dictionaries(
        {"percent": st.sampled_from([5.0, 50.0, 100.0]), "op": _OPS, "reopens": st.lists(_OPS, max_size=2)}
    ),
    Kind.CANARY_WIDENED: st.fixed_dictionaries({"percent": st.sampled_from([50.0, 100.0]), "op": _OPS}),
    Kind.CANARY_PASSED: st.fixed_dictionaries({"percent": st.just(100.0), "reopened": st.lists(_OPS, max_size=2)}),
    Kind.CANARY_ABORTED: st.fixed_dictionaries({"percent": st.just(5.0), "op": _OPS, "reason": _TEXTS}),
    Kind.ROLE_TAKEN: st.fixed_dictionaries({"role": _ROLES}),
    Kind.ROLE_OFFERED: st.fixed_dictionaries({"role": _ROLES, "to": _NAMES}),
    Kind.ROLE_ACCEPTED: st.fixed_dictionaries({"role": _ROLES, "giver": _NAMES}),
    Kind.ROLE_DECLINED: st.fixed_dictionaries({"role": _ROLES, "giver": _NAMES}),
    Kind.ROLE_RELEASED: st.fixed_dictionaries({"role": _ROLES}),
    Kind.UPDATE_POSTED: st.fixed_dictionaries(
        {"audience": st.sampled_from(["team", "customers"]), "state": _TEXTS, "text": _TEXTS}
    ),
    Kind.UPDATE_SNOOZED: st.fixed_dictionaries({"until": st.sampled_from(["2026-06-12T02:30:00.000000Z", "soon"])}),
    **dict.fromkeys(
        (
            Kind.UPDATE_SENDING,
            Kind.UPDATE_DELIVERED,
            Kind.UPDATE_DELIVERY_FAILED,
            Kind.UPDATE_DELIVERY_UNKNOWN,
            Kind.UPDATE_RETRIED,
        ),
        st.fixed_dictionaries(
            {
                "update": st.sampled_from([1, 2, 3, "x"]),
                "channel": st.sampled_from(["chat", "page"]),
                "attempt": st.sampled_from(["a", "b"]),
                "next_try": st.sampled_from(["", "soon", "2026-06-12T02:30:00.000000Z"]),
                "reason": _TEXTS,
            }
        ),
    ),
    **dict.fromkeys(
        (
            Kind.TICKET_SENDING,
            Kind.TICKET_MADE,
            Kind.TICKET_FAILED,
            Kind.TICKET_UNKNOWN,
            Kind.TICKET_TOLD,
        ),
        st.fixed_dictionaries(
            {
                "item": st.sampled_from(["A1", "fixture"]),
                "tracker": st.sampled_from(["board", "code"]),
                "attempt": st.sampled_from(["a", "b"]),
                "wait_s": st.sampled_from([6.0, "soon", None]),
                "next_try": st.sampled_from(["", "soon", "2026-06-12T02:30:00.000000Z"]),
                "ticket": _TEXTS,
                "what": st.sampled_from(["done", "link"]),
            }
        ),
    ),
    Kind.ALL_CLEAR_GIVEN: st.fixed_dictionaries(
        {
            "overridden": st.lists(
                st.one_of(_TEXTS, st.fixed_dictionaries({"point": _TEXTS, "reason": _TEXTS})), max_size=2
            )
        }
    ),
    Kind.TRACE_PINNED: st.fixed_dictionaries({"trace": st.integers(0, 10_000)}),
    Kind.INJECT_DELIVERED: st.fixed_dictionaries({"inject": _TEXTS, "channel": _TEXTS, "sender": _TEXTS}),
    Kind.SPEED_CHANGED: st.fixed_dictionaries({"speed": st.sampled_from([0.5, 1.0, 60.0])}),
}
"""Payloads by kind; a kind that is not named here comes with an empty one."""


@st.composite
def steps(draw: st.DrawFn, most: int = 25) -> list[tuple[Kind, float, str, dict[str, Any]]]:
    """Draw (kind, seconds after the last, actor, payload)."""
    kinds = [kind for kind in Kind if kind is not Kind.INCIDENT_OPENED]
    found: list[tuple[Kind, float, str, dict[str, Any]]] = []
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=most)):
        payload = draw(_PAYLOADS.get(kind, st.just({})))
        found.append((kind, draw(st.floats(0, 600)), draw(_NAMES), payload))
    return found


@st.composite
def journals(draw: st.DrawFn, most: int = 25) -> list[Event]:
    """Draw a journal of an opened drill."""
    return write(opened(), draw(steps(most)))


def write(lines: Lines, drawn: list[tuple[Kind, float, str, dict[str, Any]]]) -> list[Event]:
    """Append what was drawn to a journal."""
    at = PAGE
    for kind, later, actor, payload in drawn:
        at += timedelta(seconds=later)
        lines.write(at, kind, actor, payload)
    return lines.events
