"""Braintrust as the contract suite tries it."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.braintrust.fake import FakeBraintrust


def specimens() -> Sequence[Specimen]:
    """Return a project with one trace."""
    options = {"token": "env:SPECIMEN_TOKEN", "project": "support-bot"}
    return (Specimen("braintrust", fake=FakeBraintrust, options=options),)
