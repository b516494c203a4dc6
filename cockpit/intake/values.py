"""Values from outside as what they are meant to be: numbers, texts, moments, JSON inside of strings. Never raises."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

MAX_DEPTH = 40
"""How deep values are looked into; deeper ones are kept as text."""
MAX_INNER_JSON = 4_000_000
"""Characters of a string that is still read as JSON."""
MAX_TEXT = 400_000
"""Characters kept of one text."""
CUT = " …‹cut›"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NANO_DIGITS = 19
"""A time in nanoseconds has so many digits from 2001 to 2286."""
_NANOS, _MICROS, _MILLIS = 1e17, 1e14, 1e11
"""From here on a number is no longer seconds, milliseconds or microseconds since 1970."""


def opened(value: Any) -> Any:
    """Return what is inside of a string that holds a JSON object, list or string; anything else as it is."""
    for _ in range(3):
        if not isinstance(value, str) or not 1 < len(value) <= MAX_INNER_JSON:
            break
        first = value[0] if value[0] in '{["' else value.lstrip()[:1]
        if first not in ("{", "[", '"'):
            break
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            break
    return value


def text(value: Any) -> str:
    """Return a value as text: strings as they are, nothing as empty, the rest as JSON; at most `MAX_TEXT`."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT] + CUT
    if value is None:
        return ""
    try:
        written = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError, TypeError):
        return "‹nested too deeply›"
    return written if len(written) <= MAX_TEXT else written[:MAX_TEXT] + CUT


def word(value: Any) -> str:
    """Return a short text on one line, as a name or an id is; empty for anything but strings and numbers."""
    if isinstance(value, str):
        return value.strip()[:500]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return text(value)


def number(value: Any) -> float | None:
    """Return a finite number, written as one or as text; None for anything else."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | str)
        or (type(value) is str and len(value) > 40)
    ):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def amount(value: Any, most: float = 1e9) -> float | None:
    """Return a number from 0 to `most`, as costs and times are; no database holds what is far beyond."""
    found = number(value)
    return found if found is not None and 0 <= found <= most else None


def count(value: Any) -> int | None:
    """Return a whole number from 0 on, as tokens are counted; ten thousand of the greatest can still be added up."""
    found = amount(value, 1e12)
    return None if found is None else int(found)


def flag(value: Any) -> bool:
    """Whether a value says yes."""
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes"))


def moment(value: Any) -> datetime | None:
    """Read a moment: ISO text, seconds to nanoseconds since 1970, or a pair of seconds and nanoseconds."""
    if isinstance(value, str):
        if len(value) == _NANO_DIGITS and value.isdecimal():  # as nearly every recorder writes it
            return _since_epoch(0, int(value) // 1_000)
        if not _is_digits(value):
            return _iso(value)
    if isinstance(value, list) and len(value) == 2:
        seconds, nanos = number(value[0]), number(value[1])
        return None if seconds is None or nanos is None else _since_epoch(seconds, nanos / 1e3)
    found = number(value)
    if found is None or found <= 0:
        return None
    for above, unit in ((_NANOS, 1_000), (_MICROS, 1), (_MILLIS, 1 / 1_000)):
        if found >= above:
            exact = found if isinstance(value, float) or "." in str(value) else int(value)
            return _since_epoch(0, exact // unit if unit >= 1 else exact / unit)
    return _since_epoch(found, 0)


def flat(values: Mapping[str, Any], prefix: str = "", depth: int = 4) -> dict[str, Any]:
    """Write nested objects as dotted names, as attributes are; lists and what lies deeper stay as they are."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value and depth > 1:
            found.update(flat(value, f"{prefix}{key}.", depth - 1))
        else:
            found[f"{prefix}{key}"] = value
    return found


def _is_digits(value: str) -> bool:
    return value.strip().replace(".", "", 1).isdigit()


def _iso(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value.strip()[:40])
    except ValueError:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def _since_epoch(seconds: float, micros: float) -> datetime | None:
    try:
        return _EPOCH + timedelta(seconds=seconds, microseconds=micros)
    except (OverflowError, ValueError):
        return None
