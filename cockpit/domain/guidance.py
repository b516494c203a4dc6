"""The one next sensible step, from the page to the debrief: always something, and always why.

Each rule below looks at the incident and either says what to do or passes. The first that speaks counts, so their
order is the order of the loop: classify, stop the harm, command and tell, understand, re-open, close.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cockpit.domain.clock import mmss
from cockpit.domain.comms import next_due
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPull, Stage
from cockpit.domain.playbook import Fact, Playbook, Question
from cockpit.domain.severity import check_rules, floor, suggested
from cockpit.domain.stations import StationView, stations
from cockpit.domain.triage import facts_on_record, open_question, walk

__all__ = ["Advice", "StationView", "next_step", "stations"]

PATIENCE_S = 90.0
"""How long a pull may take to show on the wire before another look is advised."""

SOON_S = 60.0
"""An update is asked for this long before it is due."""

SHOWN = ("since", "fraction", "shape", "reproducible", "changed")
"""What characterising a failure asks."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next, in words, and why; `action` is its name in the registry, or empty to wait and watch."""

    action: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class _View:
    """What the rules look at."""

    playbook: Playbook
    state: IncidentState
    facts: Mapping[str, Fact]
    now: datetime
    question: Question | None
    advised: tuple[str, ...]

    @property
    def urgent(self) -> bool:
        """Whether users are at risk: measured, answered, or called."""
        risks = ("leak_seen", "injection_seen", "unauthorised_action", "users_at_risk")
        return self.facts.get("harm_stopped") is not True and any(self.facts.get(risk) is True for risk in risks)

    @property
    def held(self) -> LeverPull | None:
        """The latest pull that holds."""
        return next((pull for pull in reversed(self.state.pulls) if pull.in_force), None)

    def reached(self, step: str) -> bool:
        """Whether a milestone or an action of the order rules has been done."""
        return _REACHED[step](self) if step in _REACHED else step in self.state.milestones


def next_step(playbook: Playbook, state: IncidentState, facts: Mapping[str, Fact], now: datetime) -> Advice:
    """Return the next sensible step; `facts` are the measured ones, what people answered is added here."""
    known = {**facts, **facts_on_record(playbook, state)}
    question = open_question(playbook, state.triage.answers)
    view = _View(playbook, state, known, now, question, _advised(playbook, state))
    return next(advice for rule in _RULES if (advice := rule(view)))


def _advised(playbook: Playbook, state: IncidentState) -> tuple[str, ...]:
    """Return the levers to try, the latest answer's first, without those that were pulled already."""
    answered = [step.option for step in walk(playbook, state.triage.answers) if step.option]
    kind = playbook.profile.find_class(state.triage.incident_class)
    named = [lever for option in reversed(answered) for lever in option.levers]
    tried = {pull.lever for pull in state.pulls if not pull.undoes}
    wanted = dict.fromkeys([*named, *(kind.levers if kind else ())])
    return tuple(lever for lever in wanted if lever not in tried)


def _over(view: _View) -> Advice | None:
    if not view.state.ended:
        return None
    return Advice("", "Read the debrief: what each minute cost, and what would have been better.", "The run is over.")


def _before_page(view: _View) -> Advice | None:
    if view.state.page_at or view.state.mode != "drill":
        return None
    return Advice("", "Watch the signals; the page will come.", "Nobody has been paged yet.")


def _acknowledge(view: _View) -> Advice | None:
    if view.reached("ack"):
        return None
    return Advice("acknowledge", "Acknowledge the page.", "Until you do, others are woken too.")


def _classify(view: _View) -> Advice | None:
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


def _raise_to_floor(view: _View) -> Advice | None:
    profile = view.playbook.profile
    held = floor(profile, check_rules(profile, view.facts))
    if held is None or view.state.severity not in profile.scale:
        return None
    if not profile.worse(held.rule.severity, view.state.severity):
        return None
    text = f"Raise the severity to {held.rule.severity}: {held.rule.text}."
    return Advice("set_severity", text, "Beyond the security boundary nothing is called milder, however few users.")


def _ask_first(view: _View) -> Advice | None:
    """Look at the tree before the first lever, unless users are at risk and it is plain what to do."""
    if view.state.all_clear_at or view.state.pulls or view.state.contained or view.question is None:
        return None
    if view.urgent or _tree_names_levers(view):
        return None
    if not view.state.triage.incident_class and view.state.triage.answers:
        return _name_class(view)
    return _answer(view.question)


