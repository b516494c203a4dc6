"""The doctor's own words: a table, colours and hints for people, and nothing hostile in them."""

from __future__ import annotations

import io
import re
import sys

import pytest

from cockpit.cli import run
from tests.cli.command import Cli
from tests.cli.toy_team import Team


def test_people_read_a_table_and_one_line(cli: Cli, team: Team) -> None:
    team.write()
    answer = cli("doctor")
    assert answer.code == 0
    assert re.search(r"^Ready: \d+ warnings\.$", answer.out, re.MULTILINE)
    assert "  fine     kill_switch: plan: on → off" in answer.out
    assert max(len(line) for line in answer.out.splitlines()) <= 118
    assert answer.err == ""


def test_hostile_names_and_values_are_made_harmless(cli: Cli, team: Team) -> None:
    nasty = "\u202e\x1b]0;x\x07[red]" + "z" * 2000
    team.tables["systems"][nasty] = {"adapter": nasty, "url": nasty}
    team.tables["service"] |= {"approver": nasty, "fallback": nasty, "people": [nasty]}
    team.tables["levers"]["kill_switch"]["control"] = nasty
    team.write()
    assert cli("doctor").code == cli("doctor", "--json").code == 1


def test_who_waits_at_a_terminal_is_told_and_nothing_of_it_stays(
    cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    team.write()
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run(["doctor", "--json", "--data", str(cli.data)]) == 0
    assert "looked at systems toy" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_what_is_wrong_stands_again_at_the_end_within_80_columns(
    cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    team.tables["levers"]["kill_switch"]["control"] = "nonsense"
    team.write()
    answer = cli("doctor")
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= 80
    end = lines[next(place for place, line in enumerate(lines) if line.startswith("Not ready: 1 wrong")) :]
    assert end[1].startswith("  ✖ levers, kill_switch: address: ")
    assert any(line.startswith("    → ") for line in end)
    assert "\x1b" not in answer.out


def test_a_terminal_gets_colours_and_who_wants_none_gets_none(
    cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown() -> str:
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        assert run(["doctor", "--data", str(cli.data)]) == 0
        return terminal.getvalue()

    team.write()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "  \x1b[32mfine\x1b[0m     toy" in shown()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shown()
