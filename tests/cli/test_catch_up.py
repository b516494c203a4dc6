"""`cockpit status --catch-up`: the pack as Markdown."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Cli


def test_a_joiner_reads_the_night_as_markdown(cli: Cli, night: Path) -> None:
    answer = cli.plain("status", "INC-0001", "--catch-up", "--data", str(night))
    assert answer.code == 0
    assert answer.out.startswith("# INC-0001: catch-up\n")
    assert "- **severity**: SEV1, called by" in answer.out
    told = cli.plain("status", "INC-0001", "--catch-up", "--json", "--data", str(night)).json
    assert "who" in {line["name"] for line in told}


def test_a_pack_is_of_one_incident(cli: Cli) -> None:
    answer = cli("status", "--catch-up")
    assert answer.code == 2
    assert "name the incident" in answer.err


def test_the_pack_as_it_stood_at_a_moment(cli: Cli, night: Path) -> None:
    then = cli.plain("status", "INC-0001", "--catch-up", "--at", "02:17", "--data", str(night)).out
    assert "- **lever**" not in then
    assert "all-clear" not in then
    assert "ack 2026-06-12 02:14 UTC" in then
    wrong = cli.plain("status", "INC-0001", "--catch-up", "--at", "soon", "--data", str(night))
    assert (wrong.code, "no moment" in wrong.err) == (2, True)
    assert cli.plain("status", "INC-0001", "--at", "02:17", "--data", str(night)).code == 2
