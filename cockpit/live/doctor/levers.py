"""What the doctor looks at of each lever: that it is wired, can be planned, and will be seen on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from cockpit.domain.playbook import Playbook
from cockpit.errors import CockpitError
from cockpit.live.doctor.findings import Found, Look, Scribe
from cockpit.live.doctor.wire import Wire, seen, told_apart
from cockpit.live.history import Practice
from cockpit.world.contract import Capability
from cockpit.world.fleet import CONNECT_S, Fleet, Member
from cockpit.world.planner import Planner, in_words

if TYPE_CHECKING:
    from cockpit.world.options import CanaryOptions, LeverOptions, LiveOptions

AREA = "levers"
KILL_SWITCH = "kill_switch"
LAST_RUNG = 7
"""The ladder ends here; what is beside it need not be wired."""

CALLS = 7
"""A look asks so often for the value, for what was before it and for its proof, each with the time of a call."""

Where = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class LeverLine:
    """One wired lever: where it is, how it stands, what a pull would bring, and when one was last practised.

    Attributes:
        stored_s, observed_s: seconds from the last pull until it was read back, and until it was proven.
    """

    lever: str
    system: str
    address: str
    staging: bool
    current: str = ""
    target: str = ""
    practised_at: datetime | None = None
    stored_s: float | None = None
    observed_s: float | None = None

    def since(self, practice: Practice | None) -> LeverLine:
        """Return the same line with its practice."""
        if practice is None or practice.system != self.system:
            return self
        took, seen_after = practice.stored_s, practice.observed_s
        return replace(self, practised_at=practice.at, stored_s=took, observed_s=seen_after)


def lever_looks(live: LiveOptions, fleet: Fleet, wire: Wire, where: Where, lines: dict[str, LeverLine]) -> list[Look]:
    """Return a look at each wired lever; how it stands is put into `lines`."""
    looks = []
    for name, options in live.levers.items():
        member = fleet.members.get(options.system)
        staging = bool(member and member.staging)
        lines[name] = LeverLine(name, options.system, options.control, staging, target=options.target)
        patient = _Lever(name, options, live, fleet, wire, where, lines)
        looks.append(Look(AREA, name, partial(list, patient), _seconds(member)))
    return looks


def ladder(live: LiveOptions, playbook: Playbook) -> list[Found]:
    """Tell of each rung of the ladder that is wired to nothing."""
    found = []
    for spec in playbook.levers:
        if spec.name in live.levers or spec.rung > LAST_RUNG:
            continue
        scribe = Scribe(AREA, spec.name)
        if spec.name == KILL_SWITCH:
            step = "Add [levers.kill_switch] to cockpit.toml, on a flag that your application asks."
            found.append(scribe.wrong("wired", "there is no way to switch the AI off", step))
        else:
            told = f"rung {spec.rung} of the ladder is wired to nothing"
            found.append(scribe.note("wired", told, f"If your systems can do it: [levers.{spec.name}]"))
    return found


def canary_look(live: LiveOptions, fleet: Fleet) -> list[Look]:
    """Return a look at the canary."""
    member = fleet.members.get(live.canary.system) if live.canary else None
    seconds = _seconds(member)
    return [Look("canary", "", partial(_canary, live.canary, Planner(live, fleet), fleet), seconds)]


def _canary(canary: CanaryOptions | None, planner: Planner, fleet: Fleet) -> list[Found]:
    scribe = Scribe("canary", "")
    if canary is None:
        step = "Add [canary] to cockpit.toml, on a share that your application asks."
        return [scribe.warning("wired", "service can only be given back to everybody at once", step)]
    try:
        control = fleet.controls(canary.system).control(canary.control)
        reading = planner.read(canary.system, canary.control)
    except CockpitError as problem:
        return [scribe.problem("wired", problem, "Correct [canary] in cockpit.toml.")]
    return [scribe.fine("wired", f"{control.what} on {canary.system}: {in_words(reading)} now")]


def _seconds(member: Member | None) -> float:
    return CALLS * ((member.deadline_s if member else CONNECT_S) + 1)


class _Lever:
    """One lever being looked at; what comes first has to hold for what comes after."""

    def __init__(
        self,
        name: str,
        options: LeverOptions,
        live: LiveOptions,
        fleet: Fleet,
        wire: Wire,
        where: Where,
        lines: dict[str, LeverLine],
    ) -> None:
        self._name = name
        self._options = options
        self._live = live
        self._fleet = fleet
        self._wire = wire
        self._where = where
        self._lines = lines
        self._planner = Planner(live, fleet)
        self._scribe = Scribe(AREA, name)

    def __iter__(self) -> Iterator[Found]:
        what = "wired"
        try:
            controls = self._fleet.controls(self._options.system)
            what = "address"
            control = controls.control(self._options.control)
            what = "value"
            current = in_words(self._planner.read(self._options.system, self._options.control))
            self._lines[self._name] = replace(self._lines[self._name], current=current)
            yield self._scribe.fine("value", f"{control.what} on {self._options.system} is {current}")
            what = "plan"
            yield from self._plan(control.capability)
            yield from self._choices(control.capability)
            what = "proof"
            yield from self._proof(current)
        except CockpitError as problem:
            at = self._where(("levers", self._name, "system" if what == "wired" else "control"))
            step = problem.hint or f"Correct {at}, or see why {self._options.system} does not answer."
            yield self._scribe.wrong(what, problem.message, step)

    def _plan(self, capability: Capability) -> Iterator[Found]:
        plan = self._planner.pull(self._name, "", {})
        if plan.intent:
            self._lines[self._name] = replace(self._lines[self._name], target=plan.target)
            soon, late = plan.effect_s
            told = f"{plan.current} → {plan.target}, in force after {soon:g} to {late:g} s; hits {plan.blast}"
            yield self._scribe.fine("plan", f"{told}{self._hands}")
        elif plan.current and plan.current == plan.target:
            self._lines[self._name] = replace(self._lines[self._name], target=plan.target)
            step = "If it was pulled, undo it when its time has come; else name another `target`."
            yield self._scribe.warning("plan", f"{plan.refused}: a pull would change nothing", step)
        elif self._options.target or capability is Capability.PROMPT:
            at = self._where(("levers", self._name, "target"))
            yield self._scribe.wrong("plan", plan.refused, f"Name a target that can be set, at {at}.")
        else:
            step = f"Add target = … to [levers.{self._name}], so that nobody has to think of it at night."
            yield self._scribe.warning("plan", "whoever pulls it has to name what to set it to", step)

    @property
    def _hands(self) -> str:
        """How many people a pull takes, where one is not enough."""
        return "; takes two people: one proposes, another one approves" if self._options.people > 1 else ""

    def _choices(self, capability: Capability) -> Iterator[Found]:
        """Look at the other targets worth offering; a prompt's are known to its history only."""
        if capability is Capability.PROMPT:
            return
        controls = self._fleet.controls(self._options.system)
        for choice in self._options.choices:
            try:
                controls.parse(self._options.control, choice)
            except CockpitError as problem:
                yield self._scribe.problem("choices", problem, f"Correct `choices` of [levers.{self._name}].")

    def _proof(self, current: str) -> Iterator[Found]:
        expected, probe, _ = self._planner.expected_now(self._name)
        if expected is None:
            step = f"Add [levers.{self._name}.proof]: what do answers carry when it is in force?"
            yield self._scribe.warning("proof", "nothing on the wire shows it: a pull stays unproven", step)
            return
        chosen = probe or next(iter(self._live.probes), "")
        if chosen not in self._live.probes:
            yield self._no_probe(probe)
            return
        answers = self._wire.answers.get(chosen, ())
        if not answers:
            resting = chosen in self._wire.resting
            told = f"the probe {chosen} was not answered" + (
                ": it is there while a drill is played" if resting else ""
            )
            step = "See what is said about the probe."
            yield self._scribe.note("proof", told) if resting else self._scribe.warning("proof", told, step)
        elif self._told_by_hand and current != self._lines[self._name].target:
            yield told_apart(self._scribe, expected, answers)
        else:
            yield seen(self._scribe, expected, answers, current)

    @property
    def _told_by_hand(self) -> bool:
        """Whether the proof is written in the settings for the pulled state, and says nothing of other values."""
        proof = self._options.proof
        texts = (*proof.expect, *proof.forbid)
        return bool(proof.carrier) and not any("{value}" in text or "{shown}" in text for text in texts)

    def _no_probe(self, named: str) -> Found:
        if named:
            known = ", ".join(self._live.probes) or "none"
            step = f"Correct {self._where(('levers', self._name, 'proof', 'probe'))}: there are {known}."
            return self._scribe.wrong("proof", f"there is no probe {named!r}", step)
        step = "Add [probes.NAME]: a request whose answers show which configuration is in force."
        return self._scribe.warning("proof", "no probe is set up: a pull stays unproven", step)
