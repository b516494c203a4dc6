"""Opsgenie and JSM Operations for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.opsgenie.fake import FakeOpsgenie
from cockpit_adapters.opsgenie.fake_jsm import CLOUD, FakeJsm


def specimens() -> Sequence[Specimen]:
    """Return one account of each."""
    site = {"token": "env:SPECIMEN_TOKEN", "user": "ops@example.com", "cloud": CLOUD, "schedule": "s-1"}
    return (
        Specimen("opsgenie", fake=FakeOpsgenie, options={"token": "env:SPECIMEN_TOKEN", "schedule": "Nights"}),
        Specimen("opsgenie", "jsm", fake=FakeJsm, options=site),
    )
