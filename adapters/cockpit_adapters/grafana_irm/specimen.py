"""Grafana IRM for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.grafana_irm.fake import FakeIRM


def specimens() -> Sequence[Specimen]:
    """Return a stack with a token and an integration."""
    table = {"token": "env:SPECIMEN_TOKEN", "integration_key": "env:SPECIMEN_TOKEN", "schedule": "Nights"}
    return (Specimen("grafana_irm", fake=FakeIRM, options=table),)
