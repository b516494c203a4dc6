"""Calls that come back in time: whatever a library, a resolver or somebody else's adapter does."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from cockpit.errors import CockpitError, Unsure, WorldError

T = TypeVar("T")

WORTH_TELLING_S = 0.5
"""The rest of a deadline that others have used up says nothing about the system that got it."""


class _Call(Generic[T]):
    """What one call came to; the problem is one of ours."""

    def __init__(self, work: Callable[[], T], doing: str, came: queue.SimpleQueue[_Call[T]]) -> None:
        self._work = work
        self._doing = doing
        self._came = came
        self.result: T | None = None
        self.problem: CockpitError | None = None
        threading.Thread(target=self._run, name=f"call: {doing}"[:60], daemon=True).start()

    def _run(self) -> None:
        try:
            self.result = self._work()
        except CockpitError as problem:
            self.problem = problem
        except BaseException as problem:  # handed to whoever waits; its text may hold what nobody should read
            self.problem = Unsure(f"the adapter failed while {self._doing} ({type(problem).__name__})")
            self.problem.__cause__ = problem
        self._came.put(self)


def in_time(work: Callable[[], T], seconds: float, doing: str) -> T:
    """Return what `work` returns, or give up on it after `seconds`.

    It runs in a daemon thread, which is left alone when time is up: whatever it still does is nobody's any more.

    Raises:
        WorldError: what `work` raised; anything that is none of ours becomes Unsure, and so does running out of time.
    """
    came: queue.SimpleQueue[_Call[T]] = queue.SimpleQueue()
    _Call(work, doing, came)
    try:
        call = came.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise _too_late(seconds, doing) from None
    if call.problem is not None:
        raise call.problem
    return call.result  # type: ignore[return-value]


def all_in_time(works: Sequence[Callable[[], T]], seconds: float, doing: str) -> Iterator[T | WorldError]:
    """Do several things at once and return what each came to, in the order in which they end.

    What is not done after `seconds` ends as Unsure.
    """
    came: queue.SimpleQueue[_Call[T]] = queue.SimpleQueue()
    end = time.monotonic() + seconds
    for work in works:
        _Call(work, doing, came)
    for _ in works:
        try:
            call = came.get(timeout=max(end - time.monotonic(), 0.001))
        except queue.Empty:
            yield _too_late(seconds, doing)
            continue
        problem = call.problem
        if isinstance(problem, WorldError):
            yield problem
        elif problem is not None:
            raise problem
        else:
            yield call.result  # type: ignore[misc]


def _too_late(seconds: float, doing: str) -> Unsure:
    within = f"{seconds:.3g} s" if seconds >= WORTH_TELLING_S else "the time that was left"
    return Unsure(f"no answer within {within} ({doing})")
