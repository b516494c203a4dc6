"""What the tests of the screens share: no blinking cursors, no colour settings of the machine."""

from __future__ import annotations

import pytest

from tests.tui.painting import paint_when_waited_for
from tests.tui.sheets import read_once


@pytest.fixture(autouse=True)
def calm_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what would make two runs differ."""
    for name in ("NO_COLOR", "TEXTUAL", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture(autouse=True)
def painting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw what a test can look at, and nothing between."""
    paint_when_waited_for(monkeypatch)


@pytest.fixture(autouse=True)
def sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each style sheet once."""
    read_once(monkeypatch)
