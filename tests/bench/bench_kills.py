"""Processes killed inside a pull: what the next one finds, finishes, and never does twice.

Run: .venv/bin/python tests/bench/bench_kills.py [KILLS]
Every process journals its intent, carries it out and journals the end, over and over, and is ended by SIGKILL at a
random moment of its first 0.3 s; the next one goes on with the same journal and the same system.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.world.kills import kill

KILLS = 200


def main(kills: int) -> int:
    """Kill, print, and return 1 when anything was wrong, doubled, unrecorded or begun too early."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        toll = kill(Path(folder), kills, seed=7)
    print(f"{toll.kills} kills in {toll.pulls} pulls, {toll.cut} left without an end, {toll.unknown} unknown")
    print(
        f"after restart: wrong {toll.wrong}, twice {toll.double}, unrecorded {toll.unrecorded}, "
        f"begun too early {toll.early} (limit 0 each): {'pass' if toll.fine else 'MISS'}"
    )
    print(f"({time.monotonic() - began:.0f} s)")
    return 0 if toll.fine else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else KILLS))
