"""A page of one's own for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.statuspage_own.fake import FakeOwnPage


def specimens() -> Sequence[Specimen]:
    """Return one page."""
    table = {
        "token": "env:SPECIMEN_TOKEN", "page": "kctbh9vrtdwd", "components": {"0frwxtbsbr91": "partial_outage"},
    }  # fmt: skip
    return (Specimen("statuspage_own", fake=FakeOwnPage, options=table),)
