"""The postmortem on the screen: a played drill, its journal and files for real, by keys alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from cockpit.errors import JournalUnreachable
from cockpit.journal.log import Journal
from cockpit.postmortem.store import shelf
from cockpit.postmortem.writer import Page, Writer
from cockpit.tui.app import CockpitApp
from cockpit.tui.panes.rows import Rows
from cockpit.tui.postmortem.editor import Paper, PartEditor
from cockpit.tui.postmortem.items import ItemsScreen
from cockpit.tui.postmortem.screen import PostmortemScreen
from tests.golden.nights import INCIDENT, copied
from tests.tui.driving import screen_text, until
from tests.tui.stage import slowly

pytestmark = pytest.mark.xdist_group("golden")
HOSTILE = "\x1b]0;pwned\x07[@click=app.quit]x[/] [/]"


class Desk(Writer):
    """A person's desk on a folder; every journal line can be read back."""

    def __init__(self, folder: Path, actor: str = "ada") -> None:
        self.data = folder / "data"
        super().__init__(self._journal, self.data, actor, folder=folder)

    @contextmanager
    def _journal(self) -> Iterator[Journal]:
        journal = Journal.open(self.data / "journal.db", clock=WallClock())
        try:
            yield journal
        finally:
            journal.close()

    def lines(self) -> list[Event]:
        """Return the journal."""
        with self._journal() as journal:
            return journal.events(INCIDENT)

    def keep_case(self, incident: str, case: str) -> Path:
        """Nothing here has a case."""
        raise NotImplementedError

    @property
    def document(self) -> str:
        """What people write in."""
        return shelf(self.data, INCIDENT).document.read_text("utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    copied(tmp_path / "data")
    return Desk(tmp_path)


@asynccontextmanager
async def reading(
    desk: Writer, size: tuple[int, int] = (80, 24), begin: str = ""
) -> AsyncIterator[tuple[CockpitApp, Pilot[None], PostmortemScreen]]:
    app = CockpitApp(papers=desk)  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        app.open_postmortem(INCIDENT, begin)
        await until(pilot, lambda: isinstance(app.screen_stack[1], PostmortemScreen))
        screen = app.screen_stack[1]
        assert isinstance(screen, PostmortemScreen)
        await until(pilot, lambda: not screen.busy)
        yield app, pilot, screen


async def test_it_is_written_already_and_every_part_can_be_gone_to(desk: Desk) -> None:
    async with reading(desk) as (app, pilot, screen):
        text = screen_text(app)
        for words in ("Summary", "Five questions", "Action items", "to look at", "not signed"):
            assert words in text
        await slowly(pilot, "tab")
        parts = screen.query_one("#pm-parts", Rows)
        await until(pilot, lambda: parts.has_focus)
        await slowly(pilot, "down", "down", "down")
        assert "All times UTC" in screen_text(app)
        await slowly(pilot, "down")
        assert "Layer:" in screen_text(app)


async def test_n_goes_through_everything_that_is_to_be_looked_at(desk: Desk) -> None:
    async with reading(desk) as (_, pilot, screen):
        assert screen.page
        seen = []
        for _ in screen.page.findings:
            await slowly(pilot, "n")
            seen.append(int(screen.query_one("#pm-text", Rows).cursor))
        assert seen == [one.line for one in screen.page.findings]


async def test_a_part_is_edited_kept_and_survives_a_new_draft(desk: Desk) -> None:
    async with reading(desk) as (app, pilot, screen):
        await slowly(pilot, "tab", "down", "down", "e")
        await until(pilot, lambda: isinstance(app.screen, PartEditor))
        app.screen.query_one(Paper).insert(f"Counted by hand: 3. {HOSTILE}\n", (0, 0))
        await slowly(pilot, "ctrl+s")
        await until(pilot, lambda: "Kept, and on record" in screen_text(app))
        assert "Counted by hand: 3." in screen_text(app)
        assert "[@click=app.quit]x[/]" in screen_text(app)
        assert "\x1b" not in screen_text(app)
        await slowly(pilot, "r")
        await until(pilot, lambda: not screen.busy)
        assert "## Impact\n\nCounted by hand: 3." in desk.document
        assert [one.actor for one in desk.lines() if one.kind is Kind.POSTMORTEM_EDITED] == ["ada"]


async def test_what_was_written_is_thrown_away_only_when_asked_twice(desk: Desk) -> None:
    async with reading(desk) as (app, pilot, _):
        await slowly(pilot, "e")
        await until(pilot, lambda: isinstance(app.screen, PartEditor))
        await slowly(pilot, "z", "escape")
        assert "Not kept yet" in screen_text(app)
        await slowly(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, PostmortemScreen))
        assert all(one.kind is not Kind.POSTMORTEM_EDITED for one in desk.lines())


