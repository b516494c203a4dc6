"""`cockpit init` and adapters of other packages: offered where they belong, asked about as usual or as they wish."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from cockpit.errors import BadInput
from cockpit.live.interview.interview import check, interview, variables
from cockpit.live.interview.questions import Question, accept, adapters
from cockpit.world import registry
from cockpit.world.contract import Capability, How, Tested
from cockpit.world.options import SystemOptions


class BoardOptions(SystemOptions):
    """What it needs besides."""

    workspace: str = Field()
    """The workspace of the switches."""
    shard: int = Field()
    """The number of the shard."""


class Switchboard:
    """A flag service of somebody's."""

    name = "switchboard"
    capabilities = frozenset({Capability.FLAG})
    tested = (Tested(How.CONTRACT, "its handbook"),)
    options: type[SystemOptions] = BoardOptions

    def connect(self, options: Any, place: Any) -> Any:
        """Never called here."""


class Recorder(Switchboard):
    """A system that only records."""

    name, options = "recorder", SystemOptions
    capabilities = frozenset({Capability.TRACES})


class Asking(Switchboard):
    """One that brings questions of its own."""

    name, options = "asking", SystemOptions
    questions = """
role = "flags"
title = "Asking"
system = '''
[systems.{name}]
adapter = "asking"
url = "https://{region}.asking.example.com"
token = "{token}"
staging = {staging}
'''
[[ask]]
key = "region"
question = "The region"
default = "eu"
[[ask]]
key = "token"
question = "The variable"
default = "ASKING_TOKEN"
kind = "secret"
[[piece]]
slot = "levers.kill_switch"
text = '''
[levers.kill_switch]
system = "{name}"
control = "switch:answers"
target = "off"
'''
"""


class Broken(Switchboard):
    """One whose questions nobody can read."""

    name, options, questions = "broken", SystemOptions, "role = "


class Crooked(Switchboard):
    """One whose questions lack what every question has."""

    name, options, questions = "crooked", SystemOptions, "role = 'flags'\nsystem = 'x'\n[[ask]]\nkind = 'text'"


Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what announces adapters as an installed package does."""

    def announce(*classes: type[Switchboard]) -> None:
        entries = [EntryPoint(one.name, f"{__name__}:{one.__name__}", registry.GROUP) for one in classes]
        monkeypatch.setattr(registry, "_announced", lambda: entries)

    return announce


def asked(**said: str) -> str:
    """Return what is written when this is answered, and the usual to everything else."""
    answers = {key.replace("__", "."): value for key, value in said.items()}
    return interview(lambda question: accept(question, answers.get(question.key, "")))


def test_one_is_offered_where_its_capability_belongs(install: Install) -> None:
    install(Switchboard, Recorder)
    assert "switchboard" in adapters("flags")
    assert "switchboard" not in adapters("gateway")
    assert "recorder" in adapters("others")


def test_the_usual_questions_and_what_its_options_must_have_make_a_table_it_takes(install: Install) -> None:
    install(Switchboard)
    text = asked(flags="switchboard", flags__url="https://sb.example.com", flags__token="SB_TOKEN",
                 flags__workspace='a "b"', flags__shard="7", flags__staging="yes")  # fmt: skip
    check(text, Path("cockpit.toml"))
    assert tomllib.loads(text)["systems"]["flags"] == {
        "adapter": "switchboard", "url": "https://sb.example.com", "token": "env:SB_TOKEN", "workspace": 'a "b"',
        "shard": 7, "staging": True,
    }  # fmt: skip
    assert variables(text) == ["SB_TOKEN"]
    assert '# [levers.kill_switch]\n# system = "flags"\n# control = "…"' in text


def test_what_an_option_is_for_is_the_question(install: Install) -> None:
    install(Switchboard)
    heard: list[Question] = []

    def ask(question: Question) -> str:
        heard.append(question)
        said = {"flags": "switchboard", "flags.workspace": "w", "flags.shard": "1"}
        return accept(question, said.get(question.key, ""))

    interview(ask)
    assert ("flags.workspace", "The workspace of the switches.") in [(one.key, one.text) for one in heard]


def test_neither_address_nor_token_need_be_there(install: Install) -> None:
    install(Recorder)
    text = asked(others="recorder")
    check(text, Path("cockpit.toml"))
    assert tomllib.loads(text)["systems"]["recorder"] == {"adapter": "recorder", "staging": False}


def test_trace_systems_of_the_cockpit_can_be_chosen_too() -> None:
    text = asked(others="braintrust", braintrust__token="BT_KEY", braintrust__project="support")
    check(text, Path("cockpit.toml"))
    found = tomllib.loads(text)["systems"]["braintrust"]
    assert (found["token"], found["project"], found["url"]) == ("env:BT_KEY", "support", "https://api.braintrust.dev")


def test_questions_of_its_own_are_asked_instead(install: Install) -> None:
    install(Asking)
    assert adapters("flags")["asking"] == "Asking"
    text = asked(flags="asking", flags__region="us")
    check(text, Path("cockpit.toml"))
    found = tomllib.loads(text)
    assert found["systems"]["flags"]["url"] == "https://us.asking.example.com"
    assert found["levers"]["kill_switch"]["control"] == "switch:answers"


def test_one_whose_questions_are_no_toml_is_asked_about_as_usual_and_it_says_so(install: Install) -> None:
    install(Broken)
    text = asked(flags="broken")
    check(text, Path("cockpit.toml"))
    assert "# Its own questions can't be read: " in text


def test_one_whose_questions_lack_something_is_named(install: Install) -> None:
    install(Crooked)
    with pytest.raises(BadInput, match="the questions that the adapter crooked brings can't be used"):
        asked(flags="crooked")


def test_one_that_can_not_be_imported_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = EntryPoint("gone", "no_such_package:Adapter", registry.GROUP)
    monkeypatch.setattr(registry, "_announced", lambda: [gone])
    assert "gone" not in {**adapters("flags"), **adapters("gateway"), **adapters("others")}
    assert asked()
