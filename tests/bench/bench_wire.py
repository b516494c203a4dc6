"""How often a change is called proven while a second worker still serves the old configuration.

Run: .venv/bin/python tests/bench/bench_wire.py [BURSTS]
Two workers share a listening socket; one has the new configuration, the other never gets it, so that every proof is
a false one. Probes go out as the cockpit sends them, and one at a time as a script does. Beside the proofs that were
really made stands what the bursts say: how many of them the new worker alone answered, and how likely so many of them
in a row are if they are independent.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.world.contract import Expectation
from cockpit.world.options import ProbeOptions
from cockpit.world.port import Proof
from cockpit.world.wire import ANSWERS, AT_ONCE, Answered, Prober, Streak
from tests.world.workers import Workers

BURSTS = 200
PAUSES_S = (0.0, 0.02)
WORK_S = (0.0, 0.005, 0.05)
NEW = Expectation("header:x-config", ("new",))


class Bursts:
    """Takes answers in bursts, as a streak does, and keeps who gave them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.streak = Streak(NEW, ANSWERS, spread_s=0.0)
        self.answers: list[str] = []
        self.false = 0

    def run(self, prober: Prober, bursts: int, pause_s: float) -> None:
        """Send so many bursts; after a proof begin anew."""
        for _ in range(bursts):
            self._step(prober)
            time.sleep(pause_s)

    def _step(self, prober: Prober) -> None:
        taken = Taken(self.streak, self.answers)
        if prober.step(taken).enough:
            self.false += 1
            self.streak = Streak(NEW, ANSWERS, spread_s=0.0)

    @property
    def alone(self) -> tuple[int, int]:
        """How many bursts the new worker alone answered, and of how many."""
        parts = [self.answers[at : at + self._size] for at in range(0, len(self.answers), self._size)]
        return sum(set(part) == {"new"} for part in parts), len(parts)

    @property
    def longest(self) -> int:
        """How many answers in a row the new worker gave at most."""
        return longest_run(self.answers)


class Taken(Streak):
    """Feeds another streak, and notes what was answered."""

    def __init__(self, streak: Streak, answers: list[str]) -> None:
        super().__init__(NEW)
        self._streak = streak
        self._answers = answers

    def observe(self, answer: Answered) -> None:
        """Take one answer."""
        self._answers.append(answer.headers["x-config"])
        self._streak.observe(answer)

    @property
    def proof(self) -> Proof:
        """What the other streak says."""
        return self._streak.proof


def longest_run(answers: Sequence[str]) -> int:
    """Return how many new answers came in a row at most."""
    longest = run = 0
    for answer in answers:
        run = run + 1 if answer == "new" else 0
        longest = max(longest, run)
    return longest


def main(bursts: int) -> int:
    """Measure, print, and return 1 when a proof was false."""
    fine = True
    for work_s in WORK_S:
        with Workers(work_s) as workers:
            workers.serve("new", "old")
            for size in (1, AT_ONCE):
                probe = ProbeOptions(url=workers.url, method="GET")
                prober = Prober(probe, lambda _: "", lambda: datetime.now(UTC), at_once=size)
                done = Bursts(size)
                for pause_s in PAUSES_S:
                    done.run(prober, bursts * AT_ONCE // size // len(PAUSES_S), pause_s)
                fine &= tell(done, size, work_s)
                prober.close()
    return 0 if fine else 1


def tell(done: Bursts, size: int, work_s: float) -> bool:
    """Print how one way of probing did; only the cockpit's own has limits."""
    alone, of = done.alone
    chance = (alone / of) ** (ANSWERS / size)
    own = size == AT_ONCE
    fine = not own or not done.false
    limit = f" (limit 0): {'pass' if fine else 'MISS'}" if own else ""
    likely = f", {alone} of {of} bursts all new: {chance:.0e} for {ANSWERS} answers" if own else ""
    print(
        f"{size} at once, answers after {work_s * 1000:.0f} ms: {done.longest} new in a row{likely}; "
        f"false proofs {done.false}{limit}",
        flush=True,
    )
    return fine


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else BURSTS))
