"""Behaviour recorded on a good day: how long answers are, what they look like, how often they refuse, their words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import repeat
from typing import Any

from cockpit.detect.meaning import Embeds, Meaning, meaning_of
from cockpit.detect.stream.sample import Shape
from cockpit.domain.events import from_iso, iso
from cockpit.errors import BadInput

FEATURES = ("length", "format", "refusal", "vocabulary")
WORDS = 200
"""Words of the baseline that are followed; all others count as one."""
OTHER = "\u2026"
LEAST = 200
"""Answers a baseline needs, so that it can tell its own noise."""


def features(shape: Shape) -> dict[str, tuple[str, ...]]:
    """Return the categories of one answer by feature; lengths by half octaves."""
    return {
        "length": (str(round(2 * math.log2(1 + max(0, shape.length)))),),
        "format": (shape.formats,),
        "refusal": ("yes" if shape.refused else "no",),
        "vocabulary": shape.words,
    }


def folded(shape: Shape, known: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the categories of one answer, words that are not known as one and the same; no word is there twice."""
    found = features(shape)
    words = known.intersection(shape.words)
    found["vocabulary"] = (*words, *repeat(OTHER, len(shape.words) - len(words)))
    return found


def tally(shapes: Sequence[Shape], words: Sequence[str]) -> dict[str, Counter[str]]:
    """Count categories by feature; of words only those given, and one for all others."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FEATURES}
    known = frozenset(words)
    for shape in shapes:
        for name, found in folded(shape, known).items():
            counts[name].update(found)
    return counts


def stability(usual: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Return the population stability index of two counts, half an answer added to each category of either."""
    names = usual.keys() | now.keys()
    if len(names) < 2:
        return 0.0
    one, other = sum(usual.values()) + len(names) / 2, sum(now.values()) + len(names) / 2
    parts = (((usual.get(name, 0) + 0.5) / one, (now.get(name, 0) + 0.5) / other) for name in names)
    return sum((right - left) * math.log(right / left) for left, right in parts)


def divergence(usual: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Return the Jensen-Shannon divergence of two counts, in bits: 0 the same, 1 nothing in common."""
    one, other = sum(usual.values()), sum(now.values())
    if not one or not other:
        return 0.0
    total, log2 = 0.0, math.log2
    for name, count in usual.items():
        left, right = count / one, now.get(name, 0) / other
        if left and right:
            total += left * log2(2 * left / (left + right)) + right * log2(2 * right / (left + right))
        else:
            total += left + right
    total += sum(count for name, count in now.items() if name not in usual) / other
    return max(0.0, total / 2)


def distance(feature: str, usual: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Return how far two counts of a feature are apart: PSI, and for vocabularies 4 × Jensen-Shannon.

    The factor puts both on one scale: for small shifts PSI is eight times the divergence in nats, and half of a
    vocabulary's movement is the topic of the day.
    """
    return 4.0 * divergence(usual, now) if feature == "vocabulary" else stability(usual, now)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the answers of one route were: counts by feature, how far apart its own parts are, and what they mean."""

    answers: int
    counts: Mapping[str, Mapping[str, int]]
    noise: Mapping[str, float]
    words: tuple[str, ...]
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A recorded baseline; `routes` holds each route with enough answers, and "" for all together."""

    name: str
    recorded: datetime
    window: int
    routes: Mapping[str, Behaviour] = field(default_factory=dict)

    def behaviour(self, route: str) -> Behaviour | None:
        """Return what is usual for a route; all together stand in only where there were no routes."""
        alone = len(self.routes) <= 1
        return self.routes.get(route) or (self.routes.get("") if alone else None)


def record(name: str, shapes: Sequence[tuple[str, Shape]], at: datetime, window: int = 100) -> Baseline:
    """Make a baseline of (route, answer) pairs in order of time.

    Raises:
        BadInput: there are too few answers.
    """
    if len(shapes) < LEAST:
        raise BadInput(
            f"{len(shapes)} answers are too few for a baseline, which needs {LEAST}",
            hint="Record over a longer time, or from more files.",
        )
    by_route: dict[str, list[Shape]] = {}
    for route, shape in shapes:
        by_route.setdefault(route, []).append(shape)
    routes = {route: _behaviour(found, window) for route, found in by_route.items() if route and len(found) >= LEAST}
    return Baseline(name, at, window, {"": _behaviour([shape for _, shape in shapes], window), **routes})


def _behaviour(shapes: Sequence[Shape], window: int) -> Behaviour:
    said = Counter(word for shape in shapes for word in shape.words)
    words = tuple(word for word, _ in said.most_common(WORDS))
    counts = tally(shapes, words)
    noise = dict.fromkeys(FEATURES, 0.0)
    size = min(window, len(shapes) // 2)
    for start in range(0, len(shapes) - size + 1, size):
        part = tally(shapes[start : start + size], words)
        for feature in FEATURES:
            rest = counts[feature] - part[feature]
            noise[feature] = max(noise[feature], distance(feature, rest, part[feature]))
    return Behaviour(len(shapes), {name: dict(one) for name, one in counts.items()}, noise, words)


def with_meaning(baseline: Baseline, answers: Sequence[tuple[str, str]], model: Embeds) -> Baseline:
    """Return a baseline that knows what its answers mean as well.

    Args:
        answers: (route, answer) of those it was recorded from.
    """
    texts = {route: [text for of, text in answers if route in ("", of)] for route in baseline.routes}
    routes = {route: replace(one, meaning=meaning_of(texts[route], model)) for route, one in baseline.routes.items()}
    return replace(baseline, routes=routes)


def to_json(baseline: Baseline) -> dict[str, Any]:
    """Return a baseline as plain values."""
    routes = {
        route: {
            "answers": one.answers,
            "counts": {name: dict(counts) for name, counts in one.counts.items()},
            "noise": {name: round(value, 6) for name, value in one.noise.items()},
            "words": list(one.words),
            **({"meaning": asdict(one.meaning)} if one.meaning else {}),
        }
        for route, one in baseline.routes.items()
    }
    return {"name": baseline.name, "recorded": iso(baseline.recorded), "window": baseline.window, "routes": routes}


def from_json(value: Any) -> Baseline:
    """Read what `to_json` wrote.

    Raises:
        BadInput: it is no baseline.
    """
    try:
        routes = {
            str(route): Behaviour(
                int(one["answers"]),
                {name: {str(k): int(n) for k, n in one["counts"][name].items()} for name in FEATURES},
                {name: float(one["noise"][name]) for name in FEATURES},
                tuple(map(str, one["words"])),
                _meaning(one.get("meaning")),
            )
            for route, one in value["routes"].items()
        }
        return Baseline(str(value["name"]), from_iso(value["recorded"]), int(value["window"]), routes)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BadInput("the file is no baseline", hint="Record it anew: cockpit baseline record NAME FILE") from fault


def _meaning(told: Any) -> Meaning | None:
    if told is None:
        return None
    return Meaning(str(told["model"]), int(told["answers"]), tuple(map(float, told["middle"])), float(told["noise"]))
