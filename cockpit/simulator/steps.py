"""A simulated answer as the steps it was made of: guardrail, retrieval, model calls and tools on one axis of time.

The simulator knows when an answer began, when its first token came and when it ended, what was retrieved and which
tools were called. How the time between is divided is drawn from the trace's own number, so that it always reads the
same; tokens and cost of the model calls add up to those of the trace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.calls import Chunk, Message, Span, SpanKind, ToolUse
from cockpit.world.port import TraceDetail

SETTINGS = ("temperature", "top_p", "max_tokens", "seed")
"""What a model call shows of the parameters."""
GUARD_SHARE, SEARCH_SHARE, TOOL_SHARE = 0.04, 0.22, 0.55
"""About how much of the time to the first token guardrail and search take, and of a turn its tool."""
LONGEST_GUARD_MS = 200.0
ASIDE = 0.15
"""How much of all tokens written a call that only asks for a tool takes."""


def steps_of(detail: TraceDetail, *, static: bool = False) -> tuple[Span, ...]:
    """Return the steps of an opened trace, in order of their start; `static` is the path without a model."""
    return tuple(_Steps(detail).whole(static))


class _Steps:
    def __init__(self, detail: TraceDetail) -> None:
        self._detail, self._row = detail, detail.row
        self._number = 0
        self._at = 0.0

    def whole(self, static: bool) -> Iterator[Span]:
        """The root, and below it one step after the other."""
        root = self._step("", self._row.route or "answer", SpanKind.CHAIN, self._row.total_ms, error=self._failure())
        yield root
        self._at = 0.0
        if static:
            yield self._step(root.id, "answer without a model", SpanKind.OTHER, self._row.total_ms)
            return
        yield from self._before(root.id)
        yield from self._turns(root.id)

    def _before(self, root: str) -> Iterator[Span]:
        first = min(self._row.ttft_ms, self._row.total_ms)
        guards = _guards(self._detail.parameters)
        if mode := guards.get("input"):
            yield self._step(root, "input guardrail", SpanKind.GUARDRAIL, first * GUARD_SHARE * self._about("guard"),
                             attributes={"mode": mode})  # fmt: skip
        if self._detail.chunks:
            yield self._step(
                root, f"search {self._detail.parameters.get('index', '')}".strip(), SpanKind.RETRIEVER,
                first * SEARCH_SHARE * self._about("search"), inputs=self._asked()[-1:],
                chunks=tuple(Chunk(source, text, score) for source, score, text in self._detail.chunks),
                parameters={"top_k": self._detail.parameters.get("retrieval_depth")},
            )  # fmt: skip

    def _turns(self, root: str) -> Iterator[Span]:
        """Model and tool in turn; the last call of the model writes the answer."""
        calls = self._detail.tool_calls
        shares = [ASIDE / max(1, len(calls))] * len(calls)
        last = 1.0 - sum(shares)
        for place, (call, share) in enumerate(zip(calls, shares, strict=True)):
            turn = (
                self._left() / (len(calls) - place + 1) if self._is_looping else self._room() / (len(calls) - place)
            )
            tool = turn * TOOL_SHARE * self._about(f"tool{place}")
            use = ToolUse(*call, failed=_failed(call[2]))
            yield self._model(root, turn - tool, share, (), (ToolUse(call[0], call[1]),))
            yield self._step(
                root, call[0], SpanKind.TOOL, tool, error="retryable" if use.failed else "", tools=(use,)
            )
        mode = _guards(self._detail.parameters).get("output", "")
        guard = min(LONGEST_GUARD_MS, self._left() * GUARD_SHARE) * self._about("output") if mode else 0.0
        yield self._model(root, self._left() - guard, last, self._answered(), ())
        if mode:
            yield self._step(root, "output guardrail", SpanKind.GUARDRAIL, guard, attributes={"mode": mode})

    def _model(
        self, root: str, ms: float, share: float, outputs: tuple[Message, ...], tools: tuple[ToolUse, ...]
    ) -> Span:
        row, parameters = self._row, self._detail.parameters
        turns = len(self._detail.tool_calls) + 1
        last = not tools
        read, written = row.tokens_in // turns, int(row.tokens_out * share)
        if last:
            read, written = row.tokens_in - read * (turns - 1), row.tokens_out - self._aside()
        return self._step(
            root, f"chat {row.model}", SpanKind.LLM, ms, model=row.model, inputs=self._asked(), outputs=outputs,
            tools=tools, tokens_in=read, tokens_out=written,
            cost_usd=row.cost_micros / 1e6 * (read + written) / max(1, row.tokens_in + row.tokens_out),
            parameters={name: parameters[name] for name in SETTINGS if name in parameters},
        )  # fmt: skip

    def _aside(self) -> int:
        """Tokens written by the calls before the last."""
        calls = len(self._detail.tool_calls)
        return calls * int(self._row.tokens_out * (ASIDE / max(1, calls))) if calls else 0

    def _step(self, parent: str, name: str, kind: SpanKind, ms: float, **more: Any) -> Span:
        self._number += 1
        start = self._row.at + timedelta(milliseconds=self._at)
        self._at += max(0.0, ms)
        return Span(f"{self._row.id}.{self._number}", parent, name, kind, start, self._moment(), **more)

    def _moment(self) -> datetime:
        return self._row.at + timedelta(milliseconds=min(self._at, float(self._row.total_ms)))

    def _room(self) -> float:
        """Milliseconds for the turns before the answer is written: that begins before its first token is there."""
        return max(0.0, 0.8 * min(self._row.ttft_ms, self._row.total_ms) - self._at)

    def _left(self) -> float:
        return max(0.0, self._row.total_ms - self._at)

    @property
    def _is_looping(self) -> bool:
        """Whether the tools took the time, rather than the answer."""
        return bool(self._detail.tool_calls) and all(_failed(result) for _, _, result in self._detail.tool_calls)

    def _failure(self) -> str:
        failed = [name for name, _, result in self._detail.tool_calls if _failed(result)]
        return f"{failed[-1]} failed" if failed else ""

    def _asked(self) -> tuple[Message, ...]:
        return tuple(Message(role, text) for role, text in self._detail.messages[:-1])

    def _answered(self) -> tuple[Message, ...]:
        return tuple(Message(role, text) for role, text in self._detail.messages[-1:])

    def _about(self, what: str) -> float:
        """Draw a factor from 0.7 to 1.3, always the same for the same trace."""
        drawn = hashlib.blake2s(f"{self._row.id}:{what}".encode()).digest()
        return 0.7 + 0.6 * int.from_bytes(drawn[:4], "big") / 2**32


def _failed(result: str) -> bool:
    try:
        told = json.loads(result)
    except ValueError:
        return False
    return isinstance(told, dict) and "error" in told


def _guards(parameters: Mapping[str, Any]) -> dict[str, str]:
    told = json.loads(str(parameters.get("guardrails", "{}")))
    return {str(name): str(mode) for name, mode in told.items() if mode not in ("off", "", None)}
