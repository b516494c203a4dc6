"""Feeds for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.feed.fake import FakeAtom, FakeRss


def specimens() -> Sequence[Specimen]:
    """Return one feed of either kind."""
    return (
        Specimen("feed", label="rss", fake=FakeRss, options={"components": ["chat completions"]}),
        Specimen("feed", label="atom", fake=FakeAtom),
    )
