"""What a pull shows against what is so: the saga beside what a script does, through the same sixteen faults.

Run: .venv/bin/python tests/bench/bench_saga.py [RUNS]
Every fault is met RUNS times, half of the time healing after 0.8 s. `late` is met 40 times more: there the first
request is held in the network for two seconds and arrives when its sender has long given up.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.levers import Stage
from tests.bench.pulls import CLIENTS, FAULTS, Pulled, pulls

RUNS = 10
LATE_RUNS = 20


def share(part: int, whole: int) -> str:
    """Return a part of a whole as people read it."""
    return f"{part} of {whole} ({100 * part / whole:.0f} %)"


def tell(title: str, done: Sequence[Pulled]) -> bool:
    """Print how every client did; return whether the saga was never wrong and never doubled."""
    fine = True
    for name in CLIENTS:
        mine = [one for one in done if one.client == name]
        wrong, double = sum(one.wrong for one in mine), sum(one.applied > 1 for one in mine)
        unknown = sum(one.shown is Stage.UNKNOWN for one in mine)
        limit = ""
        if name == "saga":
            fine = not wrong and not double
            limit = f" (limit 0 and 0): {'pass' if fine else 'MISS'}"
        figures = f"wrong {share(wrong, len(mine))}, twice {share(double, len(mine))}, unknown {unknown}"
        print(f"{title}, {name}: {figures}, {max(one.seconds for one in mine):.1f} s at most{limit}", flush=True)
        for one in mine if name == "saga" else ():
            if one.wrong or one.applied > 1:
                print(f"  {one}")
    return fine


def main(runs: int) -> int:
    """Measure, print, and return 1 when the saga was wrong or doubled once."""
    fine = tell("sixteen faults", pulls(CLIENTS, FAULTS, runs))
    late = tell("late arrival", pulls(CLIENTS, ("late",), LATE_RUNS))
    return 0 if fine and late else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else RUNS))
