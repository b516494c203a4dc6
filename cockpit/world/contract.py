"""The contract of an adapter: what a module must offer so that the cockpit can act on one kind of system.

An adapter is a small class with a name, its capabilities, how it was tested, and `connect`, which makes a *system*
out of a table of cockpit.toml. A system offers what its capabilities promise and nothing else is ever asked of it:

- every capability in `CONTROLLING` → `Controls`: values that levers read, set and take back
- CHANGES → `ChangeLog`: who changed what, when
- PROVIDER_FEED → `StatusFeed`: what a provider says about itself
- SIGNALS → `Meter`: numbers that move while an incident runs
- TRACES → `TraceSource`: answers that were recorded there, whole
- CHANNEL, PAGER, TRACKER → `Channel`, `Pager`, `Tracker`, in modules beside this one: updates that people are told,
  pages that wake them, action items that become tickets

Calls are plain and blocking; each gets a `Deadline` and must be back by then. The cockpit calls them in threads of
its own and gives up on one that is not. A call fails with one of the `WorldError`s of `cockpit.errors`: `Refused` and
`Moved` are certain that nothing was changed, `Unreachable` that nothing was sent, `Unsure` is certain of nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from cockpit.errors import Unsure
from cockpit.world.port import Change

if TYPE_CHECKING:
    from cockpit.world.options import SystemOptions

Value: TypeAlias = "str | int | float | bool | list[Any] | dict[str, Any] | None"
"""What a control holds: any JSON value."""


class Capability(StrEnum):
    """What an adapter can be asked for; an adapter names those that it really has."""

    ROUTING = "routing"
    PROMPT = "prompt"
    MODEL_PIN = "model_pin"
    TOOLS = "tools"
    GUARDRAIL = "guardrail"
    CAPS = "caps"
    FLAG = "flag"
    CANARY = "canary"
    CHANGES = "changes"
    PROVIDER_FEED = "provider_feed"
    SIGNALS = "signals"
    TRACES = "traces"
    CHANNEL = "channel"
    TRACKER = "tracker"
    PAGER = "pager"


CONTROLLING = frozenset({
    Capability.ROUTING, Capability.PROMPT, Capability.MODEL_PIN, Capability.TOOLS, Capability.GUARDRAIL,
    Capability.CAPS, Capability.FLAG, Capability.CANARY,
})  # fmt: skip
"""The capabilities by which levers are pulled."""


class How(StrEnum):
    """What an adapter was tested against."""

    REAL = "real"  # the system itself, started by the integration tests
    CLIENT = "vendor client"  # our requests held against those of the vendor's own client
    SPECIFICATION = "specification"  # our requests held against the vendor's published specification
    CONTRACT = "documentation"  # our requests held against the vendor's documentation only


@dataclass(frozen=True, slots=True)
class Tested:
    """One thing an adapter was tested against, with its version."""

    how: How
    against: str


class Deadline:
    """A moment by which a call must be back, whatever the network does."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, never less than 0."""
        return max(0.0, self._end - self._monotonic())

    def check(self, doing: str) -> None:
        """Raise Unsure when there is no time left for what is being done."""
        if not self.left():
            raise Unsure(f"no time was left while {doing}")


