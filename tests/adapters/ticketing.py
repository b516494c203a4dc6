"""What the tests of trackers ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from cockpit.world.contract import Deadline
from cockpit.world.contract_tracker import Ticket, Tracker

MARK = "cockpit-7c1f09aa52d34e10"
KEYS = {"github": "#1", "jira": "OPS-1", "linear": "OPS-1"}
"""What the first ticket of each is called."""


def ticket(**told: Any) -> Ticket:
    """Return an action item on its way, of ada's unless said otherwise."""
    usual: dict[str, Any] = {
        "mark": MARK, "title": "Pin the model of every route", "text": "Action item A1 of INC-0007.\n\nDue soon.",
        "owner": "ada", "due": "2026-12-01", "first_try": datetime(2026, 11, 21, 3, 14, tzinfo=UTC),
    }  # fmt: skip
    return Ticket(**{**usual, **told})


def tracker_calls(system: Tracker, soon: Callable[[], Deadline], key: str = "OPS-1") -> Iterator[Callable[[], Any]]:
    """Yield everything a tracker can be asked for."""
    yield lambda: system.find(ticket(), soon())
    yield lambda: system.create(ticket(), soon())
    yield lambda: system.state(key, soon())
    yield lambda: system.comment(key, MARK, "Done.", soon())
    yield lambda: system.link(key, "https://wiki.example.com/INC-0007", "The postmortem", soon())
