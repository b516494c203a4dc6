"""Pages of an incident: those that came in, those that were sent from here, and what their pagers are to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.alerts import FIRING, NEWS, RESOLVED, name_of
from cockpit.domain.events import Event, Kind

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

PAGE, ACKNOWLEDGE, NOTE, RESOLVE = "page", "acknowledge", "note", "resolve"

ACKNOWLEDGED_THERE = "incident.acknowledged"
"""The label `event` of news that somebody has acknowledged a page at the pager itself."""


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One page.

    Attributes:
        name: what it is called here: `SOURCE/KEY` of the alert it came in as, or `page:LINE` for one sent from here.
        origin: the source it came from, or for one sent from here `>` and the pager it was sent by.
        key: what the sender calls it; `group` what it is known by where several of its messages belong together.
        line: the journal's line that told of it first, or asked for it.
        by: who asked for it.
        answered: who is on it; empty while nobody is.
    """

    name: str
    origin: str
    key: str
    group: str
    line: int
    at: datetime
    by: str = ""
    text: str = ""
    open: bool = True
    answered: str = ""

    @property
    def sent(self) -> bool:
        """Whether it was sent from here."""
        return self.origin.startswith(">")


@dataclass(frozen=True, slots=True)
class PageWord:
    """What the pager of some pages is to be told because of one line of the journal.

    Attributes:
        what: page, acknowledge, note or resolve.
        pages: which, all of one origin.
        audience: of a note, whom the update was written for.
    """

    line: int
    at: datetime
    what: str
    origin: str
    by: str
    text: str
    pages: tuple[PageSeen, ...]
    audience: str = ""


def sent_by(pager: str) -> str:
    """Return the origin of pages that were sent from here."""
    return f">{pager}"


def unanswered(state: IncidentState, actor: str) -> list[PageSeen]:
    """Return the open pages that nobody is on; whoever sent one is not called by it."""
    return [page for page in state.pages.values() if page.open and not page.answered and page.by != actor]


def fold_page(state: IncidentState, event: Event) -> dict[str, Any]:
    """Return what a line changes about pages."""
    handler = _HANDLERS.get(event.kind)
    return handler(state, event) if handler else {}


def _told(state: IncidentState, event: Event) -> dict[str, Any]:
    source, key, status = (str(event.get(part) or "") for part in ("source", "key", "status"))
    name = name_of(source, key)
    known = state.pages.get(name)
    if status == FIRING and (known is None or not known.open):
        made = PageSeen(name, source, key, str(event.get("group") or ""), event.seq, event.at)
    elif status == RESOLVED and known is not None:
        made = replace(known, open=False)
    elif status == NEWS and known is not None and (who := _who_acknowledged(event)):
        made = replace(known, answered=known.answered or who)
    else:
        return {}
    return {"pages": {**state.pages, name: made}}


def _who_acknowledged(event: Event) -> str:
    labels = event.get("labels")
    if not isinstance(labels, Mapping) or labels.get("event") != ACKNOWLEDGED_THERE:
        return ""
    return str(labels.get("agent") or "somebody")


def _moved(state: IncidentState, event: Event) -> dict[str, Any]:
    gone = name_of(event.get("source", ""), event.get("key", ""))
    return {"pages": {name: page for name, page in state.pages.items() if name != gone}}


def _asked(state: IncidentState, event: Event) -> dict[str, Any]:
    name, origin, text = f"page:{event.seq}", sent_by(str(event.get("to", ""))), str(event.get("text", ""))
    page = PageSeen(name, origin, name, "", event.seq, event.at, event.actor, text)
    word = PageWord(event.seq, event.at, PAGE, origin, event.actor, text, (page,))
    return {"pages": {**state.pages, name: page}, "page_words": (*state.page_words, word)}


def _answered(state: IncidentState, event: Event) -> dict[str, Any]:
    """Take all open pages, or those that the line names: others may have come in before it was written."""
    named = event.get("pages")
    meant = named if isinstance(named, list | tuple) else state.pages
    pages = [page for page in unanswered(state, event.actor) if page.name in meant]
    now = {page.name: replace(page, answered=event.actor) for page in pages}
    return {"pages": {**state.pages, **now}, "page_words": (*state.page_words, *_words(event, ACKNOWLEDGE, pages))}


