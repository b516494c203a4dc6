"""When requests arrive and how long they are: made up in a measured shape, or replayed from a CSV file.

The shape: gaps are gamma-distributed (shape below 1: bursts), the rate of every minute varies by a gamma factor, and
the hour of the day sets the level; Azure's public traces have gap shape 0.87 and a per-minute Fano factor of 20.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from cockpit.errors import ScenarioError
from cockpit.simulator.inputs import HINT, input_path
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import CsvTraffic, Route, Tokens
from cockpit.simulator.streams import BLOCK, Floats, generator, normals

_MORNING = (1.08, 0.36, 0.22, 0.08, 0.07, 0.07, 0.12, 0.36, 0.78, 1.05, 1.5, 1.53, 1.29, 1.43, 1.62, 1.64, 1.51)
HOURLY = (*_MORNING, 1.28, 1.47, 1.56, 1.27, 1.26, 1.34, 1.1)
"""Shape of a day, mean 1, from 00 h on (RAGPulse)."""

MAX_TOKENS = 65_535
MAX_CSV_ROWS = 2_000_000

Seconds = NDArray[np.float64]
Counts = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One route's requests in order of time: seconds after the start, and tokens."""

    at: Seconds
    tokens_in: Counts
    tokens_out: Counts


def level(scenario: Scenario, at: Seconds) -> Seconds:
    """Return the level of traffic at moments, 1 at the page."""
    usual = HOURLY if scenario.traffic.day == "measured" else (1.0,) * 24
    hourly = np.asarray(scenario.traffic.hourly or usual, dtype=np.float64)
    midnight = scenario.start.replace(hour=0, minute=0, second=0, microsecond=0)
    offset = (scenario.start - midnight).total_seconds()
    hours = np.arange(26) - 0.5
    shape = np.interp(((at + offset) / 3600.0) % 24.0, hours, hourly[np.arange(26) % 24 - 1])
    page = np.interp(((scenario.page_s + offset) / 3600.0) % 24.0, hours, hourly[np.arange(26) % 24 - 1])
    return np.asarray(shape / page, dtype=np.float64)


def made_up(scenario: Scenario, route: Route, seed: int) -> Arrivals:
    """Make a route's arrivals for the whole horizon."""
    edges = np.append(np.arange(0.0, scenario.horizon_s, 60.0), scenario.horizon_s)
    wild = generator(seed, f"burst:{route.name}").gamma(route.burst_shape, 1.0 / route.burst_shape, len(edges))
    rates = route.rate * level(scenario, (edges[:-1] + edges[1:]) / 2) * wild[: len(edges) - 1]
    work = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges))])
    blocks = [np.interp(block, work, edges) for block in _operational(route, seed, work[-1])]
    at = np.concatenate(blocks) if blocks else np.zeros(0)
    return Arrivals(
        at,
        tokens(seed, f"in:{route.name}", route.tokens_in, len(at)),
        tokens(seed, f"out:{route.name}", route.tokens_out, len(at)),
    )


def merged(streams: Sequence[Arrivals], number: int, part: slice) -> NDArray[np.int64]:
    """Return where a stretch of one stream comes to stand when all streams are put in one order of time."""
    at = streams[number].at[part]
    place = np.arange(part.start, part.start + len(at))
    for other, stream in enumerate(streams):
        if other != number:
            place += np.searchsorted(stream.at, at, side="right" if other < number else "left")
    return place


def _operational(route: Route, seed: int, total: float) -> Iterator[Seconds]:
    """Yield renewal moments with unit rate up to `total`, in blocks so that a longer horizon only adds."""
    reached, block = 0.0, 0
    while reached < total:
        gaps = generator(seed, f"gaps:{route.name}", block).standard_gamma(route.gamma_shape, BLOCK)
        moments = reached + np.cumsum(gaps) / route.gamma_shape
        reached, block = float(moments[-1]), block + 1
        yield moments[: int(np.searchsorted(moments, total))]


def tokens(seed: int, name: str, shape: Tokens, count: int) -> Counts:
    """Draw log-normal token counts."""
    drawn: Counts = np.empty(count, dtype=np.uint16)
    for start in range(0, count, BLOCK):
        noise: Floats = normals(seed, f"tokens:{name}", start, min(start + BLOCK, count))
        drawn[start : start + BLOCK] = np.clip(np.exp(shape.mu + shape.sigma * noise), 1, MAX_TOKENS)
    return drawn


def replayed(scenario: Scenario, traffic: CsvTraffic) -> Arrivals:
    """Read arrivals from a CSV file; its first row falls on the scenario's start.

    Raises ScenarioError naming the file and line that can't be read.
    """
    path = input_path(scenario.file, traffic.path)
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = _csv_rows(csv.reader(lines), traffic, str(path), scenario.horizon_s)
    except (OSError, UnicodeError, csv.Error) as error:
        raise ScenarioError(
            f"the traffic file {traffic.path!r} can't be read: {error}",
            file=scenario.file,
            hint=HINT,
        ) from None
    if not len(rows):
        raise ScenarioError("there is no request in it", file=str(path))
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    counts = np.clip(rows[:, 1:], 1, MAX_TOKENS).astype(np.uint16)
    return Arrivals(rows[:, 0], counts[:, 0].copy(), counts[:, 1].copy())


def _csv_rows(rows: Iterator[list[str]], traffic: CsvTraffic, file: str, horizon: float) -> NDArray[np.float64]:
    head: list[str] = next(rows, [])
    try:
        places = [head.index(name) for name in (traffic.time, traffic.tokens_in, traffic.tokens_out)]
    except ValueError:
        wanted = f"{traffic.time}, {traffic.tokens_in}, {traffic.tokens_out}"
        raise ScenarioError(f"the first line must name the columns {wanted}", file=file, line=1) from None
    out: list[tuple[float, float, float]] = []
    first: float | None = None
    for line, row in enumerate(rows, start=2):
        try:
            at = _seconds(row[places[0]])
            first = at if first is None else first
            moment = ((at - first) / traffic.speed, float(int(row[places[1]])), float(int(row[places[2]])))
        except (ValueError, IndexError):
            raise ScenarioError("this row has no moment and token counts", file=file, line=line) from None
        if 0 <= moment[0] < horizon:
            out.append(moment)
        if line > MAX_CSV_ROWS:
            raise ScenarioError(f"more than {MAX_CSV_ROWS:,} rows", file=file, line=line)
    return np.asarray(out, dtype=np.float64).reshape(-1, 3)


def _seconds(text: str) -> float:
    """Read a moment: seconds, or a date and time with up to seven decimals."""
    try:
        return float(text)
    except ValueError:
        whole, _, fraction = text.partition(".")
        stamp = datetime.fromisoformat(whole)
        return (stamp.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds() + float(f"0.{fraction or 0}")  # noqa: DTZ001
