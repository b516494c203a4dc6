"""Cloudflare AI Gateway for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.cloudflare.fake import FakeCloudflare

_ACCOUNT = "0d37909e38d3e99c29fa2cd343ac421a"


def specimens() -> Sequence[Specimen]:
    """Return a route."""
    return (
        Specimen(
            "cloudflare",
            fake=FakeCloudflare,
            options={"token": "env:SPECIMEN_TOKEN"},
            address=f"route:{_ACCOUNT}/shop/54442216",
            first="ver-2",
            want="ver-1",
            text="ver-1",
            elsewhere=lambda fake, value: fake.move(value),
            carries_version=True,
            bad_addresses=("route:shop/54442216", f"route:{_ACCOUNT}/shop", f"gateway:{_ACCOUNT}/shop/1", ""),
        ),
    )
