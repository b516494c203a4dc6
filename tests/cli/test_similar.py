"""`cockpit similar`: earlier incidents beside a new one, in words and as JSON."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.clock import WallClock
from cockpit.journal.log import Journal
from tests.cli.command import Cli
from tests.domain.events_for import leak_events


def test_an_old_leak_is_named_with_its_reasons(cli: Cli, tmp_path: Path) -> None:
    data = tmp_path / "team"
    journal = Journal.open(data / "journal.db", clock=WallClock())
    for events in (leak_events("first \x1b[31m"), leak_events("second")):
        journal.open_incident(events)
    journal.close()
    answer = cli.plain("similar", "INC-0002", "--data", str(data))
    assert answer.code == 0
    assert "INC-0001" in answer.out
    assert "same class: pii_leak" in answer.out
    assert "\x1b" not in answer.out
    told = cli.plain("similar", "INC-0002", "--json", "--data", str(data)).json
    (found,) = told["similar"]
    assert (found["id"], found["mode"], found["exercise"]) == ("INC-0001", "live", False)
    assert 0.35 <= found["score"] < 0.9
    assert {clue["clue"] for clue in found["why"]} >= {"class", "words of the page"}


def test_an_incident_that_is_not_there_is_told(cli: Cli, tmp_path: Path) -> None:
    assert cli("similar", "INC-0009").code == 2
