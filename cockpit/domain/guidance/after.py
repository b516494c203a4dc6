"""Command and telling, understanding, and the way back to normal."""

from __future__ import annotations

from datetime import timedelta

from cockpit.domain.cadence import put_off
from cockpit.domain.checklist import checklist, open_points
from cockpit.domain.clock import mmss
from cockpit.domain.comms import likely_state, next_due
from cockpit.domain.guidance.ask import answer, name_class, name_layer, name_scope, update
from cockpit.domain.guidance.view import Advice, View
from cockpit.domain.learning import ALERT, FIXTURE
from cockpit.domain.offers import just_declined, to_remind

SOON_S = 60.0
"""An update is asked for this long before it is due."""

WRITTEN_WHY = "It is written already, from the journal alone; what it can't know is marked."
CLOSED_WHY = "Case, alert and postmortem are on record; what was waived stays visible."

SHOWN = ("since", "fraction", "shape", "reproducible", "changed")
"""What characterising a failure asks."""


def over(view: View) -> Advice | None:
    """Send to the debrief once the run has ended, and on to what is to be learnt where that was begun."""
    if not view.state.ended:
        return None
    if view.state.learning.begun and (step := learn(view)):
        return step
    if view.state.learning.closed_at:
        return Advice("", f"{view.state.incident} is closed. Read the debrief.", CLOSED_WHY)
    return Advice("", "Read the debrief: what each minute cost, and what would have been better.", "The run is over.")


def learn(view: View) -> Advice | None:
    """Lead through station 5: a case, its proof, an alert beside it, the postmortem, the close."""
    learning, incident = view.state.learning, view.state.incident
    if learning.closed_at and learning.written.done_at:
        return None
    if learning.closed_at:
        return Advice("postmortem", "It is closed: read the postmortem, and sign it.", WRITTEN_WHY)
    if not learning.fixtures and FIXTURE in learning.missing:
        why = "What is no test comes back. The latest pinned trace is taken unless you name one."
        return Advice("add_fixture", "Make the worst answer an eval case.", why)
    if FIXTURE in learning.missing:
        last = learning.fixtures[-1]
        why = last.why or "It has to fail on the bad configuration, pass on the fixed one, and spare its neighbours."
        how = "" if view.state.simulated else f" (cockpit fixture prove {incident} --endpoint URL …)"
        return Advice("prove_fixture", f"Prove {last.id}{how}, or sign a waiver.", why)
    if ALERT in learning.missing:
        return Advice("name_alert", "Name the new alert beside it.", "Next time it pages before a customer writes.")
    if not learning.written.done_at:
        return Advice("postmortem", "Read the postmortem, and sign it.", WRITTEN_WHY)
    return Advice("close_incident", "Close the incident.", "Case and alert are there, or somebody signed without.")


ROLE_WORDS = {"ic": "incident command"}


def answer_offer(view: View) -> Advice | None:
    """Ask whom a role is offered to for a yes."""
    offer = next((one for one in view.state.command.offers.values() if one.to == view.actor), None)
    if offer is None or view.state.all_clear_at:
        return None
    role = ROLE_WORDS.get(offer.role, offer.role)
    return Advice("accept_role", f"Say yes or no to {role}, offered by {offer.giver}.", "Until then they hold it.")


def offered_in_vain(view: View) -> Advice | None:
    """Tell whoever offered a role that nobody has answered for a while, or that the answer was no."""
    if view.state.all_clear_at:
        return None
    command = view.state.command
    if one := just_declined(command, view.actor, view.now):
        role, why = ROLE_WORDS.get(one.offer.role, one.offer.role), f": {one.reason}" if one.reason else ""
        return Advice("hand_over_role", f"{one.offer.to} said no to {role}{why}.", "You hold it still.")
    if offer := to_remind(command, view.actor, view.now):
        role, ago = ROLE_WORDS.get(offer.role, offer.role), mmss(view.now - offer.at)
        text = f"Ask {offer.to} again about {role}, offered {ago} ago, or offer it to somebody else."
        return Advice("hand_over_role", text, "Nobody has answered: you hold it still.")
    return None


def take_command(view: View) -> Advice | None:
    """Ask somebody to take command."""
    if view.state.all_clear_at or view.state.command.holders.get("ic"):
        return None
    return Advice("take_role", "Take incident command (ic), or hand it to somebody.", "Exactly one person decides.")


def declare(view: View) -> Advice | None:
    """Ask for the declaration."""
    if view.reached("declare") or view.state.all_clear_at:
        return None
    return Advice("declare", "Declare the incident.", "From here on people expect to hear from you.")


