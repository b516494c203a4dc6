"""Status pages for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.statuspage.fake import FakeIncidentIo, FakeStatuspage


def specimens() -> Sequence[Specimen]:
    """Return one page of either kind."""
    return (
        Specimen("statuspage", label="statuspage", fake=FakeStatuspage, options={"components": ["k8w3r06qmzrp"]}),
        Specimen("statuspage", label="incident.io", fake=FakeIncidentIo),
    )
