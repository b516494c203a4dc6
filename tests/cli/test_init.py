"""`cockpit init`: what it writes can be used, by itself and by the adapters it is written for."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.cli import run
from cockpit.errors import BadInput
from cockpit.live.interview.guests import ELSEWHERE, OTHERS
from cockpit.live.interview.interview import ROLES, check, interview, variables
from cockpit.live.interview.questions import Question, accept, adapters
from cockpit.paths import find_paths
from cockpit.settings import read_settings
from cockpit.world.contract import Capability, Controls, Meter
from cockpit.world.fleet import Fleet, connect
from cockpit.world.planner import PREVIOUS
from cockpit.world.registry import BUILT_IN
from tests.cli.command import Cli
from tests.examples import examples

FILE = Path("cockpit.toml")
ALL = [(role, name) for role in ROLES for name in adapters(role)]


def asked(**said: str) -> str:
    """Return what is written when this is answered, and the usual to everything else."""
    answers = {key.replace("__", "."): value for key, value in said.items()}
    return interview(lambda question: accept(question, answers.get(question.key, "")))


def fleet(text: str) -> Fleet:
    """Connect the systems of a text, with a secret for everything; nothing is sent."""
    live = read_settings(text, FILE).live
    return connect(live, lambda _: "sk-1234567890", lambda: datetime(2026, 1, 1, tzinfo=UTC))


def settings_file() -> Path:
    """Return where cockpit.toml is written."""
    return find_paths(os.environ).settings_file


def uncommented(text: str) -> str:
    """Take the # from lines that are settings."""
    return re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)


def test_every_adapter_of_the_cockpit_can_be_chosen() -> None:
    chosen = {name for _, name in ALL} | set(adapters(OTHERS)) | ELSEWHERE
    assert chosen >= set(BUILT_IN)


@pytest.mark.parametrize(("role", "name"), ALL)
def test_what_is_written_is_understood_by_the_adapter(role: str, name: str) -> None:
    text = asked(**{role: name})
    check(text, FILE)
    live, systems = read_settings(uncommented(text.partition("# A drill on your")[0]), FILE).live, fleet(text)
    assert not [str(one.problem) for one in systems.members.values() if one.problem]
    assert live.levers
    for lever in live.levers.values():
        controls = systems.controls(lever.system)
        control = controls.control(lever.control)
        if lever.target != PREVIOUS and control.capability is not Capability.PROMPT:
            controls.parse(lever.control, lever.target)
    if live.canary:
        assert systems.controls(live.canary.system).control(live.canary.control).capability is Capability.CANARY
    for signal in live.signals.values():
        meter = systems.member(signal.system).system
        assert isinstance(meter, Meter)
        assert signal.measure in meter.measures()
    systems.close()


def test_all_together_load_and_name_each_lever_once() -> None:
    text = asked(gateway="litellm_hook", flags="unleash", prompts="mlflow", providers="openai, anthropic,google",
                 service__people="ada, bo")  # fmt: skip
    check(text, FILE)
    live = read_settings(text, FILE).live
    assert live.levers["kill_switch"].system == "flags"
    assert "# [levers.kill_switch]\n" in text
    assert {"gateway", "flags", "prompts", "openai-status", "google-status"} < set(live.systems)
    assert live.service.people == ["ada", "bo"]
    assert live.probes["chat"].url == "http://127.0.0.1:4000/v1/chat/completions"
    assert variables(text) == ["LITELLM_ADMIN_KEY", "MLFLOW_PASSWORD", "PROBE_KEY", "UNLEASH_TOKEN"]


@pytest.mark.parametrize("name", ["braintrust", "langsmith"])
def test_a_source_of_traces_is_one_at_once(name: str) -> None:
    text = asked(**{"others": name, f"{name}__project": "support-bot"})
    check(text, FILE)
    assert read_settings(text, FILE).traces.sources == [name]


