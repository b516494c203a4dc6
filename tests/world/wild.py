"""A system in memory on which everything goes wrong that can: for tests of what is claimed about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum, auto

from cockpit.errors import Moved, Refused, Throttled, Unreachable, Unsure
from cockpit.world.contract import (
    Capability,
    Control,
    Deadline,
    Expectation,
    Finding,
    Reading,
    Value,
    Version,
    Write,
)


class Fate(StrEnum):
    """What becomes of one call."""

    FINE = auto()
    LOST = auto()  # never arrives, nobody answers
    CUT = auto()  # arrives, nobody answers
    LATE = auto()  # nobody answers; it arrives some calls later
    LIAR = auto()  # a yes without an act
    REFUSED = auto()
    THROTTLED = auto()
    UNREACHABLE = auto()
    BROKEN = auto()  # the adapter itself fails
    COLLEAGUE = auto()  # somebody else writes just before it arrives


@dataclass(slots=True)
class Time:
    """A clock that moves when somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """Return the seconds gone; looking costs a little time too, so that no loop is endless."""
        self.now += 0.001
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


@dataclass(slots=True)
class Wild:
    """One value with a version; `writes` and `reads` say what becomes of the calls, FINE when they run out."""

    fenced: bool = True
    versioned: bool = True
    adds: bool = False
    writes: Sequence[Fate] = ()
    reads: Sequence[Fate] = ()
    value: Value = "old"
    version: int = 1
    applied: int = 0
    keys: set[str] = field(default_factory=set)
    late: list[tuple[int, Write]] = field(default_factory=list)
    calls: int = 0
    asked: list[Write] = field(default_factory=list)
    looked: int = 0

    def control(self, address: str) -> Control:
        """Return the one control."""
        return Control(address, Capability.FLAG, "a value", "nobody", (0.0, 0.0), fenced=self.fenced, adds=self.adds)

    def parse(self, address: str, text: str) -> Value:
        """Take a text as it is."""
        return text

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Tell no history."""
        return ()

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Tell nothing about the wire."""
        return None

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""

    def elsewhere(self, value: Value) -> None:
        """Write as a colleague does."""
        self.value, self.version = value, self.version + 1

    def settle(self) -> None:
        """Let everything that is still under way arrive."""
        self.calls += 1_000
        self._arrivals()

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read the value, or fail as was ordained."""
        self._arrivals()
        fate = self.reads[self.looked] if self.looked < len(self.reads) else Fate.FINE
        self.looked += 1
        _fail(fate)
        return Reading(self.value, str(self.version) if self.versioned else "")

    def write(self, write: Write, deadline: Deadline) -> None:
        """Take one write, or fail as was ordained."""
        self._arrivals()
        fate = self.writes[len(self.asked)] if len(self.asked) < len(self.writes) else Fate.FINE
        self.asked.append(write)
        effects: dict[Fate, Callable[[], None]] = {
            Fate.COLLEAGUE: lambda: self.elsewhere("theirs"),
            Fate.LATE: lambda: self.late.append((self.calls + 3, write)),
            Fate.CUT: lambda: self._quietly(write),
        }
        effects.get(fate, lambda: None)()
        _fail(fate)
        if fate in (Fate.FINE, Fate.COLLEAGUE):
            self._apply(write)

    def _arrivals(self) -> None:
        self.calls += 1
        due = [write for at, write in self.late if at <= self.calls]
        self.late = [(at, write) for at, write in self.late if at > self.calls]
        for write in due:
            self._quietly(write)

    def _quietly(self, write: Write) -> None:
        with suppress(Moved):
            self._apply(write)

    def _apply(self, write: Write) -> None:
        if self.fenced:
            if write.key in self.keys:
                return
            if self.versioned and write.version != str(self.version):
                raise Moved(f"version {self.version} is not {write.version}")
            self.keys.add(write.key)
        if self.adds or self.value != write.value:
            self.applied += 1
            self.value, self.version = write.value, self.version + 1


def _fail(fate: Fate) -> None:
    if fate in (Fate.LOST, Fate.CUT, Fate.LATE):
        raise Unsure("nobody answered")
    if fate is Fate.REFUSED:
        raise Refused("not allowed on Sundays")
    if fate is Fate.THROTTLED:
        raise Throttled("too many", retry_after_s=0.7)
    if fate is Fate.UNREACHABLE:
        raise Unreachable("there is nobody")
    if fate is Fate.BROKEN:
        raise ZeroDivisionError("the adapter fails")
