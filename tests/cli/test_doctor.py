"""The doctor: what it says of systems that work, and of each way in which one does not."""

from __future__ import annotations

import socket
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.live.history import Practice
from cockpit.live.preflight import practised
from cockpit.world.options import LiveOptions
from tests.cli.command import Cli
from tests.cli.examined import GRADES, about, examined, lines, wrong
from tests.cli.toy_team import Team
from tests.live.toys import changing, make_system, serving


def test_systems_that_are_well_are_ready_and_left_as_they_are(cli: Cli, team: Team) -> None:
    before = team.file.read_bytes()
    answer = examined(cli, team)
    assert wrong(answer) == []
    assert about(answer, "levers", "kill_switch", "plan")["detail"].startswith("on → off")
    assert about(answer, "levers", "revert_prompt", "plan")["detail"].startswith("v3 → v2")
    assert about(answer, "levers", "kill_switch", "on the wire")["detail"].startswith("8 of 8")
    assert team.file.read_bytes() == before
    assert not cli.data.exists()


def test_the_answer_keeps_its_shape(cli: Cli, team: Team) -> None:
    answer = examined(cli, team)
    assert set(answer.json) == {"ready", "findings", "levers"}
    assert {tuple(one) for one in answer.json["findings"]} == {
        ("area", "subject", "what", "verdict", "detail", "next_step")
    }
    assert {one["verdict"] for one in answer.json["findings"]} <= GRADES
    assert answer.json["levers"][0] == {
        "lever": "kill_switch", "system": "toy", "address": "flag:answers", "staging": False, "current": "on",
        "target": "off", "practised_at": None, "stored_s": None, "observed_s": None,
    }  # fmt: skip


def test_nothing_set_up_is_not_ready_and_names_the_way(cli: Cli) -> None:
    answer = cli("doctor", "--json")
    assert wrong(answer) == [("systems", "", "systems"), ("levers", "kill_switch", "wired")]
    assert "cockpit init" in about(answer, "systems", "", "systems")["next_step"]


@pytest.mark.parametrize(
    ("table", "what", "told"),
    [
        ({"adapter": "tyo", "file": "x"}, "adapter", "Did you mean"),
        ({"adapter": "toy"}, "options", "file"),
        ({"adapter": "toy", "file": "x", "colour": "red"}, "options", "colour"),
        ({"adapter": "toy", "file": "x", "token": "env:TOY_TOKEN"}, "secret", "TOY_TOKEN is not set"),
        ({"adapter": "toy", "file": "x", "token": "s3cr3t-itself"}, "options", "named, not written"),
    ],
)
def test_one_broken_system_is_named_and_the_rest_is_looked_at(
    cli: Cli, team: Team, table: dict[str, Any], what: str, told: str
) -> None:
    team.tables["systems"]["other"] = table
    answer = examined(cli, team)
    assert wrong(answer) == [("systems", "other", what)]
    found = about(answer, "systems", "other", what)
    assert told in found["detail"] + found["next_step"]
    assert f"{team.settings_file}:" in found["detail"]
    assert "s3cr3t" not in answer.out + answer.err
    assert about(answer, "levers", "kill_switch", "plan")["verdict"] == "fine"


