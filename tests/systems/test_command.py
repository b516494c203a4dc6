"""`dev.py systems`: what is up stays up and is up once, and goes down whole; tests that use systems are marked."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.systems import RunningSystem, state
from tests.systems.__main__ import main
from tests.systems.cache import Recipe
from tests.systems.catalogue import CATALOGUE, Entry
from tests.systems.fixtures import pytest_collection_modifyitems
from tests.systems.processes import born
from tests.systems.running import launch
from tests.systems.test_parts import LINUX, tiny, writes

pytestmark = LINUX


def start_tiny(folder: Path, *, stay: bool = False) -> RunningSystem:
    """Start a small web server that another one needs."""
    below = folder / "below"
    below.mkdir()
    return launch(tiny(folder, stay=stay), {"admin": "a-token"}, (launch(tiny(below, stay=stay)),))


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue with one small system in it, and a cache of its own."""
    monkeypatch.setenv("COCKPIT_SYSTEMS_DIR", str(tmp_path / "cache"))
    monkeypatch.setitem(CATALOGUE, "tiny", Entry(start_tiny, lambda: (Recipe("tiny", "1", 1, writes),)))
    yield
    state.down("tiny")


def test_up_twice_is_the_same_and_down_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "tiny"]) == 0
    first = capsys.readouterr().out
    known = state.load("tiny")
    assert known
    assert known.alive
    assert main(["up", "tiny"]) == 0
    assert capsys.readouterr().out == first
    assert known.url in first
    assert "a-token" in first
    pids = [pid for one in known.processes for pid in one.kept.pids]
    assert len(pids) == 4
    assert main(["down", "tiny"]) == 0
    assert not any(map(born, pids))
    assert state.load("tiny") is None


def test_a_system_of_which_a_part_has_ended_is_brought_up_anew() -> None:
    known = state.up("tiny")
    known.processes[-1].kept.end()
    again = state.up("tiny")
    assert again.alive
    assert {one.pid for one in again.processes}.isdisjoint(one.pid for one in known.processes)
    assert not any(one.kept.alive for one in known.processes)


def test_a_stranger_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    with launch(tiny(tmp_path)) as stranger:
        known = state.up("tiny")
        file = state.run_folder("tiny") / state.STATE
        content = json.loads(file.read_text("utf-8"))
        content["processes"][0]["pid"] = stranger.kept.pid
        file.write_text(json.dumps(content), "utf-8")
        state.down("tiny")
        assert stranger.kept.alive
        known.processes[0].kept.end()


def test_tokens_are_for_us_alone() -> None:
    state.up("tiny")
    assert stat.S_IMODE((state.run_folder("tiny") / state.STATE).stat().st_mode) == 0o600


def test_installing_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "tiny"]) == 0
    assert "not installed" in capsys.readouterr().out
    assert main(["install", "tiny"]) == 0
    assert "tiny-1" in capsys.readouterr().out
    assert main(["status", "tiny"]) == 0
    assert "not installed" not in capsys.readouterr().out
    state.up("tiny")
    assert main(["status", "tiny"]) == 0
    assert "up " in capsys.readouterr().out


def test_an_unknown_system_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "tiny", "nginx"]) == 2
    said = capsys.readouterr().err
    assert "nginx" in said
    assert "unleash" in said
    assert state.load("tiny") is None


def test_tests_that_use_systems_are_marked(request: pytest.FixtureRequest) -> None:
    class Stub(pytest.Item):
        fixturenames = ("tmp_path", "litellm_db", "phoenix", "unleash")

        def runtest(self) -> None:
            """Do nothing."""

    item = Stub.from_parent(request.node.parent, name="stub")
    item.add_marker(pytest.mark.timeout(30))
    pytest_collection_modifyitems([item])
    limit = item.get_closest_marker("timeout")
    group = item.get_closest_marker("xdist_group")
    assert limit
    assert limit.kwargs == {"timeout": 30, "func_only": True}
    assert group
    assert group.args == ("litellm-db",)
    assert item.get_closest_marker("integration")
