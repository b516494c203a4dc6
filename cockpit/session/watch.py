"""The watch: what the cockpit itself keeps an eye on, whoever looks at the screen.

It proves pulls on the wire, measures containment, and closes a canary that harms. Every judgement is made afresh from
the journal's state and the world's signals at a moment, so that it is the same after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPull, Stage
from cockpit.domain.parts import Canary
from cockpit.domain.playbook import Profile
from cockpit.session.pulls import next_op
from cockpit.session.session import Session
from cockpit.world.port import Proof, Series, SignalFrame

BIN_S = 10.0
"""Width of the bins in which harm is judged, in seconds."""

PROOF_PATIENCE_S = 180.0
"""How long after a pull was applied the wire may lag before it is called not proven."""

QUIET_PROOF_S = 60.0
"""On a quiet service fewer answers than asked for are enough after this long, if all of them match."""

QUIET_PROOF_ANSWERS = 10

FULL_WATCH_S = 60.0
"""How long a canary at 100 % is watched before the feature counts as re-opened."""

CANARY_MIN_WATCH_S = 60.0
"""A canary younger than this is not judged: its first answers are few."""

CLOSE_AGAIN_S = 30.0
"""How long after closing a canary was refused it is asked for again."""

ACTOR = "cockpit"


class Watch:
    """Looks at one session's incident; call `look` every few seconds of incident time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look(self) -> None:
        """Write down what can be told now: proofs, containment, what became of the canary."""
        self._session.record_if(self._findings)

    def _findings(self) -> list[NewEvent]:
        if self._session.state.ended:
            return []
        return [*self._proofs(), *self._containment(), *self._canary()]

    def _proofs(self) -> Iterable[NewEvent]:
        for pull in self._session.state.pulls:
            if pull.stage in (Stage.APPLIED, Stage.NOT_PROVEN):
                yield from self._proof(pull)

    def _proof(self, pull: LeverPull) -> Iterable[NewEvent]:
        assert pull.applied_at is not None
        now, wanted = self._session.clock.now(), self._session.playbook.profile.proof_last
        proof = self._session.world.proof(pull.op, now, wanted)
        waited = (now - pull.applied_at).total_seconds()
        quiet = waited >= QUIET_PROOF_S and proof.of >= QUIET_PROOF_ANSWERS
        enough = proof.enough if proof.enough is not None else proof.of >= wanted or quiet
        facts = {"op": pull.op, "matched": proof.matched, "of": proof.of, "config_id": proof.config_id}
        if enough and proof.matched == proof.of:
            yield self._event(Kind.LEVER_PROVEN, facts)
        elif waited >= PROOF_PATIENCE_S and pull.stage is Stage.APPLIED:
            yield self._event(Kind.LEVER_NOT_PROVEN, {**facts, "reason": _unproven(proof, waited)})

    def _containment(self) -> Iterable[NewEvent]:
        state, now = self._session.state, self._session.clock.now()
        profile = self._session.playbook.profile
        if state.contained:
            frame = self._session.world.signals(
                now, profile.contain_window_s / 2, _bins(profile.contain_window_s / 2)
            )
            back = next((one for one in frame.harm if _mean_breaches(one)), None)
            if back:
                yield self._event(Kind.CONTAINMENT_LOST, _measure(back))
        elif _old_enough(state, now, profile):
            frame = self._session.world.signals(now, profile.contain_window_s, _bins(profile.contain_window_s))
            if frame.harm and all(_quiet(one) for one in frame.harm):
                harmed = self._session.world.harmed(now)
                held = {"window_s": profile.contain_window_s, "signals": _names(frame)}
                yield self._event(Kind.CONTAINED, {**held, "harmed": harmed} if harmed else held)

    def _canary(self) -> Iterable[NewEvent]:
        state, now = self._session.state, self._session.clock.now()
        canary = state.canary
        if canary is None or not canary.open:
            return
        if canary.state == "stuck":
            if now - (canary.asked_at or canary.since) >= timedelta(seconds=CLOSE_AGAIN_S):
                yield self._close(canary, canary.reason)
            return
        watched = (now - canary.since).total_seconds()
        if watched < CANARY_MIN_WATCH_S:
            return
        window = min(watched, self._session.playbook.profile.canary_watch_s)
        arm = "canary" if canary.percent < 100 else ""
        frame = self._session.world.signals(now, window, max(1, round(window / 60)), arm)
        bad = next((one for one in frame.harm if _mean_breaches(one)), None)
        if bad:
            yield self._close(
                canary,
                f"{bad.label} {bad.latest:.3g}{bad.unit and ' ' + bad.unit} against a line of {bad.threshold:.3g}",
            )
        elif canary.percent >= 100 and watched >= FULL_WATCH_S:
            reopened = list(canary.reopens)
            payload = {"percent": canary.percent, "watched_s": round(watched), "reopened": reopened}
            yield self._event(Kind.CANARY_PASSED, payload)

    def _close(self, canary: Canary, reason: str) -> NewEvent:
        plan = self._session.world.plan_canary(0.0, self._session.clock.now())
        intent = {"intent": dict(plan.intent)} if plan.intent else {}
        payload = {"percent": canary.percent, "op": next_op(self._session.state), "reason": reason, **intent}
        return self._event(Kind.CANARY_ABORTED, payload)

    def _event(self, kind: Kind, payload: dict[str, object]) -> NewEvent:
        return NewEvent(kind, self._session.clock.now(), ACTOR, Source.SYSTEM, payload)


def _old_enough(state: IncidentState, now: datetime, profile: Profile) -> bool:
    """A proven pull must have been in force for a whole window before the quiet can be its doing."""
    span = timedelta(seconds=profile.contain_window_s)
    return any(
        pull.in_force and pull.stage is Stage.PROVEN and pull.applied_at is not None and now - pull.applied_at >= span
        for pull in state.pulls
    )


def _bins(window_s: float) -> int:
    return max(1, round(window_s / BIN_S))


def _unproven(proof: Proof, waited: float) -> str:
    """Say what the wire lacks; a world may not have had an answer yet, or may know of nothing to look for."""
    if proof.of:
        return f"after {waited:.0f} s only {proof.matched} of {proof.of} answers carry {proof.expected}"
    if proof.expected:
        return f"after {waited:.0f} s not one answer has come that could carry {proof.expected}"
    return "it is stored; what answers on the wire carry of it is not known, so nothing can prove it"


def _names(frame: SignalFrame) -> list[str]:
    return [series.name for series in frame.harm]


def _past(series: Series, value: float) -> bool:
    assert series.threshold is not None
    return value < series.threshold if series.floor else value > series.threshold


def _measured(series: Series) -> list[float]:
    return [value for value in series.values if value == value]


def _quiet(series: Series) -> bool:
    """Whether it was measured in the window, and never past its line: what nobody measures is not quiet."""
    values = _measured(series)
    return bool(values) and not any(_past(series, value) for value in values)


def _mean_breaches(series: Series) -> bool:
    values = _measured(series)
    return bool(values) and _past(series, sum(values) / len(values))


def _measure(series: Series) -> dict[str, object]:
    return {"signal": series.name, "value": round(series.latest, 4), "threshold": series.threshold}
