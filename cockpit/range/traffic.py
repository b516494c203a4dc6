"""Drives the scenario's own users through the application, each at their moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cockpit.range.application import Application
from cockpit.range.played import Played

AT_ONCE = 96
"""So many users can be waiting for an answer at the same time."""

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
        """
        self._played = played
        self._application = application
        self._seconds = seconds
        self._gap = 1.0 / rate
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
        last = -1e9
        for place in self._places:
            due = self._played.at(place)
            while not self._stop.is_set() and self._seconds() < due:
                self._stop.wait(LOOK_S)
            if self._stop.is_set():
                return
            if self._seconds() - due <= BEHIND_S and due - last >= self._gap * 0.5:
                last = due
                self._pool.submit(self._application.serve_one, place)
