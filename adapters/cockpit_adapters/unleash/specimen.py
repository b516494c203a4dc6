"""An Unleash to try the adapter on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.unleash.fake import FakeUnleash

_BAD = (
    "answers",
    "flag:answers",
    "flag:answers@",
    "share:@development",
    "flag:a/b@development",
    "flag:..@development",
)


def specimens() -> Sequence[Specimen]:
    """Return a kill switch and a canary."""
    return (
        Specimen(
            adapter="unleash",
            label="flag",
            fake=FakeUnleash,
            options={"token": "env:SPECIMEN_TOKEN"},
            address="flag:answers@development",
            first=True,
            want=False,
            text="off",
            elsewhere=_switch,
            carries_version=True,
            bad_addresses=_BAD,
        ),
        Specimen(
            adapter="unleash",
            label="share",
            fake=FakeUnleash,
            options={"token": "env:SPECIMEN_TOKEN"},
            address="share:answers@development",
            first=100,
            want=5,
            text="5 %",
            elsewhere=_share,
            carries_version=True,
            bad_addresses=_BAD,
        ),
    )


def _switch(fake: Any, value: Any) -> None:
    fake.put(enabled=bool(value))


def _share(fake: Any, value: Any) -> None:
    fake.put(rollout=int(value) if value else None, enabled=bool(value))
