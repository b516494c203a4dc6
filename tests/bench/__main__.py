"""All measurements in turn: `python tests/bench [NAME …]`, for instance `python tests/bench startup keys`.

Every bench_*.py beside this file is a program of its own. It prints each figure on one line beside its yardstick and
ends the line with "pass" or "MISS" where there is a limit; it exits with 1 when a limit is missed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VERDICT = re.compile(r"\b(pass|miss)\b", re.IGNORECASE)


def wanted(names: list[str]) -> list[Path]:
    """Return the programs to run, all of them when none is named."""
    found = sorted(HERE.glob("bench_*.py"))
    known = {path.stem.removeprefix("bench_"): path for path in found}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"there is no bench {', '.join(unknown)}: there are {', '.join(known)}", file=sys.stderr)
        raise SystemExit(2)
    return [known[name] for name in names] or found


def run(program: Path) -> tuple[int, list[str]]:
    """Run one, passing on what it prints; return its exit code and the lines that carry a verdict."""
    verdicts = []
    started = time.monotonic()
    print(f"── {program.stem}", flush=True)
    with subprocess.Popen([sys.executable, str(program)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(f"   {line}", end="", flush=True)
            if VERDICT.search(line):
                verdicts.append(line.strip())
    print(f"   ({time.monotonic() - started:.0f} s)\n", flush=True)
    return process.returncode, verdicts


def main(names: list[str]) -> int:
    """Run them, print a summary, and return 1 when a limit was missed or a program failed."""
    results = {program: run(program) for program in wanted(names)}
    print("── summary")
    for program, (code, verdicts) in results.items():
        for line in verdicts:
            print(f"   {line}")
        if code and not any("miss" in line.lower() for line in verdicts):
            print(f"   {program.stem} failed with exit code {code}: MISS")
    return int(any(code for code, _ in results.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
