"""Shadow comparison: figures against the literature, coverage, pairing, and replay against endpoints made up here."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.detect.shadow.compare import compare_shadow, measures
from cockpit.detect.shadow.replay import Pace, Question, Side, replay, side_at
from cockpit.detect.shadow.stats import difference, flips, mcnemar, newcombe, student
from cockpit.domain.calls import CallTrace, Message
from cockpit.domain.clock import ManualClock
from cockpit.errors import BadInput, Throttled, Unauthorised, Unreachable, Unsure
from cockpit.world.contract import Deadline
from cockpit.world.exchange import Answer
from tests.detect.planted import START
from tests.examples import examples


def answered(number: int, text: str = "Fine.", **others: Any) -> CallTrace:
    """Make an answer to question `number`."""
    asked, ended = f"Question {number}?", START + timedelta(seconds=1)
    return CallTrace(f"t{number}", "s", START, ended, asked=asked, answered=text, **others)


def table(both: int, only_a: int, only_b: int, neither: int) -> list[tuple[float, float]]:
    """Make pairs of a two by two table."""
    return [(1.0, 1.0)] * both + [(1.0, 0.0)] * only_a + [(0.0, 1.0)] * only_b + [(0.0, 0.0)] * neither


def test_newcombe_as_published() -> None:
    low, high = newcombe(table(36, 2, 12, 0))  # Newcombe 1998, table II: 36, 12, 2, 0 has 0.0569 to 0.3404
    assert (low, high) == pytest.approx((0.0569, 0.3404), abs=2e-3)


def test_mcnemar_and_student_as_published() -> None:
    assert mcnemar(table(0, 2, 12, 0)) == pytest.approx(0.01294, abs=1e-4)
    assert mcnemar(table(5, 0, 0, 5)) == 1.0
    assert student(0.05, 4) == pytest.approx(2.776, rel=0.02)
    assert student(0.05, 29) == pytest.approx(2.045, rel=0.001)


def test_flips_count_every_way_of_few_pairs() -> None:
    assert flips([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(2 / 32)
    assert flips([0.0] * 9) == 1.0
    assert flips([1.0] * 40) < 0.001


@pytest.mark.parametrize("n", [8, 60])
def test_the_interval_holds_what_it_should(n: int) -> None:
    chance, held = random.Random(n), 0
    for seed in range(120):
        pairs = [(one := chance.gauss(5, 2), one + chance.gauss(0.5, 1)) for _ in range(n)]
        found = difference("x", pairs, seed=seed)
        assert found.interval
        held += found.interval[0] <= 0.5 <= found.interval[1]
    assert held >= 120 * 0.88


@settings(deadline=None, max_examples=examples(20))
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=60))
def test_a_rate_turned_round_turns_the_difference_round(cells: list[tuple[int, int]]) -> None:
    pairs = [(float(a), float(b)) for a, b in cells]
    one, other = difference("x", pairs), difference("x", [(b, a) for a, b in pairs])
    assert one.difference == pytest.approx(-other.difference)
    if one.interval and other.interval:
        assert one.interval == pytest.approx((-other.interval[1], -other.interval[0]))
        assert one.interval[0] <= one.difference + 1e-9
        assert one.difference <= one.interval[1] + 1e-9


def test_a_worse_configuration_is_found_and_an_equal_one_is_not() -> None:
    a = [answered(n, scores={"grounding": 0.8 + n % 7 / 50}) for n in range(80)]
    texts = ("Write to anna.berg@example.org", "Fine.", "Fine.")
    leaking = [replace(one, answered=texts[n % 3], scores={"grounding": 0.6 + n % 5 / 50}) for n, one in enumerate(a)]
    found = compare_shadow(a, leaking)
    assert found.pairs == 80
    assert {"personal_data", "score grounding"} <= set(found.worse())
    assert "score grounding" not in found.worse(lower=["score grounding"])
    assert compare_shadow(a, a).worse() == []
    assert compare_shadow(leaking, a).worse() == []
    assert json.loads(json.dumps(found.to_json()))["pairs"] == 80


def test_pairs_are_inputs() -> None:
    found = compare_shadow([answered(1), answered(1), answered(2)], [answered(1), answered(3)])
    assert (found.pairs, found.only_a, found.only_b) == (1, 1, 1)
    assert all(not one.sure and one.interval is None for one in found.differences)
    assert compare_shadow([], []).differences == ()


def test_what_it_would_take_shrinks_with_the_difference_seen() -> None:
    small = [(0.0, 0.1 + n % 5 - 2) for n in range(50)]
    large = [(0.0, 1.0 + n % 5 - 2) for n in range(50)]
    one, other = difference("x", small), difference("x", large)
    assert one.needed
    assert other.needed
    assert one.needed > 50 > other.needed
    assert difference("x", [(1.0, 1.0)] * 20).needed is None


def test_measures() -> None:
    found = measures(
        answered(1, "I'm sorry, but I can't help with that.", labels={"expected": "Fine."}, cost_usd=0.5)
    )
    assert (found["refusal"], found["exact_match"], found["cost_usd"], found["latency_ms"]) == (1.0, 0.0, 0.5, 1000.0)
    assert "refusal" not in measures(answered(1, error="boom"))
    assert "score x" not in measures(answered(1, scores={"x": float("nan")}))


class Model:
    """An endpoint: answers in turn, and keeps what it was sent."""

    def __init__(self, answers: Sequence[Answer | Exception]) -> None:
        self.answers = list(answers)
        self.sent: list[dict[str, Any]] = []

    def ask(self, method: str, path: str, deadline: Deadline, **sent: Any) -> Answer:
        assert (method, path) == ("POST", "/chat/completions")
        assert deadline.left() > 0
        self.sent.append(sent["json"])
        said = self.answers[(len(self.sent) - 1) % len(self.answers)]
        if isinstance(said, Exception):
            raise said
        return said


def says(text: object, **others: object) -> Answer:
    """Make an answer of a model."""
    body = {"model": "m", "choices": [{"message": {"content": text}, "finish_reason": "stop"}], **others}
    return Answer(200, {"x-litellm-response-cost": "0.002"}, json.dumps(body).encode())


QUESTIONS = [Question((Message("user", f"Question {n}?"),), "Fine.") for n in range(12)]


def run(a: Model, b: Model) -> list[CallTrace]:
    """Replay all questions without waiting."""
    sides = Side("A", a, "one"), Side("B", b, "two", {"temperature": 0})
    return list(replay(QUESTIONS, *sides, clock=ManualClock(START), pace=Pace(1000, sleep=lambda _: None)))


def test_replay() -> None:
    a, b = Model([says("Fine.", usage={"prompt_tokens": 3, "completion_tokens": 2})]), Model([says("Bad.")])
    traces = run(a, b)
    assert [one.source for one in traces[:4]] == ["A", "B", "B", "A"]
    assert (traces[0].tokens_out, traces[0].cost_usd, traces[0].model) == (2, 0.002, "m")
    assert b.sent[0] == {"temperature": 0, "model": "two", "messages": [{"role": "user", "content": "Question 0?"}]}
    found = compare_shadow(*([one for one in traces if one.source == side] for side in ("A", "B")))
    assert found.worse() == ["exact_match"]


BAD = (
    Answer(500, {}, b"no"),
    says(None),
    says({"x": 1}),
    Answer(200, {}, b"[]"),
    Answer(200, {}, b"\xff"),
    Unsure("late"),
)


@pytest.mark.parametrize("bad", BAD)
def test_what_fails_is_an_error_and_the_rest_goes_on(bad: Answer | Exception) -> None:
    traces = run(Model([says("Fine.")]), Model([bad, says("Fine.")]))
    assert len(traces) == 24
    assert sum(bool(one.error) for one in traces) == 6


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Answer(401, {}, b""), Unauthorised),
        (Answer(429, {}, b"slow down"), Throttled),
        (Unsure("late"), Unreachable),
    ],
)
def test_it_gives_up(said: Answer | Exception, error: type[Exception]) -> None:
    model = Model([said])
    with pytest.raises(error):
        run(Model([says("Fine.")]), model)
    assert len(model.sent) <= 5


def test_the_pace_is_kept() -> None:
    now, slept = 100.0, []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    pace = Pace(4, sleep, lambda: now)
    for _ in range(5):
        pace.wait()
    assert sum(slept) == pytest.approx(1.0)


def test_a_token_never_travels_in_clear_nor_is_shown() -> None:
    with pytest.raises(BadInput):
        side_at("A", "http://gateway.example/v1", "m", "tok-secret-1")
    assert "tok-secret-1" not in repr(side_at("A", "https://gateway.example/v1", "m", "tok-secret-1"))
