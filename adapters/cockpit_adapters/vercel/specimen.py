"""Vercel Global Config for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.vercel.fake import FakeVercel

_BAD = ("item:llm_answers", "item:ecfg_abc123", "item:abc123/llm_answers", "item:ecfg_abc123/a/b", "")


def specimens() -> Sequence[Specimen]:
    """Return an item that is there and one that is not."""
    token = {"token": "env:SPECIMEN_TOKEN"}
    return (
        Specimen(
            "vercel",
            fake=FakeVercel,
            options=token,
            address="item:ecfg_abc123/llm_answers",
            first=True,
            want=False,
            text="off",
            elsewhere=lambda fake, value: fake.move("llm_answers", value),
            carries_version=True,
            bad_addresses=_BAD,
        ),
        Specimen(
            "vercel",
            label="absent",
            fake=FakeVercel,
            options=token | {"product": "edge-config", "team": "team_1a2b3c"},
            address="item:ecfg_abc123/llm_notice",
            first=None,
            want="The assistant is off for now.",
            text="The assistant is off for now.",
            elsewhere=lambda fake, value: fake.move("llm_notice", value),
            carries_version=True,
            bad_addresses=_BAD,
        ),
    )
