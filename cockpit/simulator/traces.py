"""Rows of the trace list, and single traces opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.config import KILLED, Config
from cockpit.simulator.seen import Seen
from cockpit.simulator.texts import Texts
from cockpit.simulator.vocabulary import LEAKED, LOOPING, OUTCOMES, STATIC, VERDICTS
from cockpit.world.port import TraceDetail, TraceRow

NO_SCORES: tuple[float | None, ...] = (None, None, None, None)
HISTORY = 2
NOTES = {
    "leak": "The answer quotes data that belongs to another customer.",
    "wrong": "The answer states what the retrieved passages do not support.",
    "low": "The answer is weak on at least one axis.",
    "ok": "Nothing to object to.",
}


class Tracer:
    """Makes traces out of a run's columns; the same request always reads the same."""

    def __init__(self, seen: Seen, texts: Texts) -> None:
        self.seen = seen
        self.run = seen.run
        self.texts = texts
        scenario = self.run.scenario
        self.routes = [route.name for route in scenario.routes]
        self.tenants = [tenant.name for tenant in scenario.tenants]
        self.kinds = list(scenario.kind_names)
        self.origin = scenario.start

    @cached_property
    def _by_finish(self) -> NDArray[np.int64]:
        return np.argsort(self.seen.finish, kind="stable")

    @cached_property
    def _finish_sorted(self) -> NDArray[np.float32]:
        return self.seen.finish[self._by_finish]

    @cached_property
    def _by_judge(self) -> NDArray[np.int64]:
        judged = np.flatnonzero(np.isfinite(self.seen.judged_at))
        return judged[np.argsort(self.seen.judged_at[judged], kind="stable")]

    def finished(self, since: float, until: float) -> NDArray[np.int64]:
        """Return the requests that came to an end in (since, until], by number."""
        first, last = np.searchsorted(self._finish_sorted, [since, until], side="right")
        return np.sort(self._by_finish[first:last])

    def last_finished(self, until: float, count: int, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the last `count` requests that ended by a moment and are to be kept."""
        last = int(np.searchsorted(self._finish_sorted, until, side="right"))
        ended = self._by_finish[:last]
        return ended[keep[ended]][-count:]

    def scores(self, place: int) -> tuple[float | None, ...]:
        """Return the judge's scores of a request."""
        return tuple(int(half) / 2.0 for half in self.seen.scores[place])

    def judged(self, since: float, until: float) -> list[tuple[int, str, tuple[float | None, ...]]]:
        """Return (trace, verdict, scores) for the scores that arrived in (since, until]."""
        moments = self.seen.judged_at[self._by_judge]
        first, last = np.searchsorted(moments, [since, until], side="right")
        places = self._by_judge[first:last]
        signs = self.seen.known_of(places, until).tolist()
        return [
            (place + 1, VERDICTS[sign], self.scores(place))
            for place, sign in zip(places.tolist(), signs, strict=True)
        ]

    def rows(self, places: NDArray[np.int64], at: float) -> list[TraceRow]:
        """Return the rows of some requests as known at a moment."""
        if not len(places):
            return []
        requests, columns, seen = self.run.ground.requests, self.run.columns, self.seen
        judged = (seen.judged_at[places] <= at).tolist()
        whole = zip(
            places.tolist(),
            requests.at[places].tolist(),
            seen.known_of(places, at).tolist(),
            requests.route[places].tolist(),
            columns.table[places].tolist(),
            requests.tenant[places].tolist(),
            self.sessions(places),
            (columns.ttft[places] * 1000).astype(np.int64).tolist(),
            (columns.total[places] * 1000).astype(np.int64).tolist(),
            requests.tokens_in[places].tolist(),
            self._written(places),
            np.rint(columns.cost[places].astype(np.float64) * 1e6).astype(np.int64).tolist(),
            requests.kind[places].tolist(),
            columns.canary[places].tolist(),
            judged,
            strict=True,
        )
        return [self._row(*values) for values in whole]

    def _row(
        self,
        place: int,
        since: float,
        sign: int,
        route: int,
        table: int,
        tenant: int,
        session: str,
        ttft: int,
        total: int,
        read: int,
        written: int,
        cost: int,
        kind: int,
        canary: bool,
        judged: bool,
    ) -> TraceRow:
        prompt, model, arm = self._tags[table]
        return TraceRow(
            place + 1,
            self.origin + timedelta(seconds=since),
            VERDICTS[sign],
            self.routes[route],
            prompt,
            model,
            self.tenants[tenant],
            session,
            ttft,
            total,
            read,
            written,
            cost,
            self.texts.ask(self.kinds[kind], place),
            "canary" if canary else arm,
            self.scores(place) if judged else NO_SCORES,
        )

    @cached_property
    def _tags(self) -> list[tuple[str, str, str]]:
        """Prompt, model and tier by configuration number."""
        configs = self.run.ground.behaviour.configs
        return [(each.generation.prompt, each.answering or "none", each.serving.mode) for each in configs]

    def _written(self, places: NDArray[np.int64]) -> list[int]:
        """Return how many tokens each answer has."""
        run = self.run
        rows = run.columns.table[places].astype(np.int64) * run.ground.behaviour.slots.count + run.ground.slot[places]
        length = run.ground.requests.tokens_out[places] * run.ground.behaviour.factors["length"][rows]
        length[run.columns.outcome[places] == STATIC] = 0
        return [int(count) for count in length.tolist()]

    def sessions(self, places: NDArray[np.int64]) -> list[str]:
        """Return the session ids of some requests."""
        requests = self.run.ground.requests
        user = requests.user[places].astype(np.uint64)
        window = requests.session_window_of(places).astype(np.int64).astype(np.uint64)
        mixed = user * np.uint64(0x9E3779B97F4A7C15) + window * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        return [f"s-{value >> 32:08x}" for value in mixed.tolist()]

    def user_name(self, place: int) -> str:
        """Return who asked."""
        return self.texts.person(int(self.run.ground.requests.user[place]))

    def detail(self, trace: int, at: float) -> TraceDetail | None:
        """Open a trace; None when there is none that has ended by then."""
        place = trace - 1
        if not 0 <= place < self.run.ground.requests.count or self.seen.finish[place] > at:
            return None
        row = self.rows(np.asarray([place]), at)[0]
        config = self.run.ground.behaviour.configs[self.run.columns.table[place]]
        outcome = int(self.run.columns.outcome[place])
        note = NOTES.get(row.verdict, "") if row.scores != NO_SCORES else ""
        static = outcome == STATIC
        return TraceDetail(
            row,
            self._messages(place, row, config, outcome),
            () if static else self._chunks(place, row, config, outcome),
            () if static else self._tools(place, row, config, outcome),
            self.parameters(place, config),
            self.headers(place, row, config),
            note,
        )

    def _filled(self, template: str, place: int, row: TraceRow) -> str:
        return self.texts.filled(template, place, {"tenant": row.tenant, "user": self.user_name(place)})

    def _history(self, place: int) -> Sequence[int]:
        """Earlier requests of the same session, oldest first."""
        requests = self.run.ground.requests
        first = int(np.searchsorted(requests.at, requests.at[place] - self.run.scenario.sessions.window))
        same = first + np.flatnonzero(requests.user[first:place] == requests.user[place])
        if not len(same):
            return []
        window = requests.session_window_of(np.asarray([place]))[0]
        return [int(each) for each in same[requests.session_window_of(same) == window]][-HISTORY:]

    def _messages(self, place: int, row: TraceRow, config: Config, outcome: int) -> tuple[tuple[str, str], ...]:
        said: list[tuple[str, str]] = []
        prompt = self.run.scenario.prompts.get(config.generation.prompt)
        if config.serving.mode != KILLED and prompt is not None:
            said.append(("system", prompt.text or f"[{config.generation.prompt}] {prompt.note}"))
        requests = self.run.ground.requests
        for number in [*self._history(place), place]:
            kind = self.kinds[requests.kind[number]]
            said.append(("user", self.texts.ask(kind, number)))
            became = outcome if number == place else int(self.run.columns.outcome[number])
            said.append(("assistant", self.texts.answer(kind, OUTCOMES[became], number)))
        return tuple(said)

    def _chunks(self, place: int, row: TraceRow, config: Config, outcome: int) -> tuple[tuple[str, float, str], ...]:
        scenario = self.run.scenario
        templates = scenario.texts.chunks
        relevance = scenario.indexes[config.generation.index].relevance
        found = []
        for number in range(min(3, len(templates))):
            template = templates[(place + number) % len(templates)]
            source = f"{config.generation.index}/{row.tenant}/{(place * 13 + number) % 997}"
            found.append((source, round(relevance - 0.06 * number, 2), self._filled(template, place + number, row)))
        if outcome == LEAKED:
            others = [name for name in self.tenants if name != row.tenant] or [row.tenant]
            other = others[place % len(others)]
            text = self.texts.filled(
                "order $other_order · $tenant · $other_user · $other_street, $other_city", place, {"tenant": other}
            )
            found.insert(0, (f"{config.generation.index}/{other}/{place % 997}", round(relevance + 0.05, 2), text))
        return tuple(found)

    def _tools(self, place: int, row: TraceRow, config: Config, outcome: int) -> tuple[tuple[str, str, str], ...]:
        scenario = self.run.scenario
        kind = scenario.kinds.get(self.kinds[self.run.ground.requests.kind[place]])
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
            "seed": int.from_bytes(hashlib.blake2s(f"{self.run.ground.seed}:{place}".encode()).digest()[:4], "big"),
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
            "x-worker": f"w{int(self.run.ground.requests.worker[place])}",
            "x-session": row.session,
        }

    def stamp(self, seconds: float) -> datetime:
        """Return the moment that is some seconds after the start."""
        return self.origin + timedelta(seconds=seconds)
