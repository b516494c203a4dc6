"""What a long run tells while it goes on: which tests take long, so that one can see where it was cut off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

EVERY_S = 60.0
"""How often a run tells what it waits for, and how long a test is let alone first."""


class Progress:
    """Keeps in mind which tests run, in whatever worker."""

    def __init__(self, tell: Callable[[str], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._monotonic = monotonic
        self._since: dict[str, float] = {}
        self._over = threading.Event()

    def start(self) -> None:
        """Begin to look from time to time."""
        threading.Thread(target=self._watch, name="progress", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()

    def look(self) -> None:
        """Tell which tests have been running for long."""
        for name, since in list(self._since.items()):
            took = self._monotonic() - since
            if took >= EVERY_S:
                self._tell(f"still running after {took:.0f} s: {name}")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a test has begun."""
        self._since[nodeid] = self._monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note that a test is over."""
        self._since.pop(nodeid, None)

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            self.look()


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Watch from the process that only reports; without workers it runs the tests, and its output is captured."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not getattr(session.config.option, "numprocesses", None):
        return (yield)
    progress = Progress(lambda line: reporter.write_line(f"\n{line}"))
    session.config.pluginmanager.register(progress, "progress")
    progress.start()
    try:
        return (yield)
    finally:
        progress.stop()
