"""Mail speaks no HTTP, so there is nothing to serve; `tests/adapters/test_smtp.py` runs a mail server instead."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen


def specimens() -> Sequence[Specimen]:
    """Return none."""
    return ()
