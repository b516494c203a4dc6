"""How the postmortem and its action items fold into the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind
from cockpit.domain.learning import Followup, Written
from cockpit.domain.tickets import HANDLERS as TICKETS

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


def _version(state: IncidentState, event: Event) -> dict[str, Any]:
    before = state.learning.written
    edited = event.kind is Kind.POSTMORTEM_EDITED
    people = tuple(dict.fromkeys((*before.edited_by, event.actor))) if edited else before.edited_by
    digest = str(event.get("digest", ""))
    return _written(state, replace(before, versions=before.versions + 1, digest=digest, edited_by=people))


def _done(state: IncidentState, event: Event) -> dict[str, Any]:
    return _written(state, replace(state.learning.written, done_at=event.at, done_by=event.actor))


def _written(state: IncidentState, written: Written) -> dict[str, Any]:
    return {"learning": replace(state.learning, written=written)}


def _added(state: IncidentState, event: Event) -> dict[str, Any]:
    item, text, owner, due = (str(event.get(key, "")) for key in ("item", "text", "owner", "due"))
    before = state.learning.followup(item)
    # Adding an item again changes its words, owner or date; that it was done stays true.
    new = Followup(
        item, text, owner, due, event.at, event.seq, event.actor,
        before.done_at if before else None, before.done_by if before else "",
    )  # fmt: skip
    others = tuple(one for one in state.learning.followups if one.item != item)
    return {"learning": replace(state.learning, followups=(*others, new))}


def _finished(state: IncidentState, event: Event) -> dict[str, Any]:
    item = str(event.get("item", ""))
    found = state.learning.followup(item) or Followup(item, "", "", "", event.at, event.seq, event.actor)
    done = replace(found, done_at=event.at, done_by=event.actor)
    others = tuple(one for one in state.learning.followups if one.item != item)
    return {"learning": replace(state.learning, followups=(*others, done))}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.POSTMORTEM_DRAFTED: _version,
    Kind.POSTMORTEM_EDITED: _version,
    Kind.POSTMORTEM_DONE: _done,
    Kind.ACTION_ADDED: _added,
    Kind.ACTION_DONE: _finished,
    **TICKETS,
}
