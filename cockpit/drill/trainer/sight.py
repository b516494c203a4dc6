"""What a trainer sees of a drill and its players don't: the truth, the score so far, what is expected and to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.events import Event, Kind
from cockpit.drill.score.case import Case, Opening
from cockpit.drill.score.checklist import progress
from cockpit.drill.score.model import Score
from cockpit.drill.score.run import score_case
from cockpit.drill.score.scale import true_levels
from cockpit.drill.score.tell import tell
from cockpit.drill.score.truth import Curve, Truth

LATEST = 6
"""Lines of the journal that are shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One expected action: what, by when, and when it was done (seconds after the page, None where open)."""

    what: str
    by_s: float
    done_s: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A message of the scenario that has not come: at a fixed second after the page, or on a condition."""

    inject: str
    at_s: float | None
    condition: str
    channel: str
    sender: str
    text: str
    misleads: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """A drill as its trainer sees it; `at_s` is the drill's time in seconds after the page.

    `named` and `true` are what was called and what is so, by severity, class and layer. `harm` is what is done a
    minute now, `unhindered` what would be done now had nobody pulled anything.
    """

    score: Score
    at: datetime
    at_s: float
    responder: str
    paused: bool
    held: bool
    speed: float
    ended: str
    named: dict[str, str]
    true: dict[str, str]
    harm: float
    unhindered: float
    asked: tuple[Asked, ...]
    coming: tuple[Coming, ...]
    latest: tuple[tuple[float, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "at_s": round(self.at_s, 1),
            "responder": self.responder,
            "paused": self.paused,
            "held": self.held,
            "speed": self.speed,
            "ended": self.ended,
            "named": self.named,
            "true": self.true,
            "harm_per_min": {"now": round(self.harm, 3), "unhindered": round(self.unhindered, 3)},
            "expected": [
                {"what": one.what, "by_s": one.by_s, "done_s": one.done_s, "state": one.state} for one in self.asked
            ],
            "coming": [
                {"inject": one.inject, "at_s": one.at_s, "when": one.condition, "channel": one.channel,
                 "sender": one.sender, "text": one.text, "misleads": one.misleads}
                for one in self.coming
            ],
            "latest": [{"at_s": at_s, "actor": actor, "text": text} for at_s, actor, text in self.latest],
            "score": self.score.as_json(),
        }  # fmt: skip


def sight(events: Sequence[Event], opening: Opening, truth: Truth, now: datetime) -> Sight:
    """Look at a drill as it stands at a moment; the score is that of a run that ended then, nothing more pulled."""
    case = Case(_ended(events, now), opening, truth)
    state, page = case.state, case.page
    return Sight(
        score=score_case(case),
        at=now,
        at_s=(now - page).total_seconds(),
        responder=str(events[0].get("responder", "")),
        paused=state.paused,
        held=state.held,
        speed=state.speed,
        ended=state.ended if any(event.kind is Kind.DRILL_ENDED for event in events) else "",
        named={
            "severity": state.severity,
            "class": state.triage.incident_class,
            "layer": _joined(state.triage.layer, state.triage.component, state.triage.change),
        },
        true=_true(case),
        harm=_at(truth.curve(case.orders), case, now),
        unhindered=_at(truth.curve(()), case, now),
        asked=tuple(_asked(case, now)),
        coming=tuple(_coming(case, now)),
        latest=tuple(((event.at - page).total_seconds(), event.actor, tell(event)) for event in events[-LATEST:]),
    )


def _ended(events: Sequence[Event], now: datetime) -> tuple[Event, ...]:
    """Return the run as if it ended now; one that has ended stays as it is."""
    if any(event.kind is Kind.DRILL_ENDED for event in events):
        return tuple(events)
    last = events[-1]
    stop = replace(last, seq=last.seq + 1, at=now, kind=Kind.DRILL_ENDED, actor="cockpit", payload={"reason": "now"})
    return (*events, stop)


def _true(case: Case) -> dict[str, str]:
    truth = case.scenario.truth
    known = case.profile.class_for(truth.kind)
    return {
        "severity": " or ".join(case.profile.scale[level] for level in true_levels(case)),
        "class": known.id if known else truth.kind,
        "layer": _joined(truth.layer, truth.component, truth.change),
        "cause": truth.root_cause,
    }


def _joined(*parts: str) -> str:
    first, *rest = parts
    told = ", ".join(part for part in rest if part)
    return f"{first} ({told})" if first and told else first


def _at(curve: Curve, case: Case, now: datetime) -> float:
    place = int(((now - case.scenario.page).total_seconds() - curve.start_s) // curve.bin_s)
    return curve.values[place] if 0 <= place < len(curve.values) else 0.0


def _asked(case: Case, now: datetime) -> Iterator[Asked]:
    for one in case.scenario.expected:
        begun, event = progress(case, one)
        since = begun or case.page
        by = since + timedelta(seconds=one.target)
        words = one.do + "".join(f" {value}" for value in one.args.values() if isinstance(value, str))
        done = case.after_page(event.at) if event else None
        yield Asked(words, (by - case.page).total_seconds(), done, _standing(event, by, now))


def _standing(event: Event | None, by: datetime, now: datetime) -> str:
    if event is None:
        return "open" if now <= by else "overdue"
    return "done" if event.at <= by else "done late"


def _coming(case: Case, now: datetime) -> Iterator[Coming]:
    told = {one.inject for one in case.state.injects}
    at_s = (now - case.page).total_seconds()
    for one in case.scenario.injects:
        if one.id in told:
            continue
        fixed = one.at if one.at is not None and not one.when else None
        if fixed is not None and fixed < at_s and not one.after:
            continue
        waits = " and ".join([*one.when, *([f"after {one.after}"] if one.after else [])])
        yield Coming(one.id, fixed, waits, one.channel, one.sender, one.text, one.herring)
