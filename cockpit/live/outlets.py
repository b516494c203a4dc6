"""Channels as cockpit.toml wires them, and one message sent on one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError, Refused, Unsure, WorldError
from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Channel, Message, Receipt
from cockpit.world.fleet import Fleet
from cockpit.world.intime import in_time

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions

LATE_S = 1.0
"""How much longer than its deadline a send is waited for, in seconds."""

Answered = Callable[[Receipt | CockpitError], None]


@dataclass(frozen=True, slots=True)
class Outlet:
    """One table `[channels.NAME]`; without a channel, `problem` says why there is none."""

    name: str
    audiences: frozenset[str]
    channel: Channel | None
    deadline_s: float = 5.0
    problem: str = ""
    hint: str = ""

    @property
    def once(self) -> bool:
        """Whether a repeat does no harm."""
        return self.channel is not None and self.channel.once

    @property
    def wait_s(self) -> float:
        """How long after its beginning a send is over, in seconds."""
        return self.deadline_s + LATE_S


def outlets(live: LiveOptions, fleet: Fleet) -> list[Outlet]:
    """Return every channel that is wired, also those that can't be used."""
    return [_outlet(name, one.system, frozenset(one.audiences), fleet) for name, one in live.channels.items()]


def send(outlet: Outlet, message: Message) -> Receipt:
    """Send one message in time.

    Raises:
        WorldError: which of them says what is certain.
    """
    channel = outlet.channel
    if channel is None:
        raise Refused(outlet.problem, hint=outlet.hint)
    deadline = Deadline(outlet.deadline_s)
    found = in_time(lambda: channel.send(message, deadline), outlet.wait_s, f"sending on {outlet.name}")
    if not isinstance(found, Receipt):
        raise Unsure(f"the adapter of {outlet.name} gave no receipt")
    return found


def _outlet(name: str, system: str, audiences: frozenset[str], fleet: Fleet) -> Outlet:
    try:
        member = fleet.member(system)
    except WorldError as problem:
        return Outlet(name, audiences, None, problem=problem.message, hint=problem.hint)
    if not isinstance(member.system, Channel):
        hint = "`cockpit adapters` lists which can: those with channel."
        return Outlet(name, audiences, None, problem=f"{system} carries no updates", hint=hint)
    return Outlet(name, audiences, member.system, member.deadline_s)
