"""Calls that come back in time: whatever a library, a resolver or somebody else's adapter does."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from cockpit.errors import CockpitError, Unsure, WorldError

T = TypeVar("T")


def in_time(work: Callable[[], T], seconds: float, doing: str) -> T:
    """Return what `work` returns, or give up on it after `seconds`.

    It runs in a daemon thread, which is left alone when time is up: whatever it still does is nobody's any more.

    Raises:
        WorldError: what `work` raised; anything that is none of ours becomes Unsure, and so does running out of time.
    """
    came: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            came.put((work(), None))
        except BaseException as problem:  # handed to whoever waits
            came.put((None, problem))

    threading.Thread(target=run, name=f"call: {doing}"[:60], daemon=True).start()
    try:
        result, problem = came.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise Unsure(f"no answer within {seconds:.1f} s while {doing}") from None
    if isinstance(problem, CockpitError):
        raise problem
    if problem is not None:
        raise Unsure(f"the adapter failed while {doing} ({type(problem).__name__})") from problem
    return result  # type: ignore[return-value]


def or_none(work: Callable[[], T], seconds: float, doing: str) -> T | WorldError:
    """Return what `work` returns in time, or the reason why there is nothing."""
    try:
        return in_time(work, seconds, doing)
    except WorldError as problem:
        return problem
