"""What responders can see of each answer: the scanner's flag at once, the judge's scores later, users' thumbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.engine import Bools, Places, Run
from cockpit.simulator.requests import Bytes
from cockpit.simulator.shelf import Shelf
from cockpit.simulator.streams import Floats
from cockpit.simulator.vocabulary import (
    BLOCKED,
    ERROR,
    GOOD,
    LEAK,
    LEAKED,
    LOOP,
    LOOPING,
    LOW,
    OK,
    OUTCOMES,
    REFUSAL,
    REFUSED,
    SERVED_STATIC,
    STATIC,
    TOOL_ERROR,
    UNJUDGED,
    WRONG,
)

PASS_MARK = 3.0
BAD_MARK = 2.0
LOW_MARK = 2.5

SCORES: dict[str, tuple[float, float, float, float]] = {
    "good": (4.6, 4.9, 4.6, 4.5),
    "hallucinated": (1.6, 4.8, 4.0, 3.9),
    "leaked": (3.9, 1.2, 1.7, 3.4),
    "refused": (4.4, 4.9, 2.6, 3.4),
    "tool_error": (3.6, 4.8, 3.4, 1.8),
    "looping": (3.4, 4.7, 2.8, 1.2),
    "static": (4.8, 5.0, 4.6, 4.6),
    "blocked": (4.6, 5.0, 3.2, 3.6),
}
"""Mean scores on the four axes by outcome, unless the scenario says otherwise."""


_NOWHERE: Places = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Judged:
    """The judge's words, for the requests it looked at: when they arrive, scores in half points, the verdict."""

    place: NDArray[np.int32]
    at: Floats
    scores: Bytes
    verdict: Bytes

    @staticmethod
    def joined(parts: Sequence[Judged]) -> Judged:
        """Put stretches one after another."""
        none = Judged(*(np.zeros(size, dtype) for size, dtype in _EMPTY))
        return Judged(
            *(np.concatenate([getattr(one, field.name) for one in (none, *parts)]) for field in fields(none))
        )

    def on(self, shelf: Shelf) -> Judged:
        """Return the same, kept on a shelf."""
        return Judged(*(shelf.keep(getattr(self, field.name)) for field in fields(self)))

    def of(self, places: Places, at: float) -> Places:
        """Return where the words on some requests are, -1 where none have arrived by a moment."""
        if not len(self.place):
            return np.full(len(places), -1)
        near = np.minimum(np.searchsorted(self.place, places.astype(np.int32)), len(self.place) - 1)
        known = (self.place[near] == places) & (self.at[near] <= at)
        return np.where(known, near, -1)

    def score(self, which: int) -> tuple[float | None, ...]:
        """Return the four scores at a place of these columns."""
        return tuple(int(half) / 2.0 for half in self.scores[which])


_EMPTY: tuple[tuple[Any, Any], ...] = ((0, np.int32), (0, np.float32), ((0, 4), np.uint8), (0, np.uint8))


