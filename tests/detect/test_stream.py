"""Stream detectors on streams made up for the purpose: what pages, what stays quiet, and what the page says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.detect.stream import baseline
from cockpit.detect.stream.bins import Minutes, Moments, errors_apart, together
from cockpit.detect.stream.detectors import Detectors
from cockpit.detect.stream.page import Page, to_json
from cockpit.detect.stream.sample import Sample, Shape, shape_of
from cockpit.detect.stream.step import Search
from cockpit.domain.calls import Sign
from cockpit.domain.thresholds import Thresholds
from cockpit.errors import BadInput
from cockpit.world.port import Change
from tests.examples import examples

START = datetime(2026, 1, 5, tzinfo=UTC)
Make = Callable[[Random, datetime], Sample]


def run(samples: Iterable[Sample], detectors: Detectors | None = None) -> list[Page]:
    """Run every detector and return the pages."""
    detectors = detectors or Detectors()
    found = [page for sample in samples for page in detectors.take(sample)]
    return [*found, *detectors.close()]


def stream(
    make: Make, minutes: float, per_minute: float = 60.0, seed: int = 1, start: datetime = START
) -> list[Sample]:
    """Make answers at random moments."""
    draw, at, found = Random(seed), start, []
    while (at - start).total_seconds() < minutes * 60:
        at += timedelta(seconds=draw.expovariate(per_minute / 60))
        found.append(make(draw, at))
    return found


def ordinary(draw: Random, at: datetime) -> Sample:
    """Make an answer as on any day."""
    refused = draw.random() < 0.02
    return Sample(
        at, id=f"{at:%H%M%S%f}", tenant="acme", route="support", prompt="v1", model="m1",
        scores={"grounding": min(5.0, draw.gauss(4.5, 0.4))}, tokens_out=100, cost=draw.lognormvariate(0, 0.5),
        latency_ms=3000 * draw.lognormvariate(0, 0.4), ttft_ms=400 * draw.lognormvariate(0, 0.4),
        failed=draw.random() < 0.01,
        shape=Shape(30 if refused else draw.randrange(60, 120), "plain", refused, ("a", "b")),
    )  # fmt: skip


@cache
def _after_ordinary() -> Detectors:
    detectors = Detectors()
    assert [page for sample in stream(ordinary, 90) for page in detectors.take(sample)] == []
    return detectors


def used_to_ordinary() -> Detectors:
    """Return detectors that have seen everything be well until BROKEN_AT."""
    return deepcopy(_after_ordinary())


def changed(**values: object) -> Make:
    """Return a maker of answers that differ from ordinary ones; a function is called with the ordinary answer."""
    from dataclasses import replace

    def make(draw: Random, at: datetime) -> Sample:
        usual = ordinary(draw, at)
        fresh = {name: value(draw, usual) if callable(value) else value for name, value in values.items()}
        return replace(usual, **fresh)  # type: ignore[arg-type]

    return make


BROKEN_AT = START + timedelta(minutes=90)
FAULTS: dict[str, tuple[Make, str]] = {
    "grounding": (changed(scores=lambda draw, usual: {"grounding": usual.scores["grounding"] - 0.5}), "quality"),
    "new prompt": (
        changed(prompt="v2", scores=lambda draw, usual: {"grounding": usual.scores["grounding"] - 0.5}),
        "quality",
    ),
    "errors": (changed(failed=lambda draw, usual: draw.random() < 0.15), "errors"),
    "refusals": (changed(shape=lambda draw, usual: Shape(20, "plain", draw.random() < 0.2)), "refusals"),
    "first token": (changed(ttft_ms=lambda draw, usual: usual.ttft_ms * 3), "ttft"),
    "tokens": (changed(latency_ms=lambda draw, usual: usual.latency_ms * 4), "token_time"),
    "cost": (changed(cost=lambda draw, usual: usual.cost * 30), "cost"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_pages_soon_and_only_for_what_it_is(name: str) -> None:
    make, detector = FAULTS[name]
    pages = run(stream(make, 15, seed=2, start=BROKEN_AT), used_to_ordinary())
    assert {page.detector for page in pages} - {"p99"} == {detector} if name == "tokens" else True
    (page,) = [one for one in pages if one.detector == detector][:1]
    assert all(one.at >= BROKEN_AT for one in pages)
    assert page.at - BROKEN_AT <= timedelta(minutes=6)
    assert abs(page.since - BROKEN_AT) <= timedelta(minutes=3)
    assert page.certainty > 0.5
    assert page.why.endswith(".")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.integration) for seed in (1, 2))])
def test_ordinary_hours_page_for_nothing(seed: int) -> None:
    assert run(stream(ordinary, 240, seed=seed)) == []


def test_a_fall_of_refusals_is_news_too() -> None:
    careful = changed(shape=lambda draw, usual: Shape(60, "plain", draw.random() < 0.3))
    pages = run([*stream(careful, 60), *stream(ordinary, 15, seed=2, start=START + timedelta(minutes=60))])
    (page,) = [page for page in pages if page.detector == "refusals"]
    assert page.after < page.before
    assert "fell" in page.why


def test_the_change_that_lines_up_is_named_and_no_other() -> None:
    changes = [
        Change(ref, START + timedelta(minutes=minute), what, "prompt", "v1", "v2", "ana")
        for ref, minute, what in (("c1", 20, "an index"), ("c2", 86, "prompt v2 went live"), ("c3", 120, "later"))
    ]
    make, _ = FAULTS["new prompt"]
    samples = [*stream(ordinary, 90), *stream(make, 10, seed=2, start=BROKEN_AT)]
    (page, *_) = run(samples, Detectors(changes=lambda: changes))
    assert page.change is changes[1]
    assert "prompt v2 went live" in page.why
    assert page.about["prompt"] == "v2"


def test_a_lasting_trouble_pages_once_and_a_new_one_anew() -> None:
    make, _ = FAULTS["errors"]
    lasting = stream(make, 100, seed=2, start=BROKEN_AT)
    assert len([page for page in run(lasting, used_to_ordinary()) if page.detector == "errors"]) == 1


@pytest.mark.integration
def test_a_bursty_tenant_is_left_alone_and_a_runaway_is_not() -> None:
    def bursty(draw: Random, at: datetime) -> Sample:
        busy = (at - START).total_seconds() % 7200 < 600
        return Sample(at, tenant="spiky" if busy and draw.random() < 0.7 else "calm", cost=1.0)

    day = [sample for hour in range(30) for sample in stream(bursty, 60, 30, hour, START + timedelta(hours=hour))]
    assert [page for page in run(day) if page.at > START + timedelta(hours=4)] == []

    def runaway(draw: Random, at: datetime) -> Sample:
        return Sample(at, tenant="spiky", cost=8.0, id="x")

    began = START + timedelta(hours=30)
    pages = run([*day, *stream(runaway, 5, 120, 3, began)])
    (page,) = [page for page in pages if page.about.get("tenant") == "spiky" and page.at >= began]
    assert page.at - began <= timedelta(minutes=2)
    assert "tenant spiky" in page.why.lower()


@pytest.mark.parametrize("detector", ["injection", "secret", "other_tenant", "loop"])
def test_a_grave_finding_pages_at_once_and_not_for_each_answer(detector: str) -> None:
    sign = Sign(detector, "the answer holds it", None, 0.95)
    pages = run([Sample(START + timedelta(seconds=n), id=f"t{n}", route="r", signs=(sign,)) for n in range(50)])
    (page,) = [page for page in pages if page.detector == detector]
    assert (page.at, page.evidence) == (START, ("t0",))


def test_a_mail_address_alone_wakes_nobody() -> None:
    sign = Sign("personal_data", "the answer holds a mail address", (0, 5), 0.99)
    assert run([Sample(START, id="t", signs=(sign,))]) == []


def test_hostile_streams_cost_bounded_memory_and_no_error() -> None:
    odd = [
        Sample(START + timedelta(seconds=n % 7 * 40), tenant=str(n), route=f"r{n}", model=f"m{n}",
               cost=float(10**n % 7), scores={f"s{n}": float("nan"), "x": -1e300}, latency_ms=float("inf"))
        for n in range(2_500)
    ]  # fmt: skip
    assert all(to_json(page) for page in run(odd))


def test_profiles_move_the_lines() -> None:
    make, _ = FAULTS["grounding"]
    samples = [*stream(ordinary, 90), *stream(make, 10, seed=2, start=BROKEN_AT)]
    assert run(samples, Detectors(Thresholds(quality_drop=50.0))) == []


moments = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40)


def counted(values: Iterable[float]) -> Moments:
    """Count values."""
    found = Moments()
    for value in values:
        found.add(value)
    return found


@given(moments, moments)
def test_moments_add_and_subtract(one: list[float], other: list[float]) -> None:
    both = together([counted(one), counted(other)])
    assert both.n == len(one) + len(other)
    assert both.mean == pytest.approx(sum([*one, *other]) / both.n, abs=1e-6)
    assert both.minus(counted(other)).mean == pytest.approx(counted(one).mean, abs=1e-6)
    assert errors_apart(counted(one), counted(other)) == pytest.approx(-errors_apart(counted(other), counted(one)))


@given(st.integers(10, 50), st.floats(1.0, 4.0))
def test_a_clean_step_is_found_in_its_minute(at: int, height: float) -> None:
    series, draw = Minutes(), Random(at)
    for minute in range(60):
        for _ in range(20):
            series.add(minute * 60.0, draw.gauss(height * (minute >= at), 0.3))
    step = Search(3600.0, 120.0, 30, 5.0).run(series, 3599.0, lambda before, after: after.mean > before.mean)
    assert step is not None
    assert abs(step.since_s - at * 60.0) <= 60.0


counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=1)


@given(counts, counts)
def test_distances_are_distances(one: dict[str, int], other: dict[str, int]) -> None:
    assert baseline.stability(one, one) == pytest.approx(0.0)
    assert baseline.divergence(one, one) == pytest.approx(0.0)
    assert baseline.stability(one, other) == pytest.approx(baseline.stability(other, one))
    assert 0.0 <= baseline.divergence(one, other) <= 1.0 + 1e-9


@settings(max_examples=examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=12), min_size=200, max_size=205))
def test_a_baseline_survives_being_written_and_read(answers: list[str]) -> None:
    made = baseline.record("b", [("r", shape_of(answer)) for answer in answers], START, window=50)
    read = baseline.from_json(baseline.to_json(made))
    assert baseline.to_json(read) == baseline.to_json(made)


def test_a_baseline_needs_answers_and_a_sound_file() -> None:
    with pytest.raises(BadInput, match="too few"):
        baseline.record("b", [("", PLAIN)] * 10, START)
    files: list[object] = [None, [], {}, {"name": "b", "routes": {"": {}}, "recorded": "x", "window": 1}]
    for broken in files:
        with pytest.raises(BadInput):
            baseline.from_json(broken)


PLAIN = Shape(100, "plain", False, ("thanks", "parcel", "monday"))


def test_answers_unlike_the_baseline_page_and_like_ones_do_not() -> None:
    draw = Random(1)
    usual = [Shape(draw.randrange(60, 200), "plain", False, ("thanks", "parcel")) for _ in range(600)]
    made = baseline.record("b", [("", shape) for shape in usual], START)
    like = [Sample(START + timedelta(seconds=n), shape=draw.choice(usual)) for n in range(400)]
    assert run(like, Detectors(baseline=made)) == []
    curt = [Sample(START + timedelta(seconds=500 + n), shape=Shape(3, "plain", False, ("no",))) for n in range(200)]
    (page, *_) = run([*like, *curt], Detectors(baseline=made))
    assert page.detector == "drift"
    assert page.at - START <= timedelta(seconds=560)
    assert "length" in page.why
