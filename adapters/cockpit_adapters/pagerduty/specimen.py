"""PagerDuty for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.pagerduty.fake import FakePagerDuty


def specimens() -> Sequence[Specimen]:
    """Return an account with both keys."""
    table = {
        "token": "env:SPECIMEN_TOKEN", "routing_key": "env:SPECIMEN_TOKEN", "user": FakePagerDuty.USER,
        "service": "PSVC001",
    }  # fmt: skip
    return (Specimen("pagerduty", fake=FakePagerDuty, options=table),)