class Seen:
    """Columns of signs, made from a run's truth."""

    def __init__(self, run: Run) -> None:
        self.run = run
        requests, shelf = run.ground.requests, run.ground.shelf
        self.flag: Bytes = shelf.room((requests.count,), np.uint8)
        self.thumbs: Bools = shelf.room((requests.count,), np.bool_)
        parts = requests.parts()
        self.judged = Judged.joined([self._chunk(part.start, part.stop) for part in parts]).on(shelf)
        self.complained = np.concatenate([_NOWHERE, *(self._complaints(part) for part in parts)])
        late = run.scenario.feedback.delay * np.exp(0.6 * requests.normal_of("complain", self.complained))
        self.complained_at: NDArray[np.float64] = self.finish(self.complained) + late

    def finish(self, which: slice | Places) -> Floats:
        """Return when some answers came to an end, in seconds after the start."""
        return np.asarray(self.run.ground.requests.at[which] + self.run.columns.total[which], dtype=np.float32)

    def flagged(self, signs: Sequence[int]) -> tuple[Places, Floats]:
        """Return which requests the scanner gave one of some signs, and when they came to an end."""
        requests, shelf = self.run.ground.requests, self.run.ground.shelf
        places, ended = [_NOWHERE], [np.zeros(0, dtype=np.float32)]
        for part in requests.parts():
            places.append(part.start + np.flatnonzero(np.isin(self.flag[part], signs)))
            ended.append(self.finish(places[-1]))
            shelf.release()
        return np.concatenate(places), np.concatenate(ended)

    def _complaints(self, part: slice) -> Places:
        """Return which requests of a stretch end in a complaint by mail."""
        complain = self.run.scenario.feedback.complain
        chance = np.asarray([complain.get(name, 0.0) for name in OUTCOMES], dtype=np.float32)
        drawn = self.run.ground.requests.uniform("complain", part.start, part.stop)
        place: Places = part.start + np.flatnonzero(drawn < chance[self.run.columns.outcome[part]])
        return place[~self.attacks(place)]

    def attacks(self, places: Places) -> Bools:
        """Return which of some requests are attacks."""
        return np.asarray(self.run.scenario.attack_kinds)[self.run.ground.requests.kind[places]]

    def _chunk(self, start: int, stop: int) -> Judged:
        part = slice(start, stop)
        outcome = self.run.columns.outcome[part]
        self.flag[part] = self._scanned(outcome, start, stop)
        feedback = self.run.scenario.feedback.thumbs_down
        chance = np.asarray([feedback.get(name, 0.0) for name in OUTCOMES], dtype=np.float32)
        self.thumbs[part] = self.run.ground.requests.uniform("thumbs", start, stop) < chance[outcome]
        return self._judge(outcome, start, stop)

    def _scanned(self, outcome: Bytes, start: int, stop: int) -> Bytes:
        scanner = self.run.scenario.scanner
        drawn = self.run.ground.requests.uniform("scan", start, stop)
        recall = np.zeros(len(OUTCOMES), dtype=np.float32)
        flag = np.zeros(len(OUTCOMES), dtype=np.uint8)
        noticed = (
            (LEAKED, scanner.leaked, LEAK),
            (REFUSED, scanner.refused, REFUSAL),
            (BLOCKED, 1.0, REFUSAL),
            (TOOL_ERROR, scanner.tool_error, ERROR),
            (LOOPING, scanner.looping, LOOP),
            (STATIC, 1.0, SERVED_STATIC),
            (GOOD, scanner.false_refusal, REFUSAL),
        )
        for place, share, sign in noticed:
            recall[place], flag[place] = share, sign
        return np.where(drawn < recall[outcome], flag[outcome], UNJUDGED).astype(np.uint8)

    def _judge(self, outcome: Bytes, start: int, stop: int) -> Judged:
        requests, judge = self.run.ground.requests, self.run.scenario.judge
        drawn = requests.uniform("judge", start, stop)
        here = np.flatnonzero((drawn < judge.share) & (outcome != STATIC))
        means = np.asarray([judge.scores.get(name, SCORES[name]) for name in OUTCOMES], dtype=np.float32)
        score = means[outcome[here]]
        for axis in range(4):
            score[:, axis] += judge.noise * requests.normal(f"score:{axis}", start, stop)[here]
        halves = np.clip(np.rint(score * 2.0), 2, 10).astype(np.uint8)
        place = here + start
        late = judge.delay * np.exp(0.5 * requests.normal("late", start, stop)[here])
        at = np.asarray(self.finish(place) + late, dtype=np.float32)
        return Judged(place.astype(np.int32), at, halves, verdicts(halves))

    def known_of(self, places: NDArray[np.int64], at: float) -> Bytes:
        """Return what is known of some requests at a moment: the judge's word, else the scanner's."""
        flag = np.where(self.finish(places) <= at, self.flag[places], UNJUDGED)
        which = self.judged.of(places, at)
        judged = which >= 0
        verdict = np.zeros(len(places), dtype=np.uint8)
        verdict[judged] = self.judged.verdict[which[judged]]
        weak = (flag == UNJUDGED) | (verdict == LEAK)
        return np.where(judged & weak, verdict, flag).astype(np.uint8)


def verdicts(halves: Bytes) -> Bytes:
    """Turn scores in half points into the judge's verdict."""
    verdict = np.full(len(halves), OK, dtype=np.uint8)
    verdict[halves.min(axis=1) <= LOW_MARK * 2] = LOW
    verdict[halves[:, 0] <= BAD_MARK * 2] = WRONG
    verdict[halves[:, 1] <= BAD_MARK * 2] = LEAK
    return verdict
