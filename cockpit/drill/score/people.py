"""The parts of the score that judge what people were told, and who was in command."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from cockpit.domain.cadence import Rhythm, measured
from cockpit.domain.clock import mmss
from cockpit.domain.comms import PARTS as UPDATE_PARTS
from cockpit.domain.comms import cadence_start, missing_parts
from cockpit.domain.events import Kind
from cockpit.domain.parts import Hold, Update
from cockpit.drill.score import formulas
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import PartScore
from cockpit.drill.score.scale import true_levels

_ROLES = (Kind.ROLE_TAKEN, Kind.ROLE_OFFERED, Kind.ROLE_ACCEPTED, Kind.ROLE_RELEASED)


def comms(case: Case) -> PartScore:
    """H8: updates in time, and what they say."""
    began = case.seqs(Kind.DECLARED)[:1] or case.seqs(Kind.ACKNOWLEDGED)[:1]
    seqs = began + tuple(update.seq for update in case.state.updates)
    start = cadence_start(case.state)
    if start is None:
        return PartScore(0.0, "the page was never acknowledged, so nobody was told anything", ())
    end = case.state.all_clear_at or case.end
    content = _content(case.state.updates)
    words = f"{len(case.state.updates)} updates; {content:.0%} of what an update has to say was said"
    if not _cadence_asked(case):
        # Where the profile asks for no cadence, what was said is all there is to judge.
        value = content if case.state.updates else None
        return PartScore(value, f"{words}; no cadence at this severity", seqs)
    kept = measured(case.state, case.profile.cadence, start, end)
    timing = formulas.told_in_time(kept.in_time, len(kept.too_soon))
    return PartScore(0.6 * timing + 0.4 * content, f"{words}; {_timing(kept)}", seqs)


def _timing(kept: Rhythm) -> str:
    """Say how updates kept time, both ways."""
    late = f", {kept.gaps} gap(s) too long by {mmss(kept.late_s)}" if kept.gaps else ""
    soon = f", {len(kept.too_soon)} too soon" if kept.too_soon else ""
    return f"in time {kept.in_time:.0%}{late}{soon}"


def _content(updates: tuple[Update, ...]) -> float:
    if not updates:
        return 0.0
    return sum(1.0 - len(missing_parts(update.text)) / len(UPDATE_PARTS) for update in updates) / len(updates)


def _cadence_asked(case: Case) -> bool:
    asked = case.profile.cadence.severities
    true = {case.profile.scale[level] for level in true_levels(case)}
    return not asked or bool(true & set(asked)) or case.state.severity in asked


def command(case: Case) -> PartScore:
    """H8: the share of the time in which exactly one person was in command."""
    seqs = tuple(event.seq for event in case.events if event.kind in _ROLES and event.get("role") == "ic")
    started = [case.state.milestones[name] for name in ("ack", "declare") if name in case.state.milestones]
    if not started:
        return PartScore(0.0, "nobody took the page", seqs)
    start, end = min(started), case.state.all_clear_at or case.end
    holds = [hold for hold in case.state.command.holds if hold.role == "ic"]
    without, two = covered(holds, start, end)
    value = formulas.command(without, two, (end - start).total_seconds())
    who = ", ".join(dict.fromkeys(hold.who for hold in holds)) or "nobody"
    return PartScore(value, f"in command: {who}; {without:.0f} s without anybody", seqs)


def covered(holds: list[Hold], start: datetime, end: datetime) -> tuple[float, float]:
    """Return the seconds with no commander, and with more than one."""
    spans = [(max(start, hold.since), min(end, hold.until or end)) for hold in holds]
    spans = [span for span in spans if span[0] < span[1]]
    marks = sorted({start, end, *(mark for span in spans for mark in span)})
    none = two = 0.0
    for before, after in pairwise(marks):
        count = sum(since <= before and until >= after for since, until in spans)
        none += (after - before).total_seconds() if count == 0 else 0.0
        two += (after - before).total_seconds() if count > 1 else 0.0
    return none, two
