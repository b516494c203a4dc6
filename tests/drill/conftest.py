"""Drills on a real journal in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.journal.log import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal.db", clock=WallClock())
    yield opened
    opened.close()
