"""A feed in memory."""

from __future__ import annotations

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload


class FakeRss:
    """Answers every path with one document."""

    document = "status.rss"

    def __init__(self) -> None:
        self.body: bytes = payload("feed", self.document)
        self.applied = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        return Said(200, self.body, {"content-type": "application/xml"})


class FakeAtom(FakeRss):
    """The same as Atom."""

    document = "history.atom"
