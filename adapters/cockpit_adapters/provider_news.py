"""What adapters of providers' status feeds have in common: one scale of health, and news as changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.text import clean
from cockpit.errors import WorldError
from cockpit.world.contract import Deadline, Finding, ProviderNews, ProviderStatus, Verdict
from cockpit.world.port import Change

if TYPE_CHECKING:
    from cockpit.world.http import Line

SCALE = ("operational", "maintenance", "monitoring", "unknown", "degraded", "outage")
"""How a provider is, from well to bad; `unknown` is worse than what is known to be well, and hides nothing bad."""

LONGEST_TITLE = 200
LONGEST_NOTE = 400
"""Characters kept of other people's words."""

MOST_NEWS = 200
"""No feed brings more than this; what is older is left out."""

JUST_AHEAD = timedelta(minutes=5)
"""A feed's clock may run ahead of ours; what claims to be later still is not believed."""


def worst(found: Iterable[str]) -> str:
    """Return the worst of several; what is not on the scale counts as unknown, and so does nothing at all."""
    known = [one if one in SCALE else "unknown" for one in found]
    return max(known, key=SCALE.index, default="unknown")


def line(text: object, limit: int = LONGEST_TITLE) -> str:
    """Return other people's words as one bounded line without control characters."""
    return clean(" ".join(str(text or "")[: 10 * limit].split()), multiline=False, limit=limit)


class ProviderFeed(ABC):
    """One provider's feed: a status that is unknown when it can't be read, and a change log that says why."""

    def __init__(self, line: Line, provider: str, now: Callable[[], datetime]) -> None:
        self._line = line
        self._provider = provider
        self._now = now

    @abstractmethod
    def _look(self, deadline: Deadline) -> ProviderStatus:
        """Read the feed; raises a WorldError when that fails."""

    @abstractmethod
    def _told(self, deadline: Deadline) -> Sequence[Change]:
        """Read everything the feed tells of the past; raises a WorldError when that fails."""

    def status(self, deadline: Deadline) -> ProviderStatus:
        """Read the feed; one that can't be read says nothing of its provider's health, and is unknown."""
        try:
            return self._look(deadline)
        except WorldError:
            return ProviderStatus(self._provider, "unknown", (), self._now())

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return what the provider told since a moment, newest first.

        Raises:
            WorldError: the feed can't be read.
        """
        latest = self._now() + JUST_AHEAD
        found = [one for one in self._told(deadline) if since <= one.at <= latest]
        return sorted(found, key=lambda one: one.at, reverse=True)[:MOST_NEWS]

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Read the feed once."""
        try:
            status = self._look(deadline)
        except WorldError as problem:
            step = problem.hint or "Open the address in a browser; providers move their status pages."
            return [Finding("feed", Verdict.WRONG, str(problem), step)]
        if status.overall == "unknown":
            step = "Compare `components` with the ids the feed lists."
            return [Finding("feed", Verdict.WARNING, f"{status.provider}: it does not tell how it is", step)]
        return [Finding("feed", Verdict.FINE, f"{status.provider}: {status.overall}")]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()


def as_change(news: ProviderNews, at: datetime, step: str, before: str, after: str, note: str, by: str) -> Change:
    """Return one step of an incident as a line of the what-changed board."""
    return Change(f"{news.ref}/{step}", at, news.title, "provider", before, after, by, line(note, LONGEST_NOTE))
