"""What went well and what went poorly: times against targets, order, cadence, levers. Facts, never persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from cockpit.domain.comms import cadence_start, missing_parts
from cockpit.domain.events import Kind
from cockpit.domain.levers import Stage
from cockpit.domain.parts import Update
from cockpit.postmortem.record import Record, lasted, safe, span

ACK_S = 300.0
"""An acknowledgement within five minutes of the page is quick."""

UNHEARD = timedelta(minutes=2)
"""A signal that stands over its line for longer than this before anybody is paged went unheard."""

_NAMES = {
    "page": "the page", "ack": "the acknowledgement", "acknowledge": "the acknowledgement",
    "declare": "declaring it", "set_severity": "the severity", "severity_set": "the severity",
    "set_class": "the class", "class_set": "the class", "set_layer": "the layer",
    "freeze": "freezing the evidence", "freeze_evidence": "freezing the evidence",
    "first_lever": "the first lever", "contained": "measured containment", "verified": "measured containment",
    "open_canary": "the canary", "all_clear": "the all-clear", "postmortem_done": "the postmortem",
}  # fmt: skip

_GATE = {
    "had-and-caught": "The golden set catches this failure, but nothing ran it on the path that failed.",
    "had-and-missed": "The golden set had cases of this class, and their checks let the bad answer pass.",
    "did-not-have": "The eval gate had nothing to catch: no case of this class was there for this route.",
}
"""What each answer of the golden set says about how things are set up."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One fact and whether it speaks well of how things are set up."""

    good: bool
    text: str


def lessons(record: Record) -> list[Lesson]:
    """Collect what the record says about how it went."""
    parts = (_heard, _missed, _times, _order, _cadence, _levers, _gate, _learnt)
    found = [one for part in parts for one in part(record)]
    return list(dict.fromkeys(found))


def told(found: list[Lesson], good: bool) -> list[str]:
    """Return the lines of one of the two sections."""
    return [f"- {one.text}" for one in found if one.good is good] or ["- Nothing on record."]


def _heard(record: Record) -> Iterator[Lesson]:
    """A signal stood over its line, and nobody was paged for it."""
    page = record.state.page_at
    signs = [one for one in record.of(Kind.SIGNAL_FIRED) if page and one.at < page]
    first = min(signs, key=lambda one: (one.at, one.seq), default=None)
    if page and first and page - first.at > UNHEARD:
        name = safe(first.get("label") or first.get("signal"))
        yield Lesson(False, f"{name} was beyond its line {span(first.at, page)} before anybody was paged.")


def _missed(record: Record) -> Iterator[Lesson]:
    """What nobody did at all, though somebody was paged."""
    state = record.state
    if state.page_at is None:
        return
    if record.paged and "ack" not in state.milestones:
        yield Lesson(False, "The page was not acknowledged.")
    if not state.severities:
        yield Lesson(False, "No severity was called.")
    if not any(hold.role == "ic" for hold in state.command.holds):
        yield Lesson(False, "The role of incident commander stayed open.")
    if not state.updates:
        yield Lesson(False, "No update was sent.")
    if record.quiet_since is None and not state.pulls:
        yield Lesson(False, "No lever was pulled.")


def _gate(record: Record) -> Iterator[Lesson]:
    if record.gate and record.gate.answer in _GATE:
        yield Lesson(False, _GATE[record.gate.answer])


def _times(record: Record) -> Iterator[Lesson]:
    state = record.state
    page, ack, stopped = state.page_at, state.milestones.get("ack"), record.quiet_since
    if page and ack and record.paged:
        quick = (ack - page).total_seconds() <= ACK_S
        yield Lesson(quick, f"The page was acknowledged after {span(page, ack)}.")
    target = record.profile.targets_s.get(state.severity)
    if page is None:
        return
    if stopped is None:
        wanted = f"; the target is {lasted(target)} after the page" if target is not None else ""
        yield Lesson(False, f"Harm was never measured to have stopped{wanted}.")
        return
    if target is None:
        return
    inside = (stopped - page).total_seconds() <= target
    words = f"{span(page, stopped)} after the page; the target for {safe(state.severity)} is {lasted(target)}"
    yield Lesson(inside, f"Harm was over {words}.")
    if state.containment.lost:
        yield Lesson(False, f"Harm came back after it had stopped ({state.containment.lost} times).")


def _order(record: Record) -> Iterator[Lesson]:
    kept: list[str] = []
    for before, after in record.profile.order_for(record.state.severity):
        first, second = record.first(before), record.first(after)
        if second is None:
            continue
        words = f"{_name(before)} before {_name(after)}"
        if first is not None and first.seq < second.seq:
            kept.append(words)
        else:
            yield Lesson(False, f"The agreed order was not kept: {words}.")
    if kept:
        yield Lesson(True, f"The agreed order was kept: {'; '.join(kept)}.")


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
        yield Lesson(False, f"The longest silence was {lasted(max(late))}; an update was due every {lasted(limit)}.")
    elif state.updates:
        yield Lesson(True, f"Updates kept the cadence of {lasted(limit)} ({_number(state.updates)}).")
    short = [part for one in state.updates for part in missing_parts(one.text)]
    if short:
        yield Lesson(False, f"Some updates left out: {', '.join(dict.fromkeys(short))}.")


def _number(updates: Sequence[Update]) -> str:
    audiences = len({one.audience for one in updates})
    return f"{len(updates)} in all, to {audiences} audience{'s' if audiences > 1 else ''}"


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
