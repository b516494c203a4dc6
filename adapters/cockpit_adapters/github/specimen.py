"""GitHub for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.github.fake import FakeGitHub


def specimens() -> Sequence[Specimen]:
    """Return one repository."""
    table = {
        "token": "env:SPECIMEN_TOKEN",
        "repository": "acme/ops",
        "labels": ["incident"],
        "people": {"ada": "adal"},
    }
    return (Specimen("github", fake=FakeGitHub, options=table),)
