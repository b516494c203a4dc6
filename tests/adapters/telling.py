"""What the tests of channels send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.world.contract_channels import Message

AT = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)


def message(**told: Any) -> Message:
    """Return an update, of the moment unless said otherwise."""
    usual: dict[str, Any] = {
        "key": "INC-0007-ab12-9-room", "incident": "INC-0007", "title": "answers leak orders", "service": "support",
        "audience": "team", "state": "investigating", "text": "We look. Next update at 03:45 UTC.",
        "severity": "SEV1", "at": AT, "since": AT - timedelta(hours=1),
    }  # fmt: skip
    return Message(**{**usual, **told})
