"""One opened trace written as drawable pieces, without a screen."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping

from textual.content import Content

from cockpit.domain.calls import Sign
from cockpit.domain.events import iso
from cockpit.domain.text import clean
from cockpit.tui.text import Part, line, untrusted
from cockpit.tui.traces.verdicts import TONE_STYLES, tone, word
from cockpit.world.port import AXES, TraceDetail, TraceRow

AXIS_WORDS = dict(zip(AXES, ("grounding", "safety", "adherence", "plan"), strict=True))
MOST_PIECES = 40
"""Messages, chunks or tool calls drawn of each kind; the rest is counted."""
BAR = 10
MARKED = "bold underline $text-error"
"""How a place in an answer looks that a detector points at; without colour it is still underlined."""
ROLE_STYLES = {"system": "dim", "user": "bold $accent", "assistant": "bold $success", "tool": "bold $warning"}


def facts(row: TraceRow) -> Content:
    """Write who, where, when and how fast."""
    moment = row.at.strftime("%Y-%m-%d %H:%M:%S.") + f"{row.at.microsecond // 1000:03d} UTC"
    first = line(f"#{row.id}  ", verdict(row.verdict), "  ", (moment, "dim"))
    where = _pairs({"route": row.route, "tenant": row.tenant, "session": row.session, "arm": row.arm})
    what = _pairs({"prompt": row.prompt, "model": row.model})
    speed = _pairs(
        {
            "first token": f"{row.ttft_ms / 1000:.2f} s",
            "total": f"{row.total_ms / 1000:.2f} s",
            "tokens": f"{row.tokens_in} in, {row.tokens_out} out",
            "cost": f"${row.cost_micros / 1e6:.4f}",
        }
    )
    return Content("\n").join([first, where, what, speed])


def verdict(name: str) -> Content:
    """Write a verdict in its tone."""
    return untrusted(word(name), TONE_STYLES[tone(name)])


def scores(values: Iterable[float | None]) -> Content:
    """Draw the judge's four axes as bars from 1 (worst) to 5."""
    return Content("\n").join(_score(AXIS_WORDS[axis], value) for axis, value in zip(AXES, values, strict=False))


def score_line(values: Iterable[float | None]) -> Content:
    """Write the four axes in one line."""
    parts = [
        line((f"{AXIS_WORDS[axis]} ", "dim"), ("–" if value is None else f"{value:.1f}", _score_style(value)))
        for axis, value in zip(AXES, values, strict=False)
    ]
    return Content("  ").join(parts)


def judge(detail: TraceDetail) -> Content:
    """Write the scores and the judge's note."""
    if all(score is None for score in detail.row.scores) and not detail.judge_note:
        return Content.styled("not judged yet", "dim")
    note = untrusted(detail.judge_note, "italic", multiline=True)
    return Content("\n").join([scores(detail.row.scores), *([note] if detail.judge_note else [])])


def messages(detail: TraceDetail) -> list[Content]:
    """Write the conversation, oldest first, one piece a message; what detectors found in the answer is marked."""
    said = list(enumerate(detail.messages))
    left_out = max(0, len(said) - MOST_PIECES)
    shown = [*said[:1], *said[1 + left_out :]]
    last = len(said) - 1
    pieces = [
        line((role, ROLE_STYLES.get(role, "bold")), "\n")
        + (marked(text, detail.signs) if place == last else untrusted(text, multiline=True))
        for place, (role, text) in shown
    ]
    if left_out:
        pieces.insert(1, Content.styled(f"{left_out} messages are left out here", "dim"))
    return pieces


def marked(text: str, signs: Iterable[Sign]) -> Content:
    """Write an answer with the places marked that detectors point at."""
    found = sorted(sign.where for sign in signs if sign.where is not None)
    parts, done = list[Content](), 0
    for start, end in found:
        start, end = max(done, start), min(len(text), end)
        if start < end:
            parts += [untrusted(text[done:start], multiline=True), untrusted(text[start:end], MARKED, multiline=True)]
            done = end
    return Content("").join([*parts, untrusted(text[done:], multiline=True)])


