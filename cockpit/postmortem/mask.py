"""Taking personal data and secrets out of a document before it leaves: what is taken out is told by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cockpit.domain.events import Event, Kind

_NAMED = re.compile(r"^(?P<name>[^(]{3,80}?)(?: \(.*\))?$")


def mask(text: str, *, keep: Iterable[str] = (), hide: Iterable[str] = ()) -> str:
    """Return a text with personal data replaced by its kind in brackets.

    Args:
        keep: people of the team, who own things by name.
        hide: people who are known to be customers, whatever they are called.
    """
    from cockpit.detect.answer import names, personal, secret

    kept = {one.casefold() for one in keep}
    found = [(one.value, one.kind) for one in personal.find(text)]
    found += [(text[slice(*sign.where)], "secret") for sign in secret.signs(text) if sign.where]
    people = [one for line in text.splitlines() for one in names.people(line)]
    found += [(one, "name") for one in (*people, *hide) if one.casefold() not in kept]
    found += [(one, "address") for one in names.streets(text)]
    return _replaced(text, dict(found))


def team_of(events: Sequence[Event]) -> list[str]:
    """Return who worked on an incident: names that stay."""
    chats = [str(one.get("sender", "")) for one in events if one.kind is Kind.INJECT_DELIVERED and _of_team(one)]
    return list(dict.fromkeys([*(one.actor for one in events if not _told_by_others(one)), *chats]))


def customers_of(events: Sequence[Event]) -> list[str]:
    """Return who wrote in as a customer: the sender of a mail about a session of theirs."""
    mails = [one for one in events if one.kind is Kind.INJECT_DELIVERED and one.get("session")]
    found = [_NAMED.match(str(one.get("sender", ""))) for one in mails]
    return list(dict.fromkeys(one["name"] for one in found if one))


def _of_team(event: Event) -> bool:
    return event.get("channel") == "chat" and not event.get("session")


def _told_by_others(event: Event) -> bool:
    return event.kind in (Kind.INJECT_DELIVERED, Kind.PAGED, Kind.ALERT_RECEIVED)


def _replaced(text: str, found: dict[str, str]) -> str:
    if not found:
        return text
    pattern = re.compile("|".join(re.escape(one) for one in sorted(found, key=len, reverse=True) if one.strip()))
    return pattern.sub(lambda hit: f"({found[hit[0]]})", text)
