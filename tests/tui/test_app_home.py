"""Home: starting, going on, looking back, by keys alone."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from cockpit.domain.events import Event
from cockpit.domain.learning import Waiver
from cockpit.errors import JournalReadOnly, UnknownIncident
from cockpit.postmortem.left import Duty, Left
from cockpit.postmortem.writer import Page
from cockpit.tui.app import CockpitApp
from cockpit.tui.ports import HomeData, NewDrill, RunLine, ScenarioLine
from cockpit.tui.screens.debrief import DebriefScreen
from cockpit.tui.screens.help import HelpScreen
from cockpit.tui.screens.home.screen import HomeScreen
from cockpit.tui.screens.new_drill import NewDrillModal
from tests.tui.driving import screen_text, until
from tests.tui.fake_world import PAGE
from tests.tui.fakes import FakeController

EVIL = "\x1b]0;pwned\x07[@click=app.quit]x[/] [/]"


@dataclass
class FakeHome:
    """Two drills, one left half-way, one over."""

    started: list[NewDrill] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    controllers: list[FakeController] = field(default_factory=list)
    fail: Exception | None = None

    def load(self) -> HomeData:
        """List them."""
        if self.fail:
            raise self.fail
        return HomeData(
            (
                ScenarioLine("injection-leak", "Another tenant's orders", "It is 02:14. You are paged."),
                ScenarioLine("hostile", EVIL, EVIL),
            ),
            (
                RunLine("INC-0002", "Left " + EVIL, "injection-leak", 7, PAGE),
                RunLine("INC-0001", "Done", "injection-leak", 7, PAGE, True, 81.4),
            ),
            ("default", "s0"),
        )

    def _open(self) -> FakeController:
        self.controllers.append(FakeController())
        return self.controllers[-1]

    def start(self, drill: NewDrill) -> FakeController:
        """Start one."""
        self.started.append(drill)
        return self._open()

    def resume(self, incident: str) -> FakeController:
        """Go on."""
        self.resumed.append(incident)
        if self.fail:
            raise self.fail
        return self._open()

    def events(self, incident: str) -> tuple[Event, ...]:
        """Read one."""
        if self.fail:
            raise self.fail
        return tuple(FakeController().session.log)


async def test_a_new_drill_is_started_and_left_by_keys_alone() -> None:
    home = FakeHome()
    app = CockpitApp(home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "injection-leak" in screen_text(app))
        text = screen_text(app)
        assert "fire drill" in text
        assert "Go on where it was" in text
        assert "score 81 of 100" in text
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, NewDrillModal))
        await pilot.press("backspace", *"42", "down", "right", "right", "down", "right", "enter")
        await until(pilot, lambda: app.latest is not None)
        assert home.started == [NewDrill("injection-leak", 42, 4.0, "s0")]
        await pilot.press("q", "enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: home.controllers[0].closed)
        assert app.controller is None


async def test_a_drill_is_gone_on_with() -> None:
    home = FakeHome()
    app = CockpitApp(home=home)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: "INC-0002" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.latest is not None)
        assert home.resumed == ["INC-0002"]


async def test_what_can_not_be_opened_brings_back_home_with_the_reason() -> None:
    home = FakeHome()
    app = CockpitApp(home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "INC-0002" in screen_text(app))
        home.fail = JournalReadOnly("the folder is read-only", hint="Choose another with --data.")
        await pilot.press("enter")
        await until(pilot, lambda: "the folder is read-only" in screen_text(app))
        assert isinstance(app.screen, HomeScreen)


async def test_nothing_to_list_is_said_and_help_explains() -> None:
    home = FakeHome(fail=UnknownIncident("nothing here", hint="Look elsewhere."))
    app = CockpitApp(home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "nothing here" in screen_text(app))
        await pilot.press("?")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape", "q")
        await until(pilot, lambda: app._exit)


async def test_a_finished_run_opens_its_debrief() -> None:
    app = CockpitApp(home=FakeHome())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "INC-0001" in screen_text(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, DebriefScreen))
        await pilot.pause(0.3)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_hostile_names_stay_text() -> None:
    app = CockpitApp(home=FakeHome())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "hostile" in screen_text(app))
        await pilot.press("down", "down")
        await pilot.pause()
        text = screen_text(app)
        assert "[@click=app.quit]x[/]" in text
        assert "\x1b" not in text


NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATE = Duty("postmortem", "Read and sign the postmortem", "", NOW - timedelta(days=3), True)
SOON = Duty("A1", "Audit " + EVIL, "data", NOW + timedelta(days=1), False)
FAR = Duty("A2", "Some day", "data", NOW + timedelta(days=30), False)
WAIVER = Waiver("alert", "nobody owns the pager", "ada", NOW, 9, "2027-01-01")


class FakePapers:
    """What is left to do of a real incident and of a drill."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def left(self) -> list[Left]:
        """Two incidents."""
        return [
            Left("INC-0009", "Leak", True, NOW, (SOON, FAR, LATE), (WAIVER,), False, None),
            Left("INC-0001", "Done", False, NOW, (replace(LATE, late=False), SOON), (), True, NOW),
        ]

    def open(self, incident: str) -> Page:
        """Remember that it was opened."""
        self.opened.append(incident)
        raise UnknownIncident("not here")