def test_a_secret_that_is_there_is_never_shown(cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_TOKEN", "hunter2")
    team.tables["systems"]["toy"]["token"] = "env:TOY_TOKEN"
    answer = examined(cli, team)
    assert wrong(answer) == []
    assert about(answer, "systems", "toy", "secret")["detail"] == "env:TOY_TOKEN is there"
    assert "hunter2" not in answer.out + cli("doctor").out


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_real_adapter_that_is_not_reached_is_told_in_time(
    cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "hunter2")
    team.tables["systems"]["flags"] = {
        "adapter": "unleash", "url": f"http://127.0.0.1:{free_port()}", "token": "env:GATEWAY_TOKEN", "deadline_s": 1,
    }  # fmt: skip
    team.tables["levers"]["disable_tool"] = {"system": "flags", "control": "flag:tool@production"}
    begun = time.monotonic()
    answer = examined(cli, team)
    assert time.monotonic() - begun < 15
    assert {one[:2] for one in wrong(answer)} == {("systems", "flags"), ("levers", "disable_tool")}
    assert "hunter2" not in answer.out + answer.err


def test_a_system_that_hangs_is_given_up_on(cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.live.toys import ToySystem

    monkeypatch.setattr(ToySystem, "check", lambda *_: time.sleep(30))
    team.tables["systems"]["toy"]["deadline_s"] = 0.2
    answer = examined(cli, team)
    assert wrong(answer) == [("systems", "toy", "looked at")]
    assert "no answer within" in about(answer, "systems", "toy", "looked at")["detail"]


def test_an_adapter_that_breaks_is_a_finding(cli: Cli, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.live.toys import ToySystem

    def broken(*_: object) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr(ToySystem, "expectation", broken)
    monkeypatch.setattr(ToySystem, "measure", broken)
    answer = examined(cli, team)
    assert ("signals", "toy", "looked at") in wrong(answer)
    assert "hunter2" not in answer.out


@pytest.mark.parametrize(
    ("change", "expected", "told"),
    [
        ({"system": "nowhere"}, "wired", "there is no system 'nowhere'"),
        ({"control": "lamp:1"}, "address", "flag:NAME"),
        ({"proof": {"probe": "chta"}}, "proof", "there is no probe 'chta'"),
        ({"choices": ["bright"], "control": "share:answers", "target": "0"}, "choices", "could not convert"),
    ],
)
def test_a_lever_that_is_wired_wrongly_is_a_finding(
    cli: Cli, team: Team, change: dict[str, Any], expected: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cockpit.errors import BadInput
    from tests.live.toys import ToySystem

    whole = ToySystem.parse

    def strict(self: ToySystem, address: str, text: str) -> Any:
        try:
            return whole(self, address, text)
        except ValueError as problem:
            raise BadInput(str(problem)) from None

    monkeypatch.setattr(ToySystem, "parse", strict)
    team.tables["levers"]["kill_switch"] |= change
    answer = examined(cli, team)
    assert [one for one in wrong(answer) if one[0] == "levers"][:1] == [("levers", "kill_switch", expected)]
    found = about(answer, "levers", "kill_switch", expected)
    assert told in found["detail"]


def test_no_version_before_the_current_one_is_wrong(cli: Cli, team: Team) -> None:
    with changing(team.file) as state:
        state["values"]["prompt:support"] = "v1"
    answer = examined(cli, team)
    assert wrong(answer) == [("levers", "revert_prompt", "plan")]
    assert "no version before v1" in about(answer, "levers", "revert_prompt", "plan")["detail"]


def test_a_lever_that_stands_at_its_target_is_warned_of(cli: Cli, team: Team) -> None:
    with changing(team.file) as state:
        state["values"]["flag:answers"] = False
    answer = examined(cli, team)
    assert about(answer, "levers", "kill_switch", "plan")["verdict"] == "warning"


def test_answers_that_carry_something_else_are_wrong(cli: Cli, team: Team, tmp_path: Path) -> None:
    other = make_system(tmp_path / "other.json", flag_answers=False, prompt_support="v3")
    with serving(other) as url:
        team.tables["probes"]["chat"]["url"] = url
        answer = examined(cli, team)
    assert wrong(answer) == [("levers", "kill_switch", "on the wire")]
    assert "0 of 8" in about(answer, "levers", "kill_switch", "on the wire")["detail"]


def test_a_proof_that_holds_before_the_pull_proves_nothing(cli: Cli, team: Team) -> None:
    proof = {"carrier": "header:x-toy-flag-answers", "expect": ["true"]}
    team.tables["levers"]["kill_switch"]["proof"] = proof
    assert wrong(examined(cli, team)) == [("levers", "kill_switch", "on the wire")]
    proof["expect"] = ["false"]
    assert wrong(examined(cli, team)) == []
    proof["carrier"] = "header:x-tier"
    assert about(examined(cli, team), "levers", "kill_switch", "on the wire")["verdict"] == "warning"


def test_a_probe_nobody_answers_is_wrong_and_one_of_a_range_is_not(cli: Cli, team: Team) -> None:
    address = f"127.0.0.1:{free_port()}"
    team.tables["probes"]["chat"]["url"] = f"http://{address}"
    assert wrong(examined(cli, team)) == [("wire", "chat", "probe")]
    team.tables["range"] = {"front": address}
    answer = examined(cli, team)
    assert wrong(answer) == []
    assert about(answer, "levers", "kill_switch", "proof")["verdict"] == "note"


def test_half_configured_is_warned_of_line_by_line(cli: Cli, team: Team) -> None:
    for name in ("service", "probes", "signals", "canary"):
        del team.tables[name]
    answer = examined(cli, team)
    assert wrong(answer) == []
    warned = {(one["area"], one["subject"], one["what"]) for one in lines(answer, "warning")}
    assert warned >= {
        ("people", "", "fallback"), ("people", "", "approver"), ("people", "", "people"),
        ("levers", "kill_switch", "proof"), ("canary", "", "wired"), ("signals", "", "harm"),
        ("providers", "", "status feeds"), ("practice", "kill_switch", "practised"),
    }  # fmt: skip


def test_a_range_that_begins_with_a_lever_nobody_wired(cli: Cli, team: Team) -> None:
    team.tables["range"] = {"start": {"kill_switch": "on", "pin_model": "v1"}}
    assert [one["subject"] for one in lines(examined(cli, team), "warning") if one["what"] == "range"] == [
        "pin_model"
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"system": "nowhere"}, "there is no system"),
        ({"measure": "badd"}, "Did you mean bad?"),
        ({"threshold": 10}, "on the wrong side"),
    ],
)
def test_a_signal_that_can_not_be_relied_on(cli: Cli, team: Team, change: dict[str, Any], told: str) -> None:
    team.tables["signals"]["error_pct"] |= change
    answer = examined(cli, team)
    found = about(answer, "signals", "error_pct", "measured")
    assert found["verdict"] in ("wrong", "warning")
    assert told in found["detail"] + found["next_step"]


def test_settings_that_can_not_be_read_are_one_finding(cli: Cli, team: Team) -> None:
    team.tables["levers"]["kil_switch"] = team.tables["levers"].pop("kill_switch")
    answer = examined(cli, team)
    assert wrong(answer) == [("settings", "", "readable")]
    found = about(answer, "settings", "", "readable")
    assert "Did you mean kill_switch?" in found["next_step"]


def test_settings_that_others_may_write_are_warned_of(cli: Cli, team: Team) -> None:
    team.write()
    team.settings_file.chmod(0o666)
    assert about(cli("doctor", "--json"), "settings", "", "file")["verdict"] == "warning"


def test_an_unknown_profile_is_wrong_and_the_rest_is_looked_at(cli: Cli, team: Team) -> None:
    team.tables = {"profile": "s9", **team.tables}
    assert wrong(examined(cli, team)) == [("settings", "", "profile")]


def test_a_folder_that_can_not_be_written_is_wrong(cli: Cli, team: Team) -> None:
    cli.data.mkdir()
    (cli.data / "journal.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    assert ("journal", "", "writable") in wrong(examined(cli, team))


def test_what_was_really_pulled_is_practice(cli: Cli, team: Team) -> None:
    team.write()
    assert cli("open", "a drill of the kill switch", "--json").code == 0
    for verb in ("pull", "undo"):
        assert cli("lever", verb, "kill_switch", "--yes", "--json").json["stored"]
    answer = cli("doctor", "--json")
    assert wrong(answer) == []
    line = answer.json["levers"][0]
    assert 0 <= line["stored_s"] < 10
    assert datetime.fromisoformat(line["practised_at"]) <= WallClock().now()
    assert about(answer, "practice", "kill_switch", "practised")["detail"].endswith("not seen on the wire")
    assert "never pulled" in about(answer, "practice", "revert_prompt", "practised")["detail"]


def live(**levers: str) -> LiveOptions:
    """Return settings with levers on systems."""
    wired = {name: {"system": system, "control": "x"} for name, system in levers.items()}
    return LiveOptions.model_validate({"levers": wired})


@pytest.mark.parametrize(
    ("days", "system", "took", "grade", "told"),
    [
        (1, "flags", 3.0, "fine", "on the wire after 3.0 s"),
        (91, "flags", 3.0, "warning", "91 days ago"),
        (1, "old", 3.0, "warning", "never on flags"),
        (1, "flags", 61.0, "warning", "61.0 s"),
        (1, "flags", None, "warning", "not seen on the wire"),
    ],
)
def test_what_was_practised_and_how_long_it_took(
    days: int, system: str, took: float | None, grade: str, told: str
) -> None:
    now = WallClock().now()
    last = Practice("kill_switch", system, now - timedelta(days=days), "INC-0001", 1.0, took, False)
    (found,) = practised(live(kill_switch="flags"), {"kill_switch": last}, now)
    assert (str(found.grade), told in found.detail) == (grade, True)


def test_a_lever_that_takes_two_says_so_and_one_person_alone_is_a_warning(cli: Cli, team: Team) -> None:
    team.tables["levers"]["kill_switch"]["people"] = 2
    assert "takes two people" in about(examined(cli, team), "levers", "kill_switch", "plan")["detail"]
    team.tables["service"]["people"] = ["ada"]
    found = about(examined(cli, team), "people", "", "approval")
    assert (found["verdict"], "only ada is named" in found["detail"]) == ("warning", True)
    assert found["next_step"]
