"""`cockpit page` and `cockpit pagers`: somebody is woken once, only when it is said, and what came of it is told."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.pagerduty.fake import FakePagerDuty

from cockpit.cli import run
from cockpit.cli.live import attach_live
from cockpit.domain.events import Kind
from tests.adapters.served import Served
from tests.live.conftest import until

KEY = "pd-5ecret-t0ken"


@pytest.fixture
def fake() -> FakePagerDuty:
    """An account."""
    return FakePagerDuty()


@pytest.fixture(autouse=True)
def wired(fake: FakePagerDuty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cockpit.toml with pagers that work and one that does not."""
    with Served(fake) as served:
        systems = {
            "pd": {"adapter": "pagerduty", "url": served.url, "token": "env:PD", "routing_key": "env:PD",
                   "user": FakePagerDuty.USER, "service": "PSVC001"},
            "lost": {"adapter": "pagerduty", "url": served.url, "routing_key": "env:NOWHERE"},
        }  # fmt: skip
        pagers = {
            "oncall": {"system": "pd", "sources": ["pagerduty"]},
            "dba": {"system": "pd", "target": "user:PDBA1"},
            "gone": {"system": "lost"},
        }
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        monkeypatch.setenv("COCKPIT_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("PD", KEY)
        monkeypatch.setenv("COCKPIT_SYSTEMS", json.dumps(systems))
        monkeypatch.setenv("COCKPIT_PAGERS", json.dumps(pagers))
        yield


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Run a command; return its exit code and what it printed as JSON."""
    code = run([*arguments, "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else None


def opened(capsys: pytest.CaptureFixture[str]) -> str:
    """Open an incident."""
    return str(told(capsys, "open", "answers leak orders", "--as", "ada")[1]["incident"])


def test_a_page_wakes_once_and_says_so(fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]) -> None:
    incident = opened(capsys)
    code, answer = told(capsys, "page", incident, "--to", "dba", "--note", "The database is slow.", "--yes")
    assert (code, answer["stage"], answer["pager"]) == (0, "done", "dba")
    assert answer["url"].startswith("https://acme.pagerduty.com/")
    made = fake.incidents[answer["ref"]]
    assert made["title"] == f"[{incident}] answers leak orders (service): The database is slow."
    assert fake.applied == 1
    code, log = told(capsys, "log", "show", incident)
    kinds = [line["kind"] for line in log if "page" in line["kind"]]
    assert kinds == ["page_asked", "pager_asked", "pager_done"]
    assert KEY not in json.dumps(log)


def test_where_another_terminal_drives_it_sends_the_page_and_the_command_tells(
    fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = opened(capsys)
    driver = attach_live(Namespace(responder="lin"), incident)
    try:
        until(lambda: driver.drives)
        code, answer = told(capsys, "page", incident, "--to", "oncall", "--note", "Come.", "--yes")
        assert driver.drives
        assert driver.ask(lambda: any(one.kind is Kind.PAGER_DONE for one in driver.session.log)).result(20)
    finally:
        driver.close()
    assert (code, answer["stage"]) == (0, "done")
    assert fake.applied == 1


def test_nobody_is_woken_without_yes_or_by_a_name_nobody_has(
    fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = opened(capsys)
    assert run(["page", incident, "--to", "dba"]) == 2
    code, answer = told(capsys, "page", incident, "--to", "nobody", "--yes")
    assert code == 1
    assert "oncall, dba, gone" in answer["reason"]
    assert fake.applied == 0


def test_a_pager_that_cannot_be_used_is_told_as_waiting(
    fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = told(capsys, "page", opened(capsys), "--to", "gone", "--yes", "--wait", "0.5")
    assert (code, answer["stage"]) == (3, "waiting")
    assert "NOWHERE" in answer["reason"]
    assert fake.applied == 0


def test_a_drill_wakes_nobody(fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]) -> None:
    run(["drill", "injection-leak", "--headless", "--policy", "nothing", "--json"])
    capsys.readouterr()
    assert run(["page", "INC-0001", "--to", "dba", "--yes"]) == 2
    assert fake.applied == 0


def test_a_list_tells_who_can_be_woken_and_wakes_nobody(
    fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows = told(capsys, "pagers", "list")
    found = {row["pager"]: row for row in rows}
    assert code == 1
    assert found["oncall"]["does"] == ["acknowledge", "note", "page", "resolve"]
    assert found["dba"]["wakes"] == "user:PDBA1"
    assert "NOWHERE" in found["gone"]["problem"]
    assert fake.asked == []
    run(["pagers", "list"])
    assert "can be used" in capsys.readouterr().out


def test_who_is_on_call_is_told(fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = told(capsys, "pagers", "on-call", "oncall")
    assert code == 0
    assert [(row["level"], row["who"], row["until"]) for row in rows] == [
        (1, "Ada Lovelace", "2026-11-21T08:00Z"), (2, "Grace Hopper", None),
    ]  # fmt: skip
    assert run(["pagers", "on-call"]) == 1, "one can't be asked"
    assert "Ada Lovelace" in capsys.readouterr().out
    assert fake.applied == 0


def test_a_test_wakes_with_yes_alone_and_is_ended(fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pagers", "test", "oncall"]) == 2
    assert fake.applied == 0
    for _ in range(2):
        assert run(["pagers", "test", "oncall", "--yes"]) == 0
    titles = [one["title"] for one in fake.incidents.values() if one["title"].startswith("TEST")]
    assert len(titles) == 1
    assert run(["pagers", "test", "oncall", "--over"]) == 0
    assert {one["status"] for one in fake.incidents.values() if one["title"] in titles} == {"resolved"}
    assert KEY not in capsys.readouterr().out


def test_the_doctor_knows_pagers(fake: FakePagerDuty, capsys: pytest.CaptureFixture[str]) -> None:
    code, diagnosis = told(capsys, "doctor")
    found = {(one["subject"], one["what"]): one for one in diagnosis["findings"] if one["area"] == "pagers"}
    assert code == 1
    assert found["oncall", "wired"]["verdict"] == "fine"
    assert found["gone", "usable"]["verdict"] == "wrong"
    assert fake.applied == 0
