"""Eyes on a live service: samples in bins, a baseline from before the incident, facts for the rubric."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput
from cockpit.world.contract import Deadline
from cockpit.world.eyes import MeterEyes, binned, facts_of
from cockpit.world.fleet import connect
from cockpit.world.options import SignalOptions
from cockpit.world.port import Series
from cockpit.world.secrets import secret_reader
from tests.live.conftest import Stage
from tests.live.toys import ToySystem, changing

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.floats(0, 599.9), st.floats(-1e6, 1e6)), max_size=60),
    st.integers(1, 60),
)
def test_every_sample_is_in_one_bin(samples: list[tuple[float, float]], bins: int) -> None:
    ordered = [(START + timedelta(seconds=at), value) for at, value in sorted(samples)]
    found = binned(ordered, START, 600 / bins, bins)
    assert len(found) == bins
    assert sum(value == value for value in found) <= max(len(samples), 0)
    if samples:
        lowest, highest = min(value for _, value in samples), max(value for _, value in samples)
        assert all(lowest - 1 <= value <= highest + 1 for value in found if value == value)


def test_a_signal_is_measured_against_what_was_usual_before(stage: Stage) -> None:
    live, clock = stage.live(), WallClock()
    fleet = connect(live, secret_reader({}), clock.now)
    signals = {
        "error_pct": SignalOptions(system="toy", measure="bad", threshold=5.0, harm=True),
        "nothing": SignalOptions(system="toy", measure="unheard-of"),
        "elsewhere": SignalOptions(system="gone", measure="bad"),
    }
    eyes = MeterEyes(fleet, signals, clock.now, clock.now() + timedelta(seconds=60))
    for bad in (1.0, 2.0, 3.0):
        with changing(stage.file) as state:
            state["bad"] = bad
        eyes.look()
    frame = eyes.frame(clock.now(), 60, 6, "")
    error = frame.get("error_pct")
    assert error is not None
    assert (error.latest, error.baseline, error.breached, error.harm) == (3.0, 2.0, False, True)
    silent = frame.get("nothing")
    assert silent is not None
    assert math.isnan(silent.latest)
    assert frame.facts == {"error_pct": 3.0, "error_ratio": 1.5}


def test_what_was_not_measured_is_no_fact() -> None:
    series = [Series("p99_ms", "p99", "ms", [math.nan], math.nan, 100.0, None)]
    assert facts_of(series) == {}
    assert facts_of([Series("p99_ms", "p99", "ms", [250.0], 250.0, 100.0, None)]) == {"p99_ratio": 2.5}


@pytest.mark.parametrize(
    "told", [BadInput("its secret is gone"), None, {"bad": "many"}, {"bad": math.inf}, {"bad": 10**400}, ["bad"]]
)
def test_a_meter_that_fails_or_tells_no_number_leaves_a_gap(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, told: object
) -> None:
    def measure(self: ToySystem, deadline: Deadline) -> object:
        if isinstance(told, BadInput):
            raise told
        return told

    monkeypatch.setattr(ToySystem, "measure", measure)
    live, clock = stage.live(), WallClock()
    fleet = connect(live, secret_reader({}), clock.now)
    eyes = MeterEyes(fleet, {"error_pct": SignalOptions(system="toy", measure="bad")}, clock.now, clock.now())
    eyes.look()
    error = eyes.frame(clock.now(), 60, 6, "").get("error_pct")
    assert error is not None
    assert math.isnan(error.latest)
