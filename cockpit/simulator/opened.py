"""One trace opened: everything that was said, retrieved and called, and what is needed to reproduce it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cockpit.simulator.config import KILLED, Config
from cockpit.simulator.steps import steps_of
from cockpit.simulator.traces import NO_SCORES, Tracer
from cockpit.simulator.vocabulary import LEAKED, LOOPING, OUTCOMES, STATIC
from cockpit.world.port import TraceDetail, TraceRow

HISTORY = 2
"""How many earlier turns of the same session are shown."""

NOTES = {
    "leak": "The answer quotes data that belongs to another customer.",
    "wrong": "The answer states what the retrieved passages do not support.",
    "low": "The answer is weak on at least one axis.",
    "ok": "Nothing to object to.",
}


class Opener:
    """Opens traces; the same request always reads the same."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._run = tracer.run

    def detail(self, trace: int, at: float) -> TraceDetail | None:
        """Open a trace; None when there is none that has ended by then."""
        place = trace - 1
        if not 0 <= place < self._run.ground.requests.count or self._tracer.seen.finish(np.asarray([place]))[0] > at:
            return None
        row = self._tracer.rows(np.asarray([place]), at)[0]
        config = self._run.ground.behaviour.configs[self._run.columns.table[place]]
        outcome = int(self._run.columns.outcome[place])
        note = NOTES.get(row.verdict, "") if row.scores != NO_SCORES else ""
        static = outcome == STATIC
        detail = TraceDetail(
            row,
            self._messages(place, row, config, outcome),
            () if static else self._chunks(place, row, config, outcome),
            () if static else self._tools(place, row, config, outcome),
            self.parameters(place, config),
            self.headers(place, row, config),
            note,
        )
        return replace(detail, spans=steps_of(detail, static=static))

    def _filled(self, template: str, place: int, row: TraceRow) -> str:
        return self._tracer.texts.filled(
            template, place, {"tenant": row.tenant, "user": self._tracer.user_name(place)}
        )

    def _history(self, place: int) -> Sequence[int]:
        """Earlier requests of the same session, oldest first."""
        requests = self._run.ground.requests
        first = int(np.searchsorted(requests.at, requests.at[place] - self._run.scenario.sessions.window))
        same = first + np.flatnonzero(requests.user[first:place] == requests.user[place])
        if not len(same):
            return []
        window = requests.session_window_of(np.asarray([place]))[0]
        return [int(each) for each in same[requests.session_window_of(same) == window]][-HISTORY:]

    def _messages(self, place: int, row: TraceRow, config: Config, outcome: int) -> tuple[tuple[str, str], ...]:
        said: list[tuple[str, str]] = []
        prompt = self._run.scenario.prompts.get(config.generation.prompt)
        if config.serving.mode != KILLED and prompt is not None:
            said.append(("system", prompt.text or f"[{config.generation.prompt}] {prompt.note}"))
        requests = self._run.ground.requests
        for number in [*self._history(place), place]:
            kind = self._tracer.kinds[requests.kind[number]]
            said.append(("user", self._tracer.texts.ask(kind, number)))
            became = outcome if number == place else int(self._run.columns.outcome[number])
            said.append(("assistant", self._tracer.texts.answer(kind, OUTCOMES[became], number)))
        return tuple(said)

    def _chunks(self, place: int, row: TraceRow, config: Config, outcome: int) -> tuple[tuple[str, float, str], ...]:
        scenario = self._run.scenario
        templates = scenario.texts.chunks
        relevance = scenario.indexes[config.generation.index].relevance
        found = []
        for number in range(min(3, len(templates))):
            template = templates[(place + number) % len(templates)]
            source = f"{config.generation.index}/{row.tenant}/{(place * 13 + number) % 997}"
            found.append((source, round(relevance - 0.06 * number, 2), self._filled(template, place + number, row)))
        if outcome == LEAKED:
            others = [name for name in self._tracer.tenants if name != row.tenant] or [row.tenant]
            other = others[place % len(others)]
            text = self._tracer.texts.filled(
                "order $other_order · $tenant · $other_user · $other_street, $other_city", place, {"tenant": other}
            )
            found.insert(0, (f"{config.generation.index}/{other}/{place % 997}", round(relevance + 0.05, 2), text))
        return tuple(found)

    def _tools(self, place: int, row: TraceRow, config: Config, outcome: int) -> tuple[tuple[str, str, str], ...]:
        scenario = self._run.scenario
        kind = scenario.kinds.get(self._tracer.kinds[self._run.ground.requests.kind[place]])
        names = [name for name in (kind.tools if kind else []) if dict(config.serving.tools).get(name) == "on"]
        if outcome == LOOPING:
            names = [name for name in scenario.loops.tools if name in scenario.tools] or names
            names = names[:1] * min(8, max(2, int(row.total_ms / 60_000 * scenario.loops.calls_per_min)))
        calls = []
        for number, name in enumerate(names):
            tool = scenario.tools[name]
            failed = outcome == LOOPING or OUTCOMES[outcome] == "tool_error"
            result = '{"error": "retryable", "retry": true}' if failed else tool.result
            calls.append(
                (name, self._filled(tool.arguments, place, row), self._filled(result, place + number * 0, row))
            )
        return tuple(calls)

    def parameters(self, place: int, config: Config) -> dict[str, Any]:
        """Return everything that is needed to reproduce an answer."""
        half = config.generation
        return {
            "model": config.answering,
            "prompt": half.prompt,
            "index": half.index,
            "temperature": half.temperature,
            "top_p": half.top_p,
            "max_tokens": half.max_tokens,
            "retrieval_depth": half.retrieval_depth,
            "max_turns": half.max_turns,
            "seed": int.from_bytes(hashlib.blake2s(f"{self._run.ground.seed}:{place}".encode()).digest()[:4], "big"),
            "tools": json.dumps(dict(config.serving.tools), sort_keys=True),
            "tool_versions": json.dumps(dict(half.tool_versions), sort_keys=True),
            "guardrails": json.dumps(dict(config.serving.guardrails), sort_keys=True),
        }

    def headers(self, place: int, row: TraceRow, config: Config) -> dict[str, str]:
        """Return the headers an answer carried on the wire."""
        return {
            "x-tier": row.arm,
            "x-config-id": config.id,
            "x-prompt-version": config.generation.prompt,
            "x-model-snapshot": config.answering or "none",
            "x-worker": f"w{int(self._run.ground.requests.worker[place])}",
            "x-session": row.session,
        }
