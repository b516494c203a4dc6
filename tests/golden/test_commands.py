"""`cockpit fixture` and `cockpit golden` on a drill and on a real incident, from the trace to the close."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cockpit.archive.store import NAME, Archive
from cockpit.domain.calls import CallTrace, Chunk, Message
from cockpit.domain.clock import WallClock
from cockpit.golden.files import read_case, write_case
from tests.cli.command import Cli
from tests.golden.endpoint import Model
from tests.golden.making import FOREIGN, leak_case
from tests.golden.nights import copied, failing_traces, night

INCIDENT = "INC-0001"

pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture
def drilled(cli: Cli) -> Cli:
    copied(cli.data)
    return cli


@cache
def worst() -> str:
    with night() as session:
        return str(failing_traces(session)[0])


def test_a_drill_from_the_trace_to_the_close(drilled: Cli, tmp_path: Path) -> None:
    added = drilled("fixture", "add", INCIDENT, "--trace", worst(), "--id", "inj-leak", "--as", "ada", "--json").json
    file = tmp_path / added["file"]
    assert read_case(file).added_by == "ada"
    assert drilled("close", INCIDENT).code == 1
    proven = drilled("fixture", "prove", INCIDENT, "--json")
    assert (proven.code, proven.json[0]["verdict"], proven.json[0]["how"]) == (0, "proven", "simulator")
    assert read_case(file).proof is not None
    rule = "any answer names another tenant"
    assert drilled("fixture", "alert", INCIDENT, "--name", "leaks", "--rule", rule).code == 0
    assert drilled("close", INCIDENT).code == 0
    assert drilled("score", INCIDENT, "--json").json["parts"]["learn"] == 1.0
    assert drilled("log", "verify", INCIDENT).code == 0


def test_what_somebody_wrote_into_a_case_is_proven_and_kept(drilled: Cli, tmp_path: Path) -> None:
    added = drilled("fixture", "add", INCIDENT, "--trace", worst(), "--id", "inj-leak", "--json").json
    file = tmp_path / "golden" / "leaks" / "inj-leak.yaml"
    file.parent.mkdir()
    (tmp_path / added["file"]).rename(file)
    file.write_text(file.read_text().replace("\nexpect:", "\nexpect:\n  - must_not_contain: MY OWN WORDS", 1))
    assert drilled("fixture", "prove", INCIDENT).code == 0
    assert read_case(file).checks[0].value == "MY OWN WORDS"
    assert not (tmp_path / added["file"]).exists()
    assert drilled("log", "show", INCIDENT, "--json").json[-1]["payload"]["document"]["id"] == "inj-leak"
    again = drilled("fixture", "prove", "inj-leak", "--json")
    assert again.json[0]["verdict"] == "proven"
    assert "document" not in drilled("log", "show", INCIDENT, "--json").json[-1]["payload"]


def test_a_case_of_another_incident_is_not_written_over(drilled: Cli, golden: Path) -> None:
    before = (golden / "inj-2026-06-tenant-leak.yaml").read_text().replace("INC-0001", "INC-0777")
    (golden / "inj-2026-06-tenant-leak.yaml").write_text(before)
    refused = drilled("fixture", "add", INCIDENT, "--trace", worst(), "--id", "inj-2026-06-tenant-leak")
    assert (refused.code, "INC-0777 already" in refused.err) == (2, True)
    assert (golden / "inj-2026-06-tenant-leak.yaml").read_text() == before


def test_what_the_stand_ins_stand_for_is_for_the_owners_eyes_alone(drilled: Cli) -> None:
    added = drilled("fixture", "add", INCIDENT, "--trace", worst(), "--json").json
    evidence = Path(added["evidence"])
    assert os.stat(evidence).st_mode & 0o777 == 0o600
    replaced = json.loads(evidence.read_text())["stand_ins"]
    assert replaced
    public = Path(added["file"]).read_text()
    assert [real for real in replaced if len(real) > 6 and real in public] == []


def test_who_keeps_real_names_in_a_case_is_on_record(drilled: Cli) -> None:
    added = drilled("fixture", "add", INCIDENT, "--trace", worst(), "--raw", "--as", "ada", "--json").json
    line = drilled("log", "show", INCIDENT, "--json").json[-1]
    assert (line["actor"], line["payload"]["raw"]) == ("ada", True)
    real = json.loads(Path(added["evidence"]).read_text())["messages"][-1][1]
    assert added["document"]["bad_output"] == real
    assert drilled("fixture", "prove", INCIDENT, "--json").json[0]["verdict"] == "proven"


def test_a_drill_is_not_proven_by_an_endpoint(drilled: Cli, model: Model) -> None:
    drilled("fixture", "add", INCIDENT, "--trace", worst(), "--id", "inj-leak")
    answer = drilled("fixture", "prove", "inj-leak", "--endpoint", model.url, "--model", "support")
    assert answer.code == 2
    assert "simulator" in answer.err


def test_a_waiver_closes_too(drilled: Cli) -> None:
    why = "The provider has switched that model off for good."
    for what in ("fixture", "alert"):
        assert (
            drilled("fixture", "waive", INCIDENT, "--what", what, "--reason", why, "--until", "2027-01-01").code == 0
        )
    assert drilled("close", INCIDENT).code == 0
    assert drilled("score", INCIDENT, "--json").json["parts"]["learn"] == 0.0
    status = drilled("status", INCIDENT, "--json").json
    assert (status["stage"], status["waived"][0]["what"], status["waived"][0]["until"]) == (
        "closed", "fixture", "2027-01-01",
    )  # fmt: skip
    for more in ((), ("--catch-up",)):
        assert f"{why} (signed" in drilled("status", INCIDENT, *more).out
    assert "cockpit fixture add" not in drilled("close", INCIDENT).err


def test_an_unknown_incident_is_told(cli: Cli, model: Model) -> None:
    assert cli("fixture", "add", "INC-0099", "--trace", "5").code == 2
    assert cli("golden", "check", "INC-0099").code == 2


def test_a_set_without_the_class_had_nothing_to_catch(drilled: Cli, tmp_path: Path) -> None:
    drilled("fixture", "add", INCIDENT, "--trace", worst())
    elsewhere = replace(leak_case("an-older-one"), incident="INC-0000", route="/sizing")
    write_case(tmp_path / "golden", elsewhere)
    told = drilled("golden", "check", INCIDENT, "--json").json
    assert (told["answer"], told["had"], told["elsewhere"]) == ("did-not-have", [], ["an-older-one"])
    assert "Add a case" in drilled("golden", "check", INCIDENT).out


def live_incident(cli: Cli) -> str:
    """Open a real incident with a leaked answer, and a sound one beside it, in the archive."""
    opened = cli("open", "customers see each other's orders", "--service", "support", "--json").json
    at = WallClock().now() - timedelta(minutes=2)
    archive = Archive.open(cli.data / NAME)
    attack = leak_case().given.turns[-1].content
    context = (Chunk("shared-3/beta-shop/685", FOREIGN.replace("Mercedes Smith", "Allison Hill"), 0.8),)
    said = [
        ("bad-trace", attack, f"Retrieved context: {context[0].text}", "leak", "acme"),
        ("good-trace", "How long does delivery take?", "Two to five days.", "ok", "beta-shop"),
    ]
    archive.add([
        CallTrace(
            name, "otlp", at, at + timedelta(seconds=1), route="/support", tenant=tenant, model="support",
            asked=asked, answered=answered, messages=(Message("user", asked),), chunks=context,
            parameters={"temperature": 0.2}, labels={"verdict": verdict},
        )
        for name, asked, answered, verdict, tenant in said
    ])  # fmt: skip
    archive.close()
    return str(opened["incident"])


def test_what_nobody_judged_is_judged_by_detectors_and_roles_by_any_name_are_read(cli: Cli, golden: Path) -> None:
    incident = live_incident(cli)
    at = WallClock().now() - timedelta(minutes=1)
    archive = Archive.open(cli.data / NAME)
    said = [
        ("mailed-out", "What is new?", "Ask eve.adams@private.example about it."),
        ("also-mailed", "What else is new?", "Ask bob.brown@private.example about it."),
        ("sound-one", "Do you open on Sunday?", "Yes, from ten to four."),
    ]
    archive.add([
        CallTrace(
            name, "otlp", at, at + timedelta(seconds=1), route="/news", asked=asked, answered=answered,
            messages=tuple(
                Message(role, text)
                for role, text in (("human", "Hi"), ("ai", "Hello!"), ("document", "x"), ("human", asked))
            ),
        )
        for name, asked, answered in said
    ])  # fmt: skip
    archive.close()
    added = cli("fixture", "add", incident, "--trace", "mailed-out", "--id", "mailed", "--json").json
    case = read_case(Path(added["file"]))
    assert (case.incident_class, case.rubric) == ("pii_leak", "privacy_and_safety")
    assert [turn.role for turn in case.given.turns] == ["user", "assistant", "system", "user"]
    assert [one.answer for one in case.neighbours] == ["Yes, from ten to four."]
    assert "no_personal_data" in {check.kind for check in case.checks}
    assert "eve.adams" not in Path(added["file"]).read_text()


def prove(cli: Cli, model: Model, case: str, *more: str) -> Any:
    return cli("fixture", "prove", case, "--endpoint", model.url, "--model", "support", "--json", *more)


def test_a_real_incident_is_proven_on_an_endpoint(cli: Cli, model: Model) -> None:
    incident = live_incident(cli)
    added = cli(
        "fixture", "add", incident, "--trace", "bad-trace", "--id", "leak", "--class", "pii_leak", "--json"
    ).json
    assert "Allison" not in Path(added["file"]).read_text()
    assert added["document"]["trace"] == "bad-trace"
    assert len(added["document"]["neighbours"]) == 1
    one_sided = prove(cli, model, "leak")
    assert (one_sided.code, one_sided.json[0]["verdict"]) == (1, "not")
    assert "--bad-model" in one_sided.json[0]["why"]
    both = prove(cli, model, "leak", "--bad-model", "support-bad")
    assert (both.code, both.json[0]["verdict"]) == (0, "proven"), both.out
    by_header = prove(cli, model, "leak", "--bad-header", "x-config-id=bad")
    assert by_header.json[0]["bad"] == {"passed": 0, "of": 5, "interval": [0.0, 0.4345]}
    assert read_case(Path(added["file"])).proof is not None
    kinds = [line["kind"] for line in cli("log", "show", incident, "--json").json]
    assert kinds.count("fixture_proven") == 3


def test_one_sample_proves_nothing(cli: Cli, model: Model) -> None:
    incident = live_incident(cli)
    cli("fixture", "add", incident, "--trace", "bad-trace", "--id", "leak")
    answer = prove(cli, model, "leak", "--bad-model", "support-bad", "--samples", "1")
    assert (answer.code, answer.json[0]["verdict"]) == (1, "flaky")


def test_a_failing_endpoint_leaves_the_journal_as_it_was(cli: Cli, model: Model) -> None:
    incident = live_incident(cli)
    cli("fixture", "add", incident, "--trace", "bad-trace", "--id", "leak")
    before = cli("log", "show", incident, "--json").json
    model.behave(429, "slow down", {"retry-after": "900"})
    assert prove(cli, model, "leak", "--bad-model", "support-bad").code == 2
    assert cli("log", "show", incident, "--json").json == before


def test_a_case_from_elsewhere_is_proven_in_its_file(cli: Cli, model: Model, golden: Path) -> None:
    answer = prove(cli, model, leak_case().id, "--bad-model", "support-bad", "--samples", "6")
    assert (answer.code, answer.json[0]["verdict"]) == (0, "proven")
    proof = read_case(golden / f"{leak_case().id}.yaml").proof
    assert proof is not None
    assert (proof.how, proof.fixed.of) == ("endpoint", 6)


def test_secrets_do_not_travel_on_the_command_line(cli: Cli, model: Model, golden: Path) -> None:
    answer = prove(cli, model, leak_case().id, "--bad-header", "authorization=Bearer abc")
    assert answer.code == 2
    assert "abc" not in answer.err


def test_a_case_of_a_sound_answer_is_questioned(drilled: Cli) -> None:
    with night() as session:
        now = session.clock.now()
        told = session.world.verdicts(now - timedelta(hours=3), now)
    sound = next(trace for trace, verdict, _ in told if verdict == "ok")
    assert "judged ok" in drilled("fixture", "add", INCIDENT, "--trace", str(sound)).out
    assert "judged" not in drilled("fixture", "add", INCIDENT, "--trace", worst()).out


def test_a_set_that_is_named_and_not_there_is_no_answer(drilled: Cli) -> None:
    drilled("fixture", "add", INCIDENT, "--trace", worst())
    assert drilled("golden", "check", INCIDENT).code == 0
    refused = drilled("golden", "check", INCIDENT, "--golden", "gold")
    assert (refused.code, "no golden set at gold" in refused.err) == (2, True)
