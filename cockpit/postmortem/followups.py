"""Putting action items on record: added, changed, done."""

from __future__ import annotations

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from cockpit.errors import BadInput
from cockpit.postmortem.store import Appends, record_by
from cockpit.postmortem.todo import Item, day, items, next_id


def put(journal: Appends, incident: str, new: Item, actor: str) -> Event:
    """Put an item on record, or change one; without an id it is a new one, and what is empty stays as it was.

    Raises:
        BadInput: it has no words, or its day is no date.
    """
    if new.due and day(new.due) is None:
        raise BadInput(f"{new.due} is no date", hint="Such as 2026-12-01.")

    def told(events: list[Event]) -> dict[str, str]:
        state = fold(events)
        name = new.id or next_id(state)
        before = next((one for one in items(state) if one.id == name), Item(name, "", "", ""))
        text = new.text or before.text
        if not text:
            raise BadInput("an action item needs words", hint="What is to be done, in one line (--text).")
        return {"item": name, "text": text, "owner": new.owner or before.owner, "due": new.due or before.due}

    return record_by(journal, incident, Kind.ACTION_ADDED, actor, told)


def finish(journal: Appends, incident: str, item: str, actor: str, note: str = "") -> Event:
    """Put on record that an item is done.

    Raises:
        BadInput: there is no such item.
    """

    def told(events: list[Event]) -> dict[str, str]:
        known = {one.id: one for one in items(fold(events))}
        if item not in known:
            raise BadInput(f"{incident} has no action item {item!r}", hint=f"There are: {', '.join(known)}.")
        return {"item": item, **({"note": note} if note else {})}

    return record_by(journal, incident, Kind.ACTION_DONE, actor, told)
