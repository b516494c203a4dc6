"""Spans of time as scenarios write them: `-12m`, `+1h 5m`, `90s`, or `mm:ss` after the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_PARTS = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(d|h|min|m|sec|s)")
_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "min": 60.0, "s": 1.0, "sec": 1.0}
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)")


def seconds_of(text: str) -> float:
    """Read a span such as `-1h 30m` as seconds. Raises ValueError saying what would be right."""
    body = text.strip()
    sign = -1.0 if body.startswith("-") else 1.0
    body = body.lstrip("+-").strip()
    clock = _CLOCK.fullmatch(body)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return sign * (hours * 3600 + minutes * 60 + seconds)
    total, end = 0.0, 0
    for part in _PARTS.finditer(body):
        if part.start() != end:
            break
        total, end = total + float(part[1]) * _SECONDS[part[2]], part.end()
    if not body or end != len(body):
        raise ValueError(f"{text!r} is no span of time; write it like -12m, +1h 5m, 90s or 04:30")
    return sign * total


def _span(value: Any) -> Any:
    if isinstance(value, str):
        return seconds_of(value)
    raise ValueError(f"{value!r} is no span of time; write it with its unit, like 90s or +12m")


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("a moment is written like 2026-06-12T02:14:00Z")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is no moment; write it like 2026-06-12T02:14:00Z") from None
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; end it with Z for UTC")
    return moment.astimezone(UTC)


_SPAN_SCHEMA = WithJsonSchema({"type": "string", "examples": ["-12m", "+1h 5m", "90s", "04:30"]})

Span = Annotated[
    float, BeforeValidator(_span), PlainSerializer(lambda seconds: f"{seconds:g}s", when_used="json"), _SPAN_SCHEMA
]
"""Seconds, written in files as a span; offsets count from the page."""

Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""An aware moment in UTC."""
