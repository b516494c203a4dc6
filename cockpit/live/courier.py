"""The courier: brings every update to every channel it is for, and asks pagers and trackers for what they are to do.

Each try is journalled before it is sent and after it has ended, so a terminal that is killed leaves a try without an
end. Whoever drives next waits until that try is over for certain; then it sends again where a repeat does no harm,
and says that it is unknown everywhere else.
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
from cockpit.errors import CockpitError
from cockpit.live.delivery_lines import Try, arrived, failed, line, unsure
from cockpit.live.outlets import Job, Matter, Stop
from cockpit.session.session import Session

STALE_S = 3600.0
"""What nobody tried to send for so long is old news: it is said that it was not sent."""

GRACE_S = 5.0
"""So much longer than it may take is a try waited for that another terminal began, and so late one may begin."""

Launch = Callable[[Callable[[], None]], None]


def in_a_thread(work: Callable[[], None]) -> None:
    """Do something aside."""
    threading.Thread(target=work, name="courier", daemon=True).start()


class Courier:
    """Delivers what one incident has to tell from one terminal."""

    def __init__(self, session: Session, stops: Sequence[Stop], launch: Launch = in_a_thread) -> None:
        self._session = session
        self._stops = stops
        self._launch = launch
        self._seen = 0
        self._log = Deliveries()
        self._planned: set[str] = set()
        self._under_way: set[str] = set()
        self._came: queue.SimpleQueue[NewEvent] = queue.SimpleQueue()
        self._untold: list[NewEvent] = []
        self._idle: dict[int, tuple[int, datetime | None]] = {}

    def beat(self, drives: Callable[[], bool]) -> None:
        """Write down what ended; where this terminal drives, begin what is due.

        Raises:
            JournalUnreachable: nothing could be written; what ended is kept, and nothing was sent.
        """
        self._read()
        self._hear()
        for stop in self._stops:
            if drives():
                self._serve(stop, drives)

    def finish(self) -> None:
        """Wait for what is on its way, no longer than it may take, and write down what became of it."""
        left = max((one.wait_s for one in self._stops), default=0.0) if self._under_way else 0.0
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
        """Say what did not arrive, or "" when all is well."""
        self._read()
        bad = [one for one in self._log.found.values() if one.reason and one.stage is not Stage.DELIVERED]
        told = (f"{one.channel}: {self._what(one)}{one.stage}, {one.reason}" for one in bad[-2:])
        return f"Not known to be delivered: {len(bad)}. " + "; ".join(told) if bad else ""

    def _what(self, one: Delivery) -> str:
        posted = any(update.seq == one.update for update in self._session.state.updates)
        return f"update {one.update} " if posted else ""

    def _read(self) -> None:
        state = self._session.state
        if self._seen != state.last_seq:
            self._log, self._seen = Deliveries({**state.deliveries, **state.errands}), state.last_seq

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

    def _serve(self, stop: Stop, drives: Callable[[], bool]) -> None:
        """Do the next thing at one place; one at a time, those of a lane in their order."""
        if self._has_nothing_to_do(stop):
            return
        if (now_sending := self._sending(stop)) is None:
            self._session.record_if(lambda: self._next(stop))
            self._read()
            now_sending = self._sending(stop)
        if now_sending is None or now_sending.attempt in self._under_way:
            return
        planned, age = now_sending.attempt in self._planned, self._age(now_sending.at)
        if planned and age <= GRACE_S:
            if drives():
                self._begin(stop, now_sending)
        elif planned or age > now_sending.wait_s + GRACE_S:
            self._session.record_if(lambda: self._orphan(stop))

    def _sending(self, stop: Stop) -> Delivery | None:
        under_way = (one for one in self._log.found.values() if one.stage is Stage.SENDING and stop.owns(one.channel))
        return min(under_way, key=lambda one: one.update, default=None)

    def _next(self, stop: Stop) -> list[NewEvent]:
        """Decide what is written next for a place, on what the journal says at this moment."""
        self._read()
        if self._sending(stop):
            return []
        waiting: dict[str, datetime] = {}
        for job in stop.jobs(self._matter()):
            done = self._log.get(job.line, job.channel)
            if job.lane in waiting or (done and done.stage in FINAL):
                continue
            if done and done.next_try and done.next_try > self._now():
                waiting[job.lane] = done.next_try
                continue
            return [self._try(stop, job, done)]
        self._idle[id(stop)] = (self._seen, min(waiting.values(), default=None))
        return []

    def _has_nothing_to_do(self, stop: Stop) -> bool:
        """Whether nothing was to be done at a place, the journal says nothing new, and no try is due yet."""
        seen, due = self._idle.get(id(stop), (-1, None))
        return seen == self._session.state.last_seq and (due is None or due > self._now())

    def _try(self, stop: Stop, job: Job, done: Delivery | None) -> NewEvent:
        one = Try(job.line, job.channel, uuid.uuid4().hex[:12])
        if (done is None or stop.expires) and self._age(job.at) > STALE_S:
            return line(Kind.UPDATE_DELIVERY_FAILED, self._now(), stop, done or one, reason=stop.stale)
        self._planned.add(one.attempt)
        return line(Kind.UPDATE_SENDING, self._now(), stop, one, wait_s=stop.wait_s)

    def _orphan(self, stop: Stop) -> list[NewEvent]:
        """Say what is to be thought of a try whose end nobody tells."""
        self._read()
        one = self._sending(stop)
        if one is None:
            return []
        if one.attempt in self._planned:
            told = {"reason": "it was not sent: the journal was away", "next_try": iso(self._now())}
            return [line(Kind.UPDATE_DELIVERY_FAILED, self._now(), stop, one, **told)]
        return [unsure(stop, one, "whoever sent it ended before it was known", self._now())]

    def _begin(self, stop: Stop, delivery: Delivery) -> None:
        self._planned.discard(delivery.attempt)
        self._under_way.add(delivery.attempt)
        send = stop.work(self._matter(), delivery)

        def work() -> None:
            try:
                end = arrived(stop, delivery, send(), self._now())
            except CockpitError as problem:
                end = failed(stop, delivery, problem, self._now())
            self._came.put(end)

        self._launch(work)

    def _matter(self) -> Matter:
        return Matter(self._session.state, self._session.log[0], self._log)

    def _age(self, at: datetime) -> float:
        return (self._now() - at).total_seconds()

    def _now(self) -> datetime:
        return self._session.clock.now()


def courier_on(session: Session, stops: Sequence[Stop], first: Event) -> Courier | None:
    """Return the courier of a real incident; None for a drill, which reaches nobody outside."""
    return Courier(session, stops) if stops and first.get("mode") == "live" else None