def _stop_harm(view: _View) -> Advice | None:
    """Pull the first lever: at once when users are at risk, else as soon as the tree names one."""
    if view.state.contained or view.state.all_clear_at or view.held is not None:
        return None
    lever = view.advised[0] if view.advised else "kill_switch"
    if view.state.in_force(lever):
        return None
    return _required(view, lever) or _pull(view, lever)


def _required(view: _View, lever: str) -> Advice | None:
    """Ask for what the profile wants before the first lever, and for evidence before a destructive one."""
    spec = view.playbook.lever(lever)
    if not view.state.freezes and spec and spec.destructive:
        why = f"{spec.title} changes what there is to see; afterwards it can't be proven what happened."
        return Advice("freeze_evidence", "Freeze the evidence.", why)
    if view.reached("first_lever"):
        return None
    profile = view.playbook.profile
    for before, after in profile.order_for(view.state.severity):
        if after in ("first_lever", "pull_lever") and not view.reached(before) and before in _ASK:
            return _ASK[before](view)
    return None


def _pull(view: _View, lever: str) -> Advice:
    spec = view.playbook.lever(lever)
    title = spec.title if spec else lever
    if view.urgent:
        return Advice("pull_lever", f"Pull {title} ({lever}).", "Users are at risk: stop the harm, understand later.")
    why = spec.what if spec else "It is what the tree and the class advise."
    return Advice("pull_lever", f"Pull {title} ({lever}).", why)


def _take_command(view: _View) -> Advice | None:
    if view.state.all_clear_at or view.state.command.holders.get("ic"):
        return None
    return Advice("take_role", "Take incident command (ic), or hand it to somebody.", "Exactly one person decides.")


def _declare(view: _View) -> Advice | None:
    if view.reached("declare") or view.state.all_clear_at:
        return None
    return Advice("declare", "Declare the incident.", "From here on people expect to hear from you.")


def _tell(view: _View) -> Advice | None:
    """Ask for an update when none was sent, one is nearly due, or the harm has just been contained."""
    state, due = view.state, next_due(view.state, view.playbook.profile.cadence)
    if state.all_clear_at:
        return None
    if due is not None and due - view.now <= timedelta(seconds=SOON_S):
        left = (due - view.now).total_seconds()
        when = f"in {mmss(left)}" if left >= 0 else f"since {mmss(-left)}"
        return _update(_phase(state), f"It is due {when}; silence reads as “they don't know”.")
    if due is not None and not state.updates:
        return _update(_phase(state), "The first word matters most: status, impact, action, next update.")
    since = state.containment.since
    if since and not any(update.at >= since for update in state.updates):
        return _update("monitoring", "Harm has stopped: say that the mitigation is applied and being watched.")
    return None


def _phase(state: IncidentState) -> str:
    return "monitoring" if state.pulls else "investigating"


def _update(state: str, why: str) -> Advice:
    return Advice("post_update", f"Post an update ({state}).", why)


def _canary(view: _View) -> Advice | None:
    canary = view.state.canary
    if canary is None or canary.state != "watching" or view.state.all_clear_at:
        return None
    watch = timedelta(seconds=view.playbook.profile.canary_watch_s)
    left = watch - (view.now - canary.since)
    if canary.percent >= 100:
        return Advice("", "Watch everybody back on the feature.", "It counts as re-opened after a quiet minute.")
    if left > timedelta(0):
        text = f"Watch the {canary.percent:g} % canary, {mmss(left)} left; name layer and scope meanwhile."
        return Advice("", text, "It closes by itself if it harms anybody.") if _understood(view) else None
    return Advice("widen_canary", "Widen the canary to 100 %.", f"{canary.percent:g} % ran as well as the baseline.")


def _prove(view: _View) -> Advice | None:
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


def _next_rung(view: _View) -> Advice | None:
    pull = view.held
    if view.state.contained or view.state.all_clear_at or pull is None:
        return None
    if view.question and view.question.id not in view.state.triage.answers:
        return _answer(view.question)
    if not view.advised:
        text = "Look for what still carries the bug: sessions in flight, caches, another route."
        return Advice("pull_lever", text, "Every advised lever is pulled.")
    why = f"{pull.title or pull.lever} has not stopped it: the next rung."
    return _required(view, view.advised[0]) or Advice("pull_lever", f"Pull {_title(view, view.advised[0])}.", why)


def _title(view: _View, lever: str) -> str:
    spec = view.playbook.lever(lever)
    return f"{spec.title} ({lever})" if spec else lever


