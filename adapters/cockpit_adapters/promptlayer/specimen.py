"""PromptLayer as the contract suite tries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.promptlayer.fake import FakePromptLayer


def specimens() -> Sequence[Specimen]:
    """Return the release label of a template with two versions."""
    return (
        Specimen(
            "promptlayer",
            fake=FakePromptLayer,
            options={"token": "env:SPECIMEN_TOKEN"},
            address="label:support-response@prod",
            first=2,
            want=1,
            text="v1",
            elsewhere=_elsewhere,
            bad_addresses=("label:support-response", "label:@prod", "tag:support-response@prod", ""),
        ),
    )


def _elsewhere(fake: Any, value: Any) -> None:
    fake.put(value)
