"""Planning a pull on a real system: what is there now, what it would become, who is hit, and how it will be proven.

A plan carries an *intent*: everything it takes to carry the change out, to find out after a crash whether it was, to
prove it on the wire and to take it back. It is journalled before the first byte leaves, and holds no secret.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.domain.levers import LeverPlan, LeverPull
from cockpit.errors import BadInput, WorldError
from cockpit.world.contract import (
    Capability,
    Control,
    Controls,
    Deadline,
    Expectation,
    Reading,
    Value,
    Version,
    Write,
)
from cockpit.world.fleet import Fleet, Member
from cockpit.world.intime import in_time

if TYPE_CHECKING:
    from cockpit.world.options import LeverOptions, LiveOptions, ProofOptions

PREVIOUS = "previous"
"""The target that means: the version before the current one."""

CANARY_LEVER = "canary"
OFF_WORDS = {Capability.FLAG: "off", Capability.CANARY: "0"}
"""What a pull sets where nobody says otherwise; a prompt goes back to the version before."""


def fingerprint(reading: Reading) -> str:
    """Return what a reading is known by: the system's own version, else a digest of the value."""
    if reading.version:
        return reading.version
    return "#" + hashlib.sha256(json.dumps(reading.value, sort_keys=True).encode()).hexdigest()[:12]


def in_words(reading: Reading) -> str:
    """Return the value as people know it."""
    return reading.shown or value_in_words(reading.value)


def value_in_words(value: Value) -> str:
    """Write a JSON value for people."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def before_current(versions: Sequence[Version], reading: Reading) -> Version | None:
    """Return the version before the one in force; None where that can't be told."""
    places = [place for place, one in enumerate(versions) if one.current or one.value == reading.value]
    if not places or places[0] + 1 >= len(versions):
        return None
    return versions[places[0] + 1]


