"""Google's dashboard as a system: one list of incidents, past and present."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.world.contract import Deadline, ProviderNews, ProviderStatus
from cockpit_adapters.answers import moment, tables
from cockpit_adapters.provider_news import MOST_NEWS, ProviderFeed, as_change, line, worst

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit.world.port import Change

HEALTH = {
    "AVAILABLE": "operational",
    "SERVICE_INFORMATION": "monitoring",
    "SERVICE_DISRUPTION": "degraded",
    "SERVICE_OUTAGE": "outage",
}
"""What `status_impact` means; `severity` is not asked, for it ranks Google's own work."""


class GoogleStatus(ProviderFeed):
    """One dashboard."""

    def __init__(self, line: Line, provider: str, now: Callable[[], datetime], products: frozenset[str]) -> None:
        super().__init__(line, provider, now)
        self._products = products

    def _look(self, deadline: Deadline) -> ProviderStatus:
        listed, rows = self._rows(deadline)
        news = [_one(row) for row in rows]
        running = [one for one in news if one.state != "resolved"]
        found = ["operational", *(HEALTH.get(one.impact, "unknown") for one in running)]
        if len(tables(listed)) != len(listed):
            found.append("unknown")
        return ProviderStatus(self._provider, worst(found), tuple(news[:MOST_NEWS]), self._now())

    def _told(self, deadline: Deadline) -> Sequence[Change]:
        found: list[Change] = []
        for row in self._rows(deadline)[1][:MOST_NEWS]:
            found += _steps(row, _one(row), self._provider)
        return found

    def _rows(self, deadline: Deadline) -> tuple[list[Any], list[dict[str, Any]]]:
        listed = self._line.read("/incidents.json", deadline).rows()
        return listed, [row for row in tables(listed) if self._matters(row)]

    def _matters(self, row: dict[str, Any]) -> bool:
        products = {str(one.get("id")) for one in tables(row.get("affected_products"))}
        return not self._products or not products or bool(products & self._products)


def _one(row: dict[str, Any]) -> ProviderNews:
    latest = row.get("most_recent_update")
    told = latest if isinstance(latest, dict) else {}
    ref = line(row.get("id")) or "unnamed"
    return ProviderNews(
        ref=ref,
        title=line(row.get("external_desc")) or "an incident without a description",
        state=_state(row),
        started=moment(row.get("begin")),
        updated=moment(told.get("when")) or moment(row.get("modified")),
        components=tuple(line(one.get("id")) for one in tables(row.get("affected_products"))),
        impact=line(row.get("status_impact")),
        url=line(row.get("uri")),
    )


def _state(row: dict[str, Any]) -> str:
    if row.get("end") is None:
        return "open"
    return "resolved" if moment(row["end"]) is not None else "unknown"


def _steps(row: dict[str, Any], news: ProviderNews, by: str) -> list[Change]:
    dated = [(at, one) for one in tables(row.get("updates")) if (at := moment(one.get("when")))]
    dated.sort(key=lambda pair: pair[0])
    found: list[Change] = []
    before = ""
    for number, (at, update) in enumerate(dated):
        after = line(update.get("status")) or "unknown"
        found.append(as_change(news, at, str(number), before, after, str(update.get("text") or ""), by))
        before = after
    if not found and (at_all := news.updated or news.started):
        found.append(as_change(news, at_all, "incident", "", news.impact or "unknown", "", by))
    return found
