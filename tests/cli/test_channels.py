"""`cockpit channels`: says where updates go, and sends a test only when told so."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cockpit_adapters.webhook.fake import FakeReceiver

from cockpit.cli import run
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.journal.log import Journal
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


def posted_and_refused(capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    """Open a real incident with an update that its channel refused; return its id and the update's line."""
    assert run(["open", "wrong orders", "--json"]) == 0
    incident = str(json.loads(capsys.readouterr().out)["incident"])
    now = WallClock().now()
    update = {"audience": "team", "state": "investigating", "text": "We look into it."}
    path = Path(os.environ["COCKPIT_DATA_DIR"]) / "journal.db"
    with closing(Journal.open(path, clock=WallClock())) as journal:
        last = journal.events(incident)[-1].seq
        place = {"update": last + 1, "channel": "room", "attempt": "a1"}
        lines = [
            NewEvent(Kind.UPDATE_POSTED, now, "ada", payload=update),
            NewEvent(Kind.UPDATE_SENDING, now, "courier", Source.SYSTEM, {**place, "wait_s": 6.0}),
            NewEvent(Kind.UPDATE_DELIVERY_FAILED, now, "courier", Source.SYSTEM, {**place, "reason": "no [b]room"}),
        ]
        journal.append(incident, lines, expected_seq=last)
    return incident, last + 1


def test_what_did_not_arrive_is_told_and_sent_again_on_somebodys_word(
    fake: FakeReceiver, capsys: pytest.CaptureFixture[str]
) -> None:
    incident, update = posted_and_refused(capsys)
    assert run(["channels", "sent", incident, "--json"]) == 1
    [row] = json.loads(capsys.readouterr().out)
    assert (row["update"], row["channel"], row["stage"], row["reason"]) == (update, "room", "refused", "no [b]room")
    assert run(["channels", "retry", incident, str(update), "legal"]) == 1
    assert "never sent" in capsys.readouterr().out
    assert run(["channels", "retry", incident, str(update), "room", "--as", "ada"]) == 0
    assert [one["text"] for one in fake.taken.values()] == ["We look into it."]
    capsys.readouterr()
    assert run(["channels", "sent", incident]) == 0
    assert "delivered" in capsys.readouterr().out
