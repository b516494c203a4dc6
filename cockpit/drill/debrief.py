"""The debrief: a run told back from its journal, with what each minute cost and what would have been better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cockpit.domain.clock import mmss
from cockpit.domain.events import Event, Kind
from cockpit.drill.score.case import Case, read_opening
from cockpit.drill.score.model import WEIGHTS, Score, word
from cockpit.drill.score.render import to_markdown, to_text
from cockpit.drill.score.retell import Debrief, Line, Mark, PartView, WhatIf
from cockpit.drill.score.run import make_truth, score_case
from cockpit.drill.score.tell import tell
from cockpit.drill.score.whatif import what_ifs

__all__ = ["Debrief", "Line", "Mark", "PartView", "WhatIf", "debrief", "to_markdown", "to_text"]

_SORTS: Mapping[Kind, str] = {
    Kind.LEVER_PULLED: "lever",
    Kind.CANARY_OPENED: "canary",
    Kind.CANARY_WIDENED: "canary",
    Kind.CANARY_ABORTED: "canary",
    Kind.INJECT_DELIVERED: "inject",
    Kind.UPDATE_POSTED: "update",
}


def debrief(events: Sequence[Event]) -> Debrief:
    """Tell a run back. Takes seconds: it plays every lever at every minute.

    Raises:
        BadInput: the journal is no drill's.
        ScenarioError: the scenario or profile that it carries can't be read.
    """
    opening = read_opening(events)
    return debrief_case(Case(events, opening, make_truth(opening)))


def debrief_case(case: Case) -> Debrief:
    """Tell back a run that has been laid out."""
    score = score_case(case)
    return Debrief(
        score=score,
        title=case.scenario.title,
        headline=_headline(score),
        parts=tuple(_part(case, score, name) for name in score.parts),
        gates=tuple(gate.why for gate in score.gates),
        timeline=tuple(sorted(_marks(case, score), key=lambda mark: (mark.at_s, mark.seq))),
        yours=case.truth.curve(case.orders),
        nothing=case.truth.curve(()),
        what_ifs=what_ifs(case),
    )


def _headline(score: Score) -> str:
    harm = score.harm
    return (
        f"{score.total:.0f} of 100; {_stopped(score)}; {harm.yours.j:.0f} {harm.unit} "
        f"(nothing {harm.nothing.j:.0f}, reference {harm.reference.j:.0f})"
    )


def _stopped(score: Score) -> str:
    """Say when harm stopped: in truth, and else by the signals, which see less."""
    contained, verified = score.times["contained"], score.times["verified"]
    if contained is not None:
        return f"harm stopped {mmss(contained)} after the page"
    if verified is not None:
        return f"harm fell under its line {mmss(verified)} after the page, but went on below it"
    return "harm never stopped"


def _part(case: Case, score: Score, name: str) -> PartView:
    part = score.parts[name]
    lines = {event.seq: event for event in case.events}
    evidence = tuple(_line(case, lines[seq]) for seq in part.seqs if seq in lines)
    return PartView(name, part.value, WEIGHTS[name], word(part.value), part.why, evidence)


def _line(case: Case, event: Event) -> Line:
    seconds = (event.at - case.page).total_seconds()
    return Line(event.seq, seconds, f"{event.at:%H:%M:%S}", event.actor, tell(event))


def _marks(case: Case, score: Score) -> Iterator[Mark]:
    for name, seconds in score.times.items():
        if seconds is not None:
            moment = case.first(name)
            yield Mark(seconds, "milestone", name, moment.seq if moment else 0)
    for event in case.events:
        if event.kind in _SORTS:
            yield Mark((event.at - case.page).total_seconds(), _SORTS[event.kind], tell(event), event.seq)
