"""The same request answered again: by the configuration that it met, and by the one in force now.

The input stays what it was, its tenant, kind and phase of the trouble too; only the configuration changes. The first
answer of each draws the request's own numbers, so that the bad one is the answer of the trace; the others draw
numbers of their own, always the same for the same scenario, seed and request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cockpit.domain.cases import Heard, Rehearsal
from cockpit.domain.levers import Lever
from cockpit.simulator.config import Config
from cockpit.simulator.engine import Ground
from cockpit.simulator.requests import Bytes
from cockpit.simulator.streams import Floats, generator
from cockpit.simulator.timeline import Entry, State
from cockpit.simulator.traces import Tracer
from cockpit.simulator.vocabulary import BLOCKED, FAILURES, GOOD, LOOPING, OUTCOMES, STATIC

UNANSWERED = frozenset(
    {
        Lever.KILL_SWITCH, Lever.CACHED_PATH, Lever.CAP_COST, Lever.DISABLE_QUERY_TYPE, Lever.DISABLE_TENANT,
        Lever.DISABLE_TOOL,
    }
)  # fmt: skip
"""Levers that leave requests without the model's answer: under them nothing of a fix would be tried."""

LOOP_CALLS = 8
"""Tool calls that an answer in a loop is heard to make."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and how often it is asked again."""

    place: int
    samples: int


class Rehearser:
    """Asks requests of a run again."""

    def __init__(self, tracer: Tracer, entries: Sequence[Entry]) -> None:
        """`entries` are the moves of the control plane so far, those of levers included."""
        self._tracer = tracer
        self._ground: Ground = tracer.run.ground
        self._now = self._without_closing(entries)

    def rehearse(self, place: int, neighbours: Sequence[int], samples: int) -> Rehearsal:
        """Ask one request of the configuration it met and of the one now, and its neighbours of the one now."""
        bad = self._ground.behaviour.configs[self._tracer.run.columns.table[place]]
        fixed = self._config(place)
        return Rehearsal(
            self._answers(bad, Asked(place, samples)),
            self._answers(fixed, Asked(place, samples)),
            tuple(self._answers(self._config(one), Asked(one, samples)) for one in neighbours),
            bad.id,
            fixed.id,
        )

    def _without_closing(self, entries: Sequence[Entry]) -> State:
        kept = [entry for entry in entries if entry.order is None or entry.order.lever not in UNANSWERED]
        return self._ground.folder.state(kept)

    def _config(self, place: int) -> Config:
        return self._now.primary[int(self._ground.requests.route[place])]

    def _answers(self, config: Config, asked: Asked) -> tuple[Heard, ...]:
        return tuple(self._heard(asked.place, int(one), config) for one in self._outcomes(config, asked))

    def _outcomes(self, config: Config, asked: Asked) -> Bytes:
        """Toss the coins of one request again and again; the order in which failures win is the engine's."""
        behaviour = self._ground.behaviour
        row = behaviour.number(config) * behaviour.slots.count + int(self._ground.slot[asked.place])
        outcome = np.full(asked.samples, GOOD, dtype=np.uint8)
        for name in reversed(FAILURES):
            outcome[self._draw(name, asked) < behaviour.coins[name][row]] = OUTCOMES.index(name)
        outcome[self._draw("stop", asked) < behaviour.stop[row, outcome]] = BLOCKED
        outcome[self._draw("away", asked) < behaviour.turned_away[row]] = STATIC
        return outcome

    def _draw(self, name: str, asked: Asked) -> Floats:
        own = self._ground.requests.uniform(name, asked.place, asked.place + 1)
        source = generator(self._ground.seed, f"again:{name}:{asked.place}")
        return np.concatenate([own, source.random(asked.samples, dtype=np.float32)])[: asked.samples]

    def _heard(self, place: int, outcome: int, config: Config) -> Heard:
        kind = self._tracer.kinds[self._ground.requests.kind[place]]
        text = self._tracer.texts.answer(kind, OUTCOMES[outcome], place)
        return Heard(text, self._tools(kind, outcome, config))

    def _tools(self, kind: str, outcome: int, config: Config) -> tuple[str, ...]:
        scenario = self._ground.scenario
        if outcome in (STATIC, BLOCKED):
            return ()
        meaning = scenario.kinds.get(kind)
        tools = [name for name in (meaning.tools if meaning else []) if dict(config.serving.tools).get(name) == "on"]
        if outcome == LOOPING:
            tools = [name for name in scenario.loops.tools if name in scenario.tools] or tools
            return tuple(tools[:1] * LOOP_CALLS)
        return tuple(tools)
