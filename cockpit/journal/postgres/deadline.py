"""A deadline for calls to the database that holds against a network that swallows everything.

Time-outs of the server, keepalives and cancelling all wait for an answer that never comes. Closing the socket under
the call does not.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

_mine = threading.local()


class Deadline:
    """Cuts the connection that this thread uses when one statement's time is up; a context manager.

    Attributes:
        passed: whether it has.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._seconds = seconds
        self._until = 0.0
        self._lock = threading.Lock()
        self._connection: Any = None
        self._over = threading.Event()

    def __enter__(self) -> Deadline:
        _mine.deadline = self
        self.renew()
        threading.Thread(target=self._watch, name="journal-deadline", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, place: TracebackType | None
    ) -> None:
        _mine.deadline = None
        self._over.set()
        with self._lock:
            self._connection = None

    def renew(self) -> None:
        """Begin anew: the next statement has all the time."""
        self._until = time.monotonic() + self._seconds

    def watch(self, connection: Any) -> None:
        """Take the connection that is used from now on."""
        with self._lock:
            self._connection = connection
        if self.passed:
            self._pass()

    def _watch(self) -> None:
        while (left := self._until - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        self._pass()

    def _pass(self) -> None:
        with self._lock:
            self.passed = True
            if self._connection is not None and not self._connection.closed:
                cut(self._connection)


def watch(connection: Any) -> None:
    """Put a connection under this thread's deadline, if there is one."""
    if deadline := _of_this_thread():
        deadline.watch(connection)


def renew() -> None:
    """Give this thread's next statement all the time, if there is a deadline."""
    if deadline := _of_this_thread():
        deadline.renew()


def cut(connection: Any) -> None:
    """Shut a connection's socket down: whoever waits for it is told at once."""
    with suppress(Exception):  # it may be closed already, and whoever uses it is told so then
        handle = socket.socket(fileno=os.dup(connection.fileno()))
        with handle:
            handle.shutdown(socket.SHUT_RDWR)


def _of_this_thread() -> Deadline | None:
    return getattr(_mine, "deadline", None)
