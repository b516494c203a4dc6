"""Trackers as cockpit.toml names them, and one call to one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, Deadline
from cockpit.world.contract_tracker import Tracker
from cockpit.world.fleet import Fleet
from cockpit.world.intime import in_time

LATE_S = 1.0
"""How much longer than its deadline a call is waited for, in seconds."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Board:
    """One tracker that can be used."""

    name: str
    tracker: Tracker
    deadline_s: float = 5.0

    @property
    def wait_s(self) -> float:
        """How long after its beginning a call is over, in seconds."""
        return self.deadline_s + LATE_S

    def call(self, work: Callable[[Deadline], T], doing: str) -> T:
        """Return what a call to the tracker returns, in time.

        Raises:
            WorldError: which of them says what is certain.
        """
        deadline = Deadline(self.deadline_s)
        return in_time(lambda: work(deadline), self.wait_s, f"{doing} in {self.name}")


def board(fleet: Fleet, name: str) -> Board:
    """Return a tracker by its name in [systems]; without a name, the only one there is.

    Raises:
        BadInput: there is none of that name, or several and no name.
        WorldError: it can't be used.
    """
    known = trackers(fleet)
    if not name and len(known) != 1:
        hint = f"Name one by --to: {', '.join(known)}." if known else "`cockpit adapters` lists those that can."
        raise BadInput("no tracker is configured" if not known else "there are several trackers", hint=hint)
    chosen = name or known[0]
    if chosen not in fleet.members:
        raise BadInput(f"there is no tracker {chosen!r} in cockpit.toml", hint=f"Trackers are: {_list(known)}.")
    member = fleet.member(chosen)
    if not isinstance(member.system, Tracker):
        raise BadInput(f"{chosen} keeps no tickets", hint=f"Trackers are: {_list(known)}.")
    return Board(chosen, member.system, member.deadline_s)


def trackers(fleet: Fleet) -> list[str]:
    """Return the names of the trackers, also of those that can't be used: what those are nobody knows."""
    return [
        name
        for name, one in fleet.members.items()
        if one.adapter is None or Capability.TRACKER in one.adapter.capabilities
    ]


def _list(names: list[str]) -> str:
    return ", ".join(names) or "none"
