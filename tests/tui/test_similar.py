"""What the incident on screen looks like: found behind it, told once, and explained by a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from cockpit.domain.portrait import Portrait
from cockpit.domain.similar import Clue, Likeness
from cockpit.errors import JournalError
from cockpit.golden.memory import Found
from cockpit.tui.screens.similar import SimilarScreen
from tests.tui.driving import opened, said, screen_text, until
from tests.tui.fakes import INCIDENT

HOSTILE = "evil \x1b[31m\u202e title"
CLUES = (
    Clue("class", True, ("pii_leak",), ("pii_leak",), 3.0),
    Clue("words of the page", True, ("tenant", "history"), (), 1.2),
    Clue("route", False, ("/support",), ("/sizing",), 1.0),
)


def likeness(name: str, title: str = HOSTILE, mode: str = "drill") -> Likeness:
    return Likeness(
        Portrait(name, "incident", title, mode=mode, cases=("inj-1",), postmortem="signed"), 0.62, CLUES, 3
    )


@dataclass
class Remembered:
    """Gives one answer after the other, and keeps what it was asked."""

    answers: list[Found]
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    problem: Exception = field(default_factory=lambda: JournalError("gone"))

    def similar(self, incident: str, answers: Sequence[str] = ()) -> Found:
        self.asked.append((incident, tuple(answers)))
        if not self.answers:
            raise self.problem
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize("size", [pytest.param("wide", marks=pytest.mark.integration), "small"])
async def test_a_likeness_is_told_once_and_a_key_says_why(size: str) -> None:
    memory = Remembered([Found(INCIDENT, (likeness("INC-0001"),), 3, untold=1)])
    async with opened(size=size) as (app, pilot, controller):
        app.memory = memory
        controller.move(1)
        await until(pilot, lambda: said(app) == "This looks like INC-0001, a drill incident (0.62): H says why")
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, SimilarScreen))
        await until(pilot, lambda: "same class: pii_leak" in screen_text(app))
        text = screen_text(app)
        for words in (
            "0.62",
            "INC-0001",
            "drill",
            "tenant, history",
            "route /support, was /sizing",
            "3 of 11",
            "inj-1",
        ):
            assert words in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "1 plays of the same scenario are left out" in text
        await pilot.press("escape")
        controller.move(1)
        await pilot.pause()
        assert len(memory.asked) == 1


async def test_before_anything_is_known_the_key_says_so() -> None:
    async with opened(size="small") as (app, pilot, _):
        await pilot.press("H")
        await until(pilot, lambda: "Earlier incidents are being looked through." in screen_text(app))


async def test_it_is_looked_for_again_when_more_is_known() -> None:
    none, some = Found(INCIDENT, (), 4), Found(INCIDENT, (likeness("INC-0002"),), 4)
    memory = Remembered([none, some])
    async with opened(size="small") as (app, pilot, controller):
        app.memory = memory
        controller.move(1)
        await until(pilot, lambda: app.alike is none)
        await pilot.press("H")
        await until(pilot, lambda: "None of the 4 others" in screen_text(app))
        controller.do("set_class", {"class": "pii_leak"})
        controller.move(1)
        await until(pilot, lambda: "INC-0002" in screen_text(app))


@pytest.mark.parametrize("problem", [JournalError("gone"), KeyError("nobody foresaw this")])
async def test_a_memory_that_fails_ends_nothing(problem: Exception) -> None:
    memory = Remembered([], problem=problem)
    async with opened(size="small") as (app, pilot, controller):
        app.memory = memory
        controller.move(1)
        await until(pilot, lambda: bool(memory.asked))
        await pilot.pause()
        assert app.alike is None
        assert app.is_running


async def test_somebody_who_joins_reads_it_too() -> None:
    async with opened(size="medium") as (app, pilot, controller):
        app.memory = Remembered([Found(INCIDENT, (likeness("INC-0001"),), 1)])
        controller.move(1)
        await until(pilot, lambda: app.alike is not None)
        await pilot.press("J")
        await until(pilot, lambda: "looks like" in screen_text(app))
        assert "same class: pii_leak" in screen_text(app)
