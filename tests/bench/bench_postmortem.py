"""The draft of a long incident beside its limit of half a second.

Run: .venv/bin/python tests/bench/bench_postmortem.py [EVENTS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.events import Kind
from cockpit.playbooks.loader import load_playbook
from cockpit.postmortem.document import render
from cockpit.postmortem.draft import draft
from tests.domain.lines import opened

EVENTS, LIMIT_S, TRIES = 2_000, 0.5, 5
_KINDS = (
    Kind.NOTED,
    Kind.SIGNAL_FIRED,
    Kind.QUESTION_ANSWERED,
    Kind.UPDATE_POSTED,
    Kind.TRACE_PINNED,
    Kind.LEVER_PULLED,
)


def main(count: int) -> int:
    """Time drafts, print, and return 1 when the slowest takes too long."""
    lines = opened()
    for number in range(count - len(lines.events)):
        lines.add(
            number, _KINDS[number % len(_KINDS)], text=f"looked at {number}: answers of other tenants", trace=number,
            op=f"L{number}", lever="kill_switch", question="changed", answer="index", audience="team", signal="leaks",
        )  # fmt: skip
    playbook, taken = load_playbook("default"), []
    for _ in range(TRIES):
        begun = time.perf_counter()
        render(draft(lines.events, playbook))
        taken.append(time.perf_counter() - begun)
    ok = max(taken) <= LIMIT_S
    print(
        f"draft of {count} events: median {sorted(taken)[TRIES // 2]:.3f} s, slowest {max(taken):.3f} s "
        f"(limit {LIMIT_S:g} s): {'pass' if ok else 'MISS'}"
    )
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else EVENTS))