async def test_home_reminds_of_what_is_late_or_due_and_of_waivers_and_opens_it() -> None:
    papers = FakePapers()
    app = CockpitApp(home=FakeHome(), papers=papers)  # type: ignore[arg-type]
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "After incidents" in screen_text(app))
        text = screen_text(app)
        rows = [line for line in text.splitlines() if "INC-0009" in line]
        assert ["OVERDUE 3 days" in rows[0], "waived until" in rows[1], "due in 24 h" in rows[2]] == [True] * 3
        assert "A2" not in text, "what is not due for weeks is not shown"
        assert "closed, postmortem signed" in text
        assert "\x1b" not in text
        await pilot.press("home", "enter")
        await until(pilot, lambda: papers.opened == ["INC-0009"])


async def test_p_opens_the_postmortem_of_the_run_under_the_cursor() -> None:
    papers = FakePapers()
    app = CockpitApp(home=FakeHome(), papers=papers)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "After incidents" in screen_text(app))
        await pilot.press("end", "P")
        await until(pilot, lambda: papers.opened == ["INC-0001"])
        await until(pilot, lambda: "not here" in screen_text(app))


@pytest.mark.parametrize("height", [24, 30, 45])
async def test_a_long_list_leaves_room_for_what_its_rows_are(height: int) -> None:
    name = "an-index-that-was-corrupted-overnight"
    runs = tuple(RunLine(f"INC-{1000 + one}", "Done", name, 7, PAGE, True, 81.4) for one in range(40))
    home = FakeHome()
    home.load = lambda: replace(FakeHome().load(), runs=runs)  # type: ignore[method-assign]
    app = CockpitApp(home=home)
    async with app.run_test(size=(80, height)) as pilot:
        await until(pilot, lambda: "INC-1000" in screen_text(app))
        text = screen_text(app).splitlines()
        brief = app.screen.query_one("#brief").region
        assert brief.bottom < height
        assert brief.height >= 5
        assert "quit" in text[-1]
        assert all("score 81 of 100" in line for line in text if "INC-1" in line)


async def test_l_opens_a_finished_run_and_what_is_to_be_learnt_from_it() -> None:
    home = FakeHome()
    app = CockpitApp(home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "INC-0001" in screen_text(app))
        await pilot.press("end", "L")
        await until(pilot, lambda: "Learn: what is no test comes back" in screen_text(app))
        assert home.resumed == ["INC-0001"]


class SlowHome(FakeHome):
    """A home whose list takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def load(self) -> HomeData:
        """List the drills once that is allowed."""
        self.go.wait(5)
        return super().load()


async def test_a_list_that_is_still_being_read_is_not_called_empty() -> None:
    home = SlowHome()
    app = CockpitApp(home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.05)
        text = screen_text(app)
        assert "looking for drills" in text
        assert "nothing here yet" not in text
        home.go.set()
        await until(pilot, lambda: "injection-leak" in screen_text(app))


async def test_help_at_home_calls_nothing_impossible() -> None:
    app = CockpitApp(home=FakeHome())
    async with app.run_test(size=(100, 60)) as pilot:
        await until(pilot, lambda: "injection-leak" in screen_text(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Keys inside an incident" in screen_text(app))
        assert "not now" not in screen_text(app)
