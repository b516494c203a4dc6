"""Action items: what the record itself leaves to do, with an owner and a date, and what people added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cockpit.domain.incident import IncidentState
from cockpit.domain.learning import ALERT, FIXTURE, Followup
from cockpit.domain.levers import LeverPull

LEVER_DAYS, LEARN_DAYS, CAUSE_DAYS, SPREAD_DAYS = 1, 2, 7, 14
"""Days after the all-clear: a lever left in force, the case and the alert, open questions, the same gap elsewhere."""

SPREAD = {
    "retrieval": "Look through every other index and cache for the same gap",
    "prompt": "Let every change of a prompt run the golden set before it ships",
    "model": "Pin the model of every route to a version, and let a change of it run the golden set",
    "tool": "Look through every other tool's permissions and answers for the same gap",
    "infra": "Look through every other service on the same limits or configuration for the same gap",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One action item; `owner` and `due` (a date) are empty where nobody is on record.

    Attributes:
        tickets: (name, tracker, address) of each ticket it has become.
    """

    id: str
    text: str
    owner: str
    due: str
    done: bool = False
    tickets: tuple[tuple[str, str, str], ...] = ()

    @property
    def assigned(self) -> bool:
        """Whether it has both an owner and a date."""
        return bool(self.owner and self.due)


def items(state: IncidentState) -> list[Item]:
    """Return every action item: what people wrote wins over what follows from the record."""
    written = {one.item: one for one in state.learning.followups}
    derived = {one.id: one for one in _derived(state)}
    found = [_merged(written[name], one) if name in written else one for name, one in derived.items()]
    found += [_told(one) for name, one in written.items() if name not in derived and (one.text or one.done_at)]
    return [replace(one, tickets=_tickets(state, one.id)) for one in found]


def _tickets(state: IncidentState, item: str) -> tuple[tuple[str, str, str], ...]:
    made = (one for one in state.learning.tickets if one.item == item and one.ticket)
    return tuple((one.ticket, one.tracker, one.url) for one in made)


def overdue(item: Item, now: datetime) -> bool:
    """Tell whether an open item's day is over."""
    due = day(item.due)
    return not item.done and due is not None and due < now.date()


def day(text: str) -> date | None:
    """Read a date, or None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def postmortem_due(state: IncidentState, due_s: float) -> datetime | None:
    """Return when the postmortem has to be signed; None before the all-clear, and once it is."""
    over = state.all_clear_at
    return over + timedelta(seconds=due_s) if over and state.learning.written.done_at is None else None


def next_id(state: IncidentState) -> str:
    """Return the id of the next item that a person adds."""
    taken = {one.item for one in state.learning.followups}
    return next(f"A{number}" for number in range(1, len(taken) + 2) if f"A{number}" not in taken)


def _merged(written: Followup, derived: Item) -> Item:
    return Item(
        derived.id, written.text or derived.text, written.owner or derived.owner, written.due or derived.due,
        derived.done or written.done_at is not None,
    )  # fmt: skip


def _told(one: Followup) -> Item:
    return Item(one.item, one.text or one.item, one.owner, one.due, one.done_at is not None)


def _derived(state: IncidentState) -> Iterator[Item]:
    if state.started_at is None:
        return
    owner = _commander(state)
    for pull in state.debt:
        yield Item(f"lever-{pull.op}", _settle(pull), pull.actor or owner, _day(state, LEVER_DAYS))
    yield from _to_learn(state, owner)
    triage = state.triage
    if not triage.layer or not triage.change:
        what = "Name the change that caused it" if triage.layer else "Find the layer and the change that caused it"
        yield Item("cause", what, owner, _day(state, CAUSE_DAYS))
    if text := SPREAD.get(triage.layer):
        yield Item("spread", text, owner, _day(state, SPREAD_DAYS))


def _to_learn(state: IncidentState, owner: str) -> Iterator[Item]:
    learning = state.learning
    due = _day(state, LEARN_DAYS)
    cases = [one.id for one in learning.proven]
    if cases or not learning.waived(FIXTURE):
        known = (
            f"Let CI run the case{'s' if len(cases) > 1 else ''} {', '.join(cases)} on every change"
            if cases
            else "Make the worst trace a proven case"
        )
        yield Item(FIXTURE, known, owner, due)
    if not learning.alerts and not learning.waived(ALERT):
        yield Item(ALERT, "Name the alert that pages next time", owner, due)
    for waiver in learning.waivers:
        yield Item(
            f"waiver-{waiver.what}", f"Look again at the waived {waiver.what}: {waiver.reason}", waiver.actor,
            waiver.until or _day(state, CAUSE_DAYS),
        )  # fmt: skip


def _settle(pull: LeverPull) -> str:
    name = pull.title or pull.lever
    return f"Undo {name} ({pull.op}) or make it permanent with an owner"


def _commander(state: IncidentState) -> str:
    held = state.command.holders.get("ic", "")
    return held or next((hold.who for hold in reversed(state.command.holds) if hold.role == "ic"), "")


def _day(state: IncidentState, days: int) -> str:
    over = state.all_clear_at or state.page_at or state.started_at
    return (over + timedelta(days=days)).date().isoformat() if over else ""
