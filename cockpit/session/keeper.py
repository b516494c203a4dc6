"""The keeper: a thread that keeps an incident going whatever the screen does.

A terminal that stops reading freezes the event loop; the watch and the journal live here and go on. Everything that
touches the session happens in this one thread: screens hand in requests and get futures.
"""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from cockpit.errors import CockpitError, Stumbled
from cockpit.session.snapshot import Snapshot

T = TypeVar("T")

BEAT_S = 0.05
"""How often the keeper looks whether anything is to be done, in real seconds."""

SNAPSHOT_S = 0.25
"""How often screens get news while nothing is pressed."""


class Keeper(ABC):
    """Beats until it is closed; what a beat does is said by who derives from it."""

    def __init__(self, name: str) -> None:
        self.problem = ""
        self._requests: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._latest: Snapshot | None = None
        self._closing: list[Callable[[], None]] = []
        self._stop = threading.Event()
        self._due: dict[str, float] = {}
        self._thread = threading.Thread(target=self._keep_going, name=name, daemon=True)

    def start(self) -> None:
        """Begin; the first snapshot is there when this returns."""
        self.publish()
        self._thread.start()

    def close(self) -> None:
        """Stop beating, and let go of what was to be let go of; closing again does nothing."""
        if self._stop.is_set():
            return
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.left()
        for let_go in self._closing:
            let_go()
        self._closing.clear()

    def on_close(self, let_go: Callable[[], None]) -> None:
        """Let go of something more when the keeper is closed."""
        self._closing.append(let_go)

    def snapshot(self) -> Snapshot | None:
        """Return the latest snapshot."""
        return self._latest

    def ask(self, work: Callable[[], T]) -> Future[T]:
        """Have something done in the keeper's thread, at the next beat."""
        future: Future[T] = Future()
        self._requests.put(lambda: answer(future, work))
        return future

    def aside(self, work: Callable[[], T], name: str) -> Future[T]:
        """Have something done in a thread of its own, so that nothing waits for it."""
        future: Future[T] = Future()
        threading.Thread(target=answer, args=(future, work), name=name, daemon=True).start()
        return future

    def due(self, what: str, every_s: float) -> bool:
        """Tell whether something that is done every so often is due, and take it as done."""
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every_s
        return True

    def publish(self) -> None:
        """Make a new snapshot for the screens."""
        self._latest = self.make_snapshot()

    def answer_requests(self) -> None:
        """Do what was asked since the last beat."""
        while True:
            try:
                self._requests.get_nowait()()
            except queue.Empty:
                return

    @abstractmethod
    def beat(self) -> None:
        """Do what is to be done now; called every `BEAT_S`."""

    @abstractmethod
    def make_snapshot(self) -> Snapshot:
        """Look at everything once."""

    @abstractmethod
    def stumbled(self, problem: Exception) -> None:
        """Do what is to be done when a beat failed; the problem is on the screen already."""

    @abstractmethod
    def left(self) -> None:
        """Do what is to be done when the keeper stops."""

    def _keep_going(self) -> None:
        while not self._stop.is_set():
            try:
                self.beat()
                self.problem = ""
            except Exception as problem:  # the incident goes on whatever one beat met
                self._tell(problem)
            self._stop.wait(BEAT_S)

    def _tell(self, problem: Exception) -> None:
        if isinstance(problem, CockpitError):
            self.problem = f"{problem.title}: {problem.message}"
        else:
            self.problem = f"the cockpit stumbled ({type(problem).__name__}); it tries again"
        self.stumbled(problem)
        if self._latest is not None:
            self._latest = replace(self._latest, problem=self.problem)


def answer(future: Future[T], work: Callable[[], T]) -> None:
    """Put what `work` returns or raises into a future."""
    try:
        future.set_result(work())
    except CockpitError as problem:
        future.set_exception(problem)
    except Exception as problem:  # one thing that fails over an adapter's mistake ends no incident
        future.set_exception(Stumbled(problem))