def test_every_system_that_can_be_set_has_controls() -> None:
    systems = fleet(asked(gateway="portkey", flags="flagd", prompts="phoenix"))
    assert all(isinstance(one.system, Controls) for one in systems.members.values())


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_answered_comes_back_as_it_was_said(approver: str, flag: str) -> None:
    try:
        text = asked(service__approver=approver, flags="flagd", flags__flag=flag, service__name="{approver} {name}")
    except BadInput:
        assert not (approver.strip() + flag.strip()).isprintable()
        return
    live = read_settings(text, FILE).live
    assert live.service.name == "{approver} {name}"
    assert live.service.approver == ("" if approver.strip().lower() == "none" else approver.strip())
    assert live.levers["kill_switch"].control == f"flag:{flag.strip() or 'answers'}"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("url", "ftp://x"),
        ("url", "https://ada:hunter2@host"),
        ("url", "http://example.com"),
        ("secret", "sk-hunter2"),
        ("secret", "hunter2"),
        ("secret", "COCKPIT_TOKEN"),
        ("number", "0"),
        ("number", "-1"),
        ("number", "hunter2"),
        ("yes", "hunter2"),
        ("choice", "hunter2"),
        ("choices", "a,hunter2"),
        ("text", "x\x1b[2J"),
        ("text", "x" * 301),
    ],
)
def test_an_answer_that_can_not_be_used_is_not_repeated(kind: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        accept(Question("k", "?", kind=kind, choices=("a", "b")), said)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_written_for_oneself_alone_and_never_over_another(cli: Cli) -> None:
    assert cli("init", "--yes").code == 0
    assert settings_file().stat().st_mode & 0o777 == 0o600
    before = settings_file().read_text()
    refused = cli("init", "--yes", "--gateway", "litellm")
    assert refused.code == 2
    assert "--force" in refused.err
    assert settings_file().read_text() == before
    assert cli("init", "--yes", "--gateway", "litellm", "--force").code == 0
    assert "[systems.gateway]" in settings_file().read_text()


def test_printed_only(cli: Cli) -> None:
    answer = cli("init", "--yes", "--print", "--gateway", "litellm", "--url", "https://gw.example.com/")
    assert tomllib.loads(answer.out)["systems"]["gateway"]["url"] == "https://gw.example.com/"
    assert not settings_file().exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--gateway", "litelm"), "Did you mean litellm?"),
        (("--gateway", "litellm", "--url", "nonsense"), "looks like https://"),
        (("--url", "https://a"), "nothing asks for gateway.url"),
        (("--answer", "flags"), "KEY=VALUE"),
        (("--flags", "unleash", "--answer", "flags.token=hunter2"), "never the secret itself"),
        (("--flags", "unleash", "--answer", "flags.tokn=A"), "Did you mean flags.token?"),
    ],
)
def test_a_wrong_word_is_told_and_nothing_is_written(cli: Cli, words: tuple[str, ...], told: str) -> None:
    answer = cli("init", "--yes", *words)
    assert answer.code == 2
    assert told in answer.err
    assert "hunter2" not in answer.err
    assert not settings_file().exists()


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Put lines where the keyboard is."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_asked_again_until_it_can_be_used(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "shop", "ada, by pager", "", "", "none", "flagdd", "flagd", "/f.json", "", "maybe", "yes",
          "none", "", "", "none")  # fmt: skip
    answer = cli("init")
    assert answer.code == 0
    assert "Did you mean flagd?" in answer.err
    said: dict[str, Any] = tomllib.loads(settings_file().read_text())
    assert said["systems"] == {"flags": {"adapter": "flagd", "file": "/f.json", "staging": True}}
    assert said["service"] == {"name": "shop", "approver": "ada, by pager"}


def test_answers_that_end_too_early_leave_nothing_behind(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "shop")
    answer = cli("init")
    assert answer.code == 2
    assert "--yes" in answer.err
    assert not settings_file().parent.exists()


def test_an_interrupt_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def readline(self) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    assert run(["init"]) == 130
    assert not settings_file().parent.exists()


def test_from_init_to_a_doctor_who_is_content(cli: Cli, tmp_path: Path) -> None:
    flags = tmp_path / "flags.json"
    flag = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on"}
    flags.write_text(json.dumps({"flags": {"answers": flag}}))
    words = ("--flags", "flagd", "--answer", f"flags.file={flags}", "--approver", "ada", "--fallback", "the form")
    assert cli("init", "--yes", *words).code == 0
    told = cli("doctor", "--json")
    assert [one for one in told.json["findings"] if one["verdict"] == "wrong"] == []
    assert told.code == 0
    assert [(one["lever"], one["current"], one["target"]) for one in told.json["levers"]] == [
        ("kill_switch", "on", "off")
    ]


def test_from_init_to_a_doctor_who_names_what_is_missing(cli: Cli) -> None:
    assert cli("init", "--yes", "--gateway", "litellm", "--flags", "unleash").code == 0
    told = cli("doctor", "--json")
    assert told.code == 1
    missing = [one["detail"] for one in told.json["findings"] if one["what"] == "secret"]
    assert [one.partition(" (")[0] for one in missing] == [
        "the variable LITELLM_ADMIN_KEY is not set", "the variable UNLEASH_TOKEN is not set"
    ]  # fmt: skip
