"""A receiver of webhooks in memory, which takes each key once."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said


class FakeReceiver:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.taken: dict[str, Any] = {}
        self.asked: list[Asked] = []

    @property
    def applied(self) -> int:
        """How many messages people would see."""
        return len(self.taken)

    def answer(self, asked: Asked) -> Said:
        """Take a message."""
        self.asked.append(asked)
        if asked.method != "POST":
            return Said(405)
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(401, {"error": "who are you?"})
        self.taken.setdefault(asked.headers["idempotency-key"], asked.json())
        return Said(202, {"ok": True})