def tell(view: View) -> Advice | None:
    """Ask for an update when none was sent, one is nearly due, or the harm has just been contained."""
    state = view.state
    if state.all_clear_at:
        return None
    due = None if put_off(state, view.now) else next_due(state, view.playbook.profile.cadence)
    if due is not None and due - view.now <= timedelta(seconds=SOON_S):
        left = (due - view.now).total_seconds()
        when = f"in {mmss(left)}" if left >= 0 else f"since {mmss(-left)}"
        return update(phase(view), f"It is due {when}; silence reads as “they don't know”.")
    if due is not None and not state.updates:
        return update(phase(view), "The first word matters most: status, impact, action, next update.")
    since = state.containment.since
    if since and not any(update.at >= since for update in state.updates):
        return update("monitoring", "Harm has stopped: say that the mitigation is applied and being watched.")
    return None


def phase(view: View) -> str:
    """Return which update fits now."""
    return likely_state(view.state, view.now, view.playbook.profile.contain_window_s)


def canary(view: View) -> Advice | None:
    """Watch a canary, and widen it when its time is over."""
    canary = view.state.canary
    if canary is None or canary.state != "watching" or view.state.all_clear_at:
        return None
    watch = timedelta(seconds=view.playbook.profile.canary_watch_s)
    left = watch - (view.now - canary.since)
    if canary.percent >= 100:
        return Advice("", "Watch everybody back on the feature.", "It counts as re-opened after a quiet minute.")
    if left > timedelta(0):
        text = f"Watch the {canary.percent:g} % canary, {mmss(left)} left; name layer and scope meanwhile."
        return Advice("", text, "It closes by itself if it harms anybody.") if understood(view) else None
    return Advice("widen_canary", "Widen the canary to 100 %.", f"{canary.percent:g} % ran as well as the baseline.")


def understand(view: View) -> Advice | None:
    """Once harm has stopped there is time to say what it is; what nobody knows yet holds nobody up."""
    if view.state.all_clear_at:
        return None
    triage = view.state.triage
    if not triage.incident_class:
        return name_class(view)
    if view.question is not None:
        return answer(view.question)
    if not triage.layer:
        return name_layer(view)
    if not triage.characterised:
        return Advice("characterise", f"Characterise it: {', '.join(SHOWN)}.", "Later nobody will remember.")
    if not triage.scope:
        return name_scope(view)
    return None


def understood(view: View) -> bool:
    """Tell whether nothing is left to name."""
    return understand(view) is None


def reopen(view: View) -> Advice | None:
    """Open again what was closed, a few users first, once a fix has shipped."""
    closing = {spec.name for spec in view.playbook.levers if spec.closes}
    closed = [pull for pull in view.state.debt if pull.lever in closing]
    if view.state.all_clear_at or not closed:
        return None
    if not view.measured:
        names = ", ".join(pull.title or pull.lever for pull in closed)
        return Advice("undo_lever", f"When the fix is in, undo {names}.", "No harm signal could watch a canary.")
    share = view.playbook.profile.canary_percent
    canary = view.state.canary
    if canary is not None and canary.state == "aborted":
        text = f"Keep it closed; open another {share:g} % canary only when a new fix is on the what-changed board."
        return Advice("open_canary", text, f"The last canary was closed: {canary.reason or 'it harmed'}.")
    text = f"When the fix is on the what-changed board, open a {share:g} % canary."
    return Advice("open_canary", text, f"{closed[0].title or closed[0].lever} still takes the feature away.")


def all_clear(view: View) -> Advice | None:
    """Ask for the last word, then for the all-clear."""
    if view.state.all_clear_at:
        return None
    still = [point.id for point in open_points(checklist(view.state, view.playbook, measured=view.measured))]
    if "told" in still:
        return update("resolved", "Whoever waits for news hears that it is over before you close it.")
    if not view.state.contained:
        why = "Nothing has measured that harm stopped: you answer for it, and it goes on record."
        return Advice("all_clear", "Give the all-clear, and say how you know that harm has stopped.", why)
    return Advice("all_clear", "Give the all-clear.", "Harm has stopped, measured, and nothing is closed any more.")


def close(view: View) -> Advice:
    """After the all-clear: say so, settle lever debt, then learn."""
    state, cleared = view.state, view.state.all_clear_at
    if cleared and not any(update.state == "resolved" for update in state.updates):
        return update("resolved", "The last update closes the loop for everybody who waited.")
    if state.debt:
        names = ", ".join(pull.title or pull.lever for pull in state.debt)
        return Advice("undo_lever", f"Undo or keep what is still in force: {names}.", "A forgotten lever is a trap.")
    if (state.live or state.learning.begun) and (step := learn(view)):
        return step
    if state.live and state.learning.closed_at:
        return Advice("", f"{state.incident} is closed.", CLOSED_WHY)
    if not state.live:
        return Advice("end_drill", "End the drill and read the debrief.", "The incident is over; learning begins.")
    return Advice("note", "Write down what you want the postmortem to say.", "Tomorrow it will be gone.")
