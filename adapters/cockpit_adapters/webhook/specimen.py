"""A webhook for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.webhook.fake import FakeReceiver


def specimens() -> Sequence[Specimen]:
    """Return a receiver that knows keys."""
    table = {"token": "env:SPECIMEN_TOKEN", "signing_secret": "env:SPECIMEN_TOKEN", "once": True}
    return (Specimen("webhook", fake=FakeReceiver, options=table),)
