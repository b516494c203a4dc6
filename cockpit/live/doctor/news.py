"""What the doctor looks at of news: change logs and providers' own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from cockpit.errors import WorldError
from cockpit.live.doctor.findings import Found, Look, Scribe
from cockpit.world.contract import ChangeLog, Deadline, StatusFeed
from cockpit.world.fleet import Fleet, Member
from cockpit.world.news import LOOK_BACK

CALM = ("operational", "maintenance")


def news_looks(fleet: Fleet, now: Callable[[], datetime]) -> list[Look]:
    """Return a look at each change log and each provider's status."""
    looks = []
    feeds = {member.name for member, _ in fleet.feeds()}
    for member, feed in fleet.feeds():
        looks.append(Look("providers", member.name, partial(_feed, member, feed), member.deadline_s + 1))
    for member, log in fleet.logs():
        if member.name not in feeds:  # those tell as changes what they tell as news
            looks.append(Look("changes", member.name, partial(_log, member, log, now), member.deadline_s + 1))
    return [*looks, *(Look(area, "", partial(_none, area), 1.0) for area in _silent(fleet))]


def _silent(fleet: Fleet) -> list[str]:
    feeds = {member.name for member, _ in fleet.feeds()}
    logs = {member.name for member, _ in fleet.logs()} - feeds
    return [area for area, some in (("changes", logs), ("providers", feeds)) if not some]


def _none(area: str) -> list[Found]:
    scribe = Scribe(area, "")
    if area == "changes":
        step = "Add a system whose adapter tells of changes: `cockpit adapters` lists them."
        return [scribe.warning("change logs", "no system tells who changed what", step)]
    step = 'Add a system with adapter = "statuspage", "feed" or "google_status" for your model provider.'
    return [scribe.warning("status feeds", "no provider's status is watched", step)]


def _feed(member: Member, feed: StatusFeed) -> list[Found]:
    scribe = Scribe("providers", member.name)
    try:
        status = feed.status(Deadline(member.deadline_s))
    except WorldError as problem:
        return [scribe.warning("status feed", problem.message, problem.hint or "Check its address and the network.")]
    told = f"{status.provider} says: {status.overall}"
    if status.overall in CALM:
        return [scribe.fine("status feed", told)]
    if status.overall == "unknown":
        return [scribe.warning("status feed", told, "Open the page: it may have moved, or name other components.")]
    titles = ", ".join(one.title for one in status.news if one.state != "resolved")
    return [scribe.note("status feed", f"{told}; {titles}" if titles else told)]


def _log(member: Member, log: ChangeLog, now: Callable[[], datetime]) -> list[Found]:
    scribe = Scribe("changes", member.name)
    try:
        count = len(log.changes(now() - LOOK_BACK, Deadline(member.deadline_s)))
    except WorldError as problem:
        step = problem.hint or "Check that its token may read the log."
        return [scribe.warning("change log", problem.message, step)]
    return [scribe.fine("change log", f"{count} change{'' if count == 1 else 's'} in the last 24 hours")]
