"""Apprise's addresses are secrets, which no served fake can be named by; `tests/adapters/test_apprise.py` sends."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen


def specimens() -> Sequence[Specimen]:
    """Return none."""
    return ()
