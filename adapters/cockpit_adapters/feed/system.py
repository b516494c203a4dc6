"""A feed as a system: entries whose words tell how an incident stands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.world.contract import Deadline, ProviderNews, ProviderStatus
from cockpit_adapters.feed.parsing import Entry, Parsed, parse
from cockpit_adapters.provider_news import MOST_NEWS, ProviderFeed, as_change, line, worst

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit.world.port import Change

_WORDS = (
    ("resolved", ("resolved", "completed", "recovered", "postmortem", "operating normally", "mitigated")),
    ("monitoring", ("monitoring",)),
    ("open", ("investigating", "identified", "in progress", "degraded", "outage", "disruption", "downtime", "down")),
)
_STATES = {word: state for state, words in _WORDS for word in words}
_ANY = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _STATES), key=len, reverse=True))})\b", re.IGNORECASE)
_NOT = re.compile(
    r"(?:\bno|\bnot|n't|\buntil|\bonce|\bbefore|\bbeing|\byet)(?:\s+(?:yet|to|be|been|is|fully))*\s+$", re.IGNORECASE
)
"""What denies the word behind it."""

_HEALTH = {"open": "degraded", "monitoring": "monitoring", "unknown": "unknown"}


class Feed(ProviderFeed):
    """One provider's feed."""

    def __init__(
        self, line: Line, provider: str, now: Callable[[], datetime], words: tuple[str, ...], recent_h: float
    ) -> None:
        super().__init__(line, provider, now)
        self._words = tuple(word.lower() for word in words)
        self._recent = timedelta(hours=recent_h)

    def _look(self, deadline: Deadline) -> ProviderStatus:
        parsed = self._parsed(deadline)
        news = [_one(entry) for entry in self._mattering(parsed)]
        found = ["operational", *(_HEALTH[one.state] for one in news if self._counts(one))]
        if not parsed.whole:
            found.append("unknown")
        return ProviderStatus(parsed.title or self._provider, worst(found), tuple(news[:MOST_NEWS]), self._now())

    def _told(self, deadline: Deadline) -> Sequence[Change]:
        entries = [(entry, _one(entry)) for entry in self._mattering(self._parsed(deadline))]
        return [
            as_change(news, at, "entry", "", news.state, entry.words, self._provider)
            for entry, news in entries
            if (at := news.updated or news.started) is not None
        ]

    def _parsed(self, deadline: Deadline) -> Parsed:
        return parse(self._line.read("", deadline).body)

    def _mattering(self, parsed: Parsed) -> list[Entry]:
        texts = [(entry, f"{entry.title} {entry.words}".lower()) for entry in parsed.entries]
        return [entry for entry, text in texts if not self._words or any(word in text for word in self._words)]

    def _counts(self, news: ProviderNews) -> bool:
        """Say whether an entry bears on now: one that does not say how it stands only while it is recent."""
        if news.state == "resolved":
            return False
        at = news.updated or news.started
        return at is None or news.state != "unknown" or self._now() - at <= self._recent


def _one(entry: Entry) -> ProviderNews:
    title = entry.title or "an entry without a title"
    ref = line(entry.first("guid", "id", "link")) or hashlib.sha256(title.encode()).hexdigest()[:12]
    state = state_of(entry.words, entry.title)
    url = line(entry.first("link"))
    return ProviderNews(ref, title, state, entry.began, entry.at, impact="", url=url)


def state_of(words: str, title: str) -> str:
    """Guess how an incident stands: by the first such word of its text, which is its newest update; else its title.

    A word that is denied ("not yet resolved") is passed over. Nothing recognised is `unknown`.
    """
    bracket = re.match(r"\W{0,2}\[(\w+)\]", title)
    if bracket and bracket[1].lower() in _STATES:
        return _STATES[bracket[1].lower()]
    for text in (words, title):
        for found in _ANY.finditer(text):
            if not _NOT.search(text[: found.start()]):
                return _STATES[found[0].lower()]
    return "unknown"
