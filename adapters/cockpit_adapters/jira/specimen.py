"""Jira for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.jira.fake import FakeJira


def specimens() -> Sequence[Specimen]:
    """Return one project."""
    table = {
        "token": "env:SPECIMEN_TOKEN", "user": "ops@example.com", "project": "OPS", "labels": ["incident"],
        "people": {"ada": "5b10a2844c20165700ede21g"},
    }  # fmt: skip
    return (Specimen("jira", fake=FakeJira, options=table),)
