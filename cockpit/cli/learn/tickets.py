"""`cockpit action push`: action items become tickets where the team tracks its work, each once."""

from __future__ import annotations

import os
import re
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, print_json, say
from cockpit.cli.places import open_journal, settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.incident import fold
from cockpit.domain.text import clean
from cockpit.domain.tickets import ItemTicket, TicketStage
from cockpit.errors import BadInput, WorldError

if TYPE_CHECKING:
    from cockpit.domain.events import Event
    from cockpit.live.ticketing import Pusher, Wanted
    from cockpit.postmortem.todo import Item
    from cockpit.world.fleet import Fleet

SCREEN_S = 10.0
"""So long somebody at a screen waits for a ticket that is tried again, in seconds."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\]{3,500}")


def push(given: Namespace) -> int:
    """Make tickets of an incident's action items; 1 when one of them could not be made, or nobody can tell.

    Raises:
        BadInput: there is no such item or tracker, or the incident is a drill.
        WorldError: the tracker can't be used.
    """
    from cockpit.live.boards import board
    from cockpit.live.ticketing import Pusher
    from cockpit.postmortem.as_ticket import as_ticket

    if given.link and not _ADDRESS.fullmatch(given.link):
        raise BadInput("--link is no address", hint="It looks like https://wiki.example.com/INC-0007.")
    with open_journal(given) as journal, trackers(given) as fleet:
        events = journal.events(given.incident)
        wanted = _chosen(given.incident, events, given.items)
        chosen = board(fleet, given.to)
        responder = settings_of(given).responder
        pusher = Pusher(journal, given.incident, chosen, responder, WallClock().now)
        leaving = [as_ticket(one, events, given.raw) for one in wanted]
        rows = list(_pushed(given, pusher, leaving))
        troubles = list(_say(pusher, fold(journal.events(given.incident)).learning.tickets, events, given.link))
    if given.json:
        print_json(rows)
    for trouble in troubles:
        complain(f"cockpit: {clean(trouble, multiline=False, limit=400)}")
    return 1 if troubles or any(row["state"] != TicketStage.MADE for row in rows) else 0


def track(given: Namespace, incident: str, item: str) -> None:
    """Make a ticket of one action item, in the only tracker there is.

    Raises:
        BadInput: it is a drill's, or there is no tracker, or there are several.
        WorldError: none was made, or nobody can tell.
    """
    from cockpit.live.boards import board
    from cockpit.live.ticketing import Pusher
    from cockpit.postmortem.as_ticket import as_ticket

    with open_journal(given) as journal, trackers(given) as fleet:
        events = journal.events(incident)
        (named,) = _chosen(incident, events, [item])
        wanted = as_ticket(named, events, raw=False)
        responder, chosen = settings_of(given).responder, board(fleet, "")
        made = Pusher(journal, incident, chosen, responder, WallClock().now, patience_s=SCREEN_S).push(wanted)
    if made.stage is not TicketStage.MADE:
        raise WorldError(_line(_row(made)))


@contextmanager
def trackers(given: Namespace) -> Iterator[Fleet]:
    """Connect the systems that keep tickets, and no others."""
    from cockpit.world.contract import Capability
    from cockpit.world.fleet import connect
    from cockpit.world.registry import load_adapter
    from cockpit.world.secrets import secret_reader

    def keeps(table: Any) -> bool:
        try:
            return Capability.TRACKER in load_adapter(str(table.get("adapter", ""))).capabilities
        except BadInput:
            return False

    live = settings_of(given).live
    systems = {name: table for name, table in live.systems.items() if keeps(table)}
    fleet = connect(live.model_copy(update={"systems": systems}), secret_reader(os.environ), WallClock().now)
    try:
        yield fleet
    finally:
        fleet.close()


def _chosen(incident: str, events: Sequence[Event], names: Sequence[str]) -> list[Item]:
    """Return the items that are asked for; without a name, all open ones that are no ticket anywhere yet."""
    from cockpit.postmortem.todo import items

    state = fold(events)
    if not state.live:
        raise BadInput(f"{incident} is a drill: its items stay in its journal")
    known = {one.id: one for one in items(state)}
    if unknown := [name for name in names if name not in known]:
        raise BadInput(f"{incident} has no action item {unknown[0]!r}", hint=f"There are: {', '.join(known)}.")
    if names:
        return [known[name] for name in dict.fromkeys(names)]
    made = {one.item for one in state.learning.tickets if one.stage is TicketStage.MADE}
    return [one for one in known.values() if not one.done and one.id not in made]


def _pushed(given: Namespace, pusher: Pusher, wanted: Sequence[Wanted]) -> Iterator[dict[str, Any]]:
    """Push one item after the other, and tell of each at once; patience is for all of them together."""
    end = time.monotonic() + given.wait
    for one in wanted:
        pusher.patience_s = max(0.0, end - time.monotonic())
        row = _row(pusher.push(one))
        if not given.json:
            say(_line(row))
        yield row
    if not wanted and not given.json:
        say("Every open action item is a ticket already.")


def _say(pusher: Pusher, made: Sequence[ItemTicket], events: Sequence[Event], link: str) -> Iterator[str]:
    """Say on tickets what they do not say yet: the address, and that their item is done here."""
    from cockpit.live.ticketing import DONE

    learning = fold(events).learning
    for one in made:
        if one.tracker != pusher.board.name or one.stage is not TicketStage.MADE:
            continue
        item = learning.followup(one.item)
        if link and link not in one.told and (why := pusher.link(one, link, f"Postmortem {pusher.incident}")):
            yield f"{one.ticket}: the link could not be put there: {why}"
        if item and item.done_at and DONE not in one.told and item.done_by != one.tracker:
            text = f"Done, as {item.done_by} said in the cockpit on {item.done_at:%Y-%m-%d at %H:%M} UTC."
            if why := pusher.say_done(one, text):
                yield f"{one.ticket}: it could not be said there that it is done: {why}"


def _row(one: ItemTicket) -> dict[str, Any]:
    told = {"item": one.item, "tracker": one.tracker, "state": str(one.stage), "ticket": one.ticket, "url": one.url}
    return {**told, "reason": one.reason}


def _line(row: dict[str, Any]) -> str:
    item, tracker, reason = (
        clean(str(row[key]), multiline=False, limit=300) for key in ("item", "tracker", "reason")
    )
    if row["state"] == TicketStage.MADE:
        return f"{item} is {clean(row['ticket'], multiline=False)} in {tracker}  {clean(row['url'], multiline=False)}"
    if row["state"] == TicketStage.UNKNOWN:
        return (
            f"{item}: nobody can tell whether {tracker} has it: {reason}. Push again later: it is looked for first."
        )
    if row["state"] == TicketStage.SENDING:
        return f"{item}: another terminal is asking {tracker} for it."
    return f"{item}: no ticket in {tracker}: {reason}"
