"""Values put back as they were before a drill: only what the drill itself has written, whoever does it and when."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from cockpit.domain.levers import LeverOrder, Stage
from cockpit.errors import CockpitError, WorldError
from cockpit.world.contract import Reading, Value, Write
from cockpit.world.fleet import Fleet
from cockpit.world.planner import in_words, read_now
from cockpit.world.saga import carry_out, same

SET_UP_S = 30.0
"""How long one staging system may take to be set or put back, in seconds."""

TRIES = 3
"""So many times a value is asked for before it counts as unreadable."""

Place = tuple[str, str]
"""A value's system and its address there."""


@dataclass(frozen=True, slots=True)
class Left:
    """A value that was not put back.

    Attributes:
        before: what it was before the drill, in words.
        again: whether trying again may help; else somebody else has set it, and it is theirs to decide.
    """

    system: str
    address: str
    before: str
    why: str
    again: bool

    def __str__(self) -> str:
        return f"{self.address} on {self.system} was {self.before} before: {self.why}"

    def next_step(self, gateway: str) -> str:
        """Say what a person can do about it."""
        if self.again:
            return f"cockpit range --put-back --gateway {gateway}   tries again; or set it to {self.before} there"
        return f"set {self.address} on {self.system} to {self.before} by hand, unless it is meant as it is"

    def as_payload(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        return asdict(self)


@dataclass(slots=True)
class Written:
    """What a drill has written, each value of a place, in the order in which places were written last."""

    values: dict[Place, list[Value]] = field(default_factory=dict)

    def note(self, intent: Mapping[str, Any]) -> None:
        """Take note of one change that was asked for, whether it arrives or not."""
        if intent:
            place = (str(intent["system"]), str(intent["address"]))
            self.values[place] = [*self.values.pop(place, []), intent["value"]]

    def note_orders(self, orders: Iterable[LeverOrder]) -> None:
        """Take note of what orders write."""
        for order in orders:
            self.note(order.intent)

    def mine(self, place: Place, value: Value) -> bool:
        """Tell whether the drill has written this value there."""
        return any(same(value, one) for one in self.values.get(place, ()))


def put_back(fleet: Fleet, before: Mapping[Place, Reading], written: Written) -> Iterator[Left]:
    """Put back what was written, the last change first, and say what stays as it is."""
    for place in reversed(written.values):
        if place in before and (left := _put_one_back(fleet, place, before[place], written)):
            yield left


def _put_one_back(fleet: Fleet, place: Place, before: Reading, written: Written) -> Left | None:
    known = in_words(before)
    try:
        now = read_patiently(fleet, place)
    except CockpitError as problem:
        return Left(*place, known, f"{problem.message.rstrip('.')}; it may stand as the drill left it", again=True)
    if same(now.value, before.value):
        return None
    if not written.mine(place, now.value):
        return Left(*place, known, f"somebody else has set it to {in_words(now)}, so it was left alone", again=False)
    key = secrets.token_hex(12)
    why = sent(fleet, Write(place[1], before.value, key, now.version, now.value, "range ends"), place[0])
    return Left(*place, known, why, again=True) if why else None


def read_patiently(fleet: Fleet, place: Place) -> Reading:
    """Read a value; a system that has just been started is asked again.

    Raises:
        WorldError: it did not answer.
    """
    for _ in range(TRIES - 1):
        with suppress(WorldError):
            return read_now(fleet, *place)
    return read_now(fleet, *place)


def sent(fleet: Fleet, write: Write, system: str) -> str:
    """Write one value; returns what went wrong, empty when it is in force."""
    try:
        member, controls = fleet.member(system), fleet.controls(system)
        result = carry_out(controls, write, SET_UP_S, call_s=member.deadline_s)
    except CockpitError as problem:
        return problem.message
    return "" if result.stage is Stage.APPLIED else result.reason or "nobody can tell whether it arrived"


def told(lefts: Sequence[Left], gateway: str) -> list[str]:
    """Say in lines what could not be put back, each with what to do."""
    return [line for left in lefts for line in (f"NOT PUT BACK: {left}", f"  → {left.next_step(gateway)}")]
