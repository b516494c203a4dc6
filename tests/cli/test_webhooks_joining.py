"""Alerts listed, incidents merged and split by command; both journals tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli.places import open_journal
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent
from cockpit.live.joining import Joiner
from tests.cli.command import Cli
from tests.cli.webhooks import SECRET, TOKEN, Receiver, receiving
from tests.intake.alert_bodies import alertmanager, leak


@pytest.fixture
def receiver(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on the folder of the command line, with two incidents: one of two alerts, one of one."""
    monkeypatch.setenv("AM_TOKEN", TOKEN)
    monkeypatch.setenv("PD_SECRET", SECRET)
    with receiving(cli.data) as found:
        found.alert(alertmanager(leak(), leak(fingerprint="b2")))
        found.alert(alertmanager(leak(fingerprint="c3", alertname="TooSlow"), groupKey="other"))
        yield found


def add(receiver: Receiver, incident: str, kind: Kind, **payload: Any) -> None:
    """Record one more line of an incident."""
    with open_journal(receiver.given) as journal:
        seq, _ = journal.head(incident)
        journal.append(incident, [NewEvent(kind, WallClock().now(), "ada", payload=payload)], expected_seq=seq)


def test_alerts_are_listed_with_their_incidents(receiver: Receiver, cli: Cli) -> None:
    rows = cli("alerts", "list", "--json").json
    assert {(row["alert"], row["incident"]) for row in rows} == {
        ("am/a1b2c3d4e5f60718", "INC-0001"), ("am/b2", "INC-0001"), ("am/c3", "INC-0002"),
    }  # fmt: skip
    assert "answers leak" in cli("alerts", "list").out
    add(receiver, "INC-0001", Kind.ALL_CLEAR_GIVEN)
    assert [row["alert"] for row in cli("alerts", "list", "--json").json] == ["am/c3"]
    assert len(cli("alerts", "list", "--all", "--json").json) == 3


def test_where_nothing_came_in_nothing_is_listed(cli: Cli) -> None:
    assert cli("alerts", "list", "--json").json == []
    assert cli("alerts", "list").code == 0


def test_a_merged_incident_is_over_and_points_to_the_other(receiver: Receiver, cli: Cli) -> None:
    answer = cli("incident", "merge", "INC-0002", "INC-0001", "--as", "ada", "--json")
    assert answer.json == {"merged": "INC-0002", "into": "INC-0001", "alerts": 1}
    gone, stays = receiver.state("INC-0002"), receiver.state("INC-0001")
    assert (gone.merged_into, gone.ended) == ("INC-0001", "merged into INC-0001")
    assert stays.absorbed == ("INC-0002",)
    assert "am/c3" in stays.alerts
    stages = {row["incident"]: row["stage"] for row in cli("status", "--json").json}
    assert stages == {"INC-0001": "paged", "INC-0002": "over"}
    again = receiver.alert(alertmanager(leak("resolved", "c3", alertname="TooSlow"), groupKey="other"))
    assert again["incidents"] == ["INC-0001"]


def test_an_incident_that_is_gone_is_not_merged_again(receiver: Receiver, cli: Cli) -> None:
    cli("incident", "merge", "INC-0002", "INC-0001")
    assert "goes on in INC-0001" in cli("incident", "merge", "INC-0002", "INC-0001").err
    assert cli("incident", "merge", "INC-0001", "INC-0002").code == 1
    assert cli("incident", "merge", "INC-0001", "INC-0001").code == 2
    assert cli("incident", "merge", "INC-0001", "INC-0099").code == 2


def test_an_incident_with_levers_in_force_is_not_ended(receiver: Receiver, cli: Cli) -> None:
    add(receiver, "INC-0002", Kind.LEVER_PULLED, op="L1", lever="kill_switch", target="off")
    add(receiver, "INC-0002", Kind.LEVER_APPLIED, op="L1", value="off")
    answer = cli("incident", "merge", "INC-0002", "INC-0001")
    assert (answer.code, "levers in force" in answer.err) == (1, True)
    assert not receiver.state("INC-0002").ended
    assert cli("incident", "merge", "INC-0001", "INC-0002").code == 0


def test_an_alert_gets_an_incident_of_its_own(receiver: Receiver, cli: Cli) -> None:
    assert cli("incident", "split", "INC-0001", "b2", "--as", "ada", "--json").json["incident"] == "INC-0003"
    assert list(receiver.state("INC-0001").alerts) == ["am/a1b2c3d4e5f60718"]
    fresh = receiver.state("INC-0003")
    assert (list(fresh.alerts), fresh.present, fresh.service) == (["am/b2"], ("ada",), "answers")
    (moved,) = [event for event in receiver.events("INC-0001") if event.kind is Kind.ALERT_MOVED]
    assert moved.get("to") == "INC-0003"
    assert receiver.events("INC-0003")[0].get("split_from") == "INC-0001"
    assert receiver.alert(alertmanager(leak("resolved", "b2")))["incidents"] == ["INC-0003"]
    assert receiver.alert(alertmanager(leak(fingerprint="b2")))["repeated"] == 1


@pytest.mark.parametrize(("key", "code"), [("am/b2", 0), ("a1b2", 0), ("nothing", 2), ("", 2)])
def test_an_alert_is_named_as_far_as_needed(receiver: Receiver, cli: Cli, key: str, code: int) -> None:
    assert cli("incident", "split", "INC-0001", key).code == code


def test_a_single_alert_is_not_split_off(receiver: Receiver, cli: Cli) -> None:
    assert cli("incident", "split", "INC-0002", "c3").code == 1
    assert receiver.incidents() == ["INC-0001", "INC-0002"]


class Cut:
    """A journal of which one append fails, as if the process had died there."""

    def __init__(self, journal: Any, after: int) -> None:
        self._journal = journal
        self._left = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> Any:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        return self._journal.append(incident, events, expected_seq=expected_seq)


def test_a_merge_cut_short_is_finished_by_doing_it_again(receiver: Receiver, cli: Cli) -> None:
    with open_journal(receiver.given) as journal, pytest.raises(KeyboardInterrupt):
        Joiner(Cut(journal, 1), WallClock(), "ada").merge("INC-0002", "INC-0001")
    assert receiver.state("INC-0001").absorbed == ("INC-0002",)
    assert cli("incident", "merge", "INC-0002", "INC-0001").code == 0
    assert [event.kind for event in receiver.events("INC-0001")].count(Kind.INCIDENT_ABSORBED) == 1
    assert receiver.state("INC-0002").merged_into == "INC-0001"


def test_a_split_cut_short_is_finished_by_doing_it_again(receiver: Receiver, cli: Cli, tmp_path: Path) -> None:
    from cockpit.cli.alerts.seen import opener_of
    from cockpit.settings import read_settings

    opener = opener_of(read_settings("", tmp_path / "cockpit.toml"))
    with open_journal(receiver.given) as journal, pytest.raises(KeyboardInterrupt):
        Joiner(Cut(journal, 0), WallClock(), "ada").split("INC-0001", "b2", opener)
    assert receiver.incidents()[-1] == "INC-0003"
    assert cli("incident", "split", "INC-0001", "b2", "--json").json["incident"] == "INC-0003"
    assert receiver.incidents() == ["INC-0001", "INC-0002", "INC-0003"]
    assert "am/b2" not in receiver.state("INC-0001").alerts


def test_a_drill_is_neither_merged_nor_split(played: Cli) -> None:
    assert played("incident", "split", "INC-0001", "x").code == 2
    assert played("incident", "merge", "INC-0001", "INC-0002").code == 2
