"""Opsgenie for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.opsgenie.fake import FakeOpsgenie


def specimens() -> Sequence[Specimen]:
    """Return one account."""
    return (Specimen("opsgenie", fake=FakeOpsgenie, options={"token": "env:SPECIMEN_TOKEN", "schedule": "Nights"}),)
