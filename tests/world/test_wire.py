"""What the wire carries is proven by a run of answers, and not while one worker still serves the old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput
from cockpit.world.contract import Expectation
from cockpit.world.options import ProbeOptions
from cockpit.world.wire import LONGER, MOST, Answered, Prober, Streak, carried, look, matches
from tests.world.workers import Workers

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
NEW = Expectation("header:X-Config", ("new",))


def answer(config: str, after_s: float = 0.0) -> Answered:
    """Return an answer that carries a configuration."""
    return Answered(NOW + timedelta(seconds=after_s), 200, {"x-config": config}, b"{}")


@pytest.mark.parametrize(
    ("carrier", "found"),
    [
        ("status", "201"),
        ("header:X-Model", "m1"),
        ("header:x-none", None),
        ("json:a.0.b", "deep"),
        ("json:n", "7"),
        ("json:yes", "true"),
        ("json:a.1", None),
        ("json:a.x", None),
        ("json:n.0", None),
        ("colour", None),
    ],
)
def test_a_carrier_names_one_place(carrier: str, found: str | None) -> None:
    body = json.dumps({"a": [{"b": "deep"}], "n": 7, "yes": True}).encode()
    assert carried(Expectation(carrier), Answered(NOW, 201, {"x-model": "m1"}, body)) == found


@given(st.binary(max_size=60), st.sampled_from(["json:a.b", "json:0", "text", "json:"]))
def test_no_body_is_too_strange_to_be_looked_at(body: bytes, carrier: str) -> None:
    carried(Expectation(carrier), Answered(NOW, 200, {}, body))


def test_any_allowed_text_will_do_and_no_forbidden_one() -> None:
    either = Expectation("header:x-config", ("new", "newer"), ("old",))
    assert matches(either, answer("newer"))
    assert not matches(either, answer("old"))
    assert not matches(either, answer("brand-new"))
    text = Expectation("text", ("brown",), ("lazy",))
    assert matches(text, Answered(NOW, 200, {}, b"the quick brown fox"))
    assert not matches(text, Answered(NOW, 200, {}, b"brown and lazy"))


def test_an_error_that_carries_nothing_proves_nothing() -> None:
    gone = Expectation("header:x-config", (), ("old",))
    assert matches(gone, Answered(NOW, 200))
    assert not matches(gone, Answered(NOW, 500))
    assert not matches(NEW, Answered(NOW, 200))
    assert not matches(Expectation("status"), Answered(NOW, 200))


def test_a_run_is_long_enough_in_number_and_in_time() -> None:
    streak = Streak(NEW, 4, spread_s=2.0)
    for moment in (0.0, 0.1, 0.2, 0.3, 0.4):
        streak.observe(answer("new", moment))
    assert (streak.proven, streak.proof.matched, streak.proof.of) == (False, 3, 4)
    streak.observe(answer("new", 2.1))
    assert streak.proven
    assert (streak.proof.matched, streak.proof.enough, streak.proof.expected) == (4, True, "new")


def test_one_old_answer_starts_it_anew() -> None:
    streak = Streak(NEW, 3, spread_s=0.0)
    for config in ("new", "new", "old", "new", "new"):
        streak.observe(answer(config))
    assert not streak.proven
    for _ in range(10):
        streak.observe(answer("new"))
    assert streak.proven
    streak.observe(answer("old"))
    assert (streak.proven, streak.proof.matched, streak.proof.config_id) == (False, 0, "old")


def test_a_probe_without_an_answer_starts_it_anew() -> None:
    streak = Streak(NEW, 2, spread_s=0.0)
    streak.observe(answer("new"))
    streak.failed("nobody there")
    assert (streak.proof.matched, streak.proof.config_id) == (0, "nobody there")


@given(st.integers(1, 30), st.integers(1, 30))
def test_after_a_disagreement_it_takes_a_longer_run(lucky: int, need: int) -> None:
    answers = [answer("new")] * lucky + [answer("old")] + [answer("new")] * lucky
    assert not look(NEW, answers, max(need, lucky + 1)).enough
    assert look(NEW, answers, need).of == max(need, min(LONGER * lucky, MOST * need))


def test_a_probe_sends_what_it_is_told_on_a_connection_of_its_own() -> None:
    with Workers() as workers:
        workers.serve("new", "new")
        probe = ProbeOptions(url=workers.url, method="GET", token="env:X", headers={"x-key": "env:Y"})
        prober = Prober(probe, lambda reference: f"secret-of-{reference}", lambda: NOW)
        streak = Streak(NEW, 8, spread_s=0.0)
        while not prober.step(streak).enough:
            assert streak.proof.config_id == "new"
        prober.close()


def test_a_probe_that_nobody_answers_is_no_proof() -> None:
    prober = Prober(ProbeOptions(url="http://127.0.0.1:9", method="GET"), lambda _: "", lambda: NOW)
    assert prober.step(Streak(NEW, 1, 0.0)).matched == 0


def test_a_probe_s_token_does_not_travel_in_clear() -> None:
    with pytest.raises(BadInput, match="in clear"):
        Prober(ProbeOptions(url="http://vendor.example/v1"), lambda _: "", lambda: NOW)


def test_nothing_is_proven_while_a_second_worker_is_old() -> None:
    with Workers() as workers:
        workers.serve("new", "old")
        prober = Prober(ProbeOptions(url=workers.url, method="GET"), lambda _: "", lambda: datetime.now(UTC))
        streak = Streak(NEW, 20, spread_s=0.2)
        assert not any(prober.step(streak).enough for _ in range(60))
        workers.serve("new", "new")
        assert any(prober.step(streak).enough for _ in range(200))
        prober.close()
