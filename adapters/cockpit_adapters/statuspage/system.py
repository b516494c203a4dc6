"""A status page as a system: its summary, and the incidents it may have left out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import WorldError
from cockpit.world.contract import Deadline, ProviderNews, ProviderStatus
from cockpit_adapters.answers import moment, tables, within
from cockpit_adapters.provider_news import MOST_NEWS, ProviderFeed, as_change, line, worst

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit.world.port import Change

COMPONENTS = {
    "operational": "operational",
    "under_maintenance": "maintenance",
    "degraded_performance": "degraded",
    "partial_outage": "degraded",
    "major_outage": "outage",
}
"""What a component's word means; any other is unknown."""

STATES = {
    "investigating": "open",
    "identified": "open",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "postmortem": "resolved",
}

IMPACTS = {"none": "monitoring", "minor": "degraded", "major": "degraded", "critical": "outage"}
"""What an open incident means by its impact; any other is degraded."""


INDICATORS = {
    "none": "operational",
    "maintenance": "maintenance",
    "minor": "degraded",
    "major": "degraded",
    "critical": "outage",
}
"""What the page says of itself as a whole."""


class Statuspage(ProviderFeed):
    """One provider's status page."""

    def __init__(self, line: Line, provider: str, now: Callable[[], datetime], components: frozenset[str]) -> None:
        super().__init__(line, provider, now)
        self._components = components

    def _look(self, deadline: Deadline) -> ProviderStatus:
        summary = self._line.read("/api/v2/summary.json", deadline).table()
        news, complete = self._news(summary, deadline)
        found = [*self._healths(summary), *(_health(one) for one in news if one.state != "resolved")]
        if not complete:
            found.append("unknown")
        page = summary.get("page")
        name = line(page.get("name")) if isinstance(page, dict) else ""
        return ProviderStatus(name or self._provider, worst(found), tuple(news[:MOST_NEWS]), self._now())

    def _told(self, deadline: Deadline) -> Sequence[Change]:
        incidents = self._line.read("/api/v2/incidents.json", deadline).table()
        found: list[Change] = []
        for one in tables(within(incidents, "incidents", list, "the status page"))[:MOST_NEWS]:
            news = _one(one)
            if self._matters(news):
                found += _steps(one, news, self._provider)
        return found

    def _news(self, summary: dict[str, Any], deadline: Deadline) -> tuple[list[ProviderNews], bool]:
        """Return the incidents that matter, and whether these are all: incident.io leaves them out of its summary."""
        listed: Any = summary.get("incidents")
        if not isinstance(listed, list):
            try:
                listed = self._line.read("/api/v2/incidents.json", deadline).table().get("incidents")
            except WorldError:
                listed = None
        news = [_one(one) for one in tables(listed)]
        complete = isinstance(listed, list) and len(news) == len(listed)
        return [one for one in news if self._matters(one)], complete

    def _matters(self, news: ProviderNews) -> bool:
        """Say whether it concerns our components; one that names none may concern any."""
        return not self._components or not news.components or bool(self._components & set(news.components))

    def _healths(self, summary: dict[str, Any]) -> list[str]:
        """Return how the components that matter are; of the page as a whole only what is bad is believed."""
        listed = tables(summary.get("components"))
        found = {str(one.get("id")): COMPONENTS.get(str(one.get("status")), "unknown") for one in listed}
        if self._components:
            return [found.get(ident, "unknown") for ident in self._components]
        status = summary.get("status")
        indicator = status.get("indicator") if isinstance(status, dict) else None
        return [*(found.values() or ["unknown"]), INDICATORS.get(str(indicator), "unknown")]


def _one(incident: dict[str, Any]) -> ProviderNews:
    affected = [str(one["id"]) for one in tables(incident.get("components")) if one.get("id")]
    for update in tables(incident.get("incident_updates")):
        affected += [str(one["code"]) for one in tables(update.get("affected_components")) if one.get("code")]
    return ProviderNews(
        ref=line(incident.get("id")) or "unnamed",
        title=line(incident.get("name")) or "an incident without a name",
        state=STATES.get(str(incident.get("status")), "unknown"),
        started=moment(incident.get("started_at")) or moment(incident.get("created_at")),
        updated=moment(incident.get("updated_at")),
        components=tuple(dict.fromkeys(line(one) for one in affected)),
        impact=line(incident.get("impact")),
        url=line(incident.get("shortlink")),
    )


def _health(news: ProviderNews) -> str:
    if news.state == "open":
        return IMPACTS.get(news.impact, "degraded")
    return "monitoring" if news.state == "monitoring" else "unknown"


def _steps(incident: dict[str, Any], news: ProviderNews, by: str) -> list[Change]:
    """Return an incident's updates as changes; where it has none, the incident itself."""
    updates = tables(incident.get("incident_updates"))
    dated = [(at, one) for one in updates if (at := moment(one.get("display_at")) or moment(one.get("created_at")))]
    dated.sort(key=lambda pair: pair[0])
    if not dated:
        at = news.updated or news.started
        return [as_change(news, at, "incident", "", line(incident.get("status")), "", by)] if at else []
    found: list[Change] = []
    before = ""
    for number, (at, update) in enumerate(dated):
        after = line(update.get("status"))
        step = line(update.get("id")) or str(number)
        found.append(as_change(news, at, step, before, after, str(update.get("body") or ""), by))
        before = after
    return found
