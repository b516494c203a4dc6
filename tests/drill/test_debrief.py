"""The debrief: every point shown with its lines, and what would have been better, computed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cockpit.domain.events import Kind
from cockpit.drill.debrief import Debrief, debrief, debrief_case, to_markdown, to_text
from cockpit.drill.score.case import Case
from cockpit.drill.score.render import picture
from cockpit.drill.score.retell import WhatIf
from cockpit.drill.score.sim_truth import SimTruth
from tests.drill.runs import Steps, laid_out, retold

LATE: Steps = (
    ("00:20", "acknowledge", ()),
    ("01:00", "set_severity", (("severity", "SEV1"),)),
    ("02:00", "pull_lever", (("lever", "disable_tenant"),)),
    ("17:00", "freeze_evidence", ()),
    ("17:10", "pull_lever", (("lever", "kill_switch"),)),
    ("30:00", "open_canary", (("percent", 50.0),)),
)
"""The kill switch far too late, and open again before the fix."""


@pytest.fixture(scope="module")
def late() -> Case:
    return laid_out("injection-leak", LATE)


FEW = ("kill_switch", "guardrail_block")
"""A debrief that tries these levers alone is quick."""
EVERY = SimTruth.choices


def few(truth: SimTruth) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in EVERY(truth) if one[0] in FEW)


@pytest.fixture(
    scope="module", params=[few, pytest.param(EVERY, marks=pytest.mark.integration)], ids=["few", "every"]
)
def told(late: Case, request: pytest.FixtureRequest) -> Iterator[Debrief]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimTruth, "choices", request.param)
        yield debrief(late.events)


def quickly(case: Case) -> Debrief:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimTruth, "choices", few)
        return debrief_case(case)


def test_the_moments_that_cost_most_are_told_worst_first(told: Debrief) -> None:
    assert 1 <= len(told.what_ifs) <= 3
    saved = [one.saved for one in told.what_ifs]
    assert saved == sorted(saved, reverse=True)
    assert saved[-1] > 0


def test_the_late_kill_switch_is_the_worst_of_them(told: Debrief) -> None:
    assert re.match(r"Kill switch .* at 02:1\d instead of 02:31 would have spared \d+ ", told.what_ifs[0].text)


def test_they_are_different_moments(told: Debrief) -> None:
    assert len({one.text.split(" at ")[0] for one in told.what_ifs}) == len(told.what_ifs)
    assert len({one.at_s for one in told.what_ifs}) > 1


def test_every_saving_comes_true_when_it_is_played(late: Case, told: Debrief) -> None:
    for one in told.what_ifs:
        assert late.truth.toll(one.orders).j == pytest.approx(one.j_then)
        assert one.j == pytest.approx(late.toll.j)
        assert f"(J {one.j:.0f} → {one.j_then:.0f})" in one.text


def test_every_moment_is_tied_to_lines(late: Case, told: Debrief) -> None:
    known = {event.seq for event in late.events}
    assert all(one.seqs and set(one.seqs) <= known for one in told.what_ifs)


def test_the_reference_has_little_to_learn(told: Debrief) -> None:
    best = quickly(laid_out("injection-leak", None))
    assert sum(one.saved for one in best.what_ifs) < sum(one.saved for one in told.what_ifs)


def test_the_parts_show_the_lines_they_rest_on(late: Case, told: Debrief) -> None:
    lines = {event.seq: event for event in late.events}
    for part in told.parts:
        assert [line.seq for line in part.evidence] == list(told.score.parts[part.name].seqs)
        assert all(line.clock == f"{lines[line.seq].at:%H:%M:%S}" for line in part.evidence)


def test_the_time_line_is_in_order_and_whole(late: Case, told: Debrief) -> None:
    times = [mark.at_s for mark in told.timeline]
    assert times == sorted(times)
    assert {mark.label for mark in told.timeline if mark.sort == "milestone"} >= {"onset", "page", "ack", "contained"}
    pulls = [event for event in late.events if event.kind is Kind.LEVER_PULLED]
    assert sum(mark.sort == "lever" for mark in told.timeline) == len(pulls)


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_the_picture_fits(told: Debrief, width: int) -> None:
    assert max(map(len, picture(told, width))) <= width


def test_the_picture_shows_that_harm_stopped(told: Debrief) -> None:
    nothing, yours = picture(told, 100)[1:3]
    assert nothing.rstrip().endswith(tuple("▁▂▃▄▅▆▇█"))
    assert len(yours.rstrip()) < len(nothing.rstrip())


def test_as_text_and_as_markdown_it_says_the_same(told: Debrief) -> None:
    text, document = to_text(told), to_markdown(told)
    for part in told.parts:
        assert part.name in text
        assert f"| {part.name} |" in document
    assert "CAPPED" in text
    assert "Capped" in document
    assert "What would have been better" in text
    assert document.startswith("# Debrief: ")


def test_hostile_words_reach_neither(late: Case) -> None:
    evil = "\x1b]0;x\x07\u202e\n# heading\n<script> | [a](http://x) ```"
    update = {"audience": "team", "state": "investigating", "text": evil}
    mail = {"inject": "x", "channel": "email", "sender": evil, "text": evil}
    case = retold(late, add=[(400, Kind.UPDATE_POSTED, update), (410, Kind.INJECT_DELIVERED, mail)])
    told = quickly(case)
    for written in (to_text(told), to_markdown(told)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", written)
    document = to_markdown(told)
    assert "\n# heading" not in document
    assert "<script>" not in document
    assert "[a](http" not in document


def test_a_drill_in_which_nothing_was_done_says_what_would_have_helped() -> None:
    told = quickly(laid_out("injection-leak", ()))
    assert told.score.total == 0.0
    assert "harm never stopped" in told.headline
    assert isinstance(told.what_ifs[0], WhatIf)
    assert "Kill switch" in told.what_ifs[0].text


def test_harm_that_goes_on_below_its_line_is_not_told_as_if_nothing_had_been_contained() -> None:
    quiet = (300, Kind.CONTAINED, {"signals": ["leaks_per_min"], "window_s": 120.0})
    told = quickly(retold(laid_out("injection-leak", ()), add=[quiet]))
    assert told.score.times["contained"] is None
    assert "harm fell under its line 05:00 after the page, but went on below it" in told.headline
