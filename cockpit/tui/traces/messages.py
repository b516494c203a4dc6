"""What the trace list tells the screen that owns it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from cockpit.domain.traces import TraceFilter


@dataclass
class TraceOpened(Message):
    """Somebody wants to read this trace."""

    trace: int


@dataclass
class TracePinned(Message):
    """Somebody wants this trace on the incident's timeline."""

    trace: int
    verdict: str


@dataclass
class ReproductionAsked(Message):
    """Somebody wants to copy what reproduces this trace."""

    trace: int


@dataclass
class ComparePicked(Message):
    """Somebody wants a passing and a failing trace side by side."""

    passing: int
    failing: int


@dataclass
class FilterChanged(Message):
    """Another filter is in force; `text` is what was typed."""

    query: TraceFilter
    text: str
