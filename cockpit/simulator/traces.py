"""Rows of the trace list, and single traces opened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.engine import Bools, Places
from cockpit.simulator.seen import Seen
from cockpit.simulator.streams import Floats
from cockpit.simulator.texts import Texts
from cockpit.simulator.vocabulary import STATIC, VERDICTS
from cockpit.world.port import TraceRow

SLOW_S = 30.0
"""Answers that take longer are few, and looked for one by one."""

NO_SCORES: tuple[float | None, ...] = (None, None, None, None)


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
    def _slow(self) -> tuple[Places, Floats]:
        """The requests that took longer than SLOW_S, and when they end; all others end soon after they arrive."""
        places = np.flatnonzero(self.run.columns.total > SLOW_S)
        return places, self.seen.finish(places)

    @cached_property
    def _by_judge(self) -> NDArray[np.int32]:
        """The judge's words in the order in which they arrive."""
        order = np.argsort(self.seen.judged.at, kind="stable").astype(np.int32)
        return self.run.ground.shelf.keep(order)

    def finished(self, since: float, until: float) -> Places:
        """Return the requests that came to an end in (since, until], by number."""
        arrived = self.run.ground.requests.at
        first, last = (int(place) for place in np.searchsorted(arrived, [since - SLOW_S - 1.0, until + 1.0]))
        slow, ended = self._slow
        early = int(np.searchsorted(slow, first))
        places = np.concatenate([slow[:early], np.arange(first, last)])
        finish = np.concatenate([ended[:early], self.seen.finish(slice(first, last))]).astype(np.float64)
        return places[(finish > since) & (finish <= until)]

    def last_finished(self, until: float, count: int, covered: Callable[[Places], Bools]) -> Places:
        """Return the last `count` requests that ended by a moment and are covered, in the order they ended."""
        span = 4 * SLOW_S
        while True:
            ended = self.finished(until - span, until)
            ended = ended[covered(ended)]
            if len(ended) >= count or span > until:
                return ended[np.argsort(self.seen.finish(ended), kind="stable")][-count:]
            span *= 4

    def judged(self, since: float, until: float) -> list[tuple[int, str, tuple[float | None, ...]]]:
        """Return (trace, verdict, scores) for the scores that arrived in (since, until]."""
        judged = self.seen.judged
        first, last = (
            bisect_right(self._by_judge, at, key=lambda which: float(judged.at[which])) for at in (since, until)
        )
        which = self._by_judge[first:last]
        places = judged.place[which].astype(np.int64)
        signs = self.seen.known_of(places, until).tolist()
        return [
            (place + 1, VERDICTS[sign], judged.score(one))
            for place, sign, one in zip(places.tolist(), signs, which.tolist(), strict=True)
        ]

    def rows(self, places: NDArray[np.int64], at: float) -> list[TraceRow]:
        """Return the rows of some requests as known at a moment."""
        if not len(places):
            return []
        requests, columns, seen = self.run.ground.requests, self.run.columns, self.seen
        whole = zip(
            places.tolist(),
            requests.at[places].tolist(),
            seen.known_of(places, at).tolist(),
            requests.route[places].tolist(),
            columns.table[places].tolist(),
            requests.tenant[places].tolist(),
            self.sessions(places),
            (self.run.ttft_of(places) * 1000).astype(np.int64).tolist(),
            (columns.total[places] * 1000).astype(np.int64).tolist(),
            requests.tokens_in[places].tolist(),
            self._written(places),
            np.rint(columns.cost[places].astype(np.float64) * 1e6).astype(np.int64).tolist(),
            requests.kind[places].tolist(),
            columns.canary[places].tolist(),
            seen.judged.of(places, at).tolist(),
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
        judged: int,
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
            self.seen.judged.score(judged) if judged >= 0 else NO_SCORES,
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
