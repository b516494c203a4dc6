"""The draft of a long incident beside its limit of half a second, alone and through the screen.

Through the screen means: the journal read and checked, drafted, merged with the document, linted, and laid out as
rows for 80 columns.

Run: .venv/bin/python tests/bench/bench_postmortem.py [EVENTS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.journal.log import Journal
from cockpit.playbooks.loader import load_playbook
from cockpit.postmortem.document import places, render
from cockpit.postmortem.draft import draft
from cockpit.postmortem.writer import Writer
from cockpit.tui.postmortem.layout import page_rows
from tests.domain.lines import PAGE, opened

SMALL = 54
"""Cells of the text on a screen of 80 columns."""
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
    playbook = load_playbook("default")
    with tempfile.TemporaryDirectory() as folder:
        writer, incident = _desk(Path(folder), lines.events)
        passed = [
            _timed(f"draft of {count} events", lambda: render(draft(lines.events, playbook))),
            _timed("the same through the screen", lambda: _read(writer, incident)),
        ]
    return 0 if all(passed) else 1


def _timed(name: str, work: Callable[[], object]) -> bool:
    taken = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    ok = max(taken) <= LIMIT_S
    print(
        f"{name}: median {sorted(taken)[TRIES // 2]:.3f} s, slowest {max(taken):.3f} s "
        f"(limit {LIMIT_S:g} s): {'pass' if ok else 'MISS'}"
    )
    return ok


def _desk(folder: Path, events: list[Event]) -> tuple[Writer, str]:
    @contextmanager
    def journal() -> Iterator[Journal]:
        opened = Journal.open(folder / "journal.db", clock=ManualClock(PAGE + timedelta(days=1)))
        try:
            yield opened
        finally:
            opened.close()

    first, *more = [NewEvent(one.kind, one.at, one.actor, one.source, one.payload) for one in events]
    with journal() as log:
        incident = log.open_incident([first])
        log.append(incident, more, expected_seq=1)
    return Writer(journal, folder, "ada"), incident


def _read(writer: Writer, incident: str) -> object:
    page = writer.open(incident)
    return page_rows(page.text, places(page.text), page.findings, SMALL)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else EVENTS))