def _noted(state: IncidentState, event: Event) -> dict[str, Any]:
    pages = [page for page in state.pages.values() if page.open]
    return {"page_words": (*state.page_words, *_words(event, NOTE, pages))}


def _over(state: IncidentState, event: Event) -> dict[str, Any]:
    pages = [page for page in state.pages.values() if page.open]
    now = {page.name: replace(page, open=False) for page in pages}
    return {"pages": {**state.pages, **now}, "page_words": (*state.page_words, *_words(event, RESOLVE, pages))}


def _words(event: Event, what: str, pages: list[PageSeen]) -> Iterator[PageWord]:
    """Yield what each origin's pager is to be told."""
    text, audience = str(event.get("text", "")), str(event.get("audience", ""))
    for origin in dict.fromkeys(page.origin for page in pages):
        these = tuple(page for page in pages if page.origin == origin)
        yield PageWord(event.seq, event.at, what, origin, event.actor, text, these, audience)


_HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.ALERT_RECEIVED: _told,
    Kind.ALERT_MOVED: _moved,
    Kind.PAGE_ASKED: _asked,
    Kind.ACKNOWLEDGED: _answered,
    Kind.PAGE_ANSWERED: _answered,
    Kind.UPDATE_POSTED: _noted,
    Kind.ALL_CLEAR_GIVEN: _over,
}

PAGER_KINDS: Mapping[Kind, Kind] = {
    Kind.UPDATE_SENDING: Kind.PAGER_ASKED,
    Kind.UPDATE_DELIVERED: Kind.PAGER_DONE,
    Kind.UPDATE_DELIVERY_FAILED: Kind.PAGER_FAILED,
    Kind.UPDATE_DELIVERY_UNKNOWN: Kind.PAGER_UNKNOWN,
}
"""How the lines about a pager are called, by those about a channel."""

_AS_UPDATE = {pager: update for update, pager in PAGER_KINDS.items()}


def errand_of(pager: str, what: str, page: str) -> str:
    """Return the one name for one thing that a pager does."""
    return f"{pager}: {what} {page}"


def parts_of(errand: str) -> tuple[str, str, str]:
    """Return pager, what it does and the page's name, of a name that `errand_of` made."""
    pager, _, rest = errand.partition(": ")
    what, _, page = rest.partition(" ")
    return pager, what, page


def as_delivery(event: Event) -> Event:
    """Return a line about a pager as deliveries know them, with its errand in the channel's place."""
    if event.kind not in _AS_UPDATE:
        return event
    pager, what, page = (str(event.get(part, "")) for part in ("pager", "what", "page"))
    told = {**event.payload, "update": event.get("line", 0), "channel": errand_of(pager, what, page)}
    return replace(event, kind=_AS_UPDATE[event.kind], payload=told)


_DONE = {PAGE: "paged", ACKNOWLEDGE: "acknowledged", NOTE: "noted it on", RESOLVE: "resolved"}


def in_words(event: Event) -> str:
    """Say what a line about pages tells; what came from outside is still raw."""
    told = {key: str(event.get(key, "")) for key in ("to", "text", "pager", "what", "page", "reason", "url", "note")}
    if event.kind is Kind.PAGE_ASKED:
        return f"pages {told['to']}: {told['text']}"
    if event.kind is Kind.PAGE_ANSWERED:
        names = event.get("pages")
        return f"is on {', '.join(map(called, names if isinstance(names, list | tuple) else ()))}"
    about = "" if told["what"] == PAGE else f" {called(told['page'])}"
    pager, asked = told["pager"], f"{told['what']}{about}"
    if event.kind is Kind.PAGER_ASKED:
        return f"asks {pager} to {asked}"
    if event.kind is Kind.PAGER_DONE:
        done = _DONE.get(told["what"], told["what"])
        return " ".join(part for part in (f"{pager} {done}{about}", told["url"], told["note"]) if part)
    if event.kind is Kind.PAGER_UNKNOWN:
        return f"UNKNOWN whether {pager} did {asked}: {told['reason']}"
    again = str(event.get("next_try") or "")
    return f"{pager} did NOT {asked}: {told['reason']}{f'; again at {again[11:19]}' if again else ''}"


def called(page: object) -> str:
    """Return how people call a page: one that was sent from here by its line, another by its source and key."""
    name = str(page)
    return f"the page of line {name.removeprefix('page:')}" if name.startswith("page:") else name
