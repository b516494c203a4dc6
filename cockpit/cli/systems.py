"""`cockpit changes`, `cockpit adapters`: what changed on the team's systems, and what the cockpit can speak to."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, listing, print_json, table
from cockpit.cli.places import settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.events import iso
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.world.port import Change

_AGO = re.compile(r"(\d+)\s*([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def show_changes(given: Namespace) -> int:
    """Print what changed since a moment, newest first; 1 when a system could not be asked."""
    from cockpit.world.news import LOOK_BACK

    now = WallClock().now()
    since = moment(given.since, now) if given.since else now - LOOK_BACK
    changes, problems = changes_since(given, since)
    rows = [
        {"at": iso(one.at), "kind": one.kind, "what": one.what, "before": one.before, "after": one.after,
         "by": one.by, "ref": one.ref}
        for one in changes
    ]  # fmt: skip
    for name, problem in problems.items():
        complain(f"cockpit: {name}: {problem}")
    head = ("at", "kind", "what", "before", "after", "by")
    listing(rows, head, f"No system tells of a change since {since:%Y-%m-%d %H:%M} UTC.", as_json=given.json)
    return 1 if problems else 0


def changes_since(given: Namespace, since: datetime) -> tuple[list[Change], dict[str, str]]:
    """Ask every system what changed since a moment; return that, and which could not be asked and why."""
    from cockpit.world.fleet import connect
    from cockpit.world.news import LOOK_BACK, News
    from cockpit.world.planner import Planner
    from cockpit.world.secrets import secret_reader

    now = WallClock().now
    live = settings_of(given).live
    fleet = connect(live, secret_reader(os.environ), now)
    planner = Planner(live, fleet)
    news = News(fleet, (), planner.read, planner.versions, now, since + LOOK_BACK)
    news.look()
    fleet.close()
    problems = {**{name: str(one.problem) for name, one in fleet.members.items() if one.problem}, **news.problems()}
    return [one for one in news.changes() if one.at >= since], problems


def show_adapters(given: Namespace) -> int:
    """Print every adapter: what it can do, and what it was tested against."""
    rows = [_adapter(name) for name in _names()]
    if given.json:
        print_json(rows)
    else:
        table(("adapter", "can", "tested against"), [_in_words(row) for row in rows])
    return 1 if any(row["problem"] for row in rows) else 0


def moment(text: str, now: datetime) -> datetime:
    """Read a moment: `2h`, `30m` or `3d` ago, or an ISO date and time (UTC where it names no zone).

    Raises:
        BadInput: it is neither.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no moment", hint="Write 2h, 30m, 3d, or 2026-11-21T02:14.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _names() -> tuple[str, ...]:
    from cockpit.world.registry import adapter_names

    return adapter_names()


def _adapter(name: str) -> dict[str, Any]:
    from cockpit.world.registry import load_adapter

    row: dict[str, Any] = {"name": name, "capabilities": [], "tested": [], "problem": ""}
    try:
        adapter = load_adapter(name)
    except BadInput as problem:
        return {**row, "problem": str(problem)}
    tested = [{"how": str(one.how), "against": one.against} for one in adapter.tested]
    return {**row, "capabilities": sorted(adapter.capabilities), "tested": tested}


def _in_words(row: dict[str, Any]) -> tuple[str, str, str]:
    tested = "; ".join(_told(one) for one in row["tested"])
    return row["name"], ", ".join(row["capabilities"]), tested or row["problem"]


def _told(one: dict[str, str]) -> str:
    return f"{one['against']} ({one['how']})"
