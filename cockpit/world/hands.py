"""Hands on live systems: each change asked for is carried out in a thread of its own until its end is certain.

What became of it goes into an outbox as events for the journal; only when they are written are they taken out. A
change whose end is unknown is asked for again, with the same key and version, until it is decided.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.levers import LeverOrder, Stage
from cockpit.errors import CockpitError, WorldError
from cockpit.world.contract import Expectation, Reading
from cockpit.world.fleet import Fleet
from cockpit.world.planner import expectation_of, in_words, write_of
from cockpit.world.port import Proof
from cockpit.world.saga import SagaResult, carry_out

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUND_S = 3.0
"""One round of a saga may take so many times as long as one call to its system."""

PAUSES_S = (2.0, 5.0, 10.0, 30.0)
"""How long an unknown change is left alone before it is asked for again, in seconds; the last goes on for ever."""

NO_PROOF = Proof(0, 0, "", "the new configuration", enough=False)


class Watcher(Protocol):
    """Looks at the wire until somebody closes it."""

    def look(self) -> Proof:
        """Return what the latest answers said; never waits."""
        ...

    def close(self) -> None:
        """Stop asking."""
        ...


class Hands:
    """Carries out orders on a fleet, each once.

    Attributes:
        watch: makes a watcher of the wire for an expectation, a probe by name and a number of answers.
        noticed: told of every value that was read back, so that it is not taken for somebody else's doing.
    """

    def __init__(
        self,
        fleet: Fleet,
        incident: str,
        now: Callable[[], datetime],
        watch: Callable[[Expectation, str, int], Watcher | None],
        noticed: Callable[[str, str, Reading], None],
    ) -> None:
        self._fleet = fleet
        self._incident = incident
        self._now = now
        self._watch = watch
        self._noticed = noticed
        self._lock = threading.Lock()
        self._begun: set[str] = set()
        self._busy: set[str] = set()
        self._outbox: list[NewEvent] = []
        self._watchers: dict[str, Watcher] = {}
        self._stop = threading.Event()

    @property
    def busy(self) -> frozenset[str]:
        """The ops that are being carried out right now, for the first time or again."""
        with self._lock:
            return frozenset(self._busy)

    def outbox(self) -> list[NewEvent]:
        """Return what has become of orders and is not written yet."""
        with self._lock:
            return list(self._outbox)

    def written(self, events: Sequence[NewEvent]) -> None:
        """Take out what was written."""
        with self._lock:
            self._outbox = [one for one in self._outbox if one not in events]

    def carry(self, order: LeverOrder, *, repeat: bool, doubted: bool = False) -> None:
        """Begin to carry an order out, once.

        Args:
            repeat: whether an earlier process may have sent it already.
            doubted: whether the journal says already that its end is unknown.
        """
        with self._lock:
            if order.op in self._begun:
                return
            self._begun.add(order.op)
            self._busy.add(order.op)
        threading.Thread(
            target=self._until_certain, args=(order, repeat, doubted), name=f"op {order.op}", daemon=True
        ).start()

    def prove(self, op: str, intent: Mapping[str, object]) -> None:
        """Begin to look for an applied change on the wire, if it can be seen there."""
        expected = expectation_of(intent)
        told = intent.get("expect")
        with self._lock:
            if op in self._watchers or expected is None or not isinstance(told, dict):
                return
            watcher = self._watcher(expected, str(told.get("probe", "")), int(told.get("answers", 20)))
            if watcher is not None:
                self._watchers[op] = watcher

    def proof(self, op: str) -> Proof:
        """Return what the wire said about a change so far."""
        with self._lock:
            watcher = self._watchers.get(op)
        return watcher.look() if watcher else NO_PROOF

    def settle(self, op: str) -> None:
        """Stop looking for a change on the wire: it is proven, or taken back."""
        with self._lock:
            watcher = self._watchers.pop(op, None)
        if watcher:
            watcher.close()

    def close(self) -> None:
        """Stop; what was not decided stays undecided in the journal and is taken up at the next start."""
        self._stop.set()
        with self._lock:
            watchers, self._watchers = list(self._watchers.values()), {}
        for watcher in watchers:
            watcher.close()

    def _watcher(self, expected: Expectation, probe: str, answers: int) -> Watcher | None:
        try:
            return self._watch(expected, probe, answers)
        except CockpitError:
            return None  # the doctor names what is wrong with a probe; a pull goes on without

    def _until_certain(self, order: LeverOrder, repeat: bool, told_unknown: bool) -> None:
        rounds = 0
        while not self._stop.is_set():
            result = self._round(order, repeat or rounds > 0)
            if result.stage is not Stage.UNKNOWN:
                self._tell(order, result)
                break
            if not told_unknown:
                self._tell(order, result)
                told_unknown = True
            self._stop.wait(PAUSES_S[min(rounds, len(PAUSES_S) - 1)])
            rounds += 1
        with self._lock:
            self._busy.discard(order.op)

    def _round(self, order: LeverOrder, repeat: bool) -> SagaResult:
        if not order.intent:
            return SagaResult(Stage.REFUSED, None, "the journal does not say what to change, nothing was sent", 0)
        system = str(order.intent["system"])
        try:
            member, controls = self._fleet.member(system), self._fleet.controls(system)
        except WorldError as problem:
            doubt = Stage.UNKNOWN if repeat else Stage.REFUSED
            return SagaResult(doubt, None, f"{problem}; nothing was sent", 0)
        write = write_of(order.intent, f"{self._incident} {order.op} {order.lever}, {order.by}")
        try:
            return carry_out(controls, write, ROUND_S * member.deadline_s, call_s=member.deadline_s, repeat=repeat)
        except CockpitError as problem:
            return SagaResult(Stage.UNKNOWN, None, str(problem), 0)

    def _tell(self, order: LeverOrder, result: SagaResult) -> None:
        kind = {Stage.APPLIED: Kind.LEVER_APPLIED, Stage.REFUSED: Kind.LEVER_REFUSED}.get(
            result.stage, Kind.LEVER_UNKNOWN
        )
        payload: dict[str, object] = {"op": order.op, "sends": result.sends}
        if result.reading:
            payload["value"] = in_words(result.reading)
            self._noticed(str(order.intent["system"]), str(order.intent["address"]), result.reading)
        if result.reason:
            payload["reason"] = result.reason
        event = NewEvent(kind, self._now(), str(order.intent.get("system") or "cockpit"), Source.WORLD, payload)
        with self._lock:
            self._outbox.append(event)
