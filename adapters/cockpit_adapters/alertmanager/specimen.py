"""Alertmanager for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.alertmanager.fake import FakeAlertmanager


def specimens() -> Sequence[Specimen]:
    """Return one behind a token."""
    return (Specimen("alertmanager", fake=FakeAlertmanager, options={"token": "env:SPECIMEN_TOKEN"}),)
