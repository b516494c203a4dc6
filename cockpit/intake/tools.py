"""Tool calls of a whole trace: what the model asked for, what ran, and what came back, each told once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cockpit.domain.calls import SpanKind
from cockpit.intake.content import Call, Said
from cockpit.intake.family import Family
from cockpit.intake.spans import Step
from cockpit.intake.values import opened


def joined_calls(family: Family) -> list[Call]:
    """Return every call in order: requests of the model joined with the steps that ran them and with the answers."""
    calls: list[Call] = []
    known: set[str] = set()
    models = family.models
    for step in [*models, *(step for step in family.steps if step.kind not in (SpanKind.LLM, SpanKind.TOOL))]:
        _request(calls, known, step.calls, keep_unnamed=step in models or not models)
    for step in family.steps:
        _request(calls, known, _lately(step.asked.said), keep_unnamed=not calls)
    _answer(calls, [said for step in family.steps for said in (*step.asked.said, *step.told.said)])
    _run(calls, family.steps)
    return calls


def shown_call(call: Call) -> str:
    """Write a call as people read one."""
    return f"{call.name}({call.arguments})"


def _request(calls: list[Call], known: set[str], requested: Sequence[Call], *, keep_unnamed: bool) -> None:
    for call in list(requested):
        if (call.id and call.id in known) or (not call.id and not keep_unnamed) or not call.name:
            continue
        known.add(call.id)
        calls.append(Call(call.name, call.arguments, call.result, call.id, call.failed))


def _lately(said: Sequence[Said]) -> list[Call]:
    """Return the calls since the user last spoke; those before belong to earlier answers."""
    spoke = max((place for place, one in enumerate(said) if one.role == "user"), default=-1)
    return [call for one in said[spoke + 1 :] for call in one.calls]


def _answer(calls: Sequence[Call], said: Sequence[Said]) -> None:
    by_id = {call.id: call for call in calls if call.id}
    for one in said:
        call = by_id.get(one.answers) if one.role == "tool" and one.answers else None
        if call is not None:
            call.result = call.result or one.text
            call.failed = call.failed or one.failed


def _run(calls: list[Call], steps: Sequence[Step]) -> None:
    """Join steps of tools with what was requested; one that nobody requested stands for itself."""
    waiting = list(calls)
    for ran in (call for step in steps if step.kind is SpanKind.TOOL for call in step.calls):
        call = next(_matches(waiting, ran), None)
        if call is None:
            calls.append(Call(ran.name, ran.arguments, ran.result, ran.id, ran.failed))
            continue
        waiting.remove(call)
        call.arguments = call.arguments or ran.arguments
        call.result = ran.result or call.result
        call.failed = call.failed or ran.failed


def _matches(waiting: Sequence[Call], ran: Call) -> Iterator[Call]:
    if ran.id:
        yield from (call for call in waiting if call.id == ran.id)
    named = [call for call in waiting if call.name == ran.name and not (ran.id and call.id)]
    yield from (call for call in named if _same(call.arguments) == _same(ran.arguments))
    yield from (call for call in named if not ran.arguments or not call.arguments)


def _same(arguments: str) -> str:
    """Write arguments so that those that mean the same are the same."""
    value = opened(arguments)
    try:
        return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else arguments
    except (ValueError, TypeError, RecursionError):
        return arguments
