"""The puller: everything is brought in once, late things too, and trouble with one source is nobody else's."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.errors import Throttled, Unreachable
from cockpit.live.trace_pull.marks import PullMarks
from cockpit.live.trace_pull.pace import LONGEST_PAUSE_S, Pace
from cockpit.live.trace_pull.pulling import Pulled, Pulling
from cockpit.world.options import TracesOptions
from tests.live.sources import NOON, ToySource, Yard, at, span


def look(yard: Yard, **given: Any) -> Pulled:
    """Look at the only source."""
    [pulled] = yard.puller.look(**given)
    return pulled


def test_what_is_there_is_brought_in_once_in_the_order_it_ended(tmp_path: Path) -> None:
    source = ToySource([span("t3", at(-1)), span("t1", at(-40)), span("t2", at(-20))], page=1)
    yard = Yard(tmp_path, src=source)
    first = look(yard)
    assert (first.counts.new, first.problem, first.upto) == (3, "", NOON)
    assert yard.kept() == ["t1", "t2", "t3"]
    assert yard.trace("t1").source == "src"
    again = look(yard)
    assert (again.counts.new, again.counts.grown, again.counts.known) == (0, 0, 1)  # within what is read again


def test_the_first_look_goes_back_as_far_as_is_set_and_the_next_ones_overlap(tmp_path: Path) -> None:
    source = ToySource([span("old", at(-61)), span("new", at(-59))])
    yard = Yard(tmp_path, src=source)
    look(yard)
    assert yard.kept() == ["new"]
    yard.clock.move_to(at(5))
    source.asked.clear()
    look(yard)
    assert source.asked[0][0] == at(-10)


def test_each_look_reads_the_last_minute_again_and_some_all_of_the_look_back(tmp_path: Path) -> None:
    source = ToySource()
    yard = Yard(tmp_path, src=source)
    for minutes in range(1, 9):
        look(yard)
        yard.clock.move_to(at(minutes))
    # The look-back of ten minutes is read again once three minutes and twenty seconds are over.
    begins = [(since - NOON).total_seconds() / 60 for since, until in source.asked if until > NOON]
    assert begins == [-15, -1, 0, 1, -7, 3, 4, 5]


def test_what_was_not_over_is_read_again_from_its_beginning(tmp_path: Path) -> None:
    running = span("t1", at(1), seconds=None)
    source = ToySource([running])
    yard = Yard(tmp_path, src=source)
    look(yard)
    for minutes in (2, 3):
        yard.clock.move_to(at(minutes))
        assert look(yard).counts.waiting == 1
    running["end_time"] = at(3).isoformat()
    source.asked.clear()
    yard.clock.move_to(at(3.3))
    assert look(yard).counts.new == 1
    assert source.asked[0][0] == at(1)


def test_since_reaches_back_and_forgets_nothing_that_was_read(tmp_path: Path) -> None:
    source = ToySource([span("old", at(-600))])
    yard = Yard(tmp_path, src=source)
    look(yard)
    assert yard.kept() == []
    told = look(yard, since=at(-700))
    assert (yard.kept(), told.upto) == (["old"], NOON)


def test_a_span_that_comes_late_joins_its_trace(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-3))])
    yard = Yard(tmp_path, src=source)
    look(yard)
    source.spans.append(span("t1", at(-2.9), name="search", parent="root"))
    yard.clock.move_to(at(4))
    assert look(yard).counts.grown == 1
    assert [one.name for one in yard.trace("t1").spans] == ["answer", "search"]
    assert look(yard).counts.grown == 0


def test_a_part_of_a_trace_read_again_changes_neither_its_name_nor_anything_else(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-10)), span("t1", at(-9), name="search", parent="root")])
    yard = Yard(tmp_path, src=source)
    look(yard)
    whole = yard.trace("t1")
    yard.clock.move_to(at(0.5))
    # Its root lies before what is read again by another process, its other step within.
    PullMarks(tmp_path).write("src", at(0.5))
    assert [one.counts.known for one in yard.another().look()] == [1]
    assert yard.trace("t1") == whole


def test_a_trace_that_is_not_over_is_waited_for(tmp_path: Path) -> None:
    running = span("t1", at(-1), seconds=None)
    source = ToySource([running, span("t1", at(-0.9), name="search", parent="root")])
    yard = Yard(tmp_path, src=source)
    assert (look(yard).counts.waiting, yard.kept()) == (1, [])
    running["end_time"] = at(0).isoformat()
    yard.clock.move_to(at(1))
    look(yard)
    assert [one.name for one in yard.trace("t1").spans] == ["answer", "search"]


def test_a_trace_that_never_ends_is_taken_as_it_is_in_the_end(tmp_path: Path) -> None:
    yard = Yard(tmp_path, src=ToySource([span("t1", at(-1), seconds=None)]))
    look(yard)
    yard.clock.move_to(at(4.5))
    assert look(yard).counts.new == 1


def test_a_trace_whose_root_is_missing_gets_a_moment(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-0.05), name="search", parent="root")])
    yard = Yard(tmp_path, src=source)
    assert look(yard).counts.waiting == 1
    source.spans.append(span("t1", at(-0.1), seconds=5))
    yard.clock.move_to(at(0.2))
    look(yard)
    assert yard.trace("t1").asked == "question t1"


def test_what_is_dated_in_the_near_future_is_read(tmp_path: Path) -> None:
    source = ToySource([span("ahead", at(1))])
    yard = Yard(tmp_path, src=source)
    assert look(yard).counts.waiting == 1
    yard.clock.move_to(at(1.2))
    look(yard)
    assert yard.kept() == ["ahead"]


def test_a_judgement_that_comes_later_reaches_the_archived_trace(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-30))])
    yard = Yard(tmp_path, src=source)
    look(yard)
    source.scores = {"t1": 0.25, "nobody": 1.0}
    yard.clock.move_to(at(1))
    assert look(yard).counts.grown == 1
    assert dict(yard.trace("t1").scores) == {"grounding": 0.25}
    assert yard.kept() == ["t1"]
    assert look(yard).counts.grown == 0


@pytest.mark.parametrize("minutes", [12, 25, 50])
def test_a_judgement_much_later_is_seen_where_it_comes_with_its_trace_only(tmp_path: Path, minutes: int) -> None:
    source = ToySource([span("t1", at(-5)), span("t2", at(-5))])
    source.beside = True
    yard = Yard(tmp_path, src=source)
    seen = 0
    for minute in range(0, 130, 5):
        yard.clock.move_to(at(minute))
        if minute >= minutes:
            source.scores = {"t1": 0.25}
        assert not look(yard).problem
        if yard.trace("t1").scores and not seen:
            seen = minute
    assert minutes <= seen <= 2 * minutes + 20
    assert yard.kept() == ["t1", "t2"]
    assert not yard.trace("t2").scores


def test_a_source_that_tells_late_judgements_itself_is_not_read_again(tmp_path: Path) -> None:
    asked = []
    for tells in (True, False):
        source = ToySource([span("t1", at(-5))])
        source.tells_late = tells
        yard = Yard(tmp_path / str(tells), src=source)
        look(yard)
        yard.clock.move_to(at(30))
        source.asked.clear()
        look(yard)
        asked.append(min(since for since, _ in source.asked))
    assert asked[0] > asked[1]


@pytest.mark.parametrize(("late_min", "times"), [(120.0, 3), (35.0, 1), (0.0, 0)])
def test_older_traces_are_read_again_a_few_times_without_holes(late_min: float, times: int) -> None:
    pace = Pace(TracesOptions(lookback_min=10, late_min=late_min))
    mark, read = NOON, list[tuple[datetime, datetime]]()
    for minute in range(3, 400, 3):
        pieces = list(pace.late(mark, at(minute)))
        mark = at(minute) if pieces else mark
        read += pieces
    assert list(pace.late(None, NOON)) == []
    for minute in range(100, 200):
        assert sum(begin <= at(minute) < end for begin, end in read) == times
    assert all(end - begin <= timedelta(minutes=16) for begin, end in read)


def test_a_judgement_reaches_no_trace_of_a_similar_id_and_none_of_another_source(tmp_path: Path) -> None:
    mine, other = ToySource([span("trace-77", at(-30))]), ToySource([span("trace-7", at(-30))])
    yard = Yard(tmp_path, mine=mine, other=other)
    yard.puller.look()
    mine.scores = {"trace-7": 0.25}
    yard.clock.move_to(at(1))
    assert [told.counts.grown for told in yard.puller.look()] == [0, 0]


def test_a_trace_across_two_stretches_is_stored_whole_at_once(tmp_path: Path) -> None:
    # Stretches of 15 minutes from -60 on: one ends at -45.
    before = [span("t1", at(-45.2), seconds=40), span("t1", at(-44.9), name="search", parent="root")]
    after = [span("t2", at(-44), seconds=150), span("t2", at(-42), name="search", parent="root")]
    yard = Yard(tmp_path, src=ToySource([*before, *after]))
    told = look(yard)
    assert (told.counts.new, told.counts.grown) == (2, 0)
    assert [len(yard.trace(name).spans) for name in ("t1", "t2")] == [2, 2]


def test_what_was_read_before_the_trouble_is_kept_and_gone_on_from(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-50)), span("t2", at(-10))])
    yard = Yard(tmp_path, src=source)
    source.errors = [None, Unreachable("no route to host")]
    told = look(yard)
    assert (told.problem, told.upto, yard.kept()) == ("no route to host", at(-45), ["t1"])
    source.asked.clear()
    look(yard)
    assert source.asked[0][0] == at(-55)
    assert yard.kept() == ["t1", "t2"]


def test_a_stretch_that_breaks_off_stores_nothing_and_becomes_shorter(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-50)), span("t2", at(-49))], page=1)
    yard = Yard(tmp_path, src=source)
    source.errors = [None, Unreachable("cut")]
    look(yard)
    assert yard.kept() == []
    source.asked.clear()
    look(yard)
    assert source.asked[0][1] - source.asked[0][0] < at(10) - at(0)
    assert yard.kept() == ["t1", "t2"]


def test_trouble_of_one_source_is_its_own_and_it_is_left_alone_for_longer_each_time(tmp_path: Path) -> None:
    bad = ToySource()
    yard = Yard(tmp_path, bad=bad, good=ToySource([span("t1", at(-1))]))
    pauses = []
    for _ in range(8):
        bad.errors = [Unreachable("no route")]
        broken, fine = yard.puller.look()
        pauses.append(broken.pause_s)
        assert (fine.problem, fine.pause_s) == ("", 10)
    assert pauses[:3] == [20, 40, 80]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert yard.kept() == ["t1"]
    [healed, _] = yard.puller.look()
    assert (healed.problem, healed.pause_s) == ("", 10)


def test_a_source_that_says_when_to_come_again_is_obeyed(tmp_path: Path) -> None:
    source = ToySource()
    source.errors = [Throttled("slow down", retry_after_s=900)]
    assert look(Yard(tmp_path, src=source)).pause_s == 900


def test_whatever_an_adapter_raises_is_told_and_nothing_of_it_is_repeated(tmp_path: Path) -> None:
    source = ToySource()
    source.errors = [ZeroDivisionError("sk-secret")]
    told = look(Yard(tmp_path, src=source))
    assert "failed while reading src (ZeroDivisionError)" in told.problem
    assert "sk-secret" not in told.problem


def test_what_can_not_be_read_is_counted_and_named(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-1)), {"start_time": at(-2).isoformat(), "name": "nameless"}])
    told = look(Yard(tmp_path, src=source))
    assert (told.counts.new, told.counts.unreadable) == (1, 1)
    assert str(told.counts.problems[0]).startswith("src, page 1: a span has no id")


def test_a_format_nobody_reads_is_named(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-1))])
    source.format = "morse"
    told = look(Yard(tmp_path, src=source))
    assert "morse" in told.counts.problems[0].reason


def test_pages_without_end_are_given_up(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-1))])
    source.further = "1"
    assert "without end" in look(Yard(tmp_path, src=source)).problem


@pytest.mark.parametrize("name", ["nope", "../../etc/passwd", "a/b", "."])
def test_a_source_that_is_no_system_is_told_and_leads_nowhere(tmp_path: Path, name: str) -> None:
    yard = Yard(tmp_path / "data", src=ToySource())
    [told] = yard.another(sources=[name]).look()
    assert "there is no system" in told.problem
    assert {one.name for one in tmp_path.iterdir()} == {"data"}


def test_only_one_process_reads_a_source_at_a_time(tmp_path: Path) -> None:
    yard = Yard(tmp_path, src=ToySource([span("t1", at(-1))]))
    with PullMarks(tmp_path).alone("src") as alone:
        assert alone
        assert look(yard).busy
        assert yard.kept() == []
    assert look(yard).counts.new == 1


def test_another_process_goes_on_where_this_one_ended(tmp_path: Path) -> None:
    source = ToySource([span("t1", at(-1))])
    yard = Yard(tmp_path, src=source)
    look(yard)
    source.asked.clear()
    yard.another().look()
    assert source.asked[0][0] == at(-10)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"upto": 7}', '{"upto": "2026-11-21T12:00:00"}', "\0"])
def test_a_damaged_mark_begins_anew_and_doubles_nothing(tmp_path: Path, content: str) -> None:
    yard = Yard(tmp_path, src=ToySource([span("t1", at(-50))]))
    look(yard)
    (tmp_path / "pulls" / "src.json").write_text(content)
    told = look(yard)
    assert (told.counts.new, told.counts.known, told.upto) == (0, 1, NOON)


def test_a_clock_that_was_set_back_is_no_hole(tmp_path: Path) -> None:
    PullMarks(tmp_path).write("src", at(600))
    yard = Yard(tmp_path, src=ToySource([span("t1", at(-5))]))
    told = look(yard)
    assert (told.counts.new, told.upto) == (1, NOON)


def test_marks_are_private_and_say_what_they_are(tmp_path: Path) -> None:
    look(Yard(tmp_path, src=ToySource()))
    file = tmp_path / "pulls" / "src.json"
    assert json.loads(file.read_text())["source"] == "src"
    assert (os.stat(file).st_mode & 0o777, os.stat(file.parent).st_mode & 0o777) == (0o600, 0o700)


def test_threads_go_on_until_they_are_ended(tmp_path: Path) -> None:
    import threading

    source = ToySource([span("t1", at(-1))])
    yard, came = Yard(tmp_path, src=source), threading.Event()
    work = Pulling(yard.puller, lambda _: came.set()).start()
    assert came.wait(5)
    work.close()
    assert work.latest["src"].counts.new == 1
    asked = len(source.asked)
    yard.clock.move_to(at(60))
    assert len(source.asked) == asked
