"""What a debrief is made of."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.levers import LeverOrder
from cockpit.drill.score.model import Score
from cockpit.drill.score.truth import Curve


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal; `at_s` is in seconds after the page. The text is raw: clean it to show it."""

    seq: int
    at_s: float
    clock: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of the score with what it rests on."""

    name: str
    value: float | None
    weight: int
    word: str
    sentence: str
    evidence: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the time axis; `sort` is milestone, lever, canary, inject or update."""

    at_s: float
    sort: str
    label: str
    seq: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One other way a moment could have gone: `saved` is J spared, from `j` to `j_then`.

    `orders` are the lever timeline that would have done it.
    """

    text: str
    at_s: float
    j: float
    j_then: float
    saved: float
    seqs: tuple[int, ...]
    orders: tuple[LeverOrder, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """A run told back: what it was worth, why, when what happened, and what would have been better."""

    score: Score
    title: str
    headline: str
    parts: tuple[PartView, ...]
    gates: tuple[str, ...]
    timeline: tuple[Mark, ...]
    yours: Curve
    nothing: Curve
    what_ifs: tuple[WhatIf, ...]
