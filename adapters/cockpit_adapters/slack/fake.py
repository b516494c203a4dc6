"""Slack in memory: one workspace, one channel."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said


class FakeSlack:
    """Posts whatever it is sent, also twice."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.error = ""

    @property
    def applied(self) -> int:
        """How many messages people see."""
        return len(self.posted)

    def answer(self, asked: Asked) -> Said:
        """Answer one method of the Web API."""
        self.asked.append(asked)
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(200, {"ok": False, "error": "not_authed"})
        if self.error:
            return Said(200, {"ok": False, "error": self.error})
        if asked.path.endswith("/auth.test"):
            return Said(200, {"ok": True, "team": "Acme", "user": "cockpit", "bot_id": "B1"})
        if asked.path.endswith("/chat.postMessage"):
            self.posted.append(asked.json())
            ts = f"1795219071.{len(self.posted):06}"
            return Said(200, {"ok": True, "channel": "C0123456789", "ts": ts, "message": {"ts": ts}})
        return Said(200, {"ok": False, "error": "unknown_method"})
