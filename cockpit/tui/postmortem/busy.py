"""A screen whose work is done in a thread, with a sign of life."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.timer import Timer

from cockpit.errors import CockpitError
from cockpit.tui.leaving import Page
from cockpit.tui.runner import Notice, in_words

T = TypeVar("T")
TICK_S = 0.1


class BusyScreen(Page[None]):
    """Does one thing at a time, and says for how long already."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = ""
        self._since = 0.0
        self._ticker: Timer | None = None

    def do(self, words: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do something in a thread, then go on with what came of it; a failure is said."""
        if self.busy:
            self.say(Notice(f"One moment: still {self.busy}", "refused"))
            return
        self.busy, self._since = words, time.monotonic()
        self._ticker = self.set_interval(TICK_S, self._tick)
        self._tick()
        self.run_worker(partial(self._work, work, done), thread=True, group="busy", description=words)

    def _work(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        try:
            made = work()
        except CockpitError as problem:
            self.app.call_from_thread(self._ended, None, Notice(in_words(problem), "bad"))
        else:
            self.app.call_from_thread(self._ended, partial(done, made), None)

    def _tick(self) -> None:
        spent = time.monotonic() - self._since
        self.say(Notice(f"◌ {self.busy} … {spent:.1f} s", "waiting"))

    def _ended(self, done: Callable[[], None] | None, problem: Notice | None) -> None:
        self.busy = ""
        if self._ticker:
            self._ticker.stop()
        if not self.is_mounted:
            return
        self.say(problem or Notice(""))
        if done:
            done()

    def say(self, notice: Notice) -> None:
        """Show what became of something."""
