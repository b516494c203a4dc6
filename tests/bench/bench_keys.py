"""Key to paint in the whole cockpit while 1,000 traces a second arrive and the plots move; a bare app beside it.

Run: .venv/bin/python tests/bench/bench_keys.py [KEYS]
The drill is a scenario file made here: the injection leak with 100 requests a second, played ten times as fast, so
that the plots have news ten times as often as in a drill at its own pace.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.loads import kept, with_rate
from tests.bench.screen import BARE_LIST, Watched, cockpit, key_times, report, verdict

KEYS = 200
REQUESTS_A_SECOND, SPEED = 100, 10
LEAST_SHARE = 0.97
"""Fewer traces a second than this share of what is asked for is no measurement under that load."""
BEFORE, AFTER = timedelta(minutes=12), timedelta(minutes=40)


def bare(keys: int) -> list[float]:
    """Time the yardstick."""
    with Watched(BARE_LIST) as terminal:
        terminal.wait_for("line 3")
        return key_times(terminal, keys)


def loaded(folder: Path, keys: int) -> tuple[list[float], float]:
    """Time the cockpit's trace list; returns the times and how many traces a second arrived meanwhile."""
    scenario = with_rate(folder, REQUESTS_A_SECOND, BEFORE, AFTER)
    with Watched(cockpit(scenario, folder / "data", "--speed", str(SPEED))) as terminal:
        terminal.wait_for("T+0", "leaks / min", seconds=60)
        terminal.press("4", pause=3.0)
        before, began = kept(folder / "data"), terminal.now
        times = key_times(terminal, keys)
        return times, (kept(folder / "data") - before) / (terminal.now - began)


def main(keys: int) -> int:
    """Measure, print, and return 1 when a bound is missed."""
    report("bare Textual app, a list", bare(keys), bound=False)
    with tempfile.TemporaryDirectory() as folder:
        times, rate = loaded(Path(folder), keys)
    asked = REQUESTS_A_SECOND * SPEED
    held = report("the cockpit, trace list, plots live", times)
    fed = rate >= LEAST_SHARE * asked
    print(f"meanwhile {rate:,.0f} traces a second arrived (≥ {LEAST_SHARE:.0%} of {asked:,}): {verdict(fed)}")
    return int(not (held and fed))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else KEYS))
