"""Station 1 and the classification: acknowledge, declare, severity, class, layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.severity import check_rules, floor, suggested
from cockpit.session.action import Action, Context
from cockpit.session.rules import all_of, known, paged

OTHER_LAYERS = {
    "data": "retrieval", "data_retrieval": "retrieval", "data_and_retrieval": "retrieval", "rag": "retrieval",
    "tools": "tool", "infrastructure": "infra", "provider": "model",
}  # fmt: skip
"""What other houses call the same layers."""


@dataclass(frozen=True, slots=True)
class Declare:
    """A title for the incident, if the page's own is not good enough."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class SetSeverity:
    """The severity to call, and why where it differs from the rubric."""

    severity: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetClass:
    """The id of an incident class of the profile (`class` is a word of Python's own, so `class_` in code)."""

    class_: str


@dataclass(frozen=True, slots=True)
class SetLayer:
    """The layer that failed; the component and the change (a ref of the what-changed board) where known."""

    layer: str
    component: str = ""
    change: str = ""


def _not_acknowledged(context: Context, _: Any) -> str:
    return "the page is acknowledged already" if "ack" in context.state.milestones else ""


def _acknowledge(context: Context, _: Any) -> list[NewEvent]:
    return [context.event(Kind.ACKNOWLEDGED)]


def _not_declared(context: Context, _: Any) -> str:
    return "the incident is declared already" if "declare" in context.state.milestones else ""


def _declare(context: Context, arguments: Declare) -> list[NewEvent]:
    return [context.event(Kind.DECLARED, title=arguments.title)]


def _may_call(context: Context, arguments: SetSeverity | None) -> str:
    if arguments is None:
        return ""
    if arguments.severity == context.state.severity:
        return f"it is called {arguments.severity} already"
    profile = context.playbook.profile
    held = floor(profile, check_rules(profile, context.facts()))
    if held and profile.worse(held.rule.severity, arguments.severity):
        return f"{held.rule.text} ({held.evidence}): not below {held.rule.severity}"
    return ""


def _call(context: Context, arguments: SetSeverity) -> list[NewEvent]:
    profile = context.playbook.profile
    checks = check_rules(profile, context.facts())
    event = context.event(
        Kind.SEVERITY_SET,
        severity=arguments.severity,
        reason=arguments.reason,
        suggested=suggested(profile, checks),
        rules=[check.rule.id for check in checks if check.fired],
    )
    if "declare" in context.state.milestones:
        return [event]
    return [event, context.event(Kind.DECLARED)]


def _set_class(context: Context, arguments: SetClass) -> list[NewEvent]:
    return [context.event(Kind.CLASS_SET, **{"class": arguments.class_})]


def _layer(given: str) -> str:
    """Return the house's own word for a layer."""
    word = given.lower().replace(" ", "_")
    return OTHER_LAYERS.get(word, word)


def _set_layer(context: Context, arguments: SetLayer) -> list[NewEvent]:
    payload = {"layer": _layer(arguments.layer), "component": arguments.component, "change": arguments.change}
    return [context.event(Kind.LAYER_SET, **payload)]


ACTIONS = (
    Action(
        "acknowledge", "Acknowledge", "Say that you have seen the page and are on it.",
        "once, after the page", 1, all_of(paged, _not_acknowledged), _acknowledge, keys=("a",),
    ),
    Action(
        "declare", "Declare", "Declare an incident; calling a severity does so too.",
        "once, after the page", 1, all_of(paged, _not_declared), _declare, Declare,
    ),
    Action(
        "set_severity", "Call the severity",
        "Confirm or raise what the rubric says. Below the security floor nobody may go.",
        "after the page, until the all-clear; never below the security floor", 1,
        all_of(
            paged,
            known("severity", lambda context: context.playbook.profile.scale, lambda given: str(given.severity)),
            _may_call,
        ),
        _call, SetSeverity, ("s",), ("severity",),
    ),
    Action(
        "set_class", "Name the class", "Name the class of failure; containment advice follows from it.",
        "after the page, until the all-clear", 2,
        all_of(
            paged,
            known(
                "class",
                lambda context: tuple(one.id for one in context.playbook.profile.classes),
                lambda given: str(given.class_),
            ),
        ),
        _set_class, SetClass, needs=("class",),
    ),
    Action(
        "set_layer", "Name the layer", "Say in which layer it broke, and which change did it where known.",
        "after the page, until the all-clear", 2,
        all_of(paged, known("layer", lambda context: context.playbook.layers, lambda given: _layer(given.layer))),
        _set_layer, SetLayer, needs=("layer",),
    ),
)  # fmt: skip
