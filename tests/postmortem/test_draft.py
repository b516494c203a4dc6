"""The draft says what the journal says, no more, whatever the journal holds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from cockpit.domain.events import Event, Kind
from cockpit.playbooks.loader import load_playbook
from cockpit.postmortem.document import parse, plain, render
from cockpit.postmortem.draft import REQUIRED, draft
from cockpit.postmortem.lint import lint
from cockpit.postmortem.record import Gate
from cockpit.postmortem.todo import items
from tests.domain.lines import Lines, opened
from tests.domain.strategies import journals

PLAYBOOK = load_playbook("default")


def written(lines: Lines, gate: Gate | None = None) -> str:
    return render(draft(lines.events, PLAYBOOK, gate))


def worked() -> Lines:
    lines = opened()
    lines.add(20, Kind.ACKNOWLEDGED)
    lines.add(30, Kind.ROLE_TAKEN, role="ic")
    lines.add(60, Kind.SEVERITY_SET, severity="SEV1", rules=["leak"])
    lines.add(70, Kind.CLASS_SET, **{"class": "pii_leak"})
    lines.add(240, Kind.LEVER_PULLED, op="L1", lever="kill_switch", target="faq", before="on", title="Kill switch")
    lines.add(400, Kind.CONTAINED, "cockpit")
    return lines


@given(journals())
def test_any_journal_has_every_section_and_reads_back(events: list[Event]) -> None:
    made = draft(events, PLAYBOOK)
    text = render(made)
    assert [one.id for one in parse(text)] == ["title", *REQUIRED]
    assert [one.lines for one in parse(text)] == [one.lines for one in made]
    assert "\x1b" not in text
    assert not [one for one in lint(text) if one.kind == "missing"]


@given(journals())
def test_the_same_journal_gives_the_same_draft(events: list[Event]) -> None:
    assert render(draft(events, PLAYBOOK)) == render(draft(list(events), PLAYBOOK))


def test_lines_about_the_document_leave_the_draft_as_it_is() -> None:
    lines = worked()
    before = written(lines)
    lines.add(500, Kind.POSTMORTEM_DRAFTED, "cockpit", digest="x")
    lines.add(600, Kind.POSTMORTEM_EDITED, digest="y")
    assert written(lines) == before


def test_a_cause_is_suspected_until_the_record_shows_it() -> None:
    lines = worked()
    assert "**Open:** the record names no layer yet" in written(lines)
    lines.add(500, Kind.LAYER_SET, layer="retrieval", change="index:shared-3")
    assert "**Certainty:** suspected" in written(lines)
    lines.add(600, Kind.HYPOTHESIS_SET, hypothesis="the index has no filter", status="supported")
    assert "**Certainty:** confirmed" in written(lines)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({}, "suspected: retrieval."),
        ({"component": "index shared-3"}, "suspected: index shared-3 (retrieval)."),
        ({"component": "index shared-3", "change": "index:shared-3"}, "suspected: index shared-3 (retrieval)."),
        (
            {"component": "ranker", "change": "index:shared-3"},
            "suspected: ranker, change index:shared-3 (retrieval).",
        ),
    ],
)
def test_the_summary_names_each_part_of_a_cause_once(named: dict[str, str], told: str) -> None:
    lines = worked()
    lines.add(500, Kind.LAYER_SET, layer="retrieval", **named)
    assert f"The root cause is {told}" in written(lines)


def test_what_happened_before_it_was_known_has_both_moments() -> None:
    lines = opened()
    lines.add(-600, Kind.SIGNAL_FIRED, "world", signal="leaks", text="leaks / min 2, over 0.5")
    row = next(line for line in written(lines).splitlines() if line.startswith("|") and "leaks" in line)
    assert row.startswith("| 2026-06-12 02:04:00 | 2026-06-12 02:14:00 |")
    assert "before the incident was opened" in row


def test_times_are_held_against_targets() -> None:
    text = written(worked())
    well = text.split("## What went well")[1].split("## What went poorly")[0]
    assert "Harm was over 6 min 40 s after the page; the target for SEV1 is 15 min." in well
    assert (
        "agreed order was not kept: freezing the evidence before the first lever"
        in text.split("## What went poorly")[1]
    )


def test_an_undo_that_is_missing_is_an_action_with_owner_and_date() -> None:
    lines = worked()
    lever = next(one for one in items(lines.state) if one.id == "lever-L1")
    assert (lever.owner, lever.due, lever.done) == ("ada", "2026-06-13", False)
    lines.add(900, Kind.LEVER_KEPT, op="L1", owner="platform")
    assert "lever-L1" not in {one.id for one in items(lines.state)}


def test_what_is_done_and_over_is_told_and_asks_for_nothing() -> None:
    lines = worked()
    before = len(items(lines.state))
    lines.add(300, Kind.LEVER_PULLED, op="L9", lever="flush_cache", title="Flush cache", target="all", once=True)
    assert "Flush cache is done and over: nothing of it is left to undo" in written(lines)
    assert len(items(lines.state)) == before


def test_an_item_is_changed_and_then_done_by_people() -> None:
    lines = worked()
    lines.add(900, Kind.ACTION_ADDED, item="fixture", text="", owner="ml", due="2026-07-01")
    lines.add(901, Kind.ACTION_ADDED, item="A1", text="Audit every index", owner="data", due="2026-06-20")
    lines.add(902, Kind.ACTION_DONE, item="A1")
    found = {one.id: one for one in items(lines.state)}
    assert (found["fixture"].owner, found["fixture"].due) == ("ml", "2026-07-01")
    assert found["A1"].done
    assert "| A1 | Audit every index | data | 2026-06-20 | done |" in written(lines)


def test_the_gate_s_answer_is_told_and_otherwise_open() -> None:
    assert "the golden set has not been asked" in written(worked())
    text = written(worked(), Gate("did-not-have", "Add a case."))
    assert "**Answer:** did-not-have" in text
    assert "the golden set has not been asked" not in text


def test_hostile_words_make_no_section_and_no_markup() -> None:
    lines = opened(title="<!-- cockpit:end summary --> **x** | y")
    lines.add(5, Kind.NOTED, text="a\n## Summary\n<script>alert(1)</script> | cell")
    text = written(lines)
    assert [one.id for one in parse(text)] == ["title", *REQUIRED]
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "cockpit:" not in plain(text).replace("\\<!-- cockpit:end summary --\\>", "")


def test_long_runs_are_told_short() -> None:
    lines = opened()
    for second in range(50):
        lines.add(10 + second, Kind.INJECT_DELIVERED, "a customer", inject=f"m{second}", channel="email", sender="x")
    assert "48 more like these" in written(lines)


def test_two_thousand_lines_are_written_quickly() -> None:
    lines = worked()
    for second in range(2_000):
        kind = Kind.NOTED if second % 2 else Kind.QUESTION_ANSWERED
        lines.add(1_000 + second, kind, text="looked again", question="changed", answer="index")
    begun = time.process_time()
    written(lines)
    assert time.process_time() - begun < 2.0


def test_what_the_all_clear_left_open_is_told_with_its_reason() -> None:
    lines = worked()
    open_point = {"point": "debt", "words": "lever debt: Pin model", "reason": "until *Monday*"}
    lines.add(900, Kind.ALL_CLEAR_GIVEN, "lin", open_points=["lever debt: Pin model"], overridden=[open_point])
    text = plain(written(lines))
    assert "given over open points by lin: lever debt: Pin model (because: until \\*Monday\\*)" in text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("| 2026-06-12 02:16 | at once | bo | saw it | – |", ""),
        ("| 2020-01-01 00:00:00 | at once | bo | saw it | – |", "dated before the one above"),
        ("| yesterday | at once | bo | saw it | – |", "needs a moment"),
        ("| 2026-06-12 23:00:00 | 2026-06-12 22:00:00 | bo | saw it | – |", "known before it happened"),
    ],
)
def test_an_entry_that_nobody_can_place_is_found(row: str, words: str) -> None:
    lines = written(opened()).splitlines()
    place = max(number for number, line in enumerate(lines) if line.startswith("| 2026-06-12 02:14:00 |"))
    lines.insert(place + 1, row)
    found = [one for one in lint("\n".join(lines)) if one.kind == "timeline"]
    assert [one.line for one in found] == ([place + 2] if words else [])
    assert words in "".join(one.words for one in found)


def test_a_draft_has_no_entry_that_nobody_can_place() -> None:
    lines = worked()
    lines.add(-600, Kind.SIGNAL_FIRED, "world", signal="leaks", text="leaks / min 2, over 0.5")
    assert not [one for one in lint(written(lines)) if one.kind == "timeline"]
