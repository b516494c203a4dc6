"""`cockpit channels`: says where updates go, and sends a test only when told so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cockpit_adapters.webhook.fake import FakeReceiver

from cockpit.cli import run
from tests.adapters.served import Served


@pytest.fixture
def fake() -> FakeReceiver:
    """A receiver."""
    return FakeReceiver()


@pytest.fixture(autouse=True)
def wired(fake: FakeReceiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cockpit.toml with one channel that works and one that does not."""
    with Served(fake) as served:
        systems = {
            "hook": {"adapter": "webhook", "url": served.url, "token": "env:HOOK"},
            "lost": {"adapter": "webhook", "url": served.url, "token": "env:NOWHERE"},
        }
        channels = {
            "room": {"system": "hook", "audiences": ["team"]},
            "gone": {"system": "lost", "audiences": ["legal"]},
        }
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        monkeypatch.setenv("COCKPIT_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("HOOK", "hook-t0ken")
        monkeypatch.setenv("COCKPIT_SYSTEMS", json.dumps(systems))
        monkeypatch.setenv("COCKPIT_CHANNELS", json.dumps(channels))
        yield


def test_a_list_tells_which_can_be_used_and_sends_nothing(
    fake: FakeReceiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["channels", "list", "--json"]) == 1
    rows = {row["channel"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["room"]["problem"] == ""
    assert "NOWHERE" in rows["gone"]["problem"]
    assert fake.asked == []


def test_a_test_is_sent_with_yes_alone(fake: FakeReceiver, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "test", "room"]) == 2
    assert fake.asked == []
    assert run(["channels", "test", "room", "--yes"]) == 0
    (taken,) = fake.taken.values()
    assert taken["test"] is True
    assert taken["headline"].startswith("TEST")
    assert "hook-t0ken" not in capsys.readouterr().out


def test_an_unknown_channel_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "test", "rom", "--yes"]) == 2
    assert "room" in capsys.readouterr().err


def test_one_that_cannot_be_used_says_why(fake: FakeReceiver, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "test", "gone", "--yes"]) == 1
    assert "NOWHERE" in capsys.readouterr().err
    assert fake.asked == []
