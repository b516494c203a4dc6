"""The status bar of a drill whose clock stands still says whose word lets it go on."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.events import Kind, NewEvent
from cockpit.tui.panes.status import status
from tests.tui.fakes import FakeController


@pytest.mark.parametrize(("payload", "words"), [({}, "⏸ paused"), ({"held": True}, "⏸ held")])
def test_a_clock_that_stands_still(payload: dict[str, Any], words: str) -> None:
    controller = FakeController()
    stop = NewEvent(Kind.DRILL_PAUSED, controller.clock.now(), "lin", payload=payload)
    controller.session.record([stop])
    assert words in status(controller.renew(), 120).plain
    assert ("trainer" in controller.session.may("resume", actor="you")) == bool(payload)
