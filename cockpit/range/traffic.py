"""Drives the scenario's own users through the application, each at their moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cockpit.range.application import Application
from cockpit.range.played import Played

AT_ONCE = 96
"""So many users can be waiting for an answer at the same time."""

BURST = 8
"""So many requests may come at once, whatever the rate."""

BEHIND_S = 5.0
"""A request that could not be sent within so many of the drill's seconds is not sent any more."""

LOOK_S = 0.01
"""How often the clock is looked at, in real seconds."""


class Traffic:
    """Sends what is due, at most `rate` requests a real second; the rest are taken to fare as the last one did."""

    def __init__(self, played: Played, application: Application, seconds: Callable[[], float], rate: float) -> None:
        """Make ready.

        Args:
            seconds: where the drill stands, in seconds after the scenario's start.
            rate: how many requests a second of the drill may really be sent.
        """
        self._played = played
        self._application = application
        self._seconds = seconds
        self._rate = rate
        self._allowance, self._filled_at = float(BURST), 0.0
        self._places = played.places()
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="user")
        self._thread = threading.Thread(target=self._drive, name="traffic", daemon=True)

    def start(self) -> Traffic:
        """Begin."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Send no more; who waits for an answer waits on."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _drive(self) -> None:
        for place in self._places:
            due = self._played.at(place)
            while not self._stop.is_set() and self._seconds() < due:
                self._stop.wait(LOOK_S)
            if self._stop.is_set():
                return
            if self._seconds() - due <= BEHIND_S and self._allowed(due):
                self._pool.submit(self._application.serve_one, place)

    def _allowed(self, due: float) -> bool:
        """Take one from an allowance that fills up with the rate."""
        self._allowance = min(float(BURST), self._allowance + max(0.0, due - self._filled_at) * self._rate)
        self._filled_at = due
        if self._allowance < 1.0:
            return False
        self._allowance -= 1.0
        return True
