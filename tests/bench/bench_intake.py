"""Measure the import of 100,000 spans: read, understood, put together, stored, and their words indexed.

Run: .venv/bin/python tests/bench/bench_intake.py [SPANS]
The yardstick in the same run is what Python's own JSON takes for the same lines.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.genai import SPANS_A_TRACE, otlp_lines

SPANS, LIMIT_S = 100_000, 20.0


def main(spans: int) -> int:
    """Measure, print, and return 1 when the limit is missed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spans.jsonl"
        with file.open("w") as stream:
            stream.writelines(line + "\n" for line in otlp_lines(spans // SPANS_A_TRACE, random.Random(3)))
        begun = time.perf_counter()
        for line in file.open():
            json.loads(line)
        yardstick = time.perf_counter() - begun
        begun = time.perf_counter()
        command = [sys.executable, "-m", "cockpit", "traces", "import", str(file), "--data", folder, "--json"]
        told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        took = time.perf_counter() - begun
    limit = LIMIT_S * spans / SPANS
    sound = told["kept"] == spans // SPANS_A_TRACE and told["spans"] == spans and took <= limit
    print(
        f"cockpit traces import, {told['spans']:,} spans ({told['kept']:,} traces): {took:.1f} s   "
        f"(≤ {limit:.0f} s) {'pass' if sound else 'MISS'}; yardstick: json.loads of the same lines {yardstick:.1f} s"
    )
    return int(not sound)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SPANS))
