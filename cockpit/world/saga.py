"""One change carried out: sent until the answer is decisive, read back by a fresh call, and never guessed.

Three words come out of it. *Applied*: the value was read back. *Refused*: it is certain that this change is not in
force and will not come into force by itself. *Unknown*: everything else. Whoever calls journals the intent before,
and the result after; nothing here knows a journal.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from cockpit.domain.levers import Stage
from cockpit.domain.text import clean
from cockpit.errors import BadInput, CockpitError, Moved, Refused, Throttled, Unreachable, Unsure
from cockpit.world.contract import Control, Controls, Deadline, Reading, Value, Write
from cockpit.world.intime import in_time

CALL_S = 5.0
"""How long one call may take when nobody says otherwise, in seconds."""

LATE_S = 1.0
"""How much longer than its deadline a call is waited for, in seconds; after that it is left alone."""

LONGEST_PAUSE_S = 30.0
"""No Retry-After is waited for longer, in seconds."""

LEAST_S = 0.05
"""With less time than this left nothing is sent any more, in seconds."""

FIRST_PAUSE_S, LAST_PAUSE_S = 0.1, 1.0
"""The pause between two rounds grows by half each time, from the first to the last."""


@dataclass(frozen=True, slots=True)
class SagaResult:
    """How one change came out.

    Attributes:
        stage: APPLIED, REFUSED or UNKNOWN.
        reading: the last value that was read, None when none could be.
        reason: why, in words for people; empty when there is nothing to say.
        sends: how many times it was sent.
        unsure: how many of those nobody answered: on a system that is not fenced such a one may still arrive.
    """

    stage: Stage
    reading: Reading | None
    reason: str
    sends: int
    unsure: int = 0


class _Said(Enum):
    """What one send came back with."""

    YES = auto()
    NO = auto()
    MOVED = auto()
    LATER = auto()
    NOT_SENT = auto()
    NOTHING = auto()


def carry_out(
    system: Controls,
    write: Write,
    limit_s: float,
    *,
    call_s: float = CALL_S,
    repeat: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> SagaResult:
    """Carry out one change; the intent must be journalled by now.

    Never raises for anything the system does, and is back within `limit_s` + 4 seconds, even from an adapter that
    hangs. Safe to call again with the same write.

    Args:
        limit_s: how long to go on asking, in seconds.
        call_s: how long one call may take, in seconds: the system's `deadline_s`.
        repeat: whether an earlier call with this write may have sent it already, as after a crash.
    """
    try:
        control = in_time(lambda: _described(system, write), call_s, f"understanding {write.address}")
    except CockpitError as problem:
        doubt = Stage.UNKNOWN if repeat else Stage.REFUSED
        return SagaResult(doubt, None, f"{write.address} is not understood: {_told(problem)}", 0, int(repeat))
    way = _Way(system, Deadline(limit_s, monotonic), call_s, monotonic)
    # Keys alone keep repeats apart; only a version keeps what arrives late from overwriting a colleague.
    fenced = control.fenced and bool(write.version)
    return _Saga(way, write, fenced, control.adds, sleep, unsure=int(repeat)).run()


def _described(system: Controls, write: Write) -> Control:
    found = system.control(write.address)
    if not isinstance(found, Control):
        raise Unsure(f"the adapter describes it as {type(found).__name__}")
    return found


def recover(system: Controls, write: Write, limit_s: float, **given: Any) -> SagaResult:
    """Find out what became of a change whose intent is journalled but whose end is not, and finish it.

    It is sent again with the same key and version. Where that is not wanted (the intent is old), read instead.
    """
    return carry_out(system, write, limit_s, repeat=True, **given)


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same JSON: `1` and `1.0` are, `1` and `true` are not."""
    return bool(_exact(one) == _exact(other))


def _exact(value: Any) -> Any:
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    return value


@dataclass(slots=True)
class _Way:
    """Calls to one system, none of which takes longer than it may."""

    system: Controls
    limit: Deadline
    call_s: float
    monotonic: Callable[[], float]

    def read(self, address: str) -> Reading:
        seconds = min(self.call_s, max(self.limit.left(), LATE_S))
        found = self._call(lambda deadline: self.system.read(address, deadline), seconds, f"reading {address}")
        if not isinstance(found, Reading):
            raise Unsure(f"reading {address} gave no reading but {type(found).__name__}")
        return found

    def write(self, write: Write) -> None:
        seconds = min(self.call_s, self.limit.left())
        self._call(lambda deadline: self.system.write(write, deadline), seconds, f"writing {write.address}")

    def _call(self, work: Callable[[Deadline], Any], seconds: float, doing: str) -> Any:
        deadline = Deadline(seconds, self.monotonic)
        return in_time(lambda: work(deadline), seconds + LATE_S, doing)


