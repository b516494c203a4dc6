"""RSS and Atom, read without trust: no document type, no entities, bounded depth and number.

A document type is what entity bombs and outside files come in by. No feed needs one, so it is refused at its first
byte, before anything in it is expanded; the parser below sees it in every encoding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from xml.parsers import expat

from cockpit.errors import Unsure
from cockpit_adapters.answers import moment
from cockpit_adapters.provider_news import line

DEEPEST = 60
MOST_ENTRIES = 500
LONGEST_TEXT = 20_000
"""Characters kept of one element."""

_ENTRY = {"item", "entry"}
_ROOTS = {"rss", "feed", "RDF"}
_KEPT = {
    *("title", "description", "summary", "content", "encoded", "guid", "id", "link"),
    *("pubDate", "date", "updated", "published"),
}
_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(slots=True)
class Entry:
    """One entry as the feed has it: texts by the local name of their element."""

    texts: dict[str, str] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """Return the first of these texts that is there."""
        return next((self.texts[name] for name in names if self.texts.get(name)), "")

    @property
    def title(self) -> str:
        """The title as one line."""
        return line(unescape(self.first("title")))

    @property
    def words(self) -> str:
        """What it says, without markup; the newest update comes first in every feed of a status page."""
        return line(_TAG.sub(" ", unescape(self.first("description", "encoded", "content", "summary"))), 4000)

    @property
    def at(self) -> datetime | None:
        """When it was last changed."""
        return _moment(self.first("updated", "pubDate", "published", "date"))

    @property
    def began(self) -> datetime | None:
        """When it was first published."""
        return _moment(self.first("published", "pubDate", "date"))


@dataclass(slots=True)
class Parsed:
    """A feed: its title and its entries, in its own order; `whole` is False where there were too many of them."""

    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    whole: bool = True


class _Builder:
    """Collects entries while the parser runs."""

    def __init__(self) -> None:
        self.parsed = Parsed()
        self.open: list[str] = []
        self._entry: Entry | None = None
        self._text: list[str] = []
        self._room = LONGEST_TEXT

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        local = name.rpartition(" ")[2]
        if not self.open and local not in _ROOTS:
            raise Unsure(f"this is no feed: it begins with <{line(local, 40)}>")
        if len(self.open) >= DEEPEST:
            raise Unsure("the feed is nested too deep")
        self.open.append(local)
        if self._entry is None and local in _ENTRY:
            self._entry = Entry()
        if not self._inside_text():
            self._text, self._room = [], LONGEST_TEXT
        if local == "link" and self._entry is not None and attributes.get("href"):
            self._entry.texts.setdefault("link", attributes["href"][:2000])

    def data(self, text: str) -> None:
        """Take text, as much as fits."""
        self._text.append(text[: self._room])
        self._room -= min(len(text), self._room)

    def end(self, name: str) -> None:
        """Leave an element."""
        local = self.open.pop()
        text = "".join(self._text).strip()
        if self._entry is None:
            if local == "title" and len(self.open) <= 2 and not self.parsed.title:
                self.parsed.title = line(text)
        elif local in _ENTRY:
            self._keep(self._entry)
            self._entry = None
        elif local in _KEPT and self.open[-1] in _ENTRY:
            self._entry.texts.setdefault(local, text)

    def _inside_text(self) -> bool:
        """Whether this is markup inside of a text that is kept, as Atom allows."""
        return self._entry is not None and len(self.open) > 2 and any(one in _KEPT for one in self.open[:-1])

    def _keep(self, entry: Entry) -> None:
        if len(self.parsed.entries) < MOST_ENTRIES:
            self.parsed.entries.append(entry)
        else:
            self.parsed.whole = False


def parse(body: bytes) -> Parsed:
    """Read a feed.

    Raises:
        Unsure: it is no feed, is cut off, or carries a document type.
    """
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.CharacterDataHandler = builder.data
    parser.EndElementHandler = builder.end
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise Unsure(f"the feed can't be read: {line(problem, 120)}") from None
    return builder.parsed


def _refuse(*_: object) -> None:
    raise Unsure("the feed carries a document type, which no feed needs")


def _moment(text: str) -> datetime | None:
    found = moment(text)
    if found is not None:
        return found
    try:
        mailed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return mailed.replace(tzinfo=UTC) if mailed.tzinfo is None else mailed.astimezone(UTC)
