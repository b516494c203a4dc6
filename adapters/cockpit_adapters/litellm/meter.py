"""Figures of the traffic, from the proxy's Prometheus page: fresh at every look, and cheap for the proxy.

The page counts from the start of the process that answers, so figures are what was added since the last look at the
same process. Spend logs would tell more, but come up to ten seconds late and weigh eleven kilobytes a call.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cockpit.errors import Refused

MEASURES = {
    "requests_per_min": "/min",
    "error_pct": "%",
    "rejected_pct": "%",
    "p50_ms": "ms",
    "p99_ms": "ms",
    "cost_per_min": "$/min",
    "fallback_pct": "%",
}

LEAST_S = 1.0
"""Two looks closer together than this, in seconds, give the same figures."""

FORGOTTEN_S = 60.0
"""What one worker told counts for so long, in seconds, where several answer in turn."""

CALLS = "litellm_proxy_total_requests_metric_total"
LATENCY = "litellm_request_total_latency_metric_bucket"
SPEND = "litellm_spend_metric_total"
FALLBACKS = "litellm_deployment_successful_fallbacks_total"
START = "process_start_time_seconds"

_LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)(?: \d+)?")
_LABEL = {
    name: re.compile(rf'(?:^|,){name}="((?:[^"\\]|\\.)*)"') for name in ("status_code", "requested_model", "le")
}


@dataclass(slots=True)
class Totals:
    """What one process counted since it started, or what was added between two looks at it."""

    calls: float = 0.0
    errors: float = 0.0
    rejected: float = 0.0
    cost: float = 0.0
    fallbacks: float = 0.0
    buckets: dict[float, float] = field(default_factory=dict)

    def plus(self, other: Totals, sign: int = 1) -> Totals:
        """Return the sum, or with sign -1 the difference."""
        edges = {*self.buckets, *other.buckets}
        return Totals(
            self.calls + sign * other.calls, self.errors + sign * other.errors, self.rejected + sign * other.rejected,
            self.cost + sign * other.cost, self.fallbacks + sign * other.fallbacks,
            {edge: self.buckets.get(edge, 0.0) + sign * other.buckets.get(edge, 0.0) for edge in edges},
        )  # fmt: skip


class Gauge:
    """Turns pages into figures; keeps what the last page of each process said."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: dict[str, tuple[float, Totals]] = {}
        self._added: dict[str, tuple[float, float, Totals]] = {}

    def take(self, page: str) -> dict[str, float]:
        """Return the figures since the last look; nothing at the first, and no share of nothing.

        Raises:
            Refused: the page has no figures of LiteLLM, so the callback is missing.
        """
        if CALLS not in page:
            raise Refused(
                "the proxy counts nothing",
                hint='Add "prometheus" to litellm_settings.callbacks and install it there.',
            )
        now, (process, totals) = self._monotonic(), read_page(page)
        before = self._last.get(process)
        if before is None or totals.calls < before[1].calls:
            self._last[process] = (now, totals)
        elif now - before[0] >= LEAST_S:
            self._added[process] = (now, now - before[0], totals.plus(before[1], -1))
            self._last[process] = (now, totals)
        self._added = {one: kept for one, kept in self._added.items() if now - kept[0] <= FORGOTTEN_S}
        return self._figures()

    def _figures(self) -> dict[str, float]:
        if not self._added:
            return {}
        whole, rate, cost = Totals(), 0.0, 0.0
        for _, seconds, added in self._added.values():
            whole = whole.plus(added)
            rate += added.calls * 60 / seconds
            cost += added.cost * 60 / seconds
        found = {"requests_per_min": rate, "cost_per_min": cost}
        if whole.calls > 0:
            shares = {"error_pct": whole.errors, "rejected_pct": whole.rejected, "fallback_pct": whole.fallbacks}
            found |= {name: 100 * count / whole.calls for name, count in shares.items()}
        quantiles = {"p50_ms": quantile(whole.buckets, 0.5), "p99_ms": quantile(whole.buckets, 0.99)}
        return found | {name: 1000 * value for name, value in quantiles.items() if value is not None}


def read_page(page: str) -> tuple[str, Totals]:
    """Return which process answered, and what it counted."""
    totals, process = Totals(), ""
    for name, labels, value in _samples(page):
        if name == START:
            process = str(value)
        elif name == CALLS:
            _count(totals, labels, value)
        elif name == LATENCY:
            edge = float(_label(labels, "le") or "nan")
            totals.buckets[edge] = totals.buckets.get(edge, 0.0) + value
        elif name == SPEND:
            totals.cost += value
        elif name == FALLBACKS:
            totals.fallbacks += value
    return process, totals


def _samples(page: str) -> Iterator[tuple[str, str, float]]:
    wanted = (CALLS, LATENCY, SPEND, FALLBACKS, START)
    for line in page.splitlines():
        match = _LINE.fullmatch(line) if line.startswith(wanted) else None
        if match is not None:
            yield match[1], match[2] or "", float(match[3])


def _count(totals: Totals, labels: str, value: float) -> None:
    """Count calls of models; calls of the admin API name no model."""
    if _label(labels, "requested_model") in ("", "None"):
        return
    status = _label(labels, "status_code")
    totals.calls += value
    totals.errors += value if status[:1] == "5" else 0.0
    totals.rejected += value if status[:1] == "4" else 0.0


def _label(labels: str, name: str) -> str:
    match = _LABEL[name].search(labels)
    return match[1] if match else ""


def quantile(buckets: Mapping[float, float], share: float) -> float | None:
    """Return a quantile from cumulative buckets, in seconds, straight between their edges; None without any calls."""
    edges = sorted(edge for edge in buckets if not math.isnan(edge))
    if not edges or buckets[edges[-1]] <= 0:
        return None
    wanted, low, below = share * buckets[edges[-1]], 0.0, 0.0
    for edge in edges:
        if buckets[edge] >= wanted:
            if math.isinf(edge):
                return low
            return low + (edge - low) * (wanted - below) / max(buckets[edge] - below, 1e-9)
        low, below = edge, buckets[edge]
    return low
