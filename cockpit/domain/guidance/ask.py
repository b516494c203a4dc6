"""How each thing is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cockpit.domain.guidance.view import Advice, View
from cockpit.domain.playbook import Question
from cockpit.domain.severity import check_rules, suggested


def classify(view: View) -> Advice | None:
    """Ask for a severity, the rubric's where a rule has fired."""
    if view.state.severity:
        return None
    profile = view.playbook.profile
    checks = check_rules(profile, view.facts)
    called = suggested(profile, checks)
    if called is None:
        text = f"Look at the signals and a failing trace, then call a severity ({', '.join(profile.scale)})."
        return Advice("set_severity", text, "No rule of the rubric has fired yet; if in doubt, take the higher one.")
    fired = next(check for check in checks if check.fired and check.rule.severity == called)
    return Advice("set_severity", f"Call {called}: {fired.rule.text}.", f"The rubric fired on {fired.evidence}.")


def answer(question: Question) -> Advice:
    """Ask for an answer to a question."""
    names = ", ".join(name.replace("_", " ") for name in question.evidence)
    look = f"Look at {names}." if names else "Look at the traces."
    return Advice("answer", f"Answer: {question.text}", look)


def name_class(view: View) -> Advice:
    """Ask for the class."""
    return Advice("set_class", "Name the class of failure.", "The class brings its own containment advice.")


def name_layer(view: View) -> Advice:
    """Ask for the layer."""
    text = f"Name the layer that failed ({', '.join(view.playbook.layers)}) and the change that did it."
    return Advice("set_layer", text, "Compare failing with passing traces, and read what changed.")


def name_scope(view: View) -> Advice:
    """Ask for the scope."""
    return Advice(
        "set_scope", "Set the scope: routes, prompt version, tenants.", "Whom to tell, and what to re-open."
    )


def freeze(view: View) -> Advice:
    """Ask for the evidence freeze."""
    return Advice("freeze_evidence", "Freeze the evidence.", "The first lever changes what there is to see.")


def call(view: View) -> Advice:
    """Ask for a severity, or for the class once there is one."""
    return classify(view) or name_class(view)


def update(state: str, why: str) -> Advice:
    """Ask for an update in a state."""
    return Advice("post_update", f"Post an update ({state}).", why)


ASK: Mapping[str, Callable[[View], Advice]] = {
    "severity_set": call,
    "set_severity": call,
    "class_set": name_class,
    "set_class": name_class,
    "set_layer": name_layer,
    "set_scope": name_scope,
    "freeze": freeze,
    "freeze_evidence": freeze,
}
