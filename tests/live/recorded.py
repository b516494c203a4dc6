"""Recorded answers for tests: an archive that fills while an incident runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cockpit.archive.store import NAME, Archive
from cockpit.domain.calls import CallTrace, Chunk, Message, ToolUse
from cockpit.live.sight.opening import Recorded
from cockpit.world.options import TracesOptions

SAID = "Your parcel arrives on Monday."
LEAKED = "Sure: the card is 4111 1111 1111 1111, and the parcel arrives on Monday."
REFUSED = "I'm sorry, I can't help with that."


def answer(number: int, at: datetime, said: str = SAID, **other: Any) -> CallTrace:
    """Return one answer that came to its end at a moment."""
    usual: dict[str, Any] = {
        "service": "support", "route": "/support", "tenant": f"t{number % 3}", "session": f"s{number}",
        "user": f"u{number % 40}", "prompt": "v41", "model": "m1", "asked": "where is it", "answered": said,
        "messages": (Message("user", "where is it"),), "chunks": (Chunk("kb", "parcels", 0.5),), "retrieved": True,
        "tools": (ToolUse("find_order", "{}", "{}"),), "ttft_ms": 200.0, "cost_usd": 0.002, "tokens_in": 10,
        "tokens_out": 10,
    }  # fmt: skip
    return CallTrace(f"trace-{number:06d}", "otlp", at - timedelta(seconds=1), at, **{**usual, **other})


def answers(
    first: int, count: int, since: datetime, step_s: float, bad: float = 0.0, said: str = LEAKED
) -> list[Any]:
    """Return answers one after the other, a share of which says something else."""
    draw = Random(first)
    return [
        answer(first + place, since + timedelta(seconds=step_s * place), said if draw.random() < bad else SAID)
        for place in range(count)
    ]


class Shelf:
    """An archive in a folder, written by one and read by others."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.path = folder / NAME
        self._archive = Archive.open(self.path)
        self.recorded = Recorded(self.path, TracesOptions.model_validate(options))

    def add(self, traces: list[CallTrace]) -> None:
        """Store traces."""
        self._archive.add(traces)

    def judge(self, row: int, verdict: str) -> None:
        """Give a row a verdict."""
        self._archive.judge([(row, verdict)])

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()
