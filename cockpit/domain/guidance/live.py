"""What real systems ask for: a second person, patience while nobody can tell, and judging what nothing measures."""

from __future__ import annotations

from cockpit.domain.clock import mmss
from cockpit.domain.guidance.view import Advice, View
from cockpit.domain.levers import Stage

NO_SIGNAL = "No harm signal is configured, so contained can't be measured"


def second_person(view: View) -> Advice | None:
    """Ask for the approval of what somebody proposed: of others first, since they can give it."""
    waiting = [one for one in view.state.proposals if not view.state.all_clear_at or one.undoes]
    if not waiting:
        return None
    others = [one for one in waiting if one.proposer != view.actor]
    proposal = (others or waiting)[-1]
    what = f"{'undo of ' if proposal.undoes else ''}{proposal.title or proposal.lever} → {proposal.target}"
    age = mmss(view.now - proposal.at)
    if others:
        text = f"Approve or withdraw: {proposal.proposer} proposes {what}."
        return Advice("approve_lever", text, f"It takes two people, and has waited for {age}.")
    text = f"Get a second person to approve: {what}, proposed {age} ago."
    return Advice("", text, "When nobody can be reached, pull it alone with your reason; that goes on record.")


def reopened_too_far(view: View) -> Advice | None:
    """Ask to close a canary that is still open although it should be closed."""
    canary = view.state.canary
    if canary is None or canary.state != "stuck":
        return None
    text = f"Close the canary: it is STILL OPEN at {canary.percent:g} %; the system refused to close it."
    return Advice("abort_canary", text, canary.reason or "It is asked again; pull a lever that closes the feature.")


def settle(view: View) -> Advice | None:
    """Wait for what nobody can tell yet; no other pull of the same control may run meanwhile."""
    unknown = next((pull for pull in reversed(view.state.pulls) if pull.stage is Stage.UNKNOWN), None)
    if unknown is None or view.state.contained or view.state.all_clear_at:
        return None
    text = f"Unknown whether {unknown.title or unknown.lever} arrived: it is asked again with the same key."
    return Advice("", text, "If it can't wait, pull another lever; this one is left alone until it is certain.")


def judge(view: View) -> Advice | None:
    """Where nothing measures harm, ask a person to look and to write down what they see."""
    pull = view.held
    if view.measured or view.state.contained or view.state.all_clear_at or pull is None:
        return None
    if view.state.noted_at and view.state.noted_at >= pull.pulled_at:
        return None
    text = f"{NO_SIGNAL}: judge by the answers, and note it."
    return Advice("note", text, "[signals] in cockpit.toml with `harm = true` would let the cockpit watch it.")
