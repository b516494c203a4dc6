"""How things stand, in a word: a clock that stands still, and a signal against its line."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.events import Kind, NewEvent
from cockpit.tui.panes.status import status
from cockpit.tui.panes.words import against_line
from cockpit.world.port import Series
from tests.tui.fakes import FakeController


@pytest.mark.parametrize(("payload", "words"), [({}, "⏸ paused"), ({"held": True}, "⏸ held")])
def test_a_clock_that_stands_still(payload: dict[str, Any], words: str) -> None:
    controller = FakeController()
    stop = NewEvent(Kind.DRILL_PAUSED, controller.clock.now(), "lin", payload=payload)
    controller.session.record([stop])
    assert words in status(controller.renew(), 120).plain
    assert ("trainer" in controller.session.may("resume", actor="you")) == bool(payload)


@pytest.mark.parametrize(
    ("latest", "floor", "words"),
    [(5.0, False, "▲ over its line"), (1.0, False, "✔ inside its line"), (1.0, True, "▼ under its line")],
)
def test_a_signal_against_its_line(latest: float, floor: bool, words: str) -> None:
    series = Series("quality_pct", "quality %", "%", (latest,), latest, 3.0, threshold=3.0, floor=floor)
    assert against_line(series)[0] == words
