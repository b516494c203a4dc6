"""Wrong arguments and settings: one message, exit 2, and nothing that a terminal would obey."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.cli.parser.whole import build_parser
from tests.cli.command import NOTHING, ROOT, Cli, unfit

ESCAPES = "\x1b[2J\x1b]0;pwn\x07\x9b31m\u202e[red]"
HOSTILE = [ESCAPES, "\udcff\udcfe\udc9b", "x" * 5000, "[/]", "%s%n{0}", "'\"; rm -rf ~", "\n\n\r", "-" + ESCAPES]
PLAY = ("--headless", "--policy", "nothing")
PLACES: list[tuple[str, ...]] = [
    ("{}",),
    ("status", "{}"),
    ("status", "INC-0001", "{}"),
    ("status", "--{}"),
    ("log", "{}"),
    ("log", "show", "{}"),
    ("log", "verify", "{}", "--json"),
    ("score", "{}", "--json"),
    ("debrief", "{}"),
    ("scenario", "{}"),
    ("scenario", "show", "{}"),
    ("scenario", "lint", "{}"),
    ("scenario", "lint", "/nowhere/{}.yaml"),
    ("actions", "{}"),
    ("drill", "{}", *PLAY),
    ("drill", "/nowhere/{}.yaml", *PLAY),
    ("drill", "injection-leak", *PLAY, "--seed", "{}"),
    ("drill", "injection-leak", *PLAY, "--speed", "{}"),
    ("drill", "injection-leak", *PLAY, "--profile", "{}"),
    ("drill", "injection-leak", "--headless", "--policy", "{}"),
    ("drill", "injection-leak", "--headless", "--script", "{}"),
    ("drill", "injection-leak", "--headless", "--script", "/nowhere/{}"),
    ("resume", "{}"),
]


@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_hostile_arguments_are_told_harmless(played: Cli, place: tuple[str, ...]) -> None:
    for text in HOSTILE:
        answer = played(*[part.replace("{}", text) for part in place])
        assert answer.code == 2
        assert answer.out == ""
        assert len(answer.err) < 3000


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("golden", "cockpit golden: error: say which: run, check, lint"),
        ("golden rn", "cockpit golden: error: there is no 'rn' here; did you mean run?"),
        ("dril x", "cockpit: error: there is no 'dril' here; did you mean drill?"),
        ("score INC-0001 --jsn", "cockpit score: error: unrecognized arguments: --jsn; did you mean --json?"),
        ("scenario show", "cockpit scenario show: error: the following arguments are required: NAME|FILE"),
    ],
)
def test_a_wrong_word_is_told_by_the_command_it_was_said_to(cli: Cli, said: str, answer: str) -> None:
    told = cli(*said.split())
    assert (told.code, told.out) == (2, "")
    assert answer in told.err
    assert told.err.rstrip().endswith("--help` says more.")


def test_every_command_and_argument_is_explained() -> None:
    for path, parser in _parsers(build_parser(), "cockpit"):
        for action in parser._actions:
            named = action.option_strings or [str(action.metavar)]
            assert action.help or isinstance(action, _SubParsersAction), (path, named)


def _parsers(parser: ArgumentParser, path: str) -> Iterator[tuple[str, ArgumentParser]]:
    yield path, parser
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for word, below in action.choices.items():
                yield from _parsers(below.parser, f"{path} {word}")


def test_what_needs_a_screen_and_has_none_opens_no_incident(cli: Cli) -> None:
    told = cli("open", "answers are wrong")
    assert told.code == 2
    assert "Nothing was opened" in told.err
    assert cli("status", "--json").json == []


@pytest.mark.parametrize(
    "text",
    [*HOSTILE[:3], *(pytest.param(text, marks=pytest.mark.integration) for text in HOSTILE[3:7])],
    ids=range(7),
)
def test_a_hostile_data_folder(cli: Cli, tmp_path: Path, text: str) -> None:
    folder = str(tmp_path / text)
    for command in (("status",), ("log", "verify", "INC-0001"), NOTHING):
        answer = cli.plain(*command, "--data", folder)
        assert answer.code == (2 if len(text) > 255 or command[0] == "log" else 0)


@pytest.mark.parametrize("text", [HOSTILE[0], HOSTILE[1], "'\"; rm -rf ~", "x" * 64])
def test_a_hostile_name_is_kept_and_shown_harmless(cli: Cli, text: str) -> None:
    answer = cli(*NOTHING, f"--as={text}")
    if answer.code == 0:
        assert cli("log", "show", "INC-0001").code == cli("status", "INC-0001").code == 0
    else:
        assert answer.code == 2
        assert not cli.data.exists()


@pytest.mark.parametrize(
    ("place", "locale"),
    [
        (["status", b"\xff\x1b[2J"], "C"),
        pytest.param(["drill", b"\xfe.yaml", *PLAY], "C.UTF-8", marks=pytest.mark.integration),
        pytest.param([b"\x9b31m"], "C", marks=pytest.mark.integration),
        pytest.param(["log", "show", b"\xc3"], "C.UTF-8", marks=pytest.mark.integration),
    ],
    ids=["status", "drill", "nothing else", "log"],
)
def test_argv_that_is_no_text(tmp_path: Path, place: list[str | bytes], locale: str) -> None:
    """Bytes that are no UTF-8, in a locale that has no UTF-8."""
    command = [sys.executable, "-m", "cockpit", *place, "--data", str(tmp_path)]
    ended = subprocess.run(
        command, capture_output=True, cwd=ROOT, env={**os.environ, "LC_ALL": locale}, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert unfit(ended.stderr.decode()) == []
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("seed", ["-1", "1.5", "1e5", "ten", "", "9" * 30, "9" * 5000, str(2**63), "0x10", "nan"])
def test_a_seed_that_is_none(cli: Cli, seed: str) -> None:
    assert cli(*NOTHING, "--seed", seed).code == 2
    assert not cli.data.exists() or cli("status", "--json").json == []


@pytest.mark.parametrize("speed", ["0", "0.49", "-1", "61", "1000", "nan", "inf", "-inf", "1e999", "fast", ""])
def test_a_speed_that_is_none(cli: Cli, speed: str) -> None:
    assert cli(*NOTHING, f"--speed={speed}").code == 2
    assert not cli.data.exists()


@pytest.mark.parametrize("profile", ["s9", "../../etc/passwd", "/etc/passwd", ".", "DEFAULT", ""])
def test_a_profile_that_is_none(cli: Cli, profile: str) -> None:
    answer = cli(*NOTHING, "--profile", profile)
    assert answer.code == 2
    assert cli("status", "--json").json == []


@pytest.mark.parametrize(
    "command", [("bogus",), ("log",), ("log", "edit"), ("scenario",), ("scenario", "delete"), ("drill",), ("score",)]
)
def test_what_is_no_command(cli: Cli, command: tuple[str, ...]) -> None:
    answer = cli.plain(*command)
    assert answer.code == 2
    assert "usage: cockpit" in answer.err


TOML = {
    "no TOML": ("theme = \n", 1, "cockpit-light"),
    "an unknown name": ("theme = 'ansi-dark'\ntheem = 'x'\n", 2, "theme"),
    "a wrong value": ("speed = 99\n", 1, "speed"),
    "a wrong type": ("speed = 'fast'\n", 1, "speed"),
    "no theme": ("theme = 'pink'\n", 1, "theme"),
    "a hostile value": ('theme = "\\u001b[2J"\n', 1, "theme"),
    "a hostile name": ('"\\u001b[2J" = 1\n', 1, "setting"),
    "a table for a word": ("[profile]\nx = 1\n", 1, "profile"),
    "twice": ("speed = 1\nspeed = 2\n", 2, "overwrite"),
    "a number for keys": ("keys = 3\n", 1, "keys"),
}


@pytest.mark.parametrize("what", TOML)
def test_wrong_settings_are_told_with_their_line(cli: Cli, tmp_path: Path, what: str) -> None:
    text, line, word = TOML[what]
    file = tmp_path / "config" / "cockpit" / "cockpit.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    answer = cli(*NOTHING)
    assert answer.code == 2
    assert f"{file}:{line}" in answer.err
    assert word in answer.err
    assert not cli.data.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0" * 100, b"[" * 5000])
def test_settings_that_are_no_text(cli: Cli, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config" / "cockpit" / "cockpit.toml"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert cli(*NOTHING).code == 2


def test_settings_that_are_a_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "config" / "cockpit" / "cockpit.toml").mkdir(parents=True)
    assert cli(*NOTHING).code == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COCKPIT_SPEED", "fast"),
        ("COCKPIT_SPEED", "nan"),
        ("COCKPIT_SPED", "1"),
        ("COCKPIT_THEME", ESCAPES),
        ("COCKPIT_PROFILE", "\udcff"),
        ("COCKPIT_PROFILE", "nope"),
        ("COCKPIT_KEYS", "{"),
        ("COCKPIT_RESPONDER", "x" * 65),
        ("COCKPIT_DATA_DIR", "/etc/passwd"),
        ("COCKPIT_DATA_DIR", "/nowhere/" + "x" * 5000),
    ],
)
def test_wrong_variables(cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    command = NOTHING if "DATA_DIR" in name else (*NOTHING, "--data", str(cli.data))
    answer = cli.plain(*command)
    assert answer.code == 2
    assert answer.out == ""
    monkeypatch.delenv(name)
    assert cli("status", "--json").json == []
