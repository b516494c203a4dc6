"""An archived trace as a live incident shows it: its verdict and axes, the row of the list, and the trace opened."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cockpit.detect.answer.signs import Known, signs_of
from cockpit.detect.clusters.cases import verdict_of
from cockpit.detect.stream.sample import LONGEST_NAME
from cockpit.domain.calls import CallTrace, Sign
from cockpit.domain.thresholds import Thresholds
from cockpit.domain.traces import UNJUDGED, judged
from cockpit.world.port import AXES, TraceDetail, TraceRow

if TYPE_CHECKING:
    from cockpit.archive.store import Archived
    from cockpit.world.options import AxisOptions

FINE = "ok"
SHOWN = 200
"""Characters of question and answer that a row shows."""
CANARY, PRIMARY = "canary", "primary"

_HEADERS: Mapping[str, Callable[[CallTrace], str]] = {
    "trace": lambda one: one.id, "source": lambda one: one.source, "service": lambda one: one.service,
    "user": lambda one: one.user, "requested model": lambda one: one.requested_model, "tier": lambda one: one.tier,
    "configuration": lambda one: one.config_id, "finish": lambda one: one.finish,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judging:
    """How answers are judged.

    Attributes:
        axes: the recorded judgement that stands for an axis, by axis.
        below: the line of each judgement, on the recorder's scale.
        known, lines: what the detectors are told.
        regulated: routes on which a bad answer is a matter of law or health.
    """

    axes: Mapping[str, AxisOptions] = field(default_factory=dict)
    below: Mapping[str, float] = field(default_factory=dict)
    known: Known | None = None
    lines: Thresholds = field(default_factory=Thresholds)
    regulated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of one answer."""

    verdict: str
    scores: tuple[float | None, ...]
    signs: tuple[Sign, ...]


def judge(found: Archived, judging: Judging) -> Judged:
    """Judge one archived trace; a verdict that was given it comes before what detectors say."""
    signs = signs_of(found.trace, judging.known, judging.lines)
    return Judged(verdict_on(found, signs, judging), axes_of(found.trace.scores, judging), signs)


def verdict_on(found: Archived, signs: tuple[Sign, ...], judging: Judging) -> str:
    """Return the verdict; `ok` only where a judgement with a line says so: detectors can't tell that."""
    if judged(found.row.verdict):
        return found.row.verdict
    if verdict := verdict_of(found.trace, signs, judging.below):
        return verdict
    return FINE if any(name in found.trace.scores for name in judging.below) else UNJUDGED


def axes_of(scores: Mapping[str, float], judging: Judging) -> tuple[float | None, ...]:
    """Return recorded judgements as the four axes, from 1 (worst) to 5; None where nobody judged one."""
    return tuple(_axis(scores, judging.axes.get(axis)) for axis in AXES)


def row_of(found: Archived, verdict: str, scores: tuple[float | None, ...]) -> TraceRow:
    """Return an archived trace as a row of the incident's list; its id is the archive's."""
    trace = found.trace
    return TraceRow(
        id=found.row.id,
        at=trace.started,
        verdict=verdict,
        route=trace.route[:LONGEST_NAME],
        prompt=trace.prompt[:LONGEST_NAME],
        model=(trace.model or trace.requested_model)[:LONGEST_NAME],
        tenant=trace.tenant[:LONGEST_NAME],
        session=trace.session[:LONGEST_NAME],
        ttft_ms=round(trace.ttft_ms or 0),
        total_ms=round(trace.total_ms),
        tokens_in=trace.tokens_in,
        tokens_out=trace.tokens_out,
        cost_micros=round((trace.cost_usd or 0.0) * 1e6),
        text=text_of(trace),
        arm=trace.labels.get("arm", "") or PRIMARY,
        scores=scores,
    )


def detail_of(found: Archived, judging: Judging) -> TraceDetail:
    """Open an archived trace."""
    trace, known = found.trace, judge(found, judging)
    return TraceDetail(
        row=row_of(found, known.verdict, known.scores),
        messages=_messages(trace),
        chunks=tuple((one.source, math.nan if one.score is None else one.score, one.text) for one in trace.chunks),
        tool_calls=tuple((one.name, one.arguments, one.result) for one in trace.tools),
        parameters=dict(trace.parameters),
        headers=_headers(trace),
        judge_note="; ".join(f"{name} {score:g}" for name, score in sorted(trace.scores.items())),
        ref=trace.id,
        spans=trace.spans,
        signs=known.signs,
    )


def text_of(trace: CallTrace) -> str:
    """Write what was asked and what came out, on one line."""
    came = trace.error or trace.answered
    return " → ".join(one[:SHOWN] for one in (trace.asked, came) if one)


def _messages(trace: CallTrace) -> tuple[tuple[str, str], ...]:
    """Return the conversation with the answer at its end."""
    said = [(one.role, one.text) for one in trace.messages] or ([("user", trace.asked)] if trace.asked else [])
    if trace.answered and (not said or said[-1][1] != trace.answered):
        said.append(("assistant", trace.answered))
    if trace.error:
        said.append(("error", trace.error))
    return tuple(said)


def _headers(trace: CallTrace) -> dict[str, Any]:
    found = {name: value for name, read in _HEADERS.items() if (value := read(trace))}
    return {**{str(name): str(value) for name, value in trace.labels.items()}, **found}


def _axis(scores: Mapping[str, float], axis: AxisOptions | None) -> float | None:
    value = scores.get(axis.rubric) if axis else None
    if axis is None or value is None or value != value or axis.best == axis.worst:
        return None
    part = (value - axis.worst) / (axis.best - axis.worst)
    return round(1.0 + 4.0 * min(1.0, max(0.0, part)), 2)
