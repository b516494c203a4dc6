"""First useful frame of a drill against that of a bare Textual app, and how long until the page is on the screen.

Run: .venv/bin/python tests/bench/bench_startup.py [RUNS]
Both are started in turn on a pseudo-terminal of 160×45. A frame is useful when the drawn screen shows every pane's
title and the bar of keys: nothing that scrolls by or is cleared again counts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.terminal import Terminal

LIMIT = 1.8
RUNS = 9
BARE_APP = Path(__file__).with_name("bare_app.py")
BARE = ("bare app is drawn", "Quit")
PANES = ("Severity", "Decision tree", "Signals", "Traces", "Levers", "Comms log", "Quit")
PAGED = ("T+0",)
LONGEST = 30.0


def drill(data: str) -> list[str]:
    """Return the command that opens a new drill."""
    return [sys.executable, "-m", "cockpit", "drill", "injection-leak", "--seed", "7", "--data", data]


def seconds_until(command: Sequence[str], texts: Sequence[str]) -> float:
    """Run a program and return when its screen first showed all the texts.

    Raises:
        TimeoutError: it never did.
    """
    with Terminal(command) as terminal:
        listened = 0.0
        while listened < LONGEST:
            going_on = terminal.listen(0.5)
            listened += 0.5
            found = terminal.first(lambda screen: all(text in screen for text in texts))
            if found is not None:
                return found
            if not going_on:
                break
        raise TimeoutError(f"never saw {list(texts)}:\n{terminal.text()}")


def main(runs: int) -> int:
    """Measure, print, and return 1 when the bound is missed."""
    bare, cockpit = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs + 1):
            times = (
                seconds_until([sys.executable, str(BARE_APP)], BARE),
                seconds_until(drill(f"{folder}/{number}"), PANES),
            )
            if number:  # the first of each only fills the caches
                bare.append(times[0])
                cockpit.append(times[1])
        paged = seconds_until(drill(f"{folder}/page"), (*PANES, *PAGED))
    ratio = statistics.median(cockpit) / statistics.median(bare)
    fine = ratio <= LIMIT
    print(
        f"first useful frame: {ratio:.2f} × a bare Textual app ({statistics.median(cockpit) * 1000:.0f} ms against "
        f"{statistics.median(bare) * 1000:.0f} ms, median of {runs}, limit {LIMIT} ×): {'pass' if fine else 'MISS'}"
    )
    print(f"the page is on the screen after {paged:.1f} s (the drill begins 5 s before it, at speed 1)")
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else RUNS))
