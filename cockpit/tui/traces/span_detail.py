"""One step of a trace written as drawable sections, without a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from textual.content import Content

from cockpit.domain.calls import Chunk, Message, Span, SpanKind, ToolUse
from cockpit.tui.text import line, untrusted
from cockpit.tui.traces.detail import MOST_PIECES, ROLE_STYLES, rest, scored
from cockpit.tui.traces.span_tree import GLYPHS, count, duration

MOST_VALUES = 200
"""Parameters and attributes drawn at most."""
VALUE_CHARS = 2_000

Sections = list[tuple[str, list[Content]]]


def sections(span: Span, began: datetime) -> Sections:
    """Write everything that is known of a step; what nobody recorded is left out. `began` is when the trace did."""
    said: Sections = [("Asked", _messages(span.inputs)), ("Answered", _messages(span.outputs))]
    came: Sections = [("Retrieved", _chunks(span.chunks)), ("Tool calls", _tools(span.tools))]
    found: Sections = [("Step", [facts(span, began)])]
    found += [*said, *came] if span.kind is SpanKind.LLM else [*came, *said]
    found += [("Parameters", values(span.parameters)), ("Attributes", values(span.attributes))]
    return [(title, pieces) for title, pieces in found if pieces]


def facts(span: Span, began: datetime) -> Content:
    """Write what kind of step it was, when, how long, and what it used."""
    glyph, style = GLYPHS[span.kind]
    since = (span.start - began).total_seconds() * 1000
    took = max(0.0, (span.end - span.start).total_seconds() * 1000)
    told = [line((glyph, style), " ", (span.name or span.kind.value, "bold"), (f"  {span.kind.value}", "dim"))]
    told.append(line(("after ", "dim"), duration(max(0.0, since)), ("  took ", "dim"), duration(took)))
    used = [("model ", span.model)] if span.model else []
    if span.tokens_in is not None or span.tokens_out is not None:
        used.append(("tokens ", f"{count(span.tokens_in)} in, {count(span.tokens_out)} out"))
    if span.cost_usd is not None:
        used.append(("cost ", f"${span.cost_usd:.6f}"))
    if used:
        told.append(Content("  ").join(line((key, "dim"), untrusted(value)) for key, value in used))
    if span.error:
        told.append(line(("✖ ", "bold $error"), untrusted(span.error, "$error", multiline=True)))
    return Content("\n").join(told)


def values(found: Mapping[str, Any]) -> list[Content]:
    """Write values one a line."""
    pieces = [
        line((key, "dim"), " ", untrusted(value, multiline=True, limit=VALUE_CHARS))
        for key, value in list(found.items())[:MOST_VALUES]
        if value is not None
    ]
    more = len(found) - MOST_VALUES
    return pieces + ([Content.styled(f"and {more:,} more", "dim")] if more > 0 else [])


def _messages(said: Sequence[Message]) -> list[Content]:
    pieces = [
        line((one.role, ROLE_STYLES.get(one.role, "bold")), "\n") + untrusted(one.text, multiline=True)
        for one in said[:MOST_PIECES]
    ]
    return pieces + rest(len(said))


def _chunks(found: Sequence[Chunk]) -> list[Content]:
    pieces = [
        line((f"{scored(one.score)} ", "bold"), (one.source, "$accent"), "\n") + untrusted(one.text, multiline=True)
        for one in found[:MOST_PIECES]
    ]
    return pieces + rest(len(found))


def _tools(used: Sequence[ToolUse]) -> list[Content]:
    return [Content("").join(_tool(one)) for one in used[:MOST_PIECES]] + rest(len(used))


def _tool(use: ToolUse) -> Iterator[Content]:
    yield line((use.name, "bold $warning"), "(") + untrusted(use.arguments, multiline=True) + line(")")
    if use.result or use.failed:
        yield line("\n", ("✖ " if use.failed else "→ ", "bold $error" if use.failed else "dim"))
        yield untrusted(use.result, "$error" if use.failed else "", multiline=True)
