"""Google's dashboard for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.google_status.fake import FakeGoogleStatus


def specimens() -> Sequence[Specimen]:
    """Return a dashboard."""
    return (Specimen("google_status", fake=FakeGoogleStatus, options={"components": ["Z0FZJAMvEB4j3NbCJs6B"]}),)