@dataclass(slots=True)
class _Saga:
    """One change on its way."""

    way: _Way
    write: Write
    fenced: bool
    adds: bool
    sleep: Callable[[float], None]
    unsure: int
    sends: int = 0
    reading: Reading | None = None
    said: _Said | None = None
    told: str = ""
    pause: float = FIRST_PAUSE_S
    wait: float = 0.0
    agreed: bool = False

    @property
    def loose(self) -> bool:
        """Whether something may come into force yet: it was sent, and not seen in force, and not refused."""
        return self.agreed or self.unsure > 0

    def run(self) -> SagaResult:
        """Look first, then send and look until it is decided or time is up."""
        seen = self._look()
        if seen is None and not self.unsure:
            return self._end(Stage.REFUSED, f"the target can't be observed, so nothing was sent: {self.told}")
        result = self._judge(seen)
        while result is None and self.way.limit.left() > LEAST_S:
            if self._may_send(seen):
                self._send()
            seen = self._look()
            result = self._judge(seen) or self._rest()
        return result or self._out_of_time()

    def _look(self) -> Reading | None:
        try:
            reading = self.way.read(self.write.address)
        except CockpitError as problem:
            self.told = self.told or _told(problem)
            return None
        self.reading = reading
        return reading

    def _send(self) -> None:
        self.sends += 1
        try:
            self.way.write(self.write)
        except CockpitError as problem:
            self.said, self.told = _kind(problem), _told(problem)
            self.wait = _patience(problem)
        else:
            self.said, self.told, self.agreed = _Said.YES, "", True
        self.unsure += self.said is _Said.NOTHING

    def _may_send(self, seen: Reading | None) -> bool:
        """A fence makes every repeat harmless; without one only what was just seen unchanged is written to."""
        if self.said in (_Said.NO, _Said.MOVED):
            return False
        if self.fenced:
            return True
        return seen is not None and self.said is not _Said.YES and not (self.adds and self.unsure)

    def _judge(self, seen: Reading | None) -> SagaResult | None:
        """Say how it came out, if that can be said by now."""
        if seen is not None and same(seen.value, self.write.value):
            return self._end(Stage.APPLIED, "")
        if seen is not None and not _as_planned(self.write, seen):
            return self._moved(seen)
        if self.loose:
            return None
        if self.said is _Said.NO:
            return self._end(Stage.REFUSED, self.told)
        if self.said is _Said.MOVED:
            return self._end(Stage.REFUSED, f"somebody else changed it since it was planned: {self.told}")
        return None

    def _moved(self, seen: Reading) -> SagaResult:
        what = _what_moved(self.write, seen)
        if self.loose and not self.fenced:
            return self._end(Stage.UNKNOWN, f"{what}; what was sent may still arrive")
        return self._end(Stage.REFUSED, what)

    def _rest(self) -> SagaResult | None:
        """Wait for the next round; where the system asks for more time than there is, waiting helps nobody."""
        wanted, left = min(self.wait, LONGEST_PAUSE_S), self.way.limit.left()
        if wanted > left and not self.loose:
            return self._out_of_time()
        self.sleep(min(max(self.pause, wanted), left))
        self.pause, self.wait = min(self.pause * 1.5, LAST_PAUSE_S), 0.0
        return None

    def _out_of_time(self) -> SagaResult:
        if self.loose:
            yes = "the system said yes, but the value is not there"
            return self._end(Stage.UNKNOWN, self.told or (yes if self.agreed else "nobody told what became of it"))
        return self._end(Stage.REFUSED, f"nothing was changed: {self.told or 'there was no time to ask'}")

    def _end(self, stage: Stage, reason: str) -> SagaResult:
        return SagaResult(stage, self.reading, reason, self.sends, self.unsure)


def _what_moved(write: Write, seen: Reading) -> str:
    before, now = _shown(write.before), clean(seen.shown, multiline=False, limit=120) or _shown(seen.value)
    who = f" by {clean(seen.by, multiline=False, limit=80)}" if seen.by else ""
    if same(seen.value, write.before):
        return f"it was written again{who} since you planned, and is {now} once more"
    return f"it was {before} when you planned, it is {now} now{f', written{who}' if who else ''}"


def _as_planned(write: Write, reading: Reading) -> bool:
    """Whether a value is what the plan was made on: by its version where there is one, else by itself."""
    return reading.version == write.version if write.version else same(reading.value, write.before)


def _kind(problem: CockpitError) -> _Said:
    kinds: tuple[tuple[type[CockpitError], _Said], ...] = (
        (Refused, _Said.NO),
        (BadInput, _Said.NO),
        (Moved, _Said.MOVED),
        (Throttled, _Said.LATER),
        (Unreachable, _Said.NOT_SENT),
    )
    return next((said for kind, said in kinds if isinstance(problem, kind)), _Said.NOTHING)


def _patience(problem: CockpitError) -> float:
    return (problem.retry_after_s or 0.0) if isinstance(problem, Throttled) else 0.0


def _told(problem: CockpitError) -> str:
    return clean(problem.message, multiline=False, limit=300)


def _shown(value: Value) -> str:
    return clean("nothing" if value is None else value, multiline=False, limit=120)
