"""Key to paint through a pseudo-terminal, under load and beside a bare Textual app in the same run.

    python tests/bench/bench_keys.py                                  the trace list and four plots, 1,000 traces/s
    python tests/bench/bench_keys.py --ready TEXT --prepare 4 -- CMD …  any program whose list marks its row with ▸

A key counts as painted when the row's mark stands on another line on the wire; repaints of the load don't count.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.hostile.pty_app import PtyApp  # noqa: E402

HOST = str(Path(__file__).with_name("keys_host.py"))
SIZE = (160, 45)
MEDIAN_MS, P95_MS = 20.0, 60.0
TURN = 8
"""Keys in one direction before turning back, so that the list never scrolls."""
PATIENCE_S = 5.0
_MARKED = re.compile(
    rb"\x1b\[(\d+);\d+H(?:(?!\x1b\[\d+;\d+H)[^\n])*?\xe2\x96\xb8"
    rb"(?: |\xe2\x97\x8f)(?:\x1b\[[0-9;]*m)*(?:\d\d:\d\d|line)"
)
"""The mark and what stands behind it in a row, so that other triangles on the screen don't count."""


def marked_row(wire: bytes) -> int | None:
    """Find the line on which the mark was drawn last."""
    rows = _MARKED.findall(wire)
    return int(rows[-1]) if rows else None


def press(app: PtyApp, key: str, row: int) -> tuple[float, int]:
    """Press a key and wait until the mark is on another row; returns milliseconds and that row."""
    start, began = len(app.raw), time.perf_counter()
    app.send(key)
    while time.perf_counter() - began < PATIENCE_S:
        if app.pump_until_written(0.5):
            now = marked_row(app.raw[start:])
            if now is not None and now != row:
                return (time.perf_counter() - began) * 1000, now
    raise SystemExit(f"no answer to a key within {PATIENCE_S:.0f} s")


def measure(command: Sequence[str], ready: str, keys: int, warm_s: float, prepare: str = "") -> list[float]:
    """Time keys against one program, at irregular moments."""
    pauses = random.Random(7)
    times: list[float] = []
    with PtyApp(command, size=SIZE, env={"PYTHONPATH": str(ROOT)}) as app:
        app.wait_for(ready)
        app.pump(warm_s)
        for key in prepare:
            app.send(key)
            app.pump(0.3)
        _, row = press(app, "\x1b[B", -1)
        for number in range(keys):
            app.pump(pauses.uniform(0.02, 0.12))
            key = "\x1b[A" if number // TURN % 2 else "\x1b[B"
            taken, row = press(app, key, row)
            times.append(taken)
    return times


def report(name: str, times: Sequence[float], *, bound: bool = False) -> bool:
    """Print median and 95th percentile, with a verdict when they are bound; returns whether they hold."""
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    held = not bound or (median <= MEDIAN_MS and p95 <= P95_MS)
    limits = f"   (≤ {MEDIAN_MS:.0f} and ≤ {P95_MS:.0f}) {'pass' if held else 'MISS'}" if bound else ""
    print(f"{name:<44} median {median:6.1f} ms  p95 {p95:6.1f} ms  worst {max(times):6.1f} ms{limits}")
    return held


def main() -> int:
    """Measure, print and judge: 0 when within the bounds, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keys", type=int, default=160)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--ready", default="READY")
    parser.add_argument("--warm", type=float, default=3.0, help="seconds before the first key")
    parser.add_argument("--prepare", default="", help="keys that put the keyboard into the list")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    report("bare Textual app (yardstick)", measure([sys.executable, HOST, "bare"], "READY", options.keys, 1.0))
    with tempfile.TemporaryDirectory() as folder:
        command = options.command or [sys.executable, HOST, "load", folder, str(options.rate)]
        name = " ".join(options.command[:3]) or f"trace list, 4 plots, {options.rate} traces/s"
        held = report(name, measure(command, options.ready, options.keys, options.warm, options.prepare), bound=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
