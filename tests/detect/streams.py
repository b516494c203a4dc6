"""Real traffic as streams of samples: Azure's hour, RAGPulse's week, ServeGen's tenants, and GPT-3.5 in two months.

What the public traces lack is added and said so: latencies by the measured line of 0.49 s + 35 ms a token, judgements
of a quarter of the answers around 4.5 of 5, one error and 1.5 refusals in a hundred.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from cockpit.detect.stream.sample import Sample, Shape
from tests.detect.labelled import SHARED

START = datetime(2026, 1, 5, tzinfo=UTC)
PLAIN, REFUSAL = Shape(100, "plain", False), Shape(20, "plain", True)
RUBRIC = "factual_grounding"


@dataclass(frozen=True, slots=True)
class Fault:
    """Some answers lose points from a moment on: `share` of them, `points` each, on a scale from 1 to 5."""

    at: datetime
    share: float
    points: float


def answered(
    moments: list[tuple[datetime, int, int]], seed: int, fault: Fault | None = None, judged: float = 0.25
) -> Iterator[Sample]:
    """Yield answers at given (moment, tokens in, tokens out), with what real traces lack drawn beside them."""
    draw = np.random.default_rng(seed)
    count = len(moments)
    scores = np.clip(draw.normal(4.5, 0.45, count), 1, 5)
    scored, refused, failed = draw.random(count) < judged, draw.random(count) < 0.015, draw.random(count) < 0.01
    slow, hit = draw.lognormal(0, 0.3, count), draw.random(count)
    for number, (at, tokens_in, tokens_out) in enumerate(moments):
        bad = fault is not None and at >= fault.at and hit[number] < fault.share
        score = max(1.0, float(scores[number]) - (fault.points if fault and bad else 0.0))
        yield Sample(
            at=at, id=str(number), route="chat", prompt="v1", model="m",
            scores={RUBRIC: score} if scored[number] else {},
            tokens_out=tokens_out, cost=float(tokens_in + tokens_out),
            latency_ms=float((490 + 35 * tokens_out) * slow[number]), ttft_ms=float(490 * slow[number]),
            failed=bool(failed[number]), shape=REFUSAL if refused[number] else PLAIN,
        )  # fmt: skip


def azure(hours: int) -> list[tuple[datetime, int, int]]:
    """Return Azure's hour of conversations, again and again."""
    with (SHARED / "traffic" / "azure_llm_2023_conv.csv").open(encoding="utf-8") as file:
        rows = [
            (datetime.fromisoformat(row["TIMESTAMP"][:26]), int(row["ContextTokens"]), int(row["GeneratedTokens"]))
            for row in csv.DictReader(file)
        ]
    first = rows[0][0]
    return [
        (START + timedelta(hours=hour) + (at - first), tokens_in, tokens_out)
        for hour in range(hours) for at, tokens_in, tokens_out in rows
    ]  # fmt: skip


def ragpulse() -> list[tuple[datetime, int, int]]:
    """Return RAGPulse's week."""
    with (SHARED / "traffic" / "ragpulse_7d.csv").open(encoding="utf-8") as file:
        return [
            (
                START + timedelta(seconds=float(row["timestamp_s"])),
                int(row["input_tokens"]),
                int(row["output_tokens"]),
            )
            for row in csv.DictReader(file)
        ]


def primes() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return GPT-3.5's answers whether numbers are prime: those of March and those of June, each in its order."""
    with (SHARED / "drift" / "gpt35_drift_prime_2x1000.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if "0301" in row["model"]], [row for row in rows if "0613" in row["model"]]


def prime_shape(row: dict[str, str]) -> Shape:
    """Return how an answer looks: its tokens, whether it was bracketed as asked, its verdict as its vocabulary."""
    formats = "bracketed" if row["bracketed"] == "1" else "plain"
    return Shape(int(row["output_tokens"]), formats, False, (row["verdict"],))


Bins = dict[int, dict[str, tuple[float, float]]]


def servegen() -> Bins:
    """Return requests a second and their coefficient of variation by ten minutes and tenant."""
    found: Bins = {}
    with (SHARED / "traffic" / "servegen_mlarge_tenants_14d_10min.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cv = float(row["interarrival_cv"] or 1.0)
            found.setdefault(int(row["window_start_s"]), {})[row["client"]] = (float(row["requests_per_s"]), cv)
    return found


def slot_of(draw: np.random.Generator, rate: float, cv: float, seconds: float) -> int:
    """Draw how many requests fall into a slot: a renewal process's spread, mean × cv², by a gamma-Poisson mixture."""
    mean = rate * seconds
    if mean <= 0:
        return 0
    spread = max(0.01, cv * cv)
    return int(draw.poisson(draw.gamma(mean / spread) * spread))


def requests(at: datetime, tenant: str, count: int, seconds: float) -> Iterator[Sample]:
    """Yield a slot's requests, several at a time: at most six samples that cost as much as all of them."""
    parts = min(count, 6)
    for part in range(parts):
        yield Sample(at=at + timedelta(seconds=seconds * part / parts), tenant=tenant, cost=count / parts)
