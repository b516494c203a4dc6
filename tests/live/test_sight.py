"""Eyes on recorded traces: rows, verdicts, signals, facts and people, as the archive tells them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.domain.thresholds import Thresholds
from cockpit.live.sight import eyes as sight_eyes
from cockpit.live.sight.opening import Sight, sight_on
from cockpit.world.port import Series, SignalFrame
from tests.live.recorded import LEAKED, REFUSED, Shelf, answer, answers

OPENED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LATER = OPENED + timedelta(minutes=10)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty archive."""
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.close()


def sight(shelf: Shelf, now: datetime = LATER) -> Sight:
    """Return eyes that look when they are told to."""
    return sight_on(shelf.recorded, Thresholds(), "support", OPENED, lambda: now)


def seen(shelf: Shelf, now: datetime = LATER) -> Sight:
    """Return eyes that have seen everything."""
    found = sight(shelf, now)
    while found.eyes.look():
        pass
    return found


def signal(frame: SignalFrame, name: str) -> Series:
    """Return a signal that must be there."""
    found = frame.get(name)
    assert found is not None
    return found


def test_rows_are_the_archives_own_and_say_what_is_wrong(shelf: Shelf) -> None:
    shelf.add([answer(1, OPENED), answer(2, OPENED, LEAKED), answer(3, OPENED, error="timeout", answered="")])
    eyes = seen(shelf).eyes
    rows = eyes.traces(OPENED, OPENED)
    assert [(row.id, row.verdict) for row in rows] == [(1, "·"), (2, "personal_data"), (3, "error")]
    assert (rows[0].tenant, rows[0].ttft_ms, rows[0].cost_micros, rows[0].arm) == ("t1", 200, 2000, "primary")
    assert eyes.traces(OPENED, OPENED) == []


def test_traces_of_other_services_and_from_long_before_are_left_out(shelf: Shelf) -> None:
    shelf.add(
        [
            answer(1, OPENED - timedelta(hours=3)),
            answer(2, OPENED, service="search"),
            answer(3, OPENED, service=""),
            answer(4, OPENED),
            answer(5, OPENED - timedelta(hours=9)),
        ]
    )
    assert [row.id for row in seen(shelf).eyes.traces(OPENED, OPENED)] == [3, 4]


def test_where_only_others_are_recorded_it_says_whose(shelf: Shelf) -> None:
    shelf.add([answer(1, OPENED, service="rag-app")])
    eyes = seen(shelf).eyes
    assert "rag-app" in eyes.problem
    shelf.add([answer(2, OPENED)])
    eyes.look()
    assert eyes.problem == ""


def test_an_archive_that_comes_later_is_seen(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "there")
    recorded = replace(shelf.recorded, archive=tmp_path / "late.db")
    eyes = sight_on(recorded, Thresholds(), "support", OPENED, lambda: LATER).eyes
    assert not eyes.look()
    shelf.add([answer(1, OPENED)])
    shelf.close()
    shelf.path.rename(tmp_path / "late.db")
    eyes.look()
    assert [row.id for row in eyes.traces(OPENED, OPENED)] == [1]


def test_late_judgements_and_late_spans_reach_the_rows_and_the_signals(tmp_path: Path) -> None:
    axes = {"grounding": {"rubric": "faithfulness", "worst": 0, "best": 1}}
    shelf = Shelf(tmp_path, axes=axes, below={"faithfulness": 0.5})
    shelf.add(answers(1, 40, OPENED, 5.0))
    eyes = seen(shelf).eyes
    assert signal(eyes.frame(OPENED + timedelta(seconds=70), 60, 6, ""), "failing_pct").latest == 0.0
    late = answer(1, OPENED, scores={"faithfulness": 0.25})
    shelf.add([late, answer(2, OPENED + timedelta(seconds=5), scores={"faithfulness": 1.0})])
    shelf.judge(3, "leak")
    eyes.look_back()
    found = {row: (verdict, scores) for row, verdict, scores in eyes.verdicts(OPENED, OPENED)}
    assert found == {
        1: ("low faithfulness", (2.0, None, None, None)),
        2: ("ok", (5.0, None, None, None)),
        3: ("leak", (None, None, None, None)),
    }
    frame = eyes.frame(OPENED + timedelta(seconds=65), 60, 6, "")
    assert signal(frame, "failing_pct").latest == pytest.approx(100 * 2 / 12)
    assert signal(frame, "score.faithfulness").latest == pytest.approx(0.625)
    eyes.look_back()
    assert eyes.verdicts(OPENED, OPENED) == []
    shelf.close()


def test_signals_are_held_against_what_was_usual_before(shelf: Shelf) -> None:
    shelf.add(answers(0, 700, OPENED - timedelta(minutes=60), 5.0, 0.02, REFUSED))
    shelf.add(answers(1000, 120, OPENED, 5.0, 0.5, REFUSED))
    frame = seen(shelf).eyes.frame(LATER, 600, 10, "")
    refusals = signal(frame, "refusal_pct")
    assert 0.5 < refusals.baseline < 4
    assert refusals.latest > 20
    assert refusals.breached
    assert float(frame.facts["refusal_ratio"]) > 5
    assert signal(frame, "p99_ms").latest == pytest.approx(1000, rel=0.03)
    assert signal(frame, "cost_per_min").latest == pytest.approx(0.024)
    assert "leak_seen" not in frame.facts


