"""The courier: brings every update to every channel it is for, and never twice to one that would show it twice.

Each try is journalled before it is sent and after it has ended, so a terminal that is killed leaves a try without an
end. Whoever drives next waits until that try is over for certain; then it sends again where the channel takes each
key once, and says that it is unknown everywhere else.
"""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from cockpit.domain.deliveries import FINAL, Deliveries, Delivery, Stage
from cockpit.domain.events import Event, Kind, NewEvent, iso
from cockpit.domain.parts import Update
from cockpit.errors import CockpitError
from cockpit.live.delivery_lines import arrived, failed, line, unsure
from cockpit.live.outlets import Outlet, send
from cockpit.session.session import Session
from cockpit.world.contract_channels import Message

STALE_S = 3600.0
"""An update that nobody tried to send for so long is old news: it is said that it was not sent."""

GRACE_S = 5.0
"""So much longer than it may take is a try waited for that another terminal began, and so late one may begin."""

Launch = Callable[[Callable[[], None]], None]


def in_a_thread(work: Callable[[], None]) -> None:
    """Do something aside."""
    threading.Thread(target=work, name="courier", daemon=True).start()


class Courier:
    """Delivers the updates of one incident from one terminal."""

    def __init__(self, session: Session, outlets: Sequence[Outlet], launch: Launch = in_a_thread) -> None:
        self._session = session
        self._outlets = outlets
        self._launch = launch
        self._seen = 0
        self._log = Deliveries()
        self._planned: set[str] = set()
        self._under_way: set[str] = set()
        self._came: queue.SimpleQueue[NewEvent] = queue.SimpleQueue()
        self._untold: list[NewEvent] = []

    def beat(self, drives: Callable[[], bool]) -> None:
        """Write down what ended; where this terminal drives, begin what is due.

        Raises:
            JournalUnreachable: nothing could be written; what ended is kept, and nothing was sent.
        """
        self._read()
        self._hear()
        for outlet in self._outlets:
            if drives():
                self._serve(outlet, drives)

    def finish(self) -> None:
        """Wait for what is on its way, no longer than it may take, and write down what became of it."""
        left = max((one.wait_s for one in self._outlets), default=0.0) if self._under_way else 0.0
        end = time.monotonic() + left
        while self._under_way - {str(one.payload["attempt"]) for one in self._untold}:
            try:
                self._untold.append(self._came.get(timeout=max(0.0, end - time.monotonic())))
            except queue.Empty:
                break
        self._hear()

    def deliveries(self) -> Deliveries:
        """Return how all stand."""
        self._read()
        return self._log

    def problem(self) -> str:
        """Say which updates did not arrive, or "" when all is well."""
        self._read()
        bad = [one for one in self._log.found.values() if one.reason and one.stage is not Stage.DELIVERED]
        told = (f"{one.channel}: update {one.update} {one.stage}, {one.reason}" for one in bad[-2:])
        return f"Updates not known to be delivered: {len(bad)}. " + "; ".join(told) if bad else ""

    def _read(self) -> None:
        log = self._session.log
        self._log.take(log[self._seen :])
        self._seen = len(log)

    def _hear(self) -> None:
        while not self._came.empty():
            self._untold.append(self._came.get())
        if self._untold:
            self._session.record_if(lambda: [one for one in self._untold if not self._told(one)])
            self._under_way -= {str(one.payload["attempt"]) for one in self._untold}
            self._untold.clear()
            self._read()

    def _told(self, end: NewEvent) -> bool:
        attempt = end.payload["attempt"]
        return any(line.kind is end.kind and line.get("attempt") == attempt for line in self._session.log)

    def _serve(self, outlet: Outlet, drives: Callable[[], bool]) -> None:
        """Do the next thing on one channel; one update at a time, in the order in which they were posted."""
        if (now_sending := self._sending(outlet)) is None:
            self._session.record_if(lambda: self._next(outlet))
            self._read()
            now_sending = self._sending(outlet)
        if now_sending is None or now_sending.attempt in self._under_way:
            return
        planned, age = now_sending.attempt in self._planned, self._age(now_sending.at)
        if planned and age <= GRACE_S:
            if drives():
                self._begin(outlet, now_sending)
        elif planned or age > now_sending.wait_s + GRACE_S:
            self._session.record_if(lambda: self._orphan(outlet))

    def _sending(self, outlet: Outlet) -> Delivery | None:
        return next((one for one in self._log.on(outlet.name) if one.stage is Stage.SENDING), None)

    def _next(self, outlet: Outlet) -> list[NewEvent]:
        """Decide what is written next for a channel, on what the journal says at this moment."""
        self._read()
        if self._sending(outlet):
            return []
        for update in self._session.state.updates:
            done = self._log.get(update.seq, outlet.name)
            if update.audience in outlet.audiences and not (done and done.stage in FINAL):
                return self._try(outlet, update, done)
        return []

    def _try(self, outlet: Outlet, update: Update, done: Delivery | None) -> list[NewEvent]:
        if done and done.next_try and done.next_try > self._now():
            return []
        attempt = uuid.uuid4().hex[:12]
        if done is None and self._age(update.at) > STALE_S:
            reason = "it was an hour old when a terminal came that could send it: post it anew if it is still true"
            return [line(Kind.UPDATE_DELIVERY_FAILED, self._now(), update.seq, outlet, attempt, reason=reason)]
        self._planned.add(attempt)
        return [line(Kind.UPDATE_SENDING, self._now(), update.seq, outlet, attempt, wait_s=outlet.wait_s)]

    def _orphan(self, outlet: Outlet) -> list[NewEvent]:
        """Say what is to be thought of a try whose end nobody tells."""
        self._read()
        one = self._sending(outlet)
        if one is None:
            return []
        if one.attempt in self._planned:
            told = {"reason": "it was not sent: the journal was away", "next_try": iso(self._now())}
            return [line(Kind.UPDATE_DELIVERY_FAILED, self._now(), one.update, outlet, one.attempt, **told)]
        return [unsure(outlet, one, "whoever sent it ended before it was known", self._now())]

    def _begin(self, outlet: Outlet, delivery: Delivery) -> None:
        self._planned.discard(delivery.attempt)
        self._under_way.add(delivery.attempt)
        message = self._message(outlet, delivery)

        def work() -> None:
            try:
                end = arrived(outlet, delivery, send(outlet, message), self._now())
            except CockpitError as problem:
                end = failed(outlet, delivery, problem, self._now())
            self._came.put(end)

        self._launch(work)

    def _message(self, outlet: Outlet, delivery: Delivery) -> Message:
        state, first = self._session.state, self._session.log[0]
        update = next(one for one in state.updates if one.seq == delivery.update)
        return Message(
            f"{first.incident}-{first.hash[:8]}-{update.seq}-{outlet.name}", first.incident, state.title,
            state.service, update.audience, update.state, update.text, state.severity or "", update.at, first.at,
            thread=self._log.thread(outlet.name),
        )  # fmt: skip

    def _age(self, at: datetime) -> float:
        return (self._now() - at).total_seconds()

    def _now(self) -> datetime:
        return self._session.clock.now()


def courier_on(session: Session, outlets: Sequence[Outlet], first: Event) -> Courier | None:
    """Return the courier of a real incident; None for a drill, which reaches nobody outside."""
    return Courier(session, outlets) if outlets and first.get("mode") == "live" else None
