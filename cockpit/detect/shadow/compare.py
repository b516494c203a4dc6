"""Two configurations over the same inputs: what differs in each rubric, how sure that is, and what it would take."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.detect.answer import personal, refusal
from cockpit.detect.answer.signs import signs_of
from cockpit.detect.shadow.stats import Difference, decide, difference
from cockpit.domain.calls import CallTrace

_RISKS = ("refusal", "personal_data", "secret", "other_tenant", "injection", "loop", "error")
LOWER_IS_BETTER = frozenset({*_RISKS, "latency_ms", "ttft_ms", "cost_usd"})
NEITHER = frozenset({"length_words", "tokens_out"})
"""Rubrics in which more is neither better nor worse. In all others, recorded scores among them, more is better."""
_FLAGS = (personal.NAME, "secret", "other_tenant", "injection")


@dataclass(frozen=True, slots=True)
class Shadow:
    """The result of a comparison.

    Attributes:
        pairs: inputs that both sides answered, each counted once however often it was asked.
        only_a, only_b: inputs of one side alone; they are left out.
        differences: one for each rubric that both sides have.
    """

    pairs: int
    only_a: int
    only_b: int
    differences: tuple[Difference, ...]

    def worse(self, lower: Iterable[str] = ()) -> list[str]:
        """Return the rubrics in which B is surely worse than A; `lower` names more in which lower is better."""
        low = LOWER_IS_BETTER | frozenset(lower)
        sure = [one for one in self.differences if one.sure and one.rubric not in NEITHER]
        return [one.rubric for one in sure if (one.difference > 0) is (one.rubric in low)]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "pairs": self.pairs,
            "only_a": self.only_a,
            "only_b": self.only_b,
            "worse": self.worse(),
            "differences": [one.to_json() for one in self.differences],
        }


def compare_shadow(a: Iterable[CallTrace], b: Iterable[CallTrace], *, seed: int = 0) -> Shadow:
    """Compare the answers of two configurations, paired by what was asked.

    Answers to the same input are averaged first: asking one question a hundred times is still one question.
    """
    here, there = _by_input(a), _by_input(b)
    both = sorted(here.keys() & there.keys())
    rubrics = sorted({name for key in both for name in here[key].keys() & there[key].keys()})
    found = []
    for name in rubrics:
        pairs = [(here[key][name], there[key][name]) for key in both if name in here[key] and name in there[key]]
        found.append(difference(name, pairs, rubrics=len(rubrics), seed=seed))
    return Shadow(len(both), len(here.keys() - there.keys()), len(there.keys() - here.keys()), tuple(decide(found)))


def measures(trace: CallTrace) -> dict[str, float]:
    """Measure one answer: its recorded scores and simple checks; what nobody recorded is left out."""
    found = {f"score {name}": float(value) for name, value in trace.scores.items() if math.isfinite(value)}
    found["error"] = float(bool(trace.error))
    if trace.total_ms:
        found["latency_ms"] = trace.total_ms
    if trace.ttft_ms is not None:
        found["ttft_ms"] = trace.ttft_ms
    if trace.cost_usd is not None:
        found["cost_usd"] = trace.cost_usd
    if trace.error:
        return found
    if trace.tokens_out:
        found["tokens_out"] = float(trace.tokens_out)
    names = {one.detector for one in signs_of(trace)}
    found[refusal.NAME] = float(refusal.find(trace.answered) is not None)
    found |= {name: float(name in names) for name in _FLAGS}
    found["length_words"] = float(len(trace.answered.split()))
    if "expected" in trace.labels:
        found["exact_match"] = float(_even(trace.answered) == _even(trace.labels["expected"]))
    return found


def input_of(trace: CallTrace) -> str:
    """Return what two traces must have in common to be a pair: all that was asked, spaces evened out."""
    asked = [one.text for one in trace.messages if one.role == "user"]
    return _even("\n".join(asked) or trace.asked)


def _by_input(traces: Iterable[CallTrace]) -> Mapping[str, dict[str, float]]:
    gathered: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for trace in traces:
        if key := input_of(trace):
            for name, value in measures(trace).items():
                gathered[key][name].append(value)
    return {
        key: {name: math.fsum(all_of) / len(all_of) for name, all_of in one.items()} for key, one in gathered.items()
    }


def _even(text: str) -> str:
    return " ".join(text.split())
