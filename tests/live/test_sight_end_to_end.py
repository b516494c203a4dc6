"""A live incident beside an archive that fills: rows, signals, page and pins, a lever, containment, and a look."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import Stage as LeverStage
from cockpit.domain.traces import TraceFilter
from cockpit.journal.traces.store import TraceStore
from cockpit.live.open import Opening, Surroundings, join, opening
from cockpit.live.runner import LiveRunner
from cockpit.live.sight import eyes as sight
from cockpit.playbooks.loader import profile_text
from tests.live.conftest import Stage, until
from tests.live.recorded import LEAKED, SAID, Shelf, answer, answers
from tests.live.toys import load

SPEED = 60.0
"""How many times faster than the wall this incident's time goes."""


@dataclass
class Hurried:
    """A clock on which minutes are seconds."""

    begun: datetime
    started: float

    def now(self) -> datetime:
        """Return the moment."""
        return self.begun + timedelta(seconds=(time.monotonic() - self.started) * SPEED)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight, "LOOK_S", 0.02)


class Night:
    """One live incident on toy systems with an archive beside it."""

    def __init__(self, stage: Stage, tmp_path: Path) -> None:
        stage.extra["signals"] = {}
        self.shelf = Shelf(tmp_path)
        self.clock = Hurried(datetime.now(UTC).replace(microsecond=0), time.monotonic())
        self.stage = stage
        self._told = 100_000

    def open(self) -> LiveRunner:
        """Open the incident and sit down at it."""
        first = opening(
            Opening("cards in answers", "ada"), self.stage.live(), self.clock, profile_text(), self.stage.playbook
        )
        self.incident = self.stage.journal().open_incident([first])
        return self.join()

    def join(self) -> LiveRunner:
        """Sit down at it once more."""
        file = self.stage.folder / f"{self.incident}.driver"
        around = Surroundings(self.stage.live(), lambda _: "", self.clock, file, {}, self.shelf.recorded)
        store = TraceStore.open(self.stage.folder / f"{self.incident}.db")
        return join(self.stage.journal(), store, self.incident, "ada", around)

    def serve(self, count: int = 5) -> None:
        """Answer as the toy system says: with the flag on, one answer in three leaks."""
        leaks = load(self.stage.file)["values"]["flag:answers"]
        now = self.clock.now()
        traces = []
        for _ in range(count):
            self._told += 1
            said = LEAKED if leaks and self._told % 3 == 0 else SAID
            traces.append(answer(self._told, now, said, prompt="v42"))
        self.shelf.add(traces)

    def served_until(self, runner: LiveRunner, kind: Kind) -> Event:
        """Go on answering until the journal has a line of a kind."""

        def there() -> Event | None:
            self.serve()
            return next((event for event in runner.session.log if event.kind is kind), None)

        found = until(there)
        assert isinstance(found, Event)
        return found


def test_from_the_first_leak_to_contained(stage: Stage, tmp_path: Path) -> None:
    night = Night(stage, tmp_path)
    night.shelf.add(answers(0, 300, night.clock.now() - timedelta(minutes=30), 5.0))
    runner = night.open()
    try:
        paged = night.served_until(runner, Kind.PAGED)
        rows = paged.get("page")["rows"]
        assert (paged.get("signal"), paged.actor) == ("leaks_per_min", "watch")
        assert rows
        assert {pin.trace for pin in until(lambda: runner.session.state.pins)} <= {*rows}
        assert until(lambda: runner.traces.row(rows[0])).verdict == "personal_data"
        detail = runner.trace(rows[0]).result(60)
        assert detail is not None
        assert detail.messages[-1] == ("assistant", LEAKED)

        night.serve()
        until(lambda: (runner.snapshot() or 0) and runner.snapshot().facts.get("leak_seen"))  # type: ignore[union-attr]
        until(lambda: (runner.snapshot() or 0) and runner.snapshot().traces > 300)  # type: ignore[union-attr]
        seen = runner.snapshot()
        assert seen is not None
        assert seen.harmed > 0
        assert seen.suggested == "SEV1"

        assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
        until(lambda: runner.session.state.pulls[-1].stage is LeverStage.PROVEN)
        assert not runner.session.state.contained
        contained = night.served_until(runner, Kind.CONTAINED)
        assert set(contained.get("signals")) == {"failing_pct", "leaks_per_min"}

        found = runner.look().result(60)
        assert found.scope.failing.part > 0
        assert found.scope.users
        ids = {int(one) for cluster in found.clusters.clusters for one in cluster.examples}
        assert all(runner.traces.row(row) for row in ids)
        tools = {fact.value for layer in found.layers if layer.name == "tool" for fact in layer.facts}
        assert tools <= {"find_order"}
    finally:
        runner.close()
        night.shelf.close()


def test_a_page_is_told_once_however_often_a_terminal_sits_down(stage: Stage, tmp_path: Path) -> None:
    night = Night(stage, tmp_path)
    night.shelf.add(answers(0, 50, night.clock.now() - timedelta(minutes=10), 5.0))
    runner = night.open()
    night.served_until(runner, Kind.PAGED)
    runner.close()
    again = night.join()
    try:
        until(lambda: again.traces.count(TraceFilter()) > 50)
        until(lambda: again.drives)
        with suppress(AssertionError):
            until(lambda: len(_pages(again)) > 1, 0.5)
        assert len(_pages(again)) == 1
    finally:
        again.close()
        night.shelf.close()


def _pages(runner: LiveRunner) -> list[Event]:
    return [event for event in runner.session.log if event.kind is Kind.PAGED]