def signs(detail: TraceDetail) -> list[Content]:
    """Write what detectors found, the surest first."""
    found = sorted(detail.signs, key=lambda one: -one.certainty)
    pieces = [
        line(("▲ ", "bold $error"), (one.detector.replace("_", " "), "bold"), (f"  {one.certainty:.0%}  ", "dim"))
        + untrusted(one.why, limit=400)
        for one in found[:MOST_PIECES]
    ]
    return pieces + rest(len(found))


def chunks(detail: TraceDetail) -> list[Content]:
    """Write what was retrieved with its scores."""
    pieces = [
        line((f"{scored(score)} ", "bold"), (source, "$accent"), "\n") + untrusted(text, multiline=True)
        for source, score, text in detail.chunks[:MOST_PIECES]
    ]
    return pieces + rest(len(detail.chunks))


def scored(score: float | None) -> str:
    """Write a retriever's score; dashes where it gave none."""
    return "–.––" if score is None or math.isnan(score) else f"{score:.2f}"


def tool_calls(detail: TraceDetail) -> list[Content]:
    """Write the tools that were called: arguments, then result."""
    pieces = [
        Content("").join(
            [
                line((name, "bold $warning"), "("),
                untrusted(arguments, multiline=True),
                line(")\n", ("→ ", "dim")),
                untrusted(result, multiline=True),
            ]
        )
        for name, arguments, result in detail.tool_calls[:MOST_PIECES]
    ]
    return pieces + rest(len(detail.tool_calls))


def settings(values: Mapping[str, object]) -> Content:
    """Write parameters or headers as one flowing paragraph."""
    return _pairs(values) if values else Content.styled("none recorded", "dim")


def reproduction(detail: TraceDetail) -> str:
    """Write everything needed to send the same request again, as ASCII JSON; the answer stands beside it."""
    asked, answered = history(detail)
    body = {
        "trace": detail.ref or detail.row.id,
        "at": iso(detail.row.at),
        "route": detail.row.route,
        "model": str(detail.parameters.get("model") or detail.row.model),
        "prompt": detail.row.prompt,
        "parameters": dict(detail.parameters),
        "headers": dict(detail.headers),
        "messages": [{"role": role, "content": text} for role, text in asked],
        "retrieved": [source for source, _, _ in detail.chunks],
        "answered": answered,
    }
    return json.dumps(body, indent=2, ensure_ascii=True, default=str)


def history(detail: TraceDetail) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return what was sent, and the answer that came."""
    if detail.messages and detail.messages[-1][0] == "assistant":
        return detail.messages[:-1], detail.messages[-1][1]
    return detail.messages, ""


def _score(name: str, value: float | None) -> Content:
    if value is None:
        return line((f"{name:<10} ", "dim"), ("·" * BAR, "dim"), ("  not scored", "dim"))
    filled = round((min(5.0, max(1.0, value)) - 1) / 4 * BAR)
    style = _score_style(value)
    return line(f"{name:<10} ", ("█" * filled, style), ("░" * (BAR - filled), "dim"), (f"  {value:.1f}", style))


def _score_style(value: float | None) -> str:
    if value is None:
        return "dim"
    return "$error" if value < 2.5 else "$warning" if value < 3.5 else "$success"


def _pairs(values: Mapping[str, object]) -> Content:
    parts: list[Part] = []
    for key, value in list(values.items())[: 2 * MOST_PIECES]:
        shown = clean(value, multiline=False, limit=400)
        parts += [*([("  ", "")] if parts else []), (clean(key, multiline=False, limit=100) + " ", "dim"), shown]
    return line(*parts)


def rest(count: int) -> list[Content]:
    """Say how many pieces are not drawn."""
    return [Content.styled(f"and {count - MOST_PIECES} more", "dim")] if count > MOST_PIECES else []
