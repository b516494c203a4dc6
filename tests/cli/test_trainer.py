"""`cockpit trainer`: what a trainer reads and says, on a night that has been played."""

from __future__ import annotations

from argparse import Namespace

from cockpit.cli.places import open_journal
from cockpit.cli.trainer.steering import lines
from cockpit.drill.score.case import read_opening
from cockpit.drill.score.run import make_truth
from cockpit.drill.trainer.sight import sight
from tests.cli.command import NOTHING, Cli

STATIONS = ["1 classify", "2 triage", "3 mitigate", "4 command", "5 learn"]


def test_the_truth_stands_beside_what_was_called(played: Cli) -> None:
    told = played("trainer", "watch", "INC-0001").out
    assert "severity  SEV1  ✔" in told
    assert "A shared index without a tenant filter" in told
    assert "done      pull_lever at 04:00, by 04:00" in told
    whole = played("trainer", "watch", "INC-0001", "--json").json
    assert whole["score"] == played("score", "INC-0001", "--json").json
    assert whole["true"]["layer"].startswith("retrieval")


def test_watching_leaves_no_mark(played: Cli) -> None:
    before = played("log", "show", "INC-0001", "--json").out
    played("trainer", "watch", "INC-0001", "--once")
    assert played("log", "show", "INC-0001", "--json").out == before


def test_teams_side_by_side_in_one_folder(played: Cli) -> None:
    assert played(*NOTHING, "--as", "red").code == 0
    told = played("trainer", "compare").out
    assert "ada (INC-0001)" in told
    assert "red (INC-0002)" in told
    assert "called SEV1 at +1:10" in told
    assert "nobody called it" in told
    assert "share one night; from 5 on" in told
    (night,) = played("trainer", "compare", "blue=INC-0001", "INC-0002", "--json").json["nights"]
    assert [run["team"] for run in night["runs"]] == ["blue", "red"]
    assert list(night["runs"][0]["stations"]) == STATIONS


def test_teams_in_folders_of_their_own(played: Cli, cli: Cli) -> None:
    assert cli(*NOTHING).code == 0
    told = played.plain("trainer", "compare", f"blue={played.data}", f"red={cli.data}/INC-0001")
    assert told.code == 0
    assert "blue (INC-0001)" in told.out
    assert "red (INC-0001)" in told.out


def test_one_run_is_nothing_to_compare(played: Cli) -> None:
    answer = played("trainer", "compare", "INC-0001")
    assert answer.code == 2
    assert "name two runs or more" in answer.err


def test_a_drill_that_is_over_takes_no_orders(played: Cli) -> None:
    for verb, *more in (("pause",), ("resume",), ("speed", "2"), ("say", "hello"), ("end",)):
        answer = played("trainer", verb, "INC-0001", *more)
        assert answer.code != 0
        assert "over" in answer.err


def test_a_wrong_folder_is_told(cli: Cli) -> None:
    answer = cli("trainer", "compare", "nowhere/INC-0001", "INC-0002")
    assert answer.code == 2
    assert "nothing has been played" in answer.err


def test_a_small_terminal_shows_the_whole_of_it_in_short(played: Cli) -> None:
    with open_journal(Namespace(data=str(played.data)), read_only=True) as journal:
        events = journal.events("INC-0001")
    opening = read_opening(events)
    seen = sight(events, opening, make_truth(opening), events[-1].at)
    brief = lines(seen, brief=True)
    assert len(brief) < 24 < len(lines(seen))
    assert any("outcome 0.94" in line for line in brief)
    assert any("pull_lever 04:00" in line for line in brief)
