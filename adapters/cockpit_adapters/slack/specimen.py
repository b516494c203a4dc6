"""Slack for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.slack.fake import FakeSlack


def specimens() -> Sequence[Specimen]:
    """Return one channel."""
    return (Specimen("slack", fake=FakeSlack, options={"token": "env:SPECIMEN_TOKEN", "channel": "C0123456789"}),)
