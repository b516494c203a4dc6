"""Agent Command Center for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.futureagi.fake import FakeFutureAGI

_BAD = ("org:org1", "org:org1/providers/up1/api_key", "org:org1/cache/redis/password", "key:1", "route:org1", "")


def specimens() -> Sequence[Specimen]:
    """Return a route, a guardrail and a key."""
    token = {"token": "env:SPECIMEN_TOKEN"}
    return (
        Specimen(
            "futureagi",
            label="route",
            fake=FakeFutureAGI,
            options=token,
            address="route:org1/support",
            first="up1",
            want="up2",
            text="up2",
            elsewhere=lambda fake, value: fake.route(value),
            bad_addresses=_BAD,
        ),
        Specimen(
            "futureagi",
            label="guardrail",
            fake=FakeFutureAGI,
            options=token,
            address="org:org1/guardrails/checks/pii-detection/action",
            first="warn",
            want="block",
            text="block",
            elsewhere=lambda fake, value: fake.move("guardrails", "checks", "pii-detection", "action", value=value),
            bad_addresses=_BAD,
        ),
        Specimen(
            "futureagi",
            label="key",
            fake=FakeFutureAGI,
            options=token,
            address="key:key_1a2b3c/models",
            first=[],
            want=["other"],
            text="other",
            elsewhere=lambda fake, value: fake.allow(value),
            carries_version=True,
            bad_addresses=_BAD,
        ),
    )
