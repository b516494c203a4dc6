"""Phoenix as the contract suite tries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.phoenix.fake import FakePhoenix

NEW, OLD = "UHJvbXB0VmVyc2lvbjoy", "UHJvbXB0VmVyc2lvbjox"


def specimens() -> Sequence[Specimen]:
    """Return the tag of a prompt with two versions."""
    return (
        Specimen(
            "phoenix",
            fake=FakePhoenix,
            options={"token": "env:SPECIMEN_TOKEN", "project": "support-bot"},
            address="tag:support-system@production",
            first=NEW,
            want=OLD,
            text="v1",
            elsewhere=_elsewhere,
            bad_addresses=("tag:support-system", "alias:support-system@production", "tag:Support@production", ""),
        ),
    )


def _elsewhere(fake: Any, value: Any) -> None:
    fake.put(value)
