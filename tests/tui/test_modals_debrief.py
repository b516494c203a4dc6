"""The debrief's screen: parts open to the lines they rest on, and the export never overwrites."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from cockpit.domain.events import Event
from cockpit.drill.score.model import Harm, PartScore, Score, Toll
from cockpit.drill.score.retell import Debrief, Line, Mark, PartView, WhatIf
from cockpit.drill.score.truth import Curve
from cockpit.errors import BadInput
from cockpit.postmortem.leaving import write_new
from cockpit.tui.screens.debrief import DebriefScreen
from tests.tui.stage import Stage, screen_text, slowly

HOSTILE = "[/nosuch] [@click=app.quit]x[/] \x1b]52;c;cHduZWQ=\x07 \u202egnp.exe"


def told(words: str = "") -> Debrief:
    score = Score(
        "INC-0007", "injection-leak", 7, "default", 71.4, {"outcome": PartScore(0.91, "", (2,))}, (),
        {"ack": 10.0}, Harm("leaked answers", Toll(32.0), Toll(484.0), Toll(30.0)), 12, "ab" * 32,
    )  # fmt: skip
    parts = (
        PartView(
            "outcome", 0.91, 30, "P", "32 leaked answers", (Line(2, 0.0, "02:14:00", "pager", f"page {words}"),)
        ),
        PartView("comms", 0.4, 15, "U", "one update of three", ()),
        PartView("learn", None, 10, "–", "not part of this drill", ()),
    )
    values = tuple(float(number % 9) for number in range(80))
    return Debrief(
        score, f"Leak {words}", "71 of 100", parts, (f"leak called too mild {words}",),
        (Mark(0.0, "milestone", "page", 2), Mark(125.0, "lever", f"pulls Kill switch {words}", 9)),
        Curve(-600.0, 60.0, values), Curve(-600.0, 60.0, values),
        (WhatIf("Kill switch at 02:16 would have spared 84 leaked answers", 120.0, 71.0, 56.0, 15.0, (9,), ()),),
    )  # fmt: skip


async def test_parts_open_to_their_journal_lines_and_everything_is_reached_at_80_by_24() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(DebriefScreen((), tell=lambda events: told()))
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = screen_text(app)
        assert "71 / 100" in text
        assert "capped at 49" in text
        assert "#2" not in text
        await slowly(pilot, "enter")
        assert "#2 02:14:00 pager page" in screen_text(app)
        await slowly(pilot, "pagedown", "pagedown")
        text = screen_text(app)
        assert "would have spared 84 leaked answers  #9" in text
        assert "02:05 ⇩ pulls Kill switch" in text


async def test_wide_terminals_show_score_and_story_side_by_side() -> None:
    app = Stage()
    async with app.run_test(size=(150, 40)) as pilot:
        app.push_screen(DebriefScreen((), tell=lambda events: told()))
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()
        text = screen_text(app)
        assert "Score by part" in text
        assert "What would have been better" in text


async def test_the_export_is_private_and_overwrites_nothing(tmp_path: Path) -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(DebriefScreen((), folder=tmp_path, tell=lambda events: told()))
        await app.workers.wait_for_complete()
        await slowly(pilot, "e", "e")
        assert "written to" in screen_text(app)
    assert private_files(tmp_path) == ["debrief-INC-0007-2.md", "debrief-INC-0007.md"]


def private_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.stat().st_mode & 0o777 == 0o600)


async def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(DebriefScreen((), folder=tmp_path / "none", tell=lambda events: told()))
        await app.workers.wait_for_complete()
        await slowly(pilot, "e")
        assert "can't write to" in screen_text(app)


async def test_it_stands_while_the_score_is_worked_out_and_can_be_left() -> None:
    gate = threading.Event()

    def slow(events: Sequence[Event]) -> Debrief:
        gate.wait(10)
        return told()

    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(DebriefScreen((), tell=slow))
        await pilot.pause()
        assert "working out the score" in screen_text(app)
        await slowly(pilot, "e")
        assert "not yet" in screen_text(app)
        await slowly(pilot, "escape")
        assert not isinstance(app.screen, DebriefScreen)
        gate.set()
        await pilot.pause()
        assert app.is_running


async def test_a_journal_that_can_not_be_told_back_says_why() -> None:
    def refuse(events: Sequence[Event]) -> Debrief:
        raise BadInput("this journal is no drill's", hint="Score drills only.")

    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(DebriefScreen((), tell=refuse))
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "this journal is no drill's Score drills only." in screen_text(app)


async def test_hostile_words_are_drawn_harmless() -> None:
    app = Stage()
    async with app.run_test(size=(60, 60)) as pilot:
        app.push_screen(DebriefScreen((), tell=lambda events: told(HOSTILE)))
        await app.workers.wait_for_complete()
        await slowly(pilot, "enter")
        drawn = screen_text(app)
        assert not {one for one in drawn if (ord(one) < 32 and one != "\n") or one == "\u202e"}
        assert "[@click=app.quit]x[/]" in drawn


def test_a_file_name_never_leaves_its_folder(tmp_path: Path) -> None:
    assert write_new(tmp_path, "debrief-../../etc/x", "words").parent == tmp_path
