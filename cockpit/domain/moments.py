"""Moments as a responder types them: `15m` ago, `02:14` today, `2026-11-21T02:14`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
EXAMPLES = "15m, 2h, 02:14, 02:14:30, 2026-11-21 or 2026-11-21T02:14"
LONGEST_DAYS = 36_500

_AGO = re.compile(r"(\d{1,9})\s*([smhd])(?:(?<=m)in)?(?:\s+ago)?")
_UTC = re.compile(r"(?:z|\s*utc|[+-]00:?00)$", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](.+))?")


def moment(text: str, now: datetime) -> datetime | None:
    """Read a moment in UTC, None where it is none; a time of day means the last one that has been.

    A minute is its beginning, so that `02:14` is `02:14:00`.
    """
    told = _UTC.sub("", text.strip())
    try:
        return _ago(told, now) or _of_day(told, now) or _dated(told)
    except (ValueError, OverflowError):
        return None


def _ago(text: str, now: datetime) -> datetime | None:
    found = _AGO.fullmatch(text.lower())
    if found is None:
        return None
    span = timedelta(**{UNITS[found[2]]: int(found[1])})
    return None if span.days > LONGEST_DAYS else now - span


def _of_day(text: str, now: datetime) -> datetime | None:
    clock = _clock(text)
    if clock is None:
        return None
    found = datetime.combine(now.astimezone(UTC).date(), clock, UTC)
    return found if found <= now else found - timedelta(days=1)


def _dated(text: str) -> datetime | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    clock = _clock(found[2]) if found[2] else time()
    return None if clock is None else datetime.combine(date.fromisoformat(found[1]), clock, UTC)


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    return time(int(found[1]), int(found[2]), int(found[3] or 0), int((found[4] or "").ljust(6, "0")))
