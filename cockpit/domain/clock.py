"""Clocks: the one place where time comes from, and how it is written for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of the incident: the wall's in a live one, the drill's own in a drill."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: scripts, policies and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Go forward to a moment; a clock never goes back."""
        self._now = max(self._now, moment)


def mmss(span: timedelta | float) -> str:
    """Write a span as `mm:ss`, or `h:mm:ss` from an hour on; negative spans get a minus."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    sign, whole = ("-", -int(seconds)) if seconds < 0 else ("", int(seconds))
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{sign}{rest // 60:02d}:{rest % 60:02d}"
