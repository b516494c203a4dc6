"""Completing what is typed into the filter line: keys first, then the values that were seen; without a screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.domain.text import clean
from cockpit.domain.traces import KEYS, SINCE, UNTIL, TraceFilter, fold
from cockpit.tui.traces.source import TraceSource
from cockpit.world.port import TraceRow

NEWEST, PLACES, PORTION = 1_500, 12, 100
"""Rows that are looked at for values: the newest, and portions from all over the store."""
MOST = 40
"""Values of a key that are offered."""
LONGEST = 80
MOMENTS = ("15m", "5m", "1h")

_LAST = re.compile(
    r'(?P<sign>-?)(?P<key>[A-Za-z_]+):(?P<done>(?:"[^"]*"|[^",\s])*,)*(?P<value>=?(?:"[^"]*|[^",\s]*))$'
)
_WORD = re.compile(r"(?:^|\s)-?(?P<word>[A-Za-z_]*)$")

Values = Mapping[str, Sequence[str]]
"""Values by key, the commonest first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may stand from `start` on instead of what was typed there; the best comes first."""

    start: int
    choices: tuple[str, ...]


def offer(typed: str, values: Values, keys: Sequence[str]) -> Offer:
    """Return what the text before the cursor may go on with."""
    found = _LAST.search(typed)
    if found and found["key"].lower() in values:
        begun = found["value"]
        equals = "=" if begun.startswith("=") else ""
        wanted = fold(begun.removeprefix("=").strip('"'))
        fitting = _fitting(values[found["key"].lower()], wanted)
        return Offer(found.start("value"), tuple(equals + quoted(one) for one in fitting))
    word = _WORD.search(typed)
    if word is None or typed.count('"') % 2:
        return Offer(len(typed), ())
    return Offer(word.start("word"), tuple(f"{key}:" for key in keys if key.startswith(fold(word["word"]))))


def quoted(value: str) -> str:
    """Write a value so that a filter reads it as one."""
    return f'"{value}"' if re.search(r'[\s:,"]', value) or not value else value


def seen(source: TraceSource, keys: Iterable[str] = KEYS) -> dict[str, tuple[str, ...]]:
    """Count the values of a bounded number of rows, new ones and some from all over the store; may be slow."""
    counts: dict[str, Counter[str]] = {key: Counter() for key in keys}
    recorded = getattr(source, "recorded", None)
    for row in recorded() if callable(recorded) else _sample(source):
        for key, counter in counts.items():
            if value := getattr(row, key, ""):
                counter[value] += 1
    found = {key: tuple(_told(counter)) for key, counter in counts.items()}
    return {**found, SINCE: MOMENTS, UNTIL: MOMENTS}


def _sample(source: TraceSource) -> Iterable[TraceRow]:
    newest = source.page(TraceFilter(), limit=NEWEST)
    yield from newest
    if len(newest) == NEWEST:
        for part in range(1, PLACES):
            yield from source.page(TraceFilter(), before=newest[-1].id * part // PLACES, limit=PORTION)


def _told(counter: Counter[str]) -> Iterable[str]:
    """Name the commonest values; one that can't be typed as it is drawn is left out."""
    ranked = sorted(counter, key=lambda value: (-counter[value], value))
    sound = (one for one in ranked if '"' not in one and clean(one, multiline=False, limit=LONGEST) == one)
    return [one for one, _ in zip(sound, range(MOST), strict=False)]


def _fitting(values: Sequence[str], wanted: str) -> list[str]:
    """Return the values that begin so, then those that contain it."""
    begin = [one for one in values if fold(one).startswith(wanted)]
    return begin + [one for one in values if wanted in fold(one) and one not in begin]
