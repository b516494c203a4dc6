"""Building the snapshot that screens draw from."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.cadence import rhythm
from cockpit.domain.comms import next_due
from cockpit.domain.deliveries import Wired
from cockpit.domain.guidance.next_step import next_step, stations
from cockpit.domain.levers import Stage
from cockpit.domain.presence import Present
from cockpit.domain.severity import check_rules, floor, suggested
from cockpit.session.proposed import proposed
from cockpit.session.session import Session
from cockpit.session.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Running:
    """How the run stands, where that is not in the journal: traces kept, how fast time goes, what is wrong."""

    traces: int = 0
    failing_share: float = 0.0
    speed: float = 1.0
    paused: bool = False
    problem: str = ""
    here: tuple[Present, ...] = ()
    channels: tuple[Wired, ...] = ()


def build_snapshot(session: Session, actor: str, running: Running) -> Snapshot:
    """Look at everything once, as it stands now."""
    now, state, playbook, world = session.clock.now(), session.state, session.playbook, session.world
    facts = session.facts()
    frame = session.frame()
    checks = check_rules(playbook.profile, facts)
    names = (*(one.who for one in running.here), *state.present)
    lowest = floor(playbook.profile, checks)
    return Snapshot(
        now=now,
        actor=actor,
        state=state,
        playbook=playbook,
        log=tuple(session.log),
        frame=frame,
        facts=facts,
        checks=checks,
        suggested=suggested(playbook.profile, checks),
        floor=lowest.rule.severity if lowest else None,
        levers=world.levers(now),
        changes=world.changes(now),
        card=world.card(now),
        advice=next_step(playbook, state, facts, now, actor=actor, measured=bool(frame.harm)),
        stations=stations(state, now),
        refusals=session.refusals(actor),
        harmed=world.harmed(now),
        traces=running.traces,
        failing_share=running.failing_share,
        next_due=next_due(state, playbook.profile.cadence),
        people=tuple(dict.fromkeys((*world.people, *(one for one in names if one != actor)))),
        expertise=world.expertise,
        pagers=world.pagers,
        speed=running.speed,
        paused=running.paused,
        ended=state.ended,
        problem=running.problem,
        here=running.here,
        rhythm=rhythm(state, playbook.profile.cadence, now),
        channels=running.channels,
        proposed=proposed(session.log, playbook, frame),
        extra=_watched(session),
    )


def _watched(session: Session) -> dict[str, object]:
    """Look at what is waited for: `proofs` by op of pulls not proven yet, `canary` signals while one is open."""
    now, state, profile = session.clock.now(), session.state, session.playbook.profile
    waiting = [pull for pull in state.pulls if pull.stage in (Stage.APPLIED, Stage.NOT_PROVEN)]
    watched: dict[str, object] = {
        "proofs": {pull.op: session.world.proof(pull.op, now, profile.proof_last) for pull in waiting}
    }
    canary = state.canary
    if canary and canary.open and canary.percent < 100:
        window = max(60.0, min((now - canary.since).total_seconds(), profile.canary_watch_s))
        watched["canary"] = session.world.signals(now, window, max(1, round(window / 60)), "canary")
    return watched
