"""Agents that go round in circles: too many turns, the same call again and again, a session that never ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from cockpit.domain.calls import CallTrace, Sign, ToolUse

NAME = "loop"


def signs(
    trace: CallTrace, *, turns: int = 25, repeats: int = 4, age: timedelta = timedelta(minutes=30)
) -> list[Sign]:
    """Return a sign for each way in which a trace is a loop.

    Args:
        turns: model calls in one trace that are too many.
        repeats: how often one tool may be called with the very same arguments.
        age: how long one answer may take.
    """
    return [*_turns(trace, turns), *_repeated(trace, repeats), *_old(trace, age)]


def _turns(trace: CallTrace, most: int) -> Iterator[Sign]:
    if trace.turns >= most:
        yield Sign(NAME, f"the model was called {trace.turns} times for one answer (line {most})", None, 0.9)


def _repeated(trace: CallTrace, most: int) -> Iterator[Sign]:
    calls = Counter((use.name, " ".join(use.arguments.split())) for use in _uses(trace))
    if not calls:
        return
    (name, _), count = calls.most_common(1)[0]
    if count >= most:
        yield Sign(NAME, f"{name} was called {count} times with the same arguments (line {most})", None, 0.95)


def _old(trace: CallTrace, most: timedelta) -> Iterator[Sign]:
    took = trace.ended - trace.started
    if took >= most:
        yield Sign(
            NAME, f"one answer took {took.total_seconds() / 60:.0f} min (line {most.total_seconds() / 60:.0f})"
        )


def _uses(trace: CallTrace) -> tuple[ToolUse, ...]:
    return trace.tools or tuple(use for span in trace.spans for use in span.tools)
