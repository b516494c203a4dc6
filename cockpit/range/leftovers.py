"""What an earlier drill has left behind on staging because its process was killed: found in the journal, put back.

Before its first change a drill writes down what every value was; each change is written down before it is sent; and
when all is put back, that is written down too. So a drill without that last line may have left something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.orders import orders_of
from cockpit.errors import BadInput
from cockpit.live.seat import DriversSeat
from cockpit.range.putback import Left, Place, Written, put_back
from cockpit.world.contract import Reading

if TYPE_CHECKING:
    from cockpit.world.fleet import Fleet

RANGE = "range"
"""The mode of an incident that is a drill on staging."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What became of what one earlier drill had left: how many values it had changed, and which still stand."""

    incident: str
    changed: int
    left: tuple[Left, ...]

    def __str__(self) -> str:
        values = "value" if self.changed == 1 else "values"
        back = "all as before now" if not self.left else f"{len(self.left)} not put back"
        return f"{self.incident} was cut off and had changed {self.changed} {values} on staging: {back}"


def tidy_up(
    journal: Any, fleet: Fleet, gateway: str, seats: Callable[[str], Path], *, wherever: bool = False
) -> list[Tidied]:
    """Put back what earlier drills on a gateway have left, the latest first, and write down that it was done.

    Args:
        wherever: whether to do so as well for a drill that was begun on another machine, where nobody here can tell
            whether it still goes on.

    Raises:
        BadInput: one of them still goes on, or may.
    """
    found = []
    for log in _unfinished(journal, gateway):
        with _nobody_plays(log[0].incident, gateway, seats, wherever):
            found.append(_tidied(journal, fleet, log))
    return found


def put_back_event(at: Any, left: Sequence[Left]) -> NewEvent:
    """Return the line that says that a drill's changes are put back, and which are not."""
    payload = {"left": [one.as_payload() for one in left], "text": "; ".join(map(str, left))}
    return NewEvent(Kind.RANGE_PUT_BACK, at, "cockpit", Source.SYSTEM, payload)


def _unfinished(journal: Any, gateway: str) -> Iterator[list[Event]]:
    """Yield the journals of drills that have not put everything back, newest first, up to one that has."""
    for line in journal.incidents():
        if line.mode != RANGE:
            continue
        log = journal.events(line.id)
        if log[0].get("gateway") != gateway or not any(one.kind is Kind.RANGE_PREPARED for one in log):
            continue
        if _is_back(log):
            return
        yield log


def _is_back(log: Sequence[Event]) -> bool:
    last = next((one for one in reversed(log) if one.kind is Kind.RANGE_PUT_BACK), None)
    return last is not None and not any(one.get("again") for one in last.get("left", ()))


@contextmanager
def _nobody_plays(incident: str, gateway: str, seats: Callable[[str], Path], wherever: bool) -> Iterator[None]:
    """Hold the seat of a drill, so that nobody goes on with it meanwhile."""
    path = seats(incident)
    if not path.exists():
        if not wherever:
            raise BadInput(
                f"{incident} was begun on {gateway} from another machine, and never said that it put things back",
                hint=f"When nobody plays it any more: cockpit range --put-back --gateway {gateway}",
            )
        yield
        return
    seat = DriversSeat(path)
    try:
        if not seat.take():
            raise BadInput(
                f"{incident} is being played on {gateway} at another terminal", hint="End it there, then begin again."
            )
        yield
    finally:
        seat.leave()


def _tidied(journal: Any, fleet: Fleet, log: list[Event]) -> Tidied:
    prepared = next(one for one in log if one.kind is Kind.RANGE_PREPARED)
    before, written = _noted(prepared.get("before", ())), Written()
    for intent in prepared.get("start", ()):
        written.note(intent)
    written.note_orders(orders_of(log))
    left = tuple(put_back(fleet, before, written))
    incident, last = log[0].incident, log[-1]
    journal.append(incident, [put_back_event(last.at, left)], expected_seq=last.seq)
    return Tidied(incident, len(written.values), left)


def _noted(rows: Sequence[Mapping[str, Any]]) -> dict[Place, Reading]:
    return {
        (str(row["system"]), str(row["address"])): Reading(row["value"], shown=str(row.get("shown", "")))
        for row in rows
    }
