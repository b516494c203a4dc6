"""Making a case of a trace: what was asked, what came out, and what would have to hold instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from cockpit.domain.cases import Case, Check, Heard, Input, Neighbour, Passage, Turn
from cockpit.domain.events import iso
from cockpit.domain.traces import failing

if TYPE_CHECKING:
    from cockpit.detect.answer.standins import StandIns
    from cockpit.world.port import TraceDetail, TraceRow, World

NEAR = timedelta(minutes=10)
"""Neighbours are looked for so long before and after the trace."""
TRIED = 60
"""Traces that are opened at most in looking for neighbours."""
LONGEST_PARAMETER = 500

RUBRICS: Mapping[str, str] = {
    **dict.fromkeys(("leak", "personal_data", "secret", "other_tenant"), "privacy_and_safety"),
    **dict.fromkeys(("wrong", "low"), "factual_grounding"),
    **dict.fromkeys(("refused", "refusal", "answered", "injection"), "instruction_adherence"),
    **dict.fromkeys(("error", "loop"), "plan_execution"),
}
"""The axis that a verdict, or a detector's name, is about."""
CLASSES: Mapping[str, str] = {
    **dict.fromkeys(("leak", "personal_data", "secret", "other_tenant"), "pii_leak"),
    **dict.fromkeys(("refused", "refusal"), "refusal_spike"),
    "wrong": "hallucination", "low": "drift", "answered": "guardrail_bypass", "injection": "injection",
    "error": "tool_misuse", "loop": "cost_runaway",
}  # fmt: skip
"""The class that a verdict suggests while nobody has named one."""
ROLES: Mapping[str, str] = {
    "human": "user", "ai": "assistant", "model": "assistant", "bot": "assistant", "function": "tool",
    **{role: role for role in ("system", "developer", "user", "assistant", "tool")},
}  # fmt: skip
"""Roles as frameworks call them; any other one is something that the model was told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person says about a case; the rest follows from the trace."""

    id: str = ""
    line: str = ""
    good: str = ""
    incident_class: str = ""
    checks: tuple[Check, ...] = ()
    neighbours: int = 3
    hide: tuple[str, ...] = ()
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the incident a case comes from; `key` makes its stand-ins, `taken` are ids in use."""

    incident: str
    key: str
    actor: str
    at: datetime
    incident_class: str = ""
    title: str = ""
    taken: frozenset[str] = field(default_factory=frozenset)


def make_case(world: World, detail: TraceDetail, wanted: Wanted, around: Around) -> Case:
    """Make a case of an opened trace and of its neighbours in the same world, with everybody in them replaced."""
    from cockpit.detect.answer.standins import StandIns
    from cockpit.session.case_checks import derived

    rows = _rows_near(world, detail.row, around.at)
    near = [_neighbour(one) for one in _neighbours(world, detail, rows, wanted.neighbours, around.at)]
    given, bad = input_of(detail), answer_of(detail)
    stand_ins = StandIns(around.key, _texts(given, bad, near), hide=wanted.hide, raw=wanted.raw)
    given, heard = masked(given, stand_ins), Heard(stand_ins.over(bad), called(detail))
    spared = tuple(
        Neighbour(one.trace, masked(one.given, stand_ins), stand_ins.over(one.answer)) for one in near
    )  # fmt: skip
    named = wanted.incident_class or around.incident_class or CLASSES.get(_word(detail), "")
    strangers = sorted({row.tenant for row in rows} - {detail.row.tenant, ""})
    checks = wanted.checks or derived(named, heard, given, spared, stand_ins.replaced.values(), strangers)
    return Case(
        id=wanted.id or _free_id(named, around),
        line=wanted.line or _line(around.title, given),
        incident_class=named,
        rubric=RUBRICS.get(_word(detail), "instruction_adherence"),
        route=detail.row.route,
        incident=around.incident,
        trace=detail.ref or str(detail.row.id),
        given=given,
        checks=tuple(checks),
        good=wanted.good,
        bad_output=heard.text,
        parameters=_parameters(detail, stand_ins),
        neighbours=spared,
        added_by=around.actor,
        added_at=iso(around.at),
    )


def stand_ins_of(
    key: str,
    world: World,
    detail: TraceDetail,
    case: Case,
    at: datetime,
    *,
    hide: Iterable[str] = (),
    raw: bool = False,
) -> StandIns:  # fmt: skip
    """Return the stand-ins that a case was made with, for answers that come back later."""
    from cockpit.detect.answer.standins import StandIns

    opened = [world.trace(int(one.trace), at) for one in case.neighbours if one.trace.isdigit()]
    near = [_neighbour(one) for one in opened if one is not None]
    return StandIns(key, _texts(input_of(detail), answer_of(detail), near), hide=hide, raw=raw)


def input_of(detail: TraceDetail) -> Input:
    """Return what the model was given; its own last answer is not part of it, nor an error."""
    said = [Turn(ROLES.get(role.lower(), "system"), text) for role, text in detail.messages if role != "error"]
    while said and said[-1].role == "assistant":
        said.pop()
    turns = tuple(said) or (Turn("user", detail.row.text),)
    context = tuple(Passage(source, text) for source, _, text in detail.chunks)
    return Input(turns, context, offered(detail))


def answer_of(detail: TraceDetail) -> str:
    """Return what came out: what the assistant said last, or the error."""
    role, text = detail.messages[-1] if detail.messages else ("", "")
    return text if role == "error" or ROLES.get(role.lower()) == "assistant" else ""


def called(detail: TraceDetail) -> tuple[str, ...]:
    """Return the names of the tools that were called."""
    return tuple(name for name, _, _ in detail.tool_calls)


def offered(detail: TraceDetail) -> tuple[str, ...]:
    """Return the names of the tools the model could call: those recorded as offered, else those it called."""
    told = detail.parameters.get("tools")
    if isinstance(told, str):
        try:
            told = json.loads(told)
        except ValueError:
            told = None
    names: list[str] = []
    if isinstance(told, Mapping):
        names = [str(name) for name, mode in told.items() if mode not in ("off", False)]
    elif isinstance(told, list):
        names = [name for one in told if (name := _tool_name(one))]
    return tuple(dict.fromkeys([*names, *called(detail)]))


def _tool_name(one: Any) -> str:
    if isinstance(one, str):
        return one
    if not isinstance(one, Mapping):
        return ""
    function = one.get("function")
    return str((function if isinstance(function, Mapping) else one).get("name", ""))


def masked(given: Input, stand_ins: StandIns) -> Input:
    """Return an input with everybody in it replaced."""
    turns = tuple(Turn(turn.role, stand_ins.over(turn.content)) for turn in given.turns)
    context = tuple(Passage(one.source, stand_ins.over(one.text)) for one in given.context)
    return Input(turns, context, given.tools)


def _word(detail: TraceDetail) -> str:
    """Return the verdict without what it is about: `low` of `low grounding`."""
    return detail.row.verdict.partition(" ")[0]


def _texts(given: Input, bad: str, near: Iterable[Neighbour]) -> list[str]:
    texts = [*(turn.content for turn in given.turns), *(one.text for one in given.context), bad]
    for one in near:
        texts += [*(turn.content for turn in one.given.turns), *(part.text for part in one.given.context), one.answer]
    return texts


def _parameters(detail: TraceDetail, stand_ins: StandIns) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in detail.parameters.items():
        if name == "tools":
            continue
        if isinstance(value, str):
            kept[name] = stand_ins.over(value[:LONGEST_PARAMETER])
        elif isinstance(value, int | float) and isfinite(value):
            kept[name] = value
    return kept


def _rows_near(world: World, row: TraceRow, at: datetime) -> Sequence[TraceRow]:
    return world.traces(row.at - NEAR, min(at, row.at + NEAR))


def _neighbours(
    world: World, detail: TraceDetail, rows: Sequence[TraceRow], wanted: int, at: datetime
) -> list[TraceDetail]:
    """Find sound answers to benign questions on the same route, those known to be good and near in time first."""
    own = detail.row
    fit = [row for row in rows if row.id != own.id and row.route == own.route and not failing(row.verdict)]
    fit.sort(key=lambda row: (row.verdict != "ok", abs((row.at - own.at).total_seconds()), row.id))
    found: list[TraceDetail] = []
    said = {own.text}
    for row in fit[:TRIED]:
        if len(found) >= wanted:
            break
        opened = world.trace(row.id, at) if row.text not in said and row.verdict != "static" else None
        if opened is not None and _benign(opened):
            said.add(row.text)
            found.append(opened)
    return found


def _benign(detail: TraceDetail) -> bool:
    from cockpit.detect.answer import injection, refusal

    answer = answer_of(detail)
    return bool(answer) and not refusal.find(answer) and not injection.sets_aside(input_of(detail).asked)


def _neighbour(detail: TraceDetail) -> Neighbour:
    return Neighbour(str(detail.row.id), input_of(detail), answer_of(detail))


def _line(title: str, given: Input) -> str:
    asked = next((turn.content for turn in reversed(given.turns) if turn.role == "user"), "")
    head = f"{title}: " if title else ""
    return f"{head}{' '.join(asked.split())[:100]}"


def _free_id(named: str, around: Around) -> str:
    stem = f"{named or 'case'}-{around.at:%Y-%m}-{around.incident}".lower().replace("_", "-")
    ids = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    return next(one for one in ids if one not in around.taken)
