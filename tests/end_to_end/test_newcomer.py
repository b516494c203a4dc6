"""A newcomer plays a drill from the page to the close, by the keys that the screen names, in under five minutes."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.incident import fold
from cockpit.journal.log import Journal
from tests.end_to_end.newcomer import Newcomer
from tests.golden.nights import INCIDENT, copied
from tests.terminal import Size, Terminal

FIVE_MINUTES = 300
CLOSED = "is closed. esc leaves"


@pytest.mark.integration
@pytest.mark.timeout(200)
def test_a_newcomer_closes_a_drill_that_is_over_from_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = copied(tmp_path / "data")
    command = [sys.executable, "-m", "cockpit", "--data", str(data)]
    with Terminal(command, Size(80, 24), {"XDG_CONFIG_HOME": str(tmp_path)}) as terminal:
        terminal.wait_for("L learn", INCIDENT, "not closed", seconds=60)
        terminal.press("end", "L")
        newcomer = Newcomer(terminal)
        newcomer.play(lambda text: CLOSED in text, FIVE_MINUTES)
        took = newcomer.seconds
    check_closed(data)
    with capsys.disabled():
        print(f"\na newcomer closes a drill that is over in {took:.0f} s, with {len(newcomer.pressed)} keys")


def check_closed(data: Path) -> None:
    """Check that case, alert, postmortem and close are on record, and nothing was waived."""
    with closing(Journal.open(data / "journal.db", clock=WallClock(), read_only=True)) as journal:
        learning = fold(journal.events(INCIDENT)).learning
    assert learning.proven
    assert learning.alerts
    assert learning.written.done_at
    assert learning.closed_at
    assert not learning.waivers


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_a_newcomer_closes_a_drill_with_postmortem_and_proven_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "cockpit", "drill", "injection-leak", "--speed", "60", "--data", str(data)]
    with Terminal(command, Size(100, 30), {"XDG_CONFIG_HOME": str(tmp_path)}) as terminal:
        newcomer = Newcomer(terminal)
        newcomer.play(lambda text: CLOSED in text, FIVE_MINUTES)
        took = newcomer.seconds
    check_closed(data)
    with capsys.disabled():
        print(f"\na newcomer closes a drill in {took:.0f} s, with {len(newcomer.pressed)} keys")
