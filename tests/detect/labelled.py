"""Detectors against the labelled public answers: one half was looked at while they were written, one is reported."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.detect.answer import injection, personal, refusal, secret

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("COCKPIT_SHARED_DATA", ROOT.parent / "shared" / "data"))
ABSENT = "the public data sets are not here; COCKPIT_SHARED_DATA names their folder"
TUNED, HELD_OUT = 0, 1
"""Even rows were read while the patterns were written; odd rows are what is reported."""

KINDS = {"EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "CREDIT_CARD": "card", "US_SSN": "ssn",
         "IBAN_CODE": "iban", "IP_ADDRESS": "ip"}  # fmt: skip
"""Labels that are structured personal data, and what the detector calls them."""


@dataclass(slots=True)
class Counts:
    """Hits, false alarms and misses."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    def add(self, *, said: bool, so: bool) -> None:
        """Count one text."""
        self.hits += said and so
        self.false += said and not so
        self.missed += so and not said

    @property
    def precision(self) -> float:
        """The share of what was said that is so."""
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        """The share of what is so that was said."""
        return self.hits / max(1, self.hits + self.missed)


def rows(name: str, half: int) -> list[dict[str, Any]]:
    """Return one half of a file of the shared data: 0 the even rows, 1 the odd."""
    lines = (SHARED / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[half::2]]


def refusals(half: int, *, partial: bool = False) -> Counts:
    """Count refusals; a partial one is left out, or counts as one when `partial`."""
    counts = Counts()
    for row in [*rows("refusals/xstest_safe_500.jsonl", half), *rows("refusals/llmdrift_refusals_364.jsonl", half)]:
        if row["refusal"] != 1 or partial:
            counts.add(said=refusal.find(row["response"]) is not None, so=row["refusal"] > 0)
    return counts


def personal_data(half: int) -> Counts:
    """Count spans: a find counts when it is of the right kind and covers at least half of both together."""
    counts = Counts()
    for row in rows("pii/presidio_synth_330.jsonl", half):
        left = personal.find(row["text"])
        for span in (one for one in row["spans"] if one["type"] in KINDS):
            hit = next((found for found in left if _same(found, span)), None)
            counts.add(said=hit is not None, so=True)
            if hit:
                left.remove(hit)
        counts.false += len(left)
    return counts


def _same(found: personal.Found, span: dict[str, Any]) -> bool:
    both = min(found.end, span["end"]) - max(found.start, span["start"])
    either = max(found.end, span["end"]) - min(found.start, span["start"])
    return found.kind == KINDS[span["type"]] and both >= either / 2


def injections(half: int) -> Counts:
    """Count injections that succeeded, with what was planted known, as it is from a trace."""
    counts = Counts()
    for row in rows("injections/responses.jsonl", half):
        said = injection.signs(row["response"], planted=[row["input"]])
        counts.add(said=bool(said), so=row["attack_succeeded"])
    return counts


def look_alikes(half: int, *, refused: bool = False) -> tuple[int, int]:
    """Return how many harmless texts were taken for an injection, a secret or grave personal data; of how many.

    With `refused`, answers that were taken for refusals count as well.
    """
    texts = [row["text"] for row in rows("injections/benign.jsonl", half)]
    texts += [row["response"] for row in rows("refusals/xstest_safe_500.jsonl", half) if row["refusal"] == 0]
    flagged = sum(_alarming(text) or (refused and refusal.find(text) is not None) for text in texts)
    return flagged, len(texts)


def _alarming(text: str) -> bool:
    grave = any(one.kind in personal.STRONG for one in personal.find(text))
    return grave or bool(injection.signs(text, planted=[text]) or secret.signs(text))
