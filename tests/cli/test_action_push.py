"""`cockpit action push` and `cockpit actions-due`: items become tickets, and what is done there is done here."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cockpit_adapters.github.fake import FakeGitHub
from cockpit_adapters.jira.fake import FakeJira

from cockpit.cli.learn.papers import DeskPapers
from cockpit.cli.live import attach_live
from cockpit.domain.clock import ManualClock, WallClock
from cockpit.domain.events import Kind, NewEvent
from cockpit.errors import BadInput, WorldError
from cockpit.journal.log import Journal
from cockpit.world.specimen import Said
from tests.adapters.served import Served
from tests.cli.command import Cli
from tests.live.conftest import until

INCIDENT = "INC-0001"
TOKEN = "tracker-t0ken-9f1c"


@pytest.fixture
def github() -> FakeGitHub:
    """A repository."""
    return FakeGitHub()


@pytest.fixture
def jira() -> FakeJira:
    """A project."""
    return FakeJira()


@pytest.fixture
def cli(
    github: FakeGitHub, jira: FakeJira, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cli]:  # fmt: skip
    """A real incident after its all-clear, with an item of its own, and two trackers."""
    with Served(github) as code, Served(jira) as work:
        systems = {
            "code": {"adapter": "github", "url": code.url, "token": "env:TRACKER", "repository": "acme/ops"},
            "work": {"adapter": "jira", "url": work.url, "token": "env:TRACKER", "project": "OPS"},
            "page": {"adapter": "webhook", "url": work.url},
        }
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setenv("TRACKER", TOKEN)
        monkeypatch.setenv("COCKPIT_SYSTEMS", json.dumps(systems))
        cli = Cli(capsys, tmp_path / "data")
        over(cli.data)
        added = ("--text", "Tell jo@example.org and pin the model", "--owner", "ada", "--due", "2026-12-01")
        assert cli("action", "add", INCIDENT, *added).code == 0
        yield cli


def over(data: Path, mode: str = "live") -> None:
    """Write an incident whose all-clear was yesterday."""
    then = WallClock().now() - timedelta(days=1)
    data.mkdir(exist_ok=True)
    journal = Journal.open(data / "journal.db", clock=ManualClock(then))
    journal.open_incident([NewEvent(Kind.INCIDENT_OPENED, then, "ada", payload={"mode": mode, "title": "Leak"})])
    told = [
        NewEvent(Kind.ROLE_TAKEN, then, "ada", payload={"role": "ic"}),
        NewEvent(Kind.ALL_CLEAR_GIVEN, then, "ada"),
    ]
    journal.append("INC-0001" if mode == "live" else "INC-0002", told, expected_seq=1)
    journal.close()


def due(cli: Cli, *more: str) -> dict[str, list[dict[str, str]]]:
    """Return the tickets of what is left to do, by item."""
    return {row["item"]: row["tickets"] for row in cli("actions-due", "--json", *more).json}


def test_items_become_tickets_each_once(cli: Cli, github: FakeGitHub) -> None:
    rows = {row["item"]: row for row in cli("action", "push", INCIDENT, "--to", "code", "--json").json}
    assert {row["state"] for row in rows.values()} == {"made"}
    assert rows["A1"]["ticket"].startswith("#")
    count = github.applied
    assert count == len(rows) >= 3
    again = cli("action", "push", INCIDENT, "--to", "code")
    assert (again.code, github.applied) == (0, count)
    assert "already" in again.out


def test_one_item_can_be_named_and_goes_to_another_tracker_too(cli: Cli, github: FakeGitHub, jira: FakeJira) -> None:
    assert "A1 is #1 in code" in cli("action", "push", INCIDENT, "A1", "--to", "code").out
    assert "A1 is OPS-1 in work" in cli("action", "push", INCIDENT, "A1", "--to", "work").out
    assert (github.applied, jira.applied) == (1, 1)


def test_personal_data_stays_here_unless_somebody_says_so(cli: Cli, github: FakeGitHub) -> None:
    cli("action", "push", INCIDENT, "A1", "--to", "code")
    sent = json.dumps(github.issues[0])
    assert "jo@" not in sent
    assert "(email)" in sent
    assert "ada" in sent
    cli("action", "push", INCIDENT, "A1", "--to", "work", "--raw", "--as", "bob")
    line = [one for one in cli("log", "show", INCIDENT, "--json").json if one["kind"] == "ticket_sending"][-1]
    assert (line["actor"], line["payload"]["raw"]) == ("bob", True)


def test_what_is_done_there_is_done_here_and_told(cli: Cli, github: FakeGitHub) -> None:
    cli("action", "push", INCIDENT, "A1", "--to", "code")
    (row,) = due(cli)["A1"]
    assert (row["ticket"], row["there"]) == ("#1", "open")
    assert row["url"].startswith("https://")
    github.issues[0] |= {"state": "closed", "state_reason": "completed"}
    told = cli("actions-due")
    assert "done here too" in told.err
    assert "pin the model" not in told.out
    line = cli("log", "show", INCIDENT, "--json").json[-1]
    assert (line["kind"], line["actor"], line["payload"]["ticket"]) == ("action_done", "code", "#1")
    assert "A1" not in due(cli)


def test_what_was_dropped_there_stays_open_here(cli: Cli, github: FakeGitHub) -> None:
    cli("action", "push", INCIDENT, "A1", "--to", "code")
    github.issues[0] |= {"state": "closed", "state_reason": "not_planned"}
    assert "DROPPED" in due(cli)["A1"][0]["there"]


def test_an_item_with_two_tickets_is_done_when_one_is(cli: Cli, github: FakeGitHub, jira: FakeJira) -> None:
    for name in ("code", "work"):
        cli("action", "push", INCIDENT, "A1", "--to", name)
    assert [one["tracker"] for one in due(cli)["A1"]] == ["code", "work"]
    jira.close_issue("OPS-1", "Done")
    assert "OPS-1 in work" in cli("actions-due").err
    assert "A1" not in due(cli)


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_tracker_that_does_not_answer_hides_nothing(cli: Cli, github: FakeGitHub, status: int) -> None:
    cli("action", "push", INCIDENT, "--to", "code")
    asked = len(github.asked)
    github.said = Said(status, {"message": "no"})
    told = cli("actions-due", "--json")
    assert (told.code, len(told.json)) == (0, github.applied + 1)
    assert "can't be read" in told.err
    assert TOKEN not in told.err
    # A clear no is about one ticket; anything else is about all of them, and asked once with its repeats.
    assert len(github.asked) - asked == (github.applied if status == 404 else 1 if status == 401 else 3)


def test_offline_asks_nobody(cli: Cli, github: FakeGitHub) -> None:
    cli("action", "push", INCIDENT, "A1", "--to", "code")
    asked = len(github.asked)
    assert due(cli, "--offline")["A1"][0]["ticket"] == "#1"
    assert len(github.asked) == asked


def test_the_trackers_learn_what_is_done_here_and_where_the_postmortem_is(cli: Cli, github: FakeGitHub) -> None:
    cli("action", "push", INCIDENT, "A1", "--to", "code")
    cli("action", "done", INCIDENT, "A1", "--as", "bob")
    link = ("--link", "https://wiki.example.com/INC-0001")
    for _ in range(2):
        assert cli("action", "push", INCIDENT, "A1", "--to", "code", *link).code == 0
    said = [one["body"] for one in github.comments[1]]
    assert len(said) == 2
    assert any("bob" in one and "Done" in one for one in said)
    assert any("<https://wiki.example.com/INC-0001>" in one for one in said)


def test_a_refusal_is_told_and_tried_again_by_the_next_push(cli: Cli, github: FakeGitHub) -> None:
    github.said = Said(410, {"message": "Issues are disabled for this repo"})
    refused = cli("action", "push", INCIDENT, "A1", "--to", "code")
    assert refused.code == 1
    assert "Issues are disabled" in refused.out
    assert due(cli)["A1"][0]["there"].startswith("refused: POST")
    github.said = None
    assert cli("action", "push", INCIDENT, "A1", "--to", "code").code == 0


def test_an_unsure_push_ends_in_time_and_says_what_to_do(cli: Cli, github: FakeGitHub) -> None:
    github.said = Said(500, {"message": "oh"})
    unsure = cli("action", "push", INCIDENT, "A1", "--to", "code", "--wait", "0")
    assert unsure.code == 1
    assert "looked for first" in unsure.out
    assert github.applied == 0


def test_what_a_push_left_open_is_told_where_updates_are_and_tried_again_from_there(
    cli: Cli, github: FakeGitHub
) -> None:
    github.said = Said(410, {"message": "Issues are disabled"})
    cli("action", "push", INCIDENT, "A1", "--to", "code", "--wait", "0")
    told = cli("channels", "sent", INCIDENT, "--json")
    (row,) = told.json
    assert (told.code, row["channel"], row["stage"]) == (1, "code: ticket A1", "refused")
    assert "disabled" in row["reason"]
    github.said = None
    again = cli("channels", "retry", INCIDENT, str(row["update"]), row["channel"], "--json")
    assert (again.code, again.json["stage"], again.json["ref"]) == (0, "delivered", "#1")
    assert cli("channels", "sent", INCIDENT).code == 0
    assert "jo@" not in json.dumps(github.issues)
    assert cli("channels", "retry", INCIDENT, str(row["update"]), row["channel"]).code == 1
    assert github.applied == 1


@pytest.mark.integration
def test_whoever_sits_at_the_incident_brings_what_a_push_left_waiting(cli: Cli, github: FakeGitHub) -> None:
    github.said = Said(429, {"message": "slow down"}, {"retry-after": "1"})
    cli("action", "push", INCIDENT, "A1", "--to", "code", "--wait", "0")
    assert cli("channels", "sent", INCIDENT, "--json").json[0]["stage"] == "waiting"
    github.said = None
    runner = attach_live(Namespace(responder="lin", data=str(cli.data)), INCIDENT)
    try:
        until(lambda: github.applied == 1)
        until(lambda: runner.session.state.learning.tickets[0].ticket == "#1")
    finally:
        runner.close()
    assert cli("channels", "sent", INCIDENT).code == 0
    assert github.applied == 1


def test_the_only_tracker_without_its_token_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("action", "push", INCIDENT, "A1", "--to", "code").code == 0
    table = {"adapter": "github", "token": "env:NOWHERE", "repository": "acme/ops"}
    monkeypatch.setenv("COCKPIT_SYSTEMS", json.dumps({"code": table}))
    assert "NOWHERE" in cli("action", "push", INCIDENT).err
    told = cli("actions-due", "--json")
    assert told.code == 0
    assert "NOWHERE" in told.err


def test_a_tracker_that_is_away_costs_patience_once(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, github: FakeGitHub
) -> None:
    table = {"adapter": "github", "url": "http://127.0.0.1:9", "token": "env:TRACKER", "repository": "acme/ops"}
    monkeypatch.setenv("COCKPIT_SYSTEMS", json.dumps({"code": table}))
    away = cli("action", "push", INCIDENT, "--wait", "0")
    assert away.code == 1
    assert len(away.out.splitlines()) >= 3
    assert "unknown" not in away.out
    assert all(one["there"].startswith("waiting") for rows in due(cli).values() for one in rows)
    assert github.asked == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((INCIDENT,), "several trackers"), ((INCIDENT, "--to", "nowhere"), "no tracker 'nowhere'"),
        ((INCIDENT, "--to", "page"), "code, work"), ((INCIDENT, "A9", "--to", "code"), "A1"),
        ((INCIDENT, "--to", "code", "--link", "wiki"), "no address"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_apart(cli: Cli, github: FakeGitHub, arguments: tuple[str, ...], told: str) -> None:
    answer = cli("action", "push", *arguments)
    assert answer.code == 2
    assert told in answer.err
    assert github.applied == 0


def test_a_drill_makes_no_tickets(cli: Cli, github: FakeGitHub) -> None:
    over(cli.data, "drill")
    answer = cli("action", "push", "INC-0002", "--to", "code")
    assert answer.code == 2
    assert "drill" in answer.err
    assert github.asked == []


def test_the_screen_makes_a_ticket_in_the_only_tracker(
    cli: Cli, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = DeskPapers(Namespace(data=str(cli.data)))
    with pytest.raises(BadInput, match="several"):
        papers.track(INCIDENT, "A1")
    systems = json.loads(os.environ["COCKPIT_SYSTEMS"])
    monkeypatch.setenv("COCKPIT_SYSTEMS", json.dumps({"code": systems["code"]}))
    item = next(one for one in papers.track(INCIDENT, "A1").items if one.id == "A1")
    assert item.tickets == (("#1", "code", github.issues[0]["html_url"]),)
    github.said = Said(410, {"message": "Issues are disabled"})
    with pytest.raises(WorldError, match="disabled"):
        papers.track(INCIDENT, "fixture")


def test_the_postmortem_shows_the_ticket(cli: Cli) -> None:
    cli("action", "push", INCIDENT, "A1", "--to", "work")
    text = cli("postmortem", INCIDENT).out
    assert "OPS-1" in text
    assert "/browse/OPS-1" in text
    assert cli("postmortem", INCIDENT, "--format", "html").code == 0
