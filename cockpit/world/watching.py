"""Watching the wire for one change, in a thread, until it is proven or nobody wants to know any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.world.contract import Expectation
from cockpit.world.port import Proof
from cockpit.world.wire import Prober, Streak

if TYPE_CHECKING:
    from cockpit.world.options import ProbeOptions

PAUSE_S = 0.3
"""How long the wire is left alone between two bursts of probes, in seconds."""


class WireWatch:
    """Asks a probe again and again for one expectation; a proven one is asked no more."""

    def __init__(self, prober: Prober, expectation: Expectation, answers: int) -> None:
        self._prober = prober
        self.streak = Streak(expectation, answers)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_asking, name="probe", daemon=True)

    def start(self) -> WireWatch:
        """Begin to ask."""
        self._thread.start()
        return self

    def look(self) -> Proof:
        """Return how far the proof is; never waits."""
        proof = self.streak.proof
        return replace(proof, enough=proof.matched >= proof.of)

    def close(self) -> None:
        """Ask no more."""
        self._stop.set()

    def _keep_asking(self) -> None:
        while not self._stop.is_set():
            if self._prober.step(self.streak).matched >= self.streak.proof.of:
                break
            self._stop.wait(PAUSE_S)
        self._prober.close()


def watch_wire(
    probe: ProbeOptions,
    secret: Callable[[str], str],
    now: Callable[[], datetime],
    expectation: Expectation,
    answers: int,
) -> WireWatch:
    """Begin to watch the wire for an expectation.

    Raises:
        BadInput: the probe's address is not safe, or its secret is missing.
    """
    return WireWatch(Prober(probe, secret, now), expectation, answers).start()
