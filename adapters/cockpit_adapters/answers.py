"""Small readers of what outside systems answer: a field of the right kind, or an error that says which one is not."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, TypeVar

from cockpit.domain.text import clean
from cockpit.errors import Unsure

T = TypeVar("T")


def within(table: object, name: str, kind: type[T], where: str) -> T:
    """Return one entry of an answer.

    Raises:
        Unsure: it is missing or of another kind: the answer is not what the vendor documents.
    """
    found = table.get(name) if isinstance(table, dict) else None
    if not isinstance(found, kind) or (kind is not bool and isinstance(found, bool)):
        raise Unsure(f"the answer of {where} has no usable {name!r}")
    return found


def part(row: Any, name: str, kind: type[T]) -> T:
    """Return one field of somebody's answer; raises Unsure, with its beginning, when it is not there or else."""
    try:
        return within(row, name, kind, "")
    except Unsure:
        raise Unsure(f"the answer has no {name}: {clean(row, multiline=False, limit=120)}") from None


def words(row: Any, name: str) -> str:
    """Return a text of somebody's answer that may be missing."""
    found = row.get(name) if isinstance(row, dict) else None
    return found if isinstance(found, str) else ""


def number(table: dict[str, Any], name: str, where: str) -> int | float:
    """Return a number of an answer, without a fraction where it has none; raises Unsure when it is none."""
    found = table.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise Unsure(f"the answer of {where} has no usable {name!r}")
    return tidy(found)


def tidy(number: float) -> int | float:
    """Return a number without a fraction where it has none."""
    return int(number) if float(number).is_integer() else number


def tables(found: object) -> list[dict[str, Any]]:
    """Return the objects of a list, and nothing of what is none."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def moment(value: object) -> datetime | None:
    """Return the moment an ISO 8601 text names; one without a zone is meant in UTC; None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_ms(value: object) -> datetime | None:
    """Return the moment of milliseconds since 1970; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
