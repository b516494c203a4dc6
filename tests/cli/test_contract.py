"""The commands that other tools hold the cockpit to: their names, flags, JSON shapes and exit codes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from cockpit.cli import run
from cockpit.domain.events import GENESIS
from tests.cli.command import NOTHING, SCENARIOS, Cli, unfit

PARTS = {"outcome", "comms", "severity", "diagnosis", "levers", "order", "learn", "command"}
TIMES = {
    "onset", "signal", "page", "ack", "declare", "severity_set", "class_set", "freeze", "first_lever", "contained",
    "verified", "all_clear", "postmortem_done", "fixture_done",
}  # fmt: skip
ACTIONS = {
    "acknowledge": set(),
    "declare": set(),
    "set_severity": {"severity"},
    "set_class": {"class"},
    "set_layer": {"layer"},
    "answer": {"question", "answer"},
    "freeze_evidence": set(),
    "pull_lever": {"lever"},
    "undo_lever": {"lever"},
    "take_role": {"role"},
    "hand_over_role": {"role", "to"},
    "post_update": {"audience", "state", "text"},
    "pin_trace": {"trace"},
    "open_canary": {"percent"},
    "widen_canary": {"percent"},
    "note": {"text"},
    "all_clear": set(),
}
"""The names scripts may rely on, with the arguments that must be there."""


def test_the_score_has_the_shape_of_the_contract(played: Cli) -> None:
    score = played("score", "INC-0001", "--json").json
    assert list(score) == [
        "format", "incident", "scenario", "seed", "profile", "total", "parts", "gates", "times", "harm", "evidence",
        "journal",
    ]  # fmt: skip
    assert (score["format"], score["incident"], score["scenario"]) == (
        "cockpit.score/1",
        "INC-0001",
        "injection-leak",
    )
    assert (score["seed"], score["profile"]) == (1, "default")
    assert 0 <= score["total"] <= 100
    assert set(score["parts"]) == PARTS == set(score["evidence"])
    assert all(value is None or 0 <= value <= 1 for value in score["parts"].values())
    assert score["parts"]["learn"] is None
    assert set(score["times"]) == TIMES
    assert set(score["harm"]) == {"unit", "yours", "nothing", "reference"}
    assert set(score["journal"]) == {"events", "head"}


def test_the_times_of_the_acme_night_are_those_of_the_script(played: Cli) -> None:
    times = played("score", "INC-0001", "--json").json["times"]
    assert times["page"] == 0
    assert times["onset"] < 0
    assert (times["ack"], times["severity_set"], times["first_lever"]) == (20, 70, 240)
    assert times["all_clear"] == 51 * 60
    assert times["first_lever"] <= times["contained"] < times["verified"] < times["all_clear"]
    assert times["postmortem_done"] is times["fixture_done"] is None


def test_every_point_rests_on_lines_of_the_journal(played: Cli) -> None:
    score = played("score", "INC-0001", "--json").json
    seqs = {event["seq"] for event in played("log", "show", "INC-0001", "--json").json}
    assert all(set(rests_on) <= seqs for rests_on in score["evidence"].values())
    assert all(score["evidence"][part] for part, value in score["parts"].items() if value)


def test_score_equals_what_the_headless_play_printed(cli: Cli) -> None:
    printed = cli(*NOTHING)
    again = cli("score", "INC-0001", "--json")
    assert printed.code == again.code == 0
    assert printed.out == again.out


def test_score_head_is_the_heads_of_log_and_status(played: Cli) -> None:
    score = played("score", "INC-0001", "--json").json["journal"]
    lines = played("log", "show", "INC-0001", "--json").json
    status = played("status", "INC-0001", "--json").json
    verdict = played("log", "verify", "INC-0001", "--json").json
    assert score["head"] == lines[-1]["hash"] == status["head"] == verdict["head"]
    assert score["events"] == len(lines) == status["events"] == verdict["events"]


def test_log_show_gives_whole_chained_lines(played: Cli) -> None:
    lines = played("log", "show", "INC-0001", "--json").json
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["prev"] for line in lines] == [GENESIS, *(line["hash"] for line in lines[:-1])]
    assert lines[0]["kind"] == "incident_opened"
    assert lines[0]["payload"]["scenario_text"] == (SCENARIOS / "injection-leak.yaml").read_text()
    assert all(datetime.fromisoformat(line["at"]).tzinfo for line in lines)


def test_log_show_for_people_gives_a_line_an_event(played: Cli) -> None:
    assert len(played("log", "show", "INC-0001").out.splitlines()) == len(
        played("log", "show", "INC-0001", "--json").json
    )


def test_log_verify_of_a_sound_journal(played: Cli) -> None:
    answer = played("log", "verify", "INC-0001")
    assert answer.code == 0
    assert "the chain holds" in answer.out


def test_status_of_one_and_of_all(played: Cli) -> None:
    one, every = played("status", "INC-0001", "--json").json, played("status", "--json").json
    assert every == [one]
    assert (one["stage"], one["severity"], one["class"], one["layer"]) == ("over", "SEV1", "pii_leak", "retrieval")
    assert one["roles"]["ic"] == "ada"
    assert "INC-0001" in played("status").out
    assert "SEV1" in played("status", "INC-0001").out


def test_an_empty_folder_is_no_error_until_something_is_asked_for(cli: Cli) -> None:
    assert (cli("status").code, cli("status", "--json").json) == (0, [])
    for command in (("status",), ("log", "show"), ("log", "verify"), ("score",), ("debrief",)):
        answer = cli(*command, "INC-0001")
        assert answer.code == 2
        assert "nothing has been played" in answer.err
    assert not cli.data.exists()


@pytest.mark.parametrize("command", [("status",), ("log", "show"), ("log", "verify"), ("score",), ("debrief",)])
@pytest.mark.parametrize("incident", ["INC-0002", "INC-1", "..", "", "\udcff", "INC-0001; DROP TABLE event"])
def test_an_unknown_incident_is_wrong_use(played: Cli, command: tuple[str, ...], incident: str) -> None:
    answer = played(*command, incident)
    if command == ("status",) and not incident:
        return
    assert answer.code == 2
    assert answer.out == ""


def test_actions_are_those_scripts_may_rely_on(cli: Cli) -> None:
    actions = {action["name"]: action for action in cli.plain("actions", "--json").json}
    for name, needed in ACTIONS.items():
        shape = actions[name]["arguments"]
        assert needed <= set(shape["properties"])
        assert set(shape.get("required", ())) <= needed
        assert shape["additionalProperties"] is False
    assert {"target", "scope"} <= set(actions["pull_lever"]["arguments"]["properties"])
    assert all(isinstance(action["keys"], list) and action["when"] for action in actions.values())
    assert "acknowledge" in cli.plain("actions").out


def test_scenario_list_and_show_hide_the_truth(cli: Cli) -> None:
    names = {one["name"] for one in cli.plain("scenario", "list", "--json").json}
    assert {"injection-leak", "cost-runaway", "silent-model-update"} <= names
    shown = cli.plain("scenario", "show", "injection-leak", "--json").json
    assert "truth" not in shown
    assert "reference" not in shown
    assert "truth" in cli.plain("scenario", "show", "injection-leak", "--truth", "--json").json
    assert all(name in cli.plain("scenario", "list").out for name in names)
    assert "injection-leak" in cli.plain("scenario", "show", "injection-leak").out


def test_scenario_schema_is_a_json_schema(cli: Cli) -> None:
    schema = cli.plain("scenario", "schema").json
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


def test_scenario_lint_of_those_that_are_shipped(cli: Cli) -> None:
    files = sorted(str(path) for path in SCENARIOS.glob("*.yaml"))
    answer = cli.plain("scenario", "lint", *files)
    assert (answer.code, len(answer.out.splitlines())) == (0, len(files))


def test_data_may_stand_before_and_behind_the_command(played: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(played.data)
    expected = played("status", "--json").json
    assert played.plain("--data", folder, "status", "--json").json == expected
    assert played.plain("status", "--json", "--data", folder).json == expected
    assert played.plain("--data", "/nowhere", "log", "verify", "INC-0001", "--data", folder).code == 0
    assert played.plain("status", "--json").json == []
    monkeypatch.setenv("COCKPIT_DATA_DIR", folder)
    assert played.plain("status", "--json").json == expected


def test_the_folder_of_a_drill_is_private(cli: Cli) -> None:
    cli(*NOTHING)
    assert cli.data.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in cli.data.rglob("*") if path.is_file()} == {0o600}


def test_without_a_terminal_the_screens_say_what_to_do(cli: Cli) -> None:
    for command in ((), ("drill", "injection-leak"), ("resume",)):
        answer = cli(*command)
        assert answer.code == 2
        assert "terminal" in answer.err


def test_help_and_version_are_fine(cli: Cli) -> None:
    assert cli.plain("--help").code == cli.plain("drill", "--help").code == cli.plain("--version").code == 0
    assert run(["log", "--help"]) == 0


@pytest.mark.usefixtures("few_what_ifs")
def test_a_debrief_in_a_file(played: Cli, tmp_path: Path) -> None:
    file = tmp_path / "debrief.md"
    assert played("debrief", "INC-0001", "-o", str(file)).code == 0
    assert file.read_text().startswith("# Debrief")
    assert unfit(file.read_text()) == []
    assert played("debrief", "INC-0001", "-o", str(tmp_path)).code == 2