@dataclass(frozen=True, slots=True)
class Control:
    """One value on one system that a lever sets, as the adapter understands its address.

    Attributes:
        address: as written in cockpit.toml, in the adapter's own grammar: `alias:support`, `flag:answers@production`.
        what: what it is, in a few words for people: "the route support goes to".
        reach: who is hit when it is changed, in words.
        effect_s: (soonest, latest) seconds until the wire shows a change, as measured or documented.
        fenced: whether the system itself refuses a write against an old version, or a repeat of the same key.
        adds: whether every write adds something (a version) even when the value is there already: such a write is
            not sent again on a system without a fence while nobody knows what became of it.
        leaves: what still carries the old value after a change (sessions, caches); may be empty.
        hard_to_undo: whether people lose something that putting the value back does not give them.
    """

    address: str
    capability: Capability
    what: str
    reach: str
    effect_s: tuple[float, float]
    fenced: bool = False
    leaves: str = ""
    hard_to_undo: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a control as the system stores it now.

    Attributes:
        version: grows or changes whenever anybody writes; empty where the system keeps none.
        shown: the value in words people know it by (a prompt's version number rather than its id); else the value.
        by: who wrote it last, and `at` when, where the system tells.
    """

    value: Value
    version: str = ""
    shown: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One change asked of a system; sending it again with the same key and version must not change anything twice.

    Attributes:
        key: the identity of the change, the same for every repeat; goes out as an idempotency key where there is one.
        version: of the reading the change was planned on; goes out as a precondition where the system knows one.
        before: the value that was there then.
        why: for the system's own change log: incident and person.
    """

    address: str
    value: Value
    key: str
    version: str = ""
    before: Value = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What answers on the wire carry once a value is in force.

    Attributes:
        carrier: where to look: `status`, `header:NAME`, `json:PATH.TO.0.VALUE` or `text`.
        allowed: the texts of which one must be there (for `text`: be contained); any of them proves it.
        forbidden: texts of which none may be there.
    """

    carrier: str
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One value a control had or could have, newest first in a history; `at` and `by` where the system tells."""

    value: Value
    shown: str
    at: datetime | None = None
    by: str = ""
    note: str = ""
    current: bool = False


class Verdict(StrEnum):
    """How one check of a system came out."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of what the doctor found; `next_step` is empty when all is well."""

    what: str
    verdict: Verdict
    detail: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What a system is given to live with.

    Attributes:
        name: its name in cockpit.toml.
        secret: turns a reference (`env:NAME`, `file:PATH`, `keyring:SERVICE/NAME`) into the secret; it is never kept.
        now: the moment, aware UTC.
    """

    name: str
    secret: Callable[[str], str]
    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    extra: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class System(Protocol):
    """One configured system, whatever it can do."""

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Prove that it is reached and that its token may do what it will be asked; warn of a token that may more."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Controls(System, Protocol):
    """A system with values that levers set."""

    def control(self, address: str) -> Control:
        """Understand an address, without asking the system.

        Raises:
            BadInput: it is none; the message shows what they look like.
        """
        ...

    def parse(self, address: str, text: str) -> Value:
        """Turn a target as people write it (`off`, `5`, `v1`) into the value to write."""
        ...

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read the value as it is stored now, from the system itself and from no cache."""
        ...

    def write(self, write: Write, deadline: Deadline) -> None:
        """Ask for one change, once; returning means the system said yes, which is not yet believed."""
        ...

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the values it had or could have, newest first; nothing where the system keeps no history."""
        ...

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Say what answers on the wire carry once the value is in force; None when they carry nothing of it."""
        ...


@runtime_checkable
class ChangeLog(System, Protocol):
    """A system that tells who changed what."""

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return the changes since a moment, newest first, through all pages."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderNews:
    """One incident a provider tells of; `state` is `open`, `monitoring`, `resolved` or `unknown`."""

    ref: str
    title: str
    state: str
    started: datetime | None
    updated: datetime | None
    components: tuple[str, ...] = ()
    impact: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """What a provider says of itself; a feed that could not be read is `unknown`, never `operational`."""

    provider: str
    overall: str
    news: tuple[ProviderNews, ...]
    read_at: datetime


@runtime_checkable
class StatusFeed(System, Protocol):
    """A provider's own word about its health."""

    def status(self, deadline: Deadline) -> ProviderStatus:
        """Read the feed."""
        ...


@runtime_checkable
class Meter(System, Protocol):
    """A system that measures the traffic that goes through it."""

    def measures(self) -> Mapping[str, str]:
        """Return the names of what it can measure, each with its unit."""
        ...

    def measure(self, deadline: Deadline) -> Mapping[str, float]:
        """Return the latest figures by name; what was not measured is left out, never 0."""
        ...


@dataclass(frozen=True, slots=True)
class TracePage:
    """Some of what a system recorded, as it sends it; `cockpit.intake.fetched` makes traces of it.

    Attributes:
        format: how a document is to be read: one of the names in `cockpit.intake.fetched.FORMATS`.
        documents: bodies as they came, each read on its own; one that can't be read is counted and named.
        cursor: what to ask the next page with; empty when this was the last one.
    """

    format: str
    documents: tuple[Any, ...]
    cursor: str = ""


@runtime_checkable
class TraceSource(System, Protocol):
    """A system that keeps traces of answers.

    One that hands out judgements by when they were given, however old the trace, says `tells_late = True`: of all
    others older traces are read again for judgements that came since.
    """

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return one page of what was recorded in [since, until), oldest first where the system can sort.

        A trace may come on several pages and again later with more spans or judgements in it: whoever stores them
        puts together what has the same id.
        """
        ...


@runtime_checkable
class Adapter(Protocol):
    """One kind of system, before it is configured; plain class attributes will do."""

    @property
    def name(self) -> str:
        """The name of its entry point."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What its systems can be asked for."""
        ...

    @property
    def tested(self) -> tuple[Tested, ...]:
        """What it was tried against."""
        ...

    @property
    def options(self) -> type[SystemOptions]:
        """What its table in cockpit.toml may say."""
        ...

    def connect(self, options: Any, place: Place) -> System:
        """Make a system; opens no connection yet.

        Raises:
            BadInput: the options contradict each other, or a secret is missing.
        """
        ...


@runtime_checkable
class Asks(Protocol):
    """An adapter that brings questions of its own for `cockpit init`; one without them is asked about as usual."""

    @property
    def questions(self) -> str:
        """TOML: `role`, `title`, the `system` to write, `[[ask]]` for each question, `[[piece]]` for what to propose.

        The files in `cockpit/live/interview/templates` are such texts; `role` is gateway, flags, prompts or others.
        """
        ...
