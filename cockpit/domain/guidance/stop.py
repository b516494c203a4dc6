"""From the page until the harm has stopped."""

from __future__ import annotations

from cockpit.domain.clock import mmss
from cockpit.domain.guidance.ask import ASK, answer, name_class
from cockpit.domain.guidance.view import Advice, View, tree_names_levers
from cockpit.domain.levers import Stage
from cockpit.domain.severity import check_rules, floor

PATIENCE_S = 90.0
"""How long a pull may take to show on the wire before another look is advised."""


def before_page(view: View) -> Advice | None:
    """Wait for the page."""
    if view.state.page_at:
        return None
    return Advice("", "Watch the signals; the page will come.", "Nobody has been paged yet.")


def acknowledge(view: View) -> Advice | None:
    """Ask for the acknowledgement."""
    if view.reached("ack"):
        return None
    return Advice("acknowledge", "Acknowledge the page.", "Until you do, others are woken too.")


def raise_to_floor(view: View) -> Advice | None:
    """Ask to raise what is called below the security boundary."""
    profile = view.playbook.profile
    held = floor(profile, check_rules(profile, view.facts))
    if held is None or view.state.severity not in profile.scale:
        return None
    if not profile.worse(held.rule.severity, view.state.severity):
        return None
    text = f"Raise the severity to {held.rule.severity}: {held.rule.text}."
    return Advice("set_severity", text, "Beyond the security boundary nothing is called milder, however few users.")


def ask_first(view: View) -> Advice | None:
    """Look at the tree before the first lever, unless users are at risk and it is plain what to do."""
    if view.state.all_clear_at or view.state.pulls or view.state.contained or view.question is None:
        return None
    if view.urgent or tree_names_levers(view):
        return None
    if not view.state.triage.incident_class and view.state.triage.answers:
        return name_class(view)
    return answer(view.question)


def stop_harm(view: View) -> Advice | None:
    """Pull the first lever: at once when users are at risk, else as soon as the tree names one."""
    if view.state.contained or view.state.all_clear_at or view.held is not None:
        return None
    lever = view.advised[0] if view.advised else "kill_switch"
    if view.state.in_force(lever):
        return None
    return required(view, lever) or pull(view, lever)


def required(view: View, lever: str) -> Advice | None:
    """Ask for what the profile wants before the first lever, and for evidence before a destructive one."""
    spec = view.playbook.lever(lever)
    if not view.state.freezes and spec and spec.destructive:
        why = f"{spec.title} changes what there is to see; afterwards it can't be proven what happened."
        return Advice("freeze_evidence", "Freeze the evidence.", why)
    if view.reached("first_lever"):
        return None
    profile = view.playbook.profile
    for before, after in profile.order_for(view.state.severity):
        if after in ("first_lever", "pull_lever") and not view.reached(before) and before in ASK:
            return ASK[before](view)
    return None


def pull(view: View, lever: str) -> Advice:
    """Ask for a lever."""
    spec = view.playbook.lever(lever)
    why = spec.what if spec else "It is what the tree and the class advise."
    if view.urgent:
        why = "Users are at risk: stop the harm, understand later."
    return Advice("pull_lever", f"Pull {title(view, lever)}.", why, lever)


def prove(view: View) -> Advice | None:
    """Wait for what was pulled to show on the wire, and no longer than it usually takes."""
    pull = view.held
    if view.state.contained or view.state.all_clear_at or pull is None:
        return None
    waited = (view.now - pull.pulled_at).total_seconds()
    if pull.stage in (Stage.PULLED, Stage.APPLIED) and waited < PATIENCE_S:
        text = f"{pull.title or pull.lever}: pulled, not proven. It usually takes under {PATIENCE_S:.0f} s."
        return Advice("", text, f"{view.playbook.profile.proof_last} answers on the wire have to carry it.")
    window = view.playbook.profile.contain_window_s
    shown = pull.proven_at or pull.pulled_at
    if pull.stage is Stage.PROVEN and (view.now - shown).total_seconds() < window + PATIENCE_S / 2:
        text = f"{pull.title or pull.lever} is proven. Watch the harm signal stay under its line for {mmss(window)}."
        return Advice("", text, "Contained is measured, not hoped.")
    return None


def next_rung(view: View) -> Advice | None:
    """Ask for the next lever when the last has not stopped the harm, as far as that can be measured."""
    pull = view.held
    if view.state.contained or view.state.all_clear_at or pull is None or not view.measured:
        return None
    if view.question and view.question.id not in view.state.triage.answers:
        return answer(view.question)
    if not view.advised:
        text = "Look for what still carries the bug: sessions in flight, caches, another route."
        return Advice("pull_lever", text, "Every advised lever is pulled.")
    why = f"{pull.title or pull.lever} has not stopped it: the next rung."
    lever = view.advised[0]
    return required(view, lever) or Advice("pull_lever", f"Pull {title(view, lever)}.", why, lever)


def title(view: View, lever: str) -> str:
    """Return a lever's title, or its name as words where the playbook has none."""
    spec = view.playbook.lever(lever)
    return spec.title if spec else lever.replace("_", " ")
