"""Statsig's audit log as lines of the what-changed board."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cockpit.domain.text import clean
from cockpit.world.port import Change
from cockpit_adapters.answers import tables, within
from cockpit_adapters.hosted import Get

PER_PAGE = 100
MOST_PAGES = 10


def entries(get: Get, since: datetime) -> list[Change]:
    """Return the changes since a moment, newest first, through all pages.

    The API narrows by whole days only, so that the rest is left out here.
    """
    found: dict[str, Change] = {}
    day = since.astimezone(UTC).date().isoformat()
    for page in range(1, MOST_PAGES + 1):
        asked = {"startDate": day, "limit": PER_PAGE, "page": page}
        answer = get("/console/v1/audit_logs", params=asked).table()
        rows = tables(within(answer, "data", list, "the audit log"))
        new = {change.ref: change for row in rows if (change := _change(row)) is not None}
        more = (answer.get("pagination") or {}).get("nextPage")
        if not new.keys() - found.keys():
            break
        found |= new
        if not more:
            break
    return sorted((one for one in found.values() if one.at >= since), key=lambda one: one.at, reverse=True)


def when(day: object, time: object) -> datetime | None:
    """Read `Mon Sep 26 2022` and `23:46:14 GMT+0000 (Coordinated Universal Time)`; None when they are not that."""
    hours = str(time).partition(" (")[0].replace("GMT", "")
    try:
        return datetime.strptime(f"{day} {hours}", "%a %b %d %Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None


def _change(row: dict[str, Any]) -> Change | None:
    at = when(row.get("date"), row.get("time"))
    if at is None or not row.get("id"):
        return None
    kind = "flag" if str(row.get("actionType")).startswith("gate_") else _line(row.get("actionType"))
    by = _line(row.get("updatedBy")) or "unknown"
    return Change(str(row["id"]), at, _line(row.get("name")), kind, "", _line(row.get("changeLog")), by)


def _line(text: object) -> str:
    return clean(" ".join(str(text or "").split()), multiline=False, limit=200)