async def test_what_somebody_else_wrote_meanwhile_is_kept_too(desk: Desk) -> None:
    async with reading(desk) as (app, pilot, screen):
        assert screen.page
        await slowly(pilot, "e")
        await until(pilot, lambda: isinstance(app.screen, PartEditor))
        text = screen.page.text
        Desk(desk.data.parent, "bob").save(INCIDENT, text, text.replace("## Lever debt", "## Lever debt\n\nBob's."))
        app.screen.query_one(Paper).insert("Ada's. ", (0, 0))
        await slowly(pilot, "ctrl+s")
        await until(pilot, lambda: "Kept, and on record" in screen_text(app))
        assert "Bob's." in desk.document
        assert "Ada's." in desk.document


async def test_it_is_signed_once_it_is_asked_and_says_when_it_changes_afterwards(desk: Desk) -> None:
    async with reading(desk) as (app, pilot, screen):
        await slowly(pilot, "s")
        await until(pilot, lambda: "Sign the postmortem?" in screen_text(app))
        assert "still to be looked at" in screen_text(app)
        await slowly(pilot, "escape")
        assert all(one.kind is not Kind.POSTMORTEM_DONE for one in desk.lines())
        await slowly(pilot, "s", "enter")
        await until(pilot, lambda: "signed by ada" in screen_text(app))
        assert screen.page
        desk.save(INCIDENT, screen.page.text, screen.page.text + "\nMore.\n")
        await slowly(pilot, "r")
        await until(pilot, lambda: "CHANGED SINCE" in screen_text(app))


async def test_what_changed_since_it_was_read_is_not_signed(desk: Desk) -> None:
    async with reading(desk) as (app, pilot, screen):
        assert screen.page
        desk.save(INCIDENT, screen.page.text, screen.page.text + "\nMore.\n")
        await slowly(pilot, "s", "enter")
        await until(pilot, lambda: "changed since you read it" in screen_text(app))
        assert all(one.kind is not Kind.POSTMORTEM_DONE for one in desk.lines())


async def test_it_is_handed_out_as_files_with_their_paths_told(desk: Desk, tmp_path: Path) -> None:
    async with reading(desk, (160, 45)) as (app, pilot, _):
        await slowly(pilot, "x")
        await until(pilot, lambda: f"postmortem-{INCIDENT}.md" in screen_text(app))
        await slowly(pilot, "h")
        await until(pilot, lambda: f"postmortem-{INCIDENT}.html" in screen_text(app))
    told = (tmp_path / f"postmortem-{INCIDENT}.md").read_text("utf-8")
    assert told.startswith(f"# Postmortem {INCIDENT}")
    assert "cockpit:section" not in told
    assert "<svg" in (tmp_path / f"postmortem-{INCIDENT}.html").read_text("utf-8")


async def test_action_items_are_added_changed_and_done(desk: Desk) -> None:
    async with reading(desk, begin="items") as (app, pilot, _):
        await until(pilot, lambda: isinstance(app.screen, ItemsScreen))
        await slowly(pilot, "a", "enter")
        assert "says what is to be done" in screen_text(app)
        for name, value in {"text": f"Audit {HOSTILE}", "owner": "data", "due": "tomorrow"}.items():
            app.screen.query_one(f"#item-{name}", Input).value = value
        await slowly(pilot, "enter")
        assert "a date such as" in screen_text(app)
        app.screen.query_one("#item-due", Input).value = "2020-01-01"
        await slowly(pilot, "enter")
        await until(pilot, lambda: "A1" in screen_text(app) and "OVERDUE" in screen_text(app))
        assert "\x1b" not in screen_text(app)
        await slowly(pilot, "end", "d")
        await until(pilot, lambda: fold(desk.lines()).learning.followups[0].done_by == "ada")
        await until(pilot, lambda: "✔ A1" in screen_text(app))


@pytest.mark.parametrize("editor", ["", "no-such-editor-anywhere"])
async def test_without_an_editor_the_way_out_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    async with reading(desk) as (app, pilot, _):
        before = desk.document
        await slowly(pilot, "E")
        await until(pilot, lambda: "editor" in screen_text(app) or "can't be lent" in screen_text(app))
        assert desk.document == before


async def test_a_journal_that_can_not_be_reached_is_said_with_the_next_step(tmp_path: Path) -> None:
    class Unreachable(Desk):
        def open(self, incident: str) -> Page:
            raise JournalUnreachable("the database does not answer", hint="Try again in a minute.")

    async with reading(Unreachable(tmp_path)) as (app, pilot, _):
        assert "does not answer. Try again in a minute." in " ".join(screen_text(app).split())
        await slowly(pilot, "s", "e", "a", "n", "x", "escape")
        await until(pilot, lambda: not isinstance(app.screen, PostmortemScreen))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (160, 45)])
async def test_no_line_is_wider_than_the_screen(desk: Desk, size: tuple[int, int]) -> None:
    async with reading(desk, size) as (_, pilot, screen):
        await pilot.pause()
        text = screen.query_one("#pm-text", Rows)
        assert max(one.content.cell_length for one in text.drawn) <= text.line_width
