"""The fleet: the systems of cockpit.toml, connected; one that can't be used says why, and the others still work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, CockpitError, WorldError
from cockpit.world.contract import Adapter, ChangeLog, Controls, Meter, Place, StatusFeed, System
from cockpit.world.intime import in_time
from cockpit.world.registry import load_adapter

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions, SystemOptions

CONNECT_S = 10.0
"""How long an adapter may take to make a system, in seconds; it opens no connection."""


@dataclass(frozen=True, slots=True)
class Member:
    """One table `[systems.NAME]`, connected, or the problem that kept it from being so."""

    name: str
    adapter: Adapter | None = None
    options: SystemOptions | None = None
    system: System | None = None
    problem: CockpitError | None = None

    @property
    def staging(self) -> bool:
        """Whether it serves no customers."""
        return bool(self.options and self.options.staging)

    @property
    def deadline_s(self) -> float:
        """How long one call may take in all, in seconds."""
        return self.options.deadline_s if self.options else CONNECT_S


class Fleet:
    """All systems by name."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        self.members = members

    def member(self, name: str) -> Member:
        """Return a system that can be used.

        Raises:
            WorldError: there is none of that name, or it can't be used.
        """
        found = self.members.get(name)
        if found is None:
            known = ", ".join(sorted(self.members)) or "none"
            raise WorldError(f"there is no system {name!r} in cockpit.toml: there are {known}")
        if found.system is None:
            problem = found.problem
            raise WorldError(f"{name}: {problem}", hint=problem.hint if problem else "")
        return found

    def controls(self, name: str) -> Controls:
        """Return a system that levers can be on.

        Raises:
            WorldError: it can't be used, or has nothing to set.
        """
        system = self.member(name).system
        if not isinstance(system, Controls):
            raise WorldError(f"{name} has nothing that a lever could set")
        return system

    def logs(self) -> list[tuple[Member, ChangeLog]]:
        """Return the systems that tell who changed what."""
        return [(one, one.system) for one in self.members.values() if isinstance(one.system, ChangeLog)]

    def feeds(self) -> list[tuple[Member, StatusFeed]]:
        """Return the providers' own words."""
        return [(one, one.system) for one in self.members.values() if isinstance(one.system, StatusFeed)]

    def meters(self) -> list[tuple[Member, Meter]]:
        """Return the systems that measure."""
        return [(one, one.system) for one in self.members.values() if isinstance(one.system, Meter)]

    def close(self) -> None:
        """Let go of all of them, whatever one of them does."""
        for member in self.members.values():
            if member.system is not None:
                with suppress(Exception):
                    in_time(member.system.close, 1.0, f"closing {member.name}")


def connect(
    live: LiveOptions,
    secret: Callable[[str], str],
    now: Callable[[], datetime],
    *,
    staging_only: bool = False,
) -> Fleet:
    """Connect every system that can be; with `staging_only` none that serves customers is even made."""
    members = {
        name: _member(name, table, Place(name, secret, now), staging_only) for name, table in live.systems.items()
    }
    return Fleet(members)


def _member(name: str, table: Mapping[str, Any], place: Place, staging_only: bool) -> Member:
    try:
        adapter = load_adapter(str(table.get("adapter", "")))
        options = read_options(name, adapter, table)
        if staging_only and not options.staging:
            raise BadInput(
                f"{name} is not marked as staging: a drill is never given a system that serves customers",
                hint="Set staging = true in its table, if it really serves none.",
            )
        system = in_time(lambda: adapter.connect(options, place), CONNECT_S, f"connecting {name}")
    except CockpitError as problem:
        return Member(name, problem=problem)
    return Member(name, adapter, options, system)


def read_options(name: str, adapter: Adapter, table: Mapping[str, Any]) -> SystemOptions:
    """Check a system's table against what its adapter understands.

    Raises:
        BadInput: an unknown name, a wrong value, or one that is missing.
    """
    from pydantic import ValidationError

    try:
        return adapter.options.model_validate(dict(table))
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        where = ".".join(("systems", name, *(str(part) for part in first["loc"])))
        known = ", ".join(sorted(adapter.options.model_fields))
        if first["type"] == "extra_forbidden":
            raise BadInput(f"{where}: adapter {adapter.name} has no such setting", hint=f"It has {known}.") from None
        raise BadInput(f"{where}: {first['msg']}", hint=f"Adapter {adapter.name} has {known}.") from None
