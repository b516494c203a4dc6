"""Where the courier goes: what every such place has in common, and channels as cockpit.toml wires them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from cockpit.domain.deliveries import Deliveries, Delivery, Wired
from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import IncidentState
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
class Job:
    """One thing to be brought to a place because of one line of the journal.

    Attributes:
        channel: what the delivery is known by; of one channel all are known by its name.
        lane: jobs of one lane are done in order; those of another do not wait for them.
    """

    line: int
    channel: str
    at: datetime
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a place is told of: how the incident stands, how it began, what became of deliveries."""

    state: IncidentState
    first: Event
    deliveries: Deliveries

    def key(self, line: int, name: str) -> str:
        """Return the identity of what one line asks of one place, the same for every repeat."""
        return f"{self.first.incident}-{self.first.hash[:8]}-{line}-{name}"


class Stop(Protocol):
    """A place the courier goes to: a channel, a pager, or a tracker."""

    @property
    def name(self) -> str:
        """Its name in cockpit.toml."""
        ...

    @property
    def usable(self) -> bool:
        """Whether anything can be brought there."""
        ...

    @property
    def wait_s(self) -> float:
        """How long after its beginning a try is over, in seconds."""
        ...

    @property
    def stale(self) -> str:
        """What is said of a job that is an hour old, and that is not done any more."""
        ...

    @property
    def expires(self) -> bool:
        """Whether that holds for what was tried in vain too, and not only for what nobody tried."""
        ...

    def owns(self, channel: str) -> bool:
        """Whether a delivery was for this place."""
        ...

    def jobs(self, matter: Matter) -> Iterator[Job]:
        """Yield everything it is to be brought, in order, also what has been."""
        ...

    def repeats(self, channel: str) -> bool:
        """Whether a repeat of such a delivery does no harm."""
        ...

    def line(self, kind: Kind, line: int, channel: str, told: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
        """Return how the journal calls a line about a delivery, and all that it tells."""
        ...

    def work(self, matter: Matter, delivery: Delivery) -> Callable[[], Receipt]:
        """Return what brings it there; that raises WorldError when it fails."""
        ...


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
    def wired(self) -> Wired:
        """What screens show of it."""
        return Wired(self.name, self.audiences, self.problem)

    @property
    def once(self) -> bool:
        """Whether a repeat does no harm."""
        return self.channel is not None and self.channel.once

    @property
    def usable(self) -> bool:
        """Whether there is a channel."""
        return self.channel is not None

    @property
    def wait_s(self) -> float:
        """How long after its beginning a send is over, in seconds."""
        return self.deadline_s + LATE_S

    @property
    def stale(self) -> str:
        """What is said of an update that nobody tried to send for an hour."""
        return "it was an hour old when a terminal came that could send it: post it anew if it is still true"

    @property
    def expires(self) -> bool:
        """Never: an update that was tried is tried on."""
        return False

    def owns(self, channel: str) -> bool:
        """Whether a delivery was on this channel."""
        return channel == self.name

    def jobs(self, matter: Matter) -> Iterator[Job]:
        """Yield every update for its audiences that was not meant for other channels, all in one lane."""
        for update in matter.state.updates:
            meant = update.channels is None or self.name in update.channels
            if meant and update.audience in self.audiences:
                yield Job(update.seq, self.name, update.at)

    def repeats(self, channel: str) -> bool:
        """Whether the channel takes each key once."""
        return self.once

    def line(self, kind: Kind, line: int, channel: str, told: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
        """Return a line about an update on this channel."""
        return kind, {"update": line, "channel": channel, **told}

    def work(self, matter: Matter, delivery: Delivery) -> Callable[[], Receipt]:
        """Return what sends an update."""
        message = self._message(matter, delivery)
        return lambda: send(self, message)

    def _message(self, matter: Matter, delivery: Delivery) -> Message:
        state, first = matter.state, matter.first
        update = next(one for one in state.updates if one.seq == delivery.update)
        return Message(
            matter.key(update.seq, self.name), first.incident, state.title, state.service, update.audience,
            update.state, update.text, state.severity or "", update.at, first.at,
            thread=matter.deliveries.thread(self.name),
        )  # fmt: skip


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
