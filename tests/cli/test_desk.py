"""Beginning a drill and going on with one, as the screens ask for it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli.desk import Desk
from cockpit.drill.runner import DrillRunner
from cockpit.errors import BadInput, UnknownIncident
from cockpit.live.runner import LiveRunner
from cockpit.session.feed import TraceFeed
from cockpit.session.snapshot import Snapshot
from cockpit.tui.ports import NewDrill
from tests.cli.command import NOTHING, SCENARIOS, Cli


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the thousands of traces that a drill brings along when it is opened: nobody looks at them here."""
    monkeypatch.setattr(TraceFeed, "catch_up", lambda feed, until: None)


def desk(data: Path, scenario: str = "injection-leak", **said: Any) -> Desk:
    """Return the desk of one command line."""
    unsaid = {"seed": None, "speed": None, "profile": None, "responder": None, "new": False}
    return Desk(Namespace(**{**unsaid, "data": str(data), "scenario": scenario, **said}))


@contextmanager
def shown(runner: DrillRunner | LiveRunner) -> Iterator[Snapshot]:
    """Look at a drill once and leave it where it is."""
    with closing(runner):
        snapshot = runner.snapshot()
        assert snapshot is not None
        yield snapshot


def opened(data: Path, scenario: str = "injection-leak", **said: Any) -> str:
    """Open a drill by name, leave it, and return its incident."""
    with shown(desk(data, scenario, **said).open_named()) as snapshot:
        return snapshot.state.incident


def test_a_drill_left_half_way_is_gone_on_with(tmp_path: Path) -> None:
    assert opened(tmp_path) == "INC-0001"
    assert opened(tmp_path) == "INC-0001"
    assert opened(tmp_path, new=True) == "INC-0002"
    assert opened(tmp_path) == "INC-0002", "the latest, not the first"
    assert desk(tmp_path).latest() == "INC-0002"


def test_the_latest_is_the_one_begun_last_whatever_night_it_plays(tmp_path: Path) -> None:
    for scenario in ("silent-model-update", "injection-leak", "cost-runaway"):
        opened(tmp_path, scenario)
    assert desk(tmp_path).latest() == "INC-0003"
    assert [run.incident for run in desk(tmp_path).load().runs] == ["INC-0003", "INC-0002", "INC-0001"]
    assert opened(tmp_path, "silent-model-update") == "INC-0001"


def test_another_seed_or_profile_is_another_drill(tmp_path: Path) -> None:
    assert opened(tmp_path) == "INC-0001"
    assert opened(tmp_path, seed=7) == "INC-0002"
    assert opened(tmp_path, seed=7, profile="s2") == "INC-0003"
    assert opened(tmp_path, seed=1) == "INC-0001"
    assert opened(tmp_path, profile="s2") == "INC-0003"


def test_a_file_of_the_same_name_is_another_drill(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text((SCENARIOS / "injection-leak.yaml").read_text())
    assert opened(tmp_path) == "INC-0001"
    assert opened(tmp_path, str(own)) == "INC-0002"
    assert opened(tmp_path, str(own)) == "INC-0002"


def test_speed_is_taken_when_going_on(tmp_path: Path) -> None:
    opened(tmp_path, speed=2.0)
    with shown(desk(tmp_path).open_named()) as snapshot:
        assert snapshot.speed == 2
    with shown(desk(tmp_path, speed=30.0).open_named()) as snapshot:
        assert snapshot.speed == 30


def test_one_terminal_drives_a_drill(tmp_path: Path) -> None:
    with (
        shown(desk(tmp_path).open_named()),
        pytest.raises(BadInput, match=r"INC-0001 is being played in another terminal \(process \d+\)"),
    ):
        desk(tmp_path).open_named()
    assert opened(tmp_path) == "INC-0001"


def test_what_the_home_screen_asks_for(tmp_path: Path) -> None:
    with shown(desk(tmp_path).start(NewDrill("cost-runaway", seed=3, profile="s3", speed=10.0))) as snapshot:
        state = snapshot.state
        assert (state.scenario, state.seed, state.profile, snapshot.speed) == ("cost-runaway", 3, "s3", 10)
    with shown(desk(tmp_path).resume("INC-0001")) as snapshot:
        assert snapshot.state.incident == "INC-0001"
    loaded = desk(tmp_path).load()
    assert {scenario.name for scenario in loaded.scenarios} >= {"injection-leak", "cost-runaway"}
    assert (loaded.runs[0].incident, loaded.runs[0].ended, loaded.problem) == ("INC-0001", False, "")
    assert {"default", "s0", "s2", "s3", "s4"} <= set(loaded.profiles)


def test_what_can_not_be_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="half-way"):
        desk(tmp_path).latest()
    opened(tmp_path)
    with pytest.raises(UnknownIncident, match="INC-0009"):
        desk(tmp_path).resume("INC-0009")
    for wrong in ({"seed": -1}, {"profile": "s9"}, {"speed": 99.0}):
        with pytest.raises(BadInput):
            opened(tmp_path, **wrong)
    with pytest.raises(BadInput):
        opened(tmp_path, "no-such-drill")


def test_a_drill_that_is_over_is_read_not_gone_on_with(cli: Cli) -> None:
    cli(*NOTHING)
    assert opened(cli.data) == "INC-0002"
    with shown(desk(cli.data).resume("INC-0001")) as snapshot:
        assert snapshot.state.ended
    assert cli("log", "verify", "INC-0001", "--json").json["events"] == len(desk(cli.data).events("INC-0001"))
    assert desk(cli.data).events("INC-0001")[-1].kind == "drill_ended"


def test_home_says_that_the_journal_is_damaged(played: Cli) -> None:
    (played.data / "journal.db").write_bytes(b"hello")
    loaded = desk(played.data).load()
    assert loaded.scenarios
    assert loaded.runs == ()
    assert "damaged" in loaded.problem