def _understand(view: _View) -> Advice | None:
    """Once harm has stopped there is time to say what it is."""
    if view.state.all_clear_at:
        return None
    triage = view.state.triage
    if not triage.incident_class:
        return _name_class(view)
    if view.question is not None:
        return _answer(view.question)
    if not triage.layer:
        return _name_layer(view)
    if missing := [name for name in SHOWN if name not in triage.characterised]:
        return Advice("characterise", f"Characterise it: {', '.join(missing)}.", "Later nobody will remember.")
    if not triage.scope:
        return _name_scope(view)
    return None


def _reopen(view: _View) -> Advice | None:
    """Open again what was closed, a few users first, once a fix has shipped."""
    closing = {spec.name for spec in view.playbook.levers if spec.closes}
    closed = [pull for pull in view.state.debt if pull.lever in closing]
    if view.state.all_clear_at or not closed:
        return None
    share = view.playbook.profile.canary_percent
    canary = view.state.canary
    if canary is not None and canary.state == "aborted":
        text = f"Keep it closed; open another {share:g} % canary only when a new fix is on the what-changed board."
        return Advice("open_canary", text, f"The last canary was closed: {canary.reason or 'it harmed'}.")
    text = f"When the fix is on the what-changed board, open a {share:g} % canary."
    return Advice("open_canary", text, f"{closed[0].title or closed[0].lever} still takes the feature away.")


def _all_clear(view: _View) -> Advice | None:
    if view.state.all_clear_at:
        return None
    return Advice("all_clear", "Give the all-clear.", "Harm has stopped, measured, and nothing is closed any more.")


def _close(view: _View) -> Advice:
    """After the all-clear: say so, settle lever debt, then learn."""
    state, cleared = view.state, view.state.all_clear_at
    if cleared and not any(update.state == "resolved" for update in state.updates):
        return _update("resolved", "The last update closes the loop for everybody who waited.")
    if state.debt:
        names = ", ".join(pull.title or pull.lever for pull in state.debt)
        return Advice("undo_lever", f"Undo or keep what is still in force: {names}.", "A forgotten lever is a trap.")
    if state.mode == "drill":
        return Advice("end_drill", "End the drill and read the debrief.", "The incident is over; learning begins.")
    return Advice("note", "Write down what you want the postmortem to say.", "Tomorrow it will be gone.")


def _answer(question: Question) -> Advice:
    look = f"Look at {', '.join(question.evidence)}." if question.evidence else "Look at the traces."
    return Advice("answer", f"Answer: {question.text}", look)


def _name_class(view: _View) -> Advice:
    return Advice("set_class", "Name the class of failure.", "The class brings its own containment advice.")


def _name_layer(view: _View) -> Advice:
    text = f"Name the layer that failed ({', '.join(view.playbook.layers)}) and the change that did it."
    return Advice("set_layer", text, "Compare failing with passing traces, and read what changed.")


def _name_scope(view: _View) -> Advice:
    return Advice(
        "set_scope", "Set the scope: routes, prompt version, tenants.", "Whom to tell, and what to re-open."
    )


def _freeze(view: _View) -> Advice:
    return Advice("freeze_evidence", "Freeze the evidence.", "The first lever changes what there is to see.")


def _call(view: _View) -> Advice:
    return _classify(view) or _name_class(view)


def _tree_names_levers(view: _View) -> bool:
    steps = walk(view.playbook, view.state.triage.answers)
    return any(step.option.levers for step in steps if step.option)


def _understood(view: _View) -> bool:
    return _understand(view) is None


_ASK: Mapping[str, Callable[[_View], Advice]] = {
    "severity_set": _call,
    "set_severity": _call,
    "class_set": _name_class,
    "set_class": _name_class,
    "set_layer": _name_layer,
    "set_scope": _name_scope,
    "freeze": _freeze,
    "freeze_evidence": _freeze,
}
"""How each step that a profile may want before the first lever is asked for."""

_REACHED: Mapping[str, Callable[[_View], bool]] = {
    "set_severity": lambda view: bool(view.state.severity),
    "set_class": lambda view: bool(view.state.triage.incident_class),
    "set_layer": lambda view: bool(view.state.triage.layer),
    "set_scope": lambda view: bool(view.state.triage.scope),
    "freeze_evidence": lambda view: bool(view.state.freezes),
    "first_lever": lambda view: bool(view.state.pulls),
}

_RULES: tuple[Callable[[_View], Advice | None], ...] = (
    _over,
    _before_page,
    _acknowledge,
    _classify,
    _raise_to_floor,
    _ask_first,
    _stop_harm,
    _take_command,
    _declare,
    _tell,
    _prove,
    _next_rung,
    _canary,
    _understand,
    _reopen,
    _all_clear,
    _close,
)
