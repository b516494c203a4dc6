"""The runner: a drill goes on whatever the screen does, and stops only where its journal can't be written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind
from cockpit.domain.traces import TraceFilter
from cockpit.drill.attach import attach_runner
from cockpit.drill.open import Setup, begin
from cockpit.drill.runner import DrillRunner
from cockpit.drill.seat import Seat
from cockpit.drill.trainer.control import Trainer
from cockpit.errors import BadInput, JournalReadOnly
from cockpit.journal.log import Journal
from cockpit.journal.traces.store import TraceStore


class Table:
    """A drill of the injection leak on a table of its own."""

    def __init__(self, folder: Path, speed: float) -> None:
        self.folder = folder
        self.journal = Journal.open(folder / "journal.db", clock=WallClock())
        self.incident = begin(self.journal, Setup("injection-leak", speed=speed))
        self.runner = self.sit_down(again=False)

    def sit_down(self, *, again: bool) -> DrillRunner:
        store = TraceStore.open(self.folder / "traces" / f"{self.incident}.db")
        return attach_runner(self.journal, store, self.incident, "ada", again=again)

    def do(self, name: str, **arguments: Any) -> str:
        return self.runner.do(name, arguments).result(10).refused

    def wait(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.02)

    @property
    def snapshot(self) -> Any:
        return self.runner.snapshot()


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    made = Table(tmp_path, speed=60.0)
    yield made
    made.runner.close()
    made.journal.close()


def test_from_the_page_to_contained(table: Table) -> None:
    table.wait(lambda: table.snapshot.state.page_at is not None)
    assert table.do("acknowledge") == ""
    assert table.do("set_severity", severity="SEV1") == ""
    assert table.do("pull_lever", lever="kill_switch") == ""
    table.wait(lambda: table.snapshot.state.contained)
    assert table.snapshot.advice.text
    assert table.snapshot.traces > 1000
    assert table.runner.traces.count(TraceFilter.parse("verdict:leak")) > 0


def test_pause_stops_everything(table: Table) -> None:
    table.wait(lambda: table.snapshot.state.page_at is not None)
    table.do("pause")
    stood = table.snapshot.now
    time.sleep(0.4)
    assert table.snapshot.now == stood
    assert table.snapshot.paused
    table.do("resume")
    table.wait(lambda: table.snapshot.now > stood)


def test_leaving_and_coming_back(table: Table) -> None:
    table.wait(lambda: table.snapshot.state.page_at is not None)
    table.do("acknowledge")
    table.runner.close()
    stood = table.snapshot.now
    time.sleep(0.3)
    table.runner = table.sit_down(again=True)
    first = table.snapshot
    assert 0 <= (first.now - stood).total_seconds() < 60
    assert first.state.milestones["ack"] is not None
    assert [event.kind for event in first.log].count(Kind.DRILL_REATTACHED) == 1


def test_a_journal_that_cannot_be_written_stops_the_clock_and_says_so(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.wait(lambda: table.snapshot.state.page_at is not None)

    def full(*_: Any, **__: Any) -> Any:
        raise JournalReadOnly("the disk is full", hint="Free some space.")

    monkeypatch.setattr(table.journal, "append", full)
    with pytest.raises(JournalReadOnly):
        table.do("acknowledge")
    monkeypatch.undo()
    assert table.do("acknowledge") == ""


def test_wrong_use_reaches_whoever_asked_and_the_drill_goes_on(table: Table) -> None:
    with pytest.raises(BadInput):
        table.do("set_severty")
    stood = table.snapshot.now
    table.wait(lambda: table.snapshot.now > stood)


def test_one_terminal_drives_a_drill(tmp_path: Path) -> None:
    seat = Seat(tmp_path / "one.seat", "INC-0001")
    with pytest.raises(BadInput, match="another terminal"):
        Seat(tmp_path / "one.seat", "INC-0001")
    seat.leave()
    Seat(tmp_path / "one.seat", "INC-0001").leave()


def test_groups_go_by_what_came_out_and_opened_traces_say_what_detectors_found(table: Table) -> None:
    leaks = TraceFilter.parse("verdict:leak")
    table.wait(lambda: len(table.runner.traces.page(leaks)) > 20)
    groups = table.runner.look().result(20).clusters.clusters
    assert any(group.name.startswith("leak · retrieved context") for group in groups), [one.name for one in groups]
    details = [table.runner.trace(row.id).result(10) for row in table.runner.traces.page(leaks, limit=20)]
    named = [sign for detail in details if detail for sign in detail.signs if sign.detector == "other_tenant"]
    assert len(named) > 5


def test_a_trainer_at_another_terminal_is_obeyed(table: Table) -> None:
    other = Journal.open(table.folder / "journal.db", clock=WallClock())
    trainer = Trainer(other, table.incident, "lin", lambda state: state.last_at or datetime.now(UTC))
    table.wait(lambda: table.snapshot.state.page_at is not None)
    trainer.set_speed(30)
    table.wait(lambda: table.snapshot.speed == 30)
    trainer.pause()
    table.wait(lambda: table.snapshot.paused)
    stood = table.snapshot.now
    assert "trainer" in table.do("resume")
    assert "trainer" in table.do("pause")
    assert table.snapshot.now == stood
    trainer.resume()
    table.wait(lambda: table.snapshot.now > stood)
    trainer.end()
    table.wait(lambda: bool(table.snapshot.state.ended))
    other.close()
