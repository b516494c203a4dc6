"""How a verdict is shown: its tone, and whether it counts as failing."""

from __future__ import annotations

PASSING = frozenset({"ok", "static"})
"""Verdicts of answers that did no harm; `static` is the non-AI path."""
UNJUDGED = frozenset({"", "·", "pending"})
"""Nobody has looked at these yet: neither passing nor failing."""
_LOUD = frozenset({"leak", "leaked"})
_BAD = frozenset({"error", "loop", "looping"})


def fails(verdict: str) -> bool:
    """Say whether a verdict counts as failing."""
    return verdict not in PASSING and verdict not in UNJUDGED


def passes(verdict: str) -> bool:
    """Say whether a verdict counts as passing."""
    return verdict in PASSING


def tone(verdict: str) -> str:
    """Name a verdict's tone: loud, bad, warn, ok or dim."""
    if verdict in _LOUD:
        return "loud"
    if verdict in _BAD:
        return "bad"
    if verdict == "ok":
        return "ok"
    return "warn" if fails(verdict) else "dim"


TONE_STYLES = {
    "loud": "bold $error",
    "bad": "$error",
    "warn": "$warning",
    "ok": "$success",
    "dim": "dim",
}
"""Textual styles of the tones, for Content outside the list."""


def word(verdict: str) -> str:
    """Write a verdict so that it can be told apart without colour: the loud ones in capitals."""
    return verdict.upper() if tone(verdict) == "loud" else verdict or "·"
