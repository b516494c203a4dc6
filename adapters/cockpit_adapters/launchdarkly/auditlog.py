"""LaunchDarkly's audit log as lines of the what-changed board."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cockpit.domain.text import clean
from cockpit.world.port import Change
from cockpit_adapters.answers import moment_ms, tables, within
from cockpit_adapters.hosted import Get

PER_PAGE = 20
"""The vendor's largest page."""

MOST_PAGES = 25
"""No board is longer than 500 lines; what is older than they are is left out."""


def entries(get: Get, since: datetime, project: str) -> list[Change]:
    """Return the changes since a moment, newest first, through all pages."""
    found: dict[str, Change] = {}
    asked: dict[str, str | int] = {"limit": PER_PAGE, "after": int(since.timestamp() * 1000)}
    if project:
        asked["spec"] = f"proj/{project}:env/*:flag/*"
    for _ in range(MOST_PAGES):
        rows = tables(within(get("/api/v2/auditlog", params=asked).table(), "items", list, "the audit log"))
        new = [one for one in rows if str(one.get("_id")) not in found]
        found |= {str(one["_id"]): change for one in new if (change := _change(one)) is not None}
        dates = [one["date"] for one in rows if isinstance(one.get("date"), int)]
        if len(rows) < PER_PAGE or not new or not dates:
            break
        # One more than the oldest: several entries may share a millisecond.
        asked["before"] = min(dates) + 1
    return sorted((one for one in found.values() if one.at >= since), key=lambda one: one.at, reverse=True)


def _change(entry: dict[str, Any]) -> Change | None:
    at = moment_ms(entry.get("date"))
    if at is None:
        return None
    verb = _line(entry.get("titleVerb")) or _line(entry.get("shortDescription")) or "changed"
    return Change(
        ref=str(entry.get("_id")),
        at=at,
        what=f"{verb} {_line(entry.get('name'))}".strip(),
        kind=_line(entry.get("kind")) or "flag",
        before="",
        after=_line(entry.get("shortDescription") or entry.get("description")),
        by=_who(entry),
        note=_line(entry.get("comment")),
    )


def _who(entry: dict[str, Any]) -> str:
    member, token, subject = (entry.get(name) or {} for name in ("member", "token", "subject"))
    person = " ".join(str(member.get(name) or "") for name in ("firstName", "lastName")).strip()
    return _line(person or member.get("email") or token.get("name") or subject.get("name")) or "unknown"


def _line(text: object) -> str:
    return clean(" ".join(str(text or "").split()), multiline=False, limit=200)
