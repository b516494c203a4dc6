"""Linear for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.linear.fake import FakeLinear


def specimens() -> Sequence[Specimen]:
    """Return one team."""
    table = {
        "token": "env:SPECIMEN_TOKEN", "team": "OPS", "labels": ["d3a2f0c1-5f4b-4a52-9c0e-1b2c3d4e5f60"],
        "people": {"ada": "0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f"},
    }  # fmt: skip
    return (Specimen("linear", fake=FakeLinear, options=table),)
