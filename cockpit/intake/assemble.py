"""The steps of one trace as one answer: what was asked and said, by whom and for whom, and what it took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cockpit.domain.calls import CallTrace, Chunk, Message, Span, SpanKind, ToolUse
from cockpit.intake.content import Said
from cockpit.intake.family import Family
from cockpit.intake.raw import Header
from cockpit.intake.spans import Step
from cockpit.intake.talk import Talk
from cockpit.intake.tools import joined_calls, shown_call

MAX_SPANS = 10_000
"""Steps of one trace that are kept; an agent that runs wild is seen long before."""


def assemble(
    trace: str, source: str, steps: Iterable[Step], around: Step | None = None, header: Header | None = None
) -> CallTrace:
    """Put steps together; they may come in any order, and without their root.

    Args:
        around: what the format says about the whole trace, read like a step.
        header: its scores and labels.
    """
    family = Family(sorted(steps, key=lambda step: step.start)[:MAX_SPANS])
    ordered, main = family.steps, family.main
    facts = _facts([around] if around else [], family.root, ordered)
    tokens_in, tokens_out = family.tokens()
    chunks = _chunks(ordered)
    return CallTrace(
        id=trace,
        source=source,
        started=min(step.start for step in ordered),
        ended=max(step.end for step in ordered),
        spans=tuple(_span(step) for step in ordered),
        prompt=_prompt(facts),
        model=(main.model if main else "") or (around.model if around else ""),
        requested_model=main.requested_model if main else "",
        asked=_asked(around, family),
        answered=_answered(around, family),
        messages=_messages(around, family),
        chunks=chunks,
        retrieved=bool(chunks) or any(step.retrieved for step in ordered),
        tools=tuple(ToolUse(call.name, call.arguments, call.result, call.failed) for call in joined_calls(family)),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_usd=family.cost() if family.cost() is not None or around is None else around.cost_usd,
        ttft_ms=next((step.ttft_ms for step in ordered if step.ttft_ms is not None), None),
        error=family.root.error or (family.last.error if family.last else ""),
        finish=family.last.finish if family.last else "",
        parameters=_parameters(main),
        scores=_scores(ordered, header),
        labels=_labels(family, header),
        **{
            name: facts.get(name, "")
            for name in ("service", "route", "tenant", "session", "user", "tier", "config_id")
        },
    )


def _facts(around: Sequence[Step], root: Step, ordered: Sequence[Step]) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in (*around, root, *ordered):
        for name, value in step.facts.items():
            found.setdefault(name, value)
    return found


def _prompt(facts: dict[str, str]) -> str:
    version, name = facts.get("prompt", ""), facts.get("prompt_name", "")
    # A bare number says nothing where an application has more than one prompt.
    return f"{name}/{version}" if name and version.isdigit() else version or name


def _asked(around: Step | None, family: Family) -> str:
    talks = [step.asked for step in (around, family.root) if step] + [step.asked for step in family.models]
    for talk in talks:
        said = _last(talk, "user") if talk.sure else ""
        if said:
            return said
    others = [step.asked for step in family.steps if step.kind is not SpanKind.TOOL]
    return next((said for talk in (*talks, *others) if (said := _last(talk, "user"))), "")


def _answered(around: Step | None, family: Family) -> str:
    talks = [step.told for step in (around, family.root) if step] + [step.told for step in reversed(family.models)]
    for talk in talks:
        said = _last(talk, "assistant") if talk.sure else ""
        if said:
            return said
    if family.models and family.models[-1].calls:
        return ""
    return next((said for talk in talks if (said := _last(talk, "assistant"))), "")


def _last(talk: Talk, role: str) -> str:
    return next((said.text for said in reversed(talk.said) if said.role == role and said.text), "")


def _messages(around: Step | None, family: Family) -> tuple[Message, ...]:
    best: list[Said] = []
    rank: tuple[Any, ...] = ()
    for step in (*([around] if around else []), *family.steps):
        if step.kind is SpanKind.TOOL or not (step.asked.sure or step.told.sure):
            continue
        said = _whole(step)
        central = step is around or step is family.root or step.kind in (SpanKind.LLM, SpanKind.AGENT)
        if (mine := (central, len(said), step.kind is SpanKind.LLM)) >= rank:
            best, rank = said, mine
    return tuple(map(_message, best))


def _whole(step: Step) -> list[Said]:
    """Return both sides; an answer that repeats all that was asked is told once."""
    asked, told = step.asked.said, step.told.said
    again = len(told) > len(asked) and all(
        a.role == b.role and a.text == b.text for a, b in zip(asked, told, strict=False)
    )
    return told if again and asked else [*asked, *told]


def _message(said: Said) -> Message:
    return Message(said.role, said.text or "\n".join(shown_call(call) for call in said.calls))


def _chunks(ordered: Sequence[Step]) -> tuple[Chunk, ...]:
    return tuple(dict.fromkeys(chunk for step in ordered for chunk in step.chunks))


def _parameters(main: Step | None) -> dict[str, Any]:
    return dict(main.parameters) if main else {}


def _scores(ordered: Sequence[Step], header: Header | None) -> dict[str, float]:
    found: dict[str, float] = dict(header.scores) if header else {}
    for step in ordered:
        found.update(step.scores)
    return found


def _labels(family: Family, header: Header | None) -> dict[str, str]:
    return {"name": family.root.name, **(header.labels if header else {})}


def _span(step: Step) -> Span:
    return Span(
        id=step.id,
        parent=step.parent,
        name=step.name,
        kind=step.kind,
        start=step.start,
        end=step.end,
        error=step.error,
        model=step.model,
        inputs=tuple(map(_message, step.asked.said)),
        outputs=tuple(map(_message, step.told.said)),
        chunks=step.chunks,
        tools=tuple(ToolUse(call.name, call.arguments, call.result, call.failed) for call in step.calls),
        tokens_in=step.tokens_in,
        tokens_out=step.tokens_out,
        cost_usd=step.cost_usd,
        parameters=step.parameters,
        attributes=step.attributes,
    )
