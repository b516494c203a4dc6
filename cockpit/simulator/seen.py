"""What responders can see of each answer: the scanner's flag at once, the judge's scores later, users' thumbs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.engine import CHUNK, Bools, Run
from cockpit.simulator.requests import Bytes
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

NEVER = np.float32(np.inf)
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


class Seen:
    """Columns of signs, made from a run's truth."""

    def __init__(self, run: Run) -> None:
        self.run = run
        count = run.ground.requests.count
        self.finish: NDArray[np.float32] = (run.ground.requests.at + run.columns.total).astype(np.float32)
        self.flag: Bytes = np.zeros(count, dtype=np.uint8)
        self.judged_at: Floats = np.full(count, NEVER, dtype=np.float32)
        self.scores: Bytes = np.zeros((count, 4), dtype=np.uint8)
        """Scores in half points; 0 where there is none."""
        self.verdict: Bytes = np.zeros(count, dtype=np.uint8)
        """The judge's verdict; UNJUDGED where it did not look."""
        self.thumbs: Bools = np.zeros(count, dtype=bool)
        for start in range(0, count, CHUNK):
            self._chunk(start, min(start + CHUNK, count))

        self.complained, self.complained_at = self._complaints()

    def _complaints(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return which requests end in a complaint by mail, and when it arrives."""
        run = self.run
        feedback = run.scenario.feedback
        chance = np.asarray([feedback.complain.get(name, 0.0) for name in OUTCOMES], dtype=np.float32)
        place = np.flatnonzero(run.ground.requests.uniform("complain") < chance[run.columns.outcome])
        place = place[~self.attacks[place]]
        late = feedback.delay * np.exp(0.6 * run.ground.requests.normal("complain")[place])
        return place, self.finish[place] + late

    @property
    def attacks(self) -> Bools:
        """Which requests are attacks."""
        return np.asarray(self.run.scenario.attack_kinds)[self.run.ground.requests.kind]

    def _chunk(self, start: int, stop: int) -> None:
        part = slice(start, stop)
        outcome = self.run.columns.outcome[part]
        self.flag[part] = self._scanned(outcome, start, stop)
        feedback = self.run.scenario.feedback.thumbs_down
        chance = np.asarray([feedback.get(name, 0.0) for name in OUTCOMES], dtype=np.float32)
        self.thumbs[part] = self.run.ground.requests.uniform("thumbs", start, stop) < chance[outcome]
        self._judged(outcome, start, stop)

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

    def _judged(self, outcome: Bytes, start: int, stop: int) -> None:
        requests, judge = self.run.ground.requests, self.run.scenario.judge
        drawn = requests.uniform("judge", start, stop)
        here = np.flatnonzero((drawn < judge.share) & (outcome != STATIC))
        if not len(here):
            return
        means = np.asarray([judge.scores.get(name, SCORES[name]) for name in OUTCOMES], dtype=np.float32)
        score = means[outcome[here]]
        for axis in range(4):
            score[:, axis] += judge.noise * requests.normal(f"score:{axis}", start, stop)[here]
        halves = np.clip(np.rint(score * 2.0), 2, 10).astype(np.uint8)
        place = here + start
        self.scores[place] = halves
        late = judge.delay * np.exp(0.5 * requests.normal("late", start, stop)[here])
        self.judged_at[place] = self.finish[place] + late
        self.verdict[place] = verdicts(halves)

    def known_of(self, places: NDArray[np.int64], at: float) -> Bytes:
        """Return what is known of some requests at a moment: the judge's word, else the scanner's."""
        flag = np.where(self.finish[places] <= at, self.flag[places], UNJUDGED)
        judged = self.judged_at[places] <= at
        weak = (flag == UNJUDGED) | (self.verdict[places] == LEAK)
        return np.where(judged & weak, self.verdict[places], flag).astype(np.uint8)


def verdicts(halves: Bytes) -> Bytes:
    """Turn scores in half points into the judge's verdict."""
    verdict = np.full(len(halves), OK, dtype=np.uint8)
    verdict[halves.min(axis=1) <= LOW_MARK * 2] = LOW
    verdict[halves[:, 0] <= BAD_MARK * 2] = WRONG
    verdict[halves[:, 1] <= BAD_MARK * 2] = LEAK
    return verdict
