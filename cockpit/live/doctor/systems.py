"""What the doctor looks at of each system: its table, its secret, and what its adapter finds out about it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from cockpit.errors import CockpitError
from cockpit.live.doctor.findings import Found, Grade, Look, Scribe
from cockpit.world.contract import CONTROLLING, Adapter, Deadline, Finding, How, Place
from cockpit.world.fleet import CONNECT_S, Fleet, Member, read_options
from cockpit.world.registry import adapter_names, load_adapter

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions, SystemOptions

AREA = "systems"
CALLS = 3
"""A check asks several things: it gets the time of so many calls."""

AGAIN = "See why its adapter fails, then run the doctor again."

STEPS = ("adapter", "options", "secret", "connected")
"""What it takes to be able to speak to a system, in this order."""

Where = Callable[[tuple[str, ...]], str]


def connect_looks(
    live: LiveOptions,
    secret: Callable[[str], str],
    now: Callable[[], datetime],
    where: Where,
    members: dict[str, Member],
) -> list[Look]:
    """Return a look at each system's table; those that can be used are put into `members`, with others' problems."""
    looks = []
    for name, table in live.systems.items():
        work = partial(_connect, table, Place(name, secret, now), where, members)
        looks.append(Look(AREA, name, work, CONNECT_S))
    return looks


def check_looks(fleet: Fleet) -> list[Look]:
    """Return a look at each connected system by its own adapter."""
    looks = []
    for name, member in fleet.members.items():
        if member.system is not None:
            seconds = CALLS * member.deadline_s
            looks.append(Look(AREA, name, partial(_check, member, seconds), seconds + 1))
    return looks


def _connect(table: Mapping[str, Any], place: Place, where: Where, members: dict[str, Member]) -> list[Found]:
    scribe, found = Scribe(AREA, place.name), list[Found]()
    try:
        for one in _steps(table, place, scribe, members):
            found.append(one)
    except CockpitError as problem:
        members[place.name] = Member(place.name, problem=problem)
        what, at = STEPS[len(found)], where(_place_in(problem, place.name))
        step = _near(table) if what == "adapter" else problem.hint or f"Correct {at}."
        found.append(scribe.wrong(what, f"{problem.message} ({at})", step))
    return found


def _steps(table: Mapping[str, Any], place: Place, scribe: Scribe, members: dict[str, Member]) -> Iterator[Found]:
    adapter = load_adapter(str(table.get("adapter", "")))
    yield _known(scribe, adapter)
    options = read_options(place.name, adapter, table)
    yield _serves(scribe, adapter, options)
    place.secret(options.token)
    yield scribe.fine("secret", f"{options.token} is there" if options.token else "none is named, none is sent")
    system = adapter.connect(options, place)
    members[place.name] = Member(place.name, adapter, options, system)


def _place_in(problem: CockpitError, name: str) -> tuple[str, ...]:
    """Return the path of the setting a problem is about, where it begins with one; else that of the table."""
    said = problem.message.partition(":")[0]
    inner = said.removeprefix(f"systems.{name}.")
    return ("systems", name, *inner.split(".")) if inner != said else ("systems", name)


def _known(scribe: Scribe, adapter: Adapter) -> Found:
    """Tell what an adapter was tested against; one that sets values and never met the real system should be tried."""
    told = f"{adapter.name}; tested against {_tested(adapter)}"
    if adapter.capabilities & CONTROLLING and all(one.how is not How.REAL for one in adapter.tested):
        return scribe.note("adapter", told, "It has not met the system itself: practise each lever on staging first.")
    return scribe.fine("adapter", told)


def _serves(scribe: Scribe, adapter: Adapter, options: SystemOptions) -> Found:
    if not adapter.capabilities & CONTROLLING:
        return scribe.fine("options", "no lever is pulled on it")
    if options.staging:
        return scribe.fine("options", "staging: serves no customers, drills may be played on it")
    return scribe.fine("options", "production: serves customers, never given to a drill")


def _check(member: Member, seconds: float) -> list[Found]:
    scribe = Scribe(AREA, member.name)
    assert member.system is not None  # only such members are looked at
    try:
        return [_adopted(scribe, one) for one in member.system.check(Deadline(seconds))]
    except CockpitError as problem:
        return [scribe.problem("checked", problem, AGAIN)]


def _adopted(scribe: Scribe, one: Finding) -> Found:
    return scribe.graded(Grade(str(one.verdict)), one.what, one.detail, one.next_step)


def _tested(adapter: Adapter) -> str:
    return "; ".join(f"{one.against} ({one.how})" for one in adapter.tested) or "nothing"


def _near(table: Mapping[str, Any]) -> str:
    near: Sequence[str] = difflib.get_close_matches(str(table.get("adapter", "")), adapter_names(), 1)
    return f"Did you mean {near[0]}?" if near else "`cockpit adapters` lists them."