def test_one_leak_is_a_fact_harms_one_user_and_is_over_the_line(shelf: Shelf) -> None:
    shelf.add(answers(0, 100, LATER - timedelta(seconds=510), 5.0))
    shelf.add(
        [answer(200, LATER - timedelta(seconds=15), LEAKED, user="eve"), answer(201, LATER, LEAKED, user="eve")]
    )
    eyes = seen(shelf).eyes
    frame = eyes.frame(LATER, 120, 12, "")
    leaks = signal(frame, "leaks_per_min")
    assert (leaks.threshold, leaks.harm, leaks.breached) == (0.0, True, True)
    assert frame.facts["leak_seen"] is True
    assert eyes.harmed(LATER) == 1
    assert frame.facts["affected_tenants"] == 2.0


@pytest.mark.parametrize(("regulated", "expected"), [([], None), (["/support"], True), (["/dosage"], None)])
def test_a_bad_answer_on_a_regulated_route_is_a_fact(
    tmp_path: Path, regulated: list[str], expected: bool | None
) -> None:
    shelf = Shelf(tmp_path, regulated=regulated)
    shelf.add([answer(1, LATER - timedelta(seconds=15), LEAKED), answer(2, LATER, route="/dosage")])
    assert seen(shelf).eyes.frame(LATER, 120, 12, "").facts.get("regulated") is expected
    shelf.close()


def test_what_failed_before_the_onset_harmed_nobody_of_this_incident(shelf: Shelf) -> None:
    early = OPENED - timedelta(minutes=20)
    shelf.add([answer(1, early, error="timeout", answered="", user="before")])
    shelf.add([answer(2, OPENED, error="timeout", answered="", user="since")])
    found = seen(shelf)
    assert found.eyes.harmed(LATER) == 1
    found.eyes.onset = early
    shelf.add([answer(3, OPENED)])
    found.eyes.look()
    assert found.eyes.harmed(LATER) == 2


def test_without_traces_nothing_is_judged_on_them_but_while_reading_is_behind_nothing_is_quiet(shelf: Shelf) -> None:
    shelf.add(answers(0, 500, OPENED - timedelta(minutes=50), 5.0))
    found = sight(shelf)
    found.eyes.look()
    behind = found.eyes.frame(LATER, 120, 12, "")
    assert [one.name for one in behind.harm] == ["failing_pct", "leaks_per_min"]
    assert all(math.isnan(value) for one in behind.harm for value in one.values)
    while found.eyes.look():
        pass
    assert found.eyes.frame(LATER, 120, 12, "").harm == ()


def test_a_canary_is_judged_by_its_own_answers(shelf: Shelf) -> None:
    shelf.add(answers(0, 700, OPENED - timedelta(minutes=60), 5.0))
    traces = []
    for place in range(60):
        at = OPENED + timedelta(seconds=10 * place)
        bad = {"error": "timeout", "answered": ""} if place % 3 == 0 else {}
        traces += [answer(2000 + place, at), answer(3000 + place, at, labels={"arm": "canary"}, **bad)]
    shelf.add(traces)
    eyes = seen(shelf).eyes
    canary, everybody = (signal(eyes.frame(LATER, 600, 10, arm), "failing_pct") for arm in ("canary", ""))
    assert canary.latest == pytest.approx(33, abs=7)
    assert canary.breached
    assert canary.threshold == everybody.threshold
    assert everybody.latest < canary.latest
    assert eyes.frame(LATER, 600, 10, "").facts["canary_bad_pct"] == pytest.approx(33, abs=7)


def test_an_opened_trace_has_everything_and_what_detectors_found(shelf: Shelf) -> None:
    shelf.add([answer(1, OPENED, LEAKED, parameters={"temperature": 0.2}, config_id="c7", labels={"team": "x"})])
    detail = seen(shelf).eyes.trace(1, LATER)
    assert detail is not None
    assert detail.messages == (("user", "where is it"), ("assistant", LEAKED))
    assert detail.chunks == (("kb", 0.5, "parcels"),)
    assert detail.tool_calls == (("find_order", "{}", "{}"),)
    assert (detail.headers["configuration"], detail.headers["team"], detail.ref) == ("c7", "x", "trace-000001")
    assert [sign.detector for sign in detail.signs] == ["personal_data"]
    assert seen(shelf).eyes.trace(99, LATER) is None


def test_a_trace_that_cannot_be_looked_at_ends_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight_eyes, "LOOK_S", 0.0)
    found = sight(shelf).eyes
    problems: list[str] = []

    def look() -> bool:
        problems.append(found.problem)
        if len(problems) > 1:
            found.close()
        raise ValueError("what no detector has met")

    monkeypatch.setattr(found, "look", look)
    found._keep_looking()
    assert problems == ["", "some traces could not be looked at (ValueError)"]