@dataclass(frozen=True, slots=True)
class _Stored:
    """One value on one system, as it was read a moment ago."""

    member: Member
    controls: Controls
    control: Control
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a value is to become: as it is written, and as people know it."""

    value: Value
    shown: str


class Planner:
    """Plans pulls, undos and canary steps on the systems of cockpit.toml; every call asks the system."""

    def __init__(self, live: LiveOptions, fleet: Fleet) -> None:
        self._live = live
        self._fleet = fleet
        self._shown: dict[tuple[str, str, str], Value] = {}

    def pull(self, lever: str, target: str, scope: Mapping[str, Any]) -> LeverPlan:
        """Plan a pull; what stands against it is in `refused`.

        Raises:
            WorldError: the system did not answer.
        """
        options = self._live.levers.get(lever)
        if options is None:
            return _refused(lever, target, f"{lever} is wired to no system: add [levers.{lever}] to cockpit.toml")
        if scope:
            return _refused(lever, target, f"{lever} hits everybody its system sends there: it takes no scope")
        stored = self._look(options.system, options.control)
        try:
            wanted = self._wanted(stored, target or options.target)
        except BadInput as problem:
            return _refused(lever, target, str(problem), current=in_words(stored.reading))
        if stored.reading.value == wanted.value:
            return _refused(lever, wanted.shown, f"it is {wanted.shown} already", current=wanted.shown)
        return self._plan(lever, stored, wanted, self._expectation(stored, wanted, options.proof), options)

    def undo(self, pull: LeverPull) -> LeverPlan:
        """Plan to put back exactly what was there; refused when somebody else changed it since."""
        intent = pull.intent
        address = str(intent["address"])
        stored = self._look(str(intent["system"]), address)
        reading = stored.reading
        if reading.value != intent["value"] and pull.lever != CANARY_LEVER:
            reason = f"somebody changed it since: it was set to {pull.target}, it is {in_words(reading)} now"
            return _refused(pull.lever, pull.before, reason, current=in_words(reading))
        options = self._live.levers.get(pull.lever)
        proof = options.proof if options and options.control == address else None
        proof = _taken_back(proof) if proof else None
        wanted = _Wanted(intent["before"], pull.before)
        return self._plan(pull.lever, stored, wanted, self._expectation(stored, wanted, proof), options)

    def canary(self, percent: float) -> LeverPlan:
        """Plan to give the re-opened feature to a share of users, in percent."""
        canary = self._live.canary
        target = f"{percent:g} %"
        if canary is None:
            return _refused(CANARY_LEVER, target, "no canary is set up: add [canary] to cockpit.toml")
        stored = self._look(canary.system, canary.control)
        value = stored.controls.parse(canary.control, f"{percent:g}")
        return self._plan(CANARY_LEVER, stored, _Wanted(value, target), None, None)

    @property
    def levers(self) -> Mapping[str, LeverOptions]:
        """The levers that are wired to a system."""
        return self._live.levers

    def system_of(self, lever: str) -> str:
        """Name the system that a lever, or the canary, is on; empty when it is wired to none."""
        options = self._live.canary if lever == CANARY_LEVER else self._live.levers.get(lever)
        return options.system if options else ""

    def expected_now(self, lever: str) -> tuple[Expectation | None, str, int]:
        """Return what answers should carry of the value as it is stored now, which probe asks, and how many answers.

        Raises:
            WorldError: the system did not answer.
        """
        options = self._live.levers[lever]
        stored = self._look(options.system, options.control)
        as_it_is = _Wanted(stored.reading.value, in_words(stored.reading))
        return self._expectation(stored, as_it_is, options.proof), options.proof.probe, options.proof.answers

    def read(self, system: str, address: str) -> Reading:
        """Read a value as it is stored now.

        Raises:
            WorldError: the system did not answer in time.
        """
        return read_now(self._fleet, system, address)

    def versions(self, system: str, address: str) -> tuple[Version, ...]:
        """Return the values it had, newest first.

        Raises:
            WorldError: the system did not answer in time.
        """
        member, controls = self._fleet.member(system), self._fleet.controls(system)
        seconds = member.deadline_s
        found = in_time(
            lambda: controls.versions(address, Deadline(seconds)), seconds + 1, f"looking for versions of {address}"
        )
        return tuple(found)

    def _look(self, system: str, address: str) -> _Stored:
        """Find a value on its system, and read it."""
        member, controls = self._fleet.member(system), self._fleet.controls(system)
        return _Stored(member, controls, controls.control(address), self.read(system, address))

    def _wanted(self, stored: _Stored, text: str) -> _Wanted:
        """Understand a target as people write it.

        Raises:
            BadInput: it is none, or there is nothing to go back to.
        """
        system, control = stored.member.name, stored.control
        known = (system, control.address, text)
        if known in self._shown:  # a target that a plan has shown comes back as it was shown
            return _Wanted(self._shown[known], text)
        text = text or OFF_WORDS.get(control.capability, "")
        if text == PREVIOUS or (not text and control.capability is Capability.PROMPT):
            earlier = before_current(self.versions(system, control.address), stored.reading)
            if earlier is None:
                raise BadInput(f"there is no version before {in_words(stored.reading)}: name a target")
            return _Wanted(earlier.value, earlier.shown)
        if not text:
            raise BadInput(f"say what to set {control.address} to: it has no `target` in cockpit.toml")
        for version in self.versions(system, control.address) if control.capability is Capability.PROMPT else ():
            if text in (version.shown, value_in_words(version.value)):
                return _Wanted(version.value, version.shown)
        value = stored.controls.parse(control.address, text)
        return _Wanted(value, value_in_words(value))

    def _expectation(self, stored: _Stored, wanted: _Wanted, proof: ProofOptions | None) -> Expectation | None:
        if proof and proof.carrier:
            fill = {"value": value_in_words(wanted.value), "shown": wanted.shown}
            return Expectation(
                proof.carrier,
                tuple(_filled(text, fill) for text in proof.expect),
                tuple(_filled(text, fill) for text in proof.forbid),
            )
        seconds, address = stored.member.deadline_s, stored.control.address
        try:
            return in_time(
                lambda: stored.controls.expectation(address, wanted.value, Deadline(seconds)),
                seconds + 1,
                f"asking about {address}",
            )
        except WorldError:
            return None  # a pull is worth more than knowing how it will be proven

    def _plan(
        self,
        lever: str,
        stored: _Stored,
        wanted: _Wanted,
        expected: Expectation | None,
        options: LeverOptions | None,
    ) -> LeverPlan:
        control, reading = stored.control, stored.reading
        self._shown[stored.member.name, control.address, wanted.shown] = wanted.value
        return LeverPlan(
            lever=lever,
            target=wanted.shown,
            scope={},
            current=in_words(reading),
            blast=(options.reach if options else "") or control.reach,
            share=options.share if options else 1.0,
            effect_s=control.effect_s,
            side_effects=_told_by(reading),
            undo=f"puts {in_words(reading)} back",
            leaves=control.leaves,
            destructive=control.hard_to_undo,
            intent=_intent(stored, wanted, expected, options.proof if options else None),
            version=fingerprint(reading),
            people=options.people if options else 1,
        )


def _intent(
    stored: _Stored, wanted: _Wanted, expected: Expectation | None, proof: ProofOptions | None
) -> dict[str, Any]:
    """Return all that it takes to carry a change out, to find it again, to prove it and to take it back."""
    member, control, reading = stored.member, stored.control, stored.reading
    intent: dict[str, Any] = {
        "system": member.name,
        "adapter": member.adapter.name if member.adapter else "",
        "staging": member.staging,
        "address": control.address,
        "what": control.what,
        "value": wanted.value,
        "before": reading.value,
        "version": reading.version,
        "key": secrets.token_hex(12),
        "by": reading.by,
    }
    if expected:
        intent["expect"] = {
            "carrier": expected.carrier, "allowed": list(expected.allowed), "forbidden": list(expected.forbidden),
            "probe": proof.probe if proof else "", "answers": proof.answers if proof else 20,
        }  # fmt: skip
    return intent


def read_now(fleet: Fleet, system: str, address: str) -> Reading:
    """Read a value as it is stored now.

    Raises:
        WorldError: the system did not answer in time.
    """
    member, controls = fleet.member(system), fleet.controls(system)
    seconds = member.deadline_s
    return in_time(lambda: controls.read(address, Deadline(seconds)), seconds + 1, f"reading {address} of {system}")


def write_of(intent: Mapping[str, Any], why: str) -> Write:
    """Return the change an intent stands for, the same each time."""
    return Write(
        address=str(intent["address"]),
        value=intent["value"],
        key=str(intent["key"]),
        version=str(intent.get("version", "")),
        before=intent.get("before"),
        why=why,
    )


def expectation_of(intent: Mapping[str, Any]) -> Expectation | None:
    """Return what an intent expects to see on the wire."""
    told = intent.get("expect")
    if not told:
        return None
    return Expectation(str(told["carrier"]), tuple(told["allowed"]), tuple(told["forbidden"]))


def _taken_back(proof: ProofOptions) -> ProofOptions:
    """Return what proves an undo: words that name the value prove any value, fixed ones only the value pulled to."""
    if any("{" in text for text in (*proof.expect, *proof.forbid)):
        return proof
    return proof.model_copy(update={"expect": proof.forbid, "forbid": proof.expect})


def _told_by(reading: Reading) -> str:
    if not reading.by:
        return ""
    return f"last set by {reading.by}" + (f" at {reading.at:%Y-%m-%d %H:%M} UTC" if reading.at else "")


def _filled(text: str, fill: Mapping[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace("{" + name + "}", value)
    return text


def _refused(lever: str, target: str, reason: str, current: str = "") -> LeverPlan:
    return LeverPlan(lever, target, {}, current, "", 0.0, (0.0, 0.0), "", "", refused=reason)
