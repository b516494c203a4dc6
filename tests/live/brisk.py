"""Pauses as short as toy systems need them; real systems are tested with the pauses of real life."""

from __future__ import annotations

from functools import partial

import pytest

from cockpit.live import runner
from cockpit.world import http, watching
from cockpit.world.wire import Streak

SPREAD_S = 0.3
"""Still long enough for several bursts of probes."""


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses between looks, probes and repeats in this process."""
    monkeypatch.setattr(watching, "Streak", partial(Streak, spread_s=SPREAD_S))
    monkeypatch.setattr(watching, "PAUSE_S", 0.03)
    monkeypatch.setattr(http, "PAUSE_S", 0.02)
    monkeypatch.setattr(runner, "WATCH_S", 0.05)
    monkeypatch.setattr(runner, "SEAT_S", 0.1)


@pytest.fixture(autouse=True)
def _brisk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("integration") is None:
        hurry(monkeypatch)
