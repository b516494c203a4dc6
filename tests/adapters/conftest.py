"""Pauses between repeats as short as fakes need them."""

from __future__ import annotations

import pytest

from cockpit.world import http


@pytest.fixture(autouse=True)
def _brisk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.path.name.endswith("_real.py"):
        monkeypatch.setattr(http, "PAUSE_S", 0.002)
