"""What went well and what went poorly: times against targets, order, cadence, levers. Facts, never persons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from cockpit.domain.clock import mmss
from cockpit.domain.comms import cadence_start, missing_parts
from cockpit.domain.events import Kind
from cockpit.domain.levers import Stage
from cockpit.postmortem.record import Record, safe, span

ACK_S = 300.0
"""An acknowledgement within five minutes of the page is quick."""

_NAMES = {"ack": "acknowledged", "verified": "harm measured to have stopped", "freeze_evidence": "evidence frozen"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One fact and whether it speaks well of how things are set up."""

    good: bool
    text: str


def lessons(record: Record) -> list[Lesson]:
    """Collect what the record says about how it went."""
    found = (*_times(record), *_order(record), *_cadence(record), *_levers(record), *_learnt(record))
    return list(dict.fromkeys(found))


def told(found: list[Lesson], good: bool) -> list[str]:
    """Return the lines of one of the two sections."""
    return [f"- {one.text}" for one in found if one.good is good] or ["- Nothing on record."]


def _times(record: Record) -> Iterator[Lesson]:
    state = record.state
    page, ack, stopped = state.page_at, state.milestones.get("ack"), record.contained_at
    if page and ack:
        quick = (ack - page).total_seconds() <= ACK_S
        yield Lesson(quick, f"The page was acknowledged after {span(page, ack)}.")
    target = record.profile.targets_s.get(state.severity)
    if page is None or target is None:
        return
    if stopped is None:
        yield Lesson(False, f"Harm was never measured to have stopped; the target is {mmss(target)} after the page.")
        return
    inside = (stopped - page).total_seconds() <= target
    words = f"{span(page, stopped)} after the page; the target for {safe(state.severity)} is {mmss(target)}"
    yield Lesson(inside, f"Harm had stopped {words}.")
    if state.containment.lost:
        yield Lesson(False, f"Harm came back after it had stopped ({state.containment.lost} times).")


def _order(record: Record) -> Iterator[Lesson]:
    for before, after in record.profile.order_for(record.state.severity):
        first, second = record.first(before), record.first(after)
        if second is None:
            continue
        kept = first is not None and first.seq < second.seq
        words = f"{_name(before)} came before {_name(after)}"
        yield Lesson(
            kept, f"{words}." if kept else f"The agreed order was not kept: {_name(before)} before {_name(after)}."
        )


def _name(step: str) -> str:
    return _NAMES.get(step, step.replace("_", " "))


def _cadence(record: Record) -> Iterator[Lesson]:
    state, cadence = record.state, record.profile.cadence
    start = cadence_start(state)
    if start is None or (cadence.severities and state.severity not in cadence.severities):
        return
    end = state.all_clear_at or state.last_at or start
    marks = [start, *sorted(one.at for one in state.updates if start <= one.at <= end), end]
    gaps = [later - sooner for sooner, later in pairwise(marks)]
    limit = timedelta(seconds=cadence.every_s)
    late = [gap for gap in gaps if gap > limit]
    if late:
        yield Lesson(False, f"The longest silence was {mmss(max(late))}; an update was due every {mmss(limit)}.")
    elif state.updates:
        yield Lesson(True, f"Updates kept the cadence of {mmss(limit)} ({len(state.updates)} in all).")
    short = [part for one in state.updates for part in missing_parts(one.text)]
    if short:
        yield Lesson(False, f"Some updates left out: {', '.join(dict.fromkeys(short))}.")


def _levers(record: Record) -> Iterator[Lesson]:
    pulls = [pull for pull in record.state.pulls if not pull.undoes]
    for pull in pulls:
        name = safe(pull.title or pull.lever)
        if pull.proven_at:
            yield Lesson(
                True, f"{name} was proven on the wire {span(pull.pulled_at, pull.proven_at)} after the pull."
            )
        elif pull.stage is Stage.REFUSED:
            yield Lesson(False, f"{name} was refused: {safe(pull.reason)}.")
        elif pull.stage in (Stage.UNKNOWN, Stage.NOT_PROVEN):
            yield Lesson(False, f"{name} was never proven ({safe(pull.stage)}).")
        if pull.destructive and not pull.froze_first:
            yield Lesson(False, f"{name} was pulled before any evidence was frozen.")
    for event in record.of(Kind.CANARY_ABORTED):
        yield Lesson(True, f"The canary was closed before everybody met it: {safe(event.get('reason', ''))}.")


def _learnt(record: Record) -> Iterator[Lesson]:
    learning = record.state.learning
    for one in learning.fixtures:
        words = f"The case {safe(one.id)} is {'proven' if one.proven else 'not proven'}"
        yield Lesson(one.proven, f"{words}{f': {safe(one.why)}' if one.why else ''}.")
    for waiver in learning.waivers:
        yield Lesson(
            False, f"The {safe(waiver.what)} was waived: {safe(waiver.reason)} (signed {safe(waiver.actor)})."
        )
