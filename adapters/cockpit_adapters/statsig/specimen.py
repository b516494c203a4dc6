"""Statsig for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.statsig.fake import BASE, FakeStatsig

_BAD = ("flag:llm_answers", "gate:", "share:llm_answers", "gate:a/b", "")


def specimens() -> Sequence[Specimen]:
    """Return a gate and a rule's share."""
    token = {"token": "env:SPECIMEN_TOKEN"}
    return (
        Specimen(
            "statsig",
            label="gate",
            fake=FakeStatsig,
            options=token,
            address="gate:llm_answers",
            first=True,
            want=False,
            text="off",
            elsewhere=lambda fake, value: fake.move(on=value),
            carries_version=True,
            bad_addresses=_BAD,
        ),
        Specimen(
            "statsig",
            label="share",
            fake=FakeStatsig,
            options=token,
            address=f"share:llm_answers/{BASE}",
            first=100,
            want=5,
            text="5",
            elsewhere=lambda fake, value: fake.move(share=value),
            carries_version=True,
            bad_addresses=_BAD,
        ),
    )
