"""Every command that touches the journal, with the journal in PostgreSQL; and with a database that is not there."""

from __future__ import annotations

import threading
import time
from argparse import Namespace
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cockpit.cli.alerts.seen import lock_of, opener_of
from cockpit.cli.desk import Desk
from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput, JournalUnreachable
from cockpit.intake.alerts.model import Alert
from cockpit.journal.log import Journal
from cockpit.live.alerts.desk import AlertDesk, Kinship
from cockpit.settings import Settings
from cockpit.tui.ports import NewDrill
from tests.cli.command import ACME, Cli
from tests.journal.servers import server
from tests.systems.postgres_crash import CrashingPostgres

__all__ = ["server"]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

TITLE = "it shows other people's orders"


@pytest.fixture
def database(server: CrashingPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own, named by a reference to a file."""
    url = server.database(f"d{abs(hash(str(tmp_path))) % 10**12}")
    secret = tmp_path / "database"
    secret.write_text(url, "utf-8")
    secret.chmod(0o600)
    monkeypatch.setenv("COCKPIT_DATABASE_URL", f"file:{secret}")
    return url


@pytest.mark.usefixtures("database")
def test_an_incident_that_one_folder_opens_is_there_in_another(cli: Cli, tmp_path: Path) -> None:
    assert "Nothing has been played" in cli("status").out
    assert cli("alerts", "list").code == 0
    assert cli("open", TITLE, "--json").json == {"incident": "INC-0001"}
    cli.data = tmp_path / "another host"
    assert [one["incident"] for one in cli("status", "--json").json] == ["INC-0001"]
    assert TITLE in cli("status", "INC-0001").out
    assert TITLE in cli("log", "show", "INC-0001").out
    assert cli("log", "verify", "INC-0001", "--json").json["ok"]
    assert not (tmp_path / "data" / "journal.db").exists()


@pytest.mark.usefixtures("database")
def test_a_drill_is_played_scored_and_verified_as_on_a_file(cli: Cli, played: Cli) -> None:
    there = cli("drill", "injection-leak", "--headless", "--script", str(ACME), "--json")
    assert there.code == 0
    again = cli("score", there.json["incident"], "--json").json
    assert again["total"] == there.json["total"]
    assert cli("log", "verify", there.json["incident"]).code == 0


def test_the_doctor_asks_the_database(cli: Cli, server: CrashingPostgres, database: str) -> None:
    cli("open", TITLE, "--json")

    def said(what: str) -> str:
        found = cli("doctor", "--json").json["findings"]
        return next(str(one["verdict"]) for one in found if (one["area"], one["what"]) == ("journal", what))

    assert (said("database"), said("append-only"), said("clocks")) == ("fine", "fine", "fine")
    server.sql("ALTER TABLE cockpit.event DISABLE TRIGGER USER", database.rpartition("/")[2])
    assert said("append-only") == "wrong"
    server.relay.refusing = True
    server.relay.cut()
    try:
        assert said("database") == "wrong"
    finally:
        server.relay.heal()


def test_without_an_answer_every_command_says_so_and_never_the_password(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, code in (("postgresql://ada:hunter2@127.0.0.1:9/x", 1), ("mysql://ada:hunter2@db/x", 2)):
        monkeypatch.setenv("COCKPIT_DATABASE_URL", url)
        for command in (
            ("status",), ("log", "show", "INC-0001"), ("log", "verify", "INC-0001"), ("open", TITLE, "--json"),
            ("attach", "INC-0001"), ("score", "INC-0001"), ("doctor",),
        ):  # fmt: skip
            answer = cli(*command)
            assert answer.code == (1 if command == ("doctor",) else code), command
            assert "hunter2" not in answer.out + answer.err, command
            assert answer.err or command == ("doctor",)


@pytest.mark.usefixtures("database")
def test_a_drill_is_played_on_one_machine_at_a_time(tmp_path: Path) -> None:
    def desk(host: str) -> Desk:
        return Desk(Namespace(data=str(tmp_path / host), responder="ada", profile=None, speed=None))

    playing = desk("one").start(NewDrill("injection-leak"))
    incident = playing.snapshot().state.incident  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="another machine"):
        desk("two").resume(incident)
    playing.close()
    desk("two").resume(incident).close()


def firing(number: int) -> Alert:
    """Return an alert on a service of its own."""
    return Alert(
        source="alertmanager", key=f"k{number}", delivery=f"d{number}", status="firing", title=f"t{number}",
        service=f"s{number}", started=datetime.now(UTC),
    )  # fmt: skip


def test_alerts_that_come_while_the_database_is_away_are_sent_again_and_recorded_once(
    database: str, tmp_path: Path, server: CrashingPostgres
) -> None:
    journal = Journal.connect(database, tmp_path / "host", clock=WallClock())
    lock = lock_of(None, journal)  # type: ignore[arg-type]
    desk = AlertDesk(journal, lock, opener_of(Settings(responder="ada")), WallClock(), Kinship())
    desk.place([firing(1)])
    server.relay.lose_answer_to = b"COMMIT"
    assert desk.place([firing(2)]).accepted == 1
    server.relay.swallowing = True
    for _ in range(2):
        with pytest.raises(JournalUnreachable):
            desk.place([firing(3)])
    server.relay.heal()
    end = time.monotonic() + 10
    while journal.lost:
        assert time.monotonic() < end
        with suppress(JournalUnreachable):
            desk.place([firing(3)])
        time.sleep(0.1)
    assert desk.place([firing(number) for number in (1, 2, 3)]).repeated == 3
    assert sorted(line.title for line in journal.incidents()) == ["t1", "t2", "t3"]
    journal.close()


def test_two_receivers_on_two_hosts_open_one_incident_for_one_alert(database: str, tmp_path: Path) -> None:
    settings = Settings(responder="ada")
    journals = [Journal.connect(database, tmp_path / f"h{number}", clock=WallClock()) for number in range(3)]
    desks = [
        AlertDesk(one, lock_of(None, one), opener_of(settings), WallClock(), Kinship())  # type: ignore[arg-type]
        for one in journals
    ]
    for number in range(5):
        threads = [threading.Thread(target=desk.place, args=([firing(number)],)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(line.title for line in journals[0].incidents()) == [f"t{number}" for number in range(5)]
    for journal in journals:
        journal.close()
