"""Following a stream of traces: what is stored is read in order, warmed up on, and then watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cockpit.detect.answer.signs import Known
from cockpit.detect.stream.detectors import Detectors
from cockpit.detect.stream.page import Page
from cockpit.detect.stream.sample import sample_of
from cockpit.domain.calls import CallTrace
from cockpit.domain.thresholds import Thresholds

BATCH = 1_000
"""Traces that are read at a time."""

WARM = 50_000
"""Traces before the place where watching begins, on which the detectors learn what is usual."""


class Stream(Protocol):
    """Where traces come from: numbered in the order they came, from 1."""

    def since(self, number: int, most: int) -> Sequence[tuple[int, CallTrace]]:
        """Return the traces after a number, oldest first, at most so many."""
        ...

    def last(self) -> int:
        """Return the number of the newest trace, 0 where there is none."""
        ...


@dataclass(slots=True)
class Follower:
    """Reads on in a stream.

    Attributes:
        told: the number up to which pages were told before; those about earlier traces are not told again.
        place: the number of the last trace read.
    """

    stream: Stream
    detectors: Detectors
    told: int
    place: int
    known: Known | None = None
    lines: Thresholds | None = None

    def read(self) -> Iterator[Page]:
        """Read everything that is there by now, and yield the pages that are news."""
        while found := self.stream.since(self.place, BATCH):
            for number, trace in found:
                self.place = number
                pages = self.detectors.take(sample_of(trace, self.known, self.lines))
                if number > self.told:
                    yield from pages

    def close(self) -> list[Page]:
        """Look once more at the minute that is not over, where anything in it is news."""
        pages = self.detectors.close()
        return pages if self.place > self.told else []


def follow(stream: Stream, detectors: Detectors, told: int, known: Known | None = None) -> Follower:
    """Begin to follow a stream some way before the place up to which pages were told."""
    return Follower(stream, detectors, told, max(0, told - WARM), known)
