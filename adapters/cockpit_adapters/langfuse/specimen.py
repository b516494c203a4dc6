"""Langfuse as the contract suite tries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.langfuse.fake import FakeLangfuse


def specimens() -> Sequence[Specimen]:
    """Return the label of a prompt with two versions, in a folder."""
    return (
        Specimen(
            "langfuse",
            fake=FakeLangfuse,
            options={"token": "env:SPECIMEN_TOKEN", "public_key": "pk-lf-specimen"},
            address="label:support/system@production",
            first=2,
            want=1,
            text="v1",
            elsewhere=_elsewhere,
            bad_addresses=(
                "label:support/system",
                "label:support/system@latest",
                "label:support/system@Production",
                "tag:support/system@production",
                "",
            ),
        ),
    )


def _elsewhere(fake: Any, value: Any) -> None:
    fake.put(value)
