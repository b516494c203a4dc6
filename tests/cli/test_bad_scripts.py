"""Response scripts that can't be used: file, line, what is wrong, exit 2, and no drill begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Cli

WRONG = {
    "nothing": ("", 1, "responder, steps"),
    "a list": ("- a\n", 1, "responder, steps"),
    "an unknown field": ("responder: ada\nstep: []\n", 2, "step"),
    "no name": ("responder: 3\n", 1, "name"),
    "an empty name": ("responder: ' '\n", 1, "name"),
    "an endless name": (f"responder: {'x' * 5000}\n", 1, "name"),
    "steps that are none": ("steps: 3\n", 1, "steps"),
    "a step that is none": ("steps:\n  - 3\n", 2, "at, do"),
    "a step's unknown field": ('steps:\n  - {at: "00:01", do: acknowledge, was: 3}\n', 2, "was"),
    "no time": ("steps:\n  - {do: acknowledge}\n", 2, "at"),
    "a number for a time": ("steps:\n  - {at: 20, do: acknowledge}\n", 2, "at"),
    "seconds beyond a minute": ('steps:\n  - {at: "00:61", do: acknowledge}\n', 2, "00:61"),
    "minutes beyond an hour": ('steps:\n  - {at: "01:61:00", do: acknowledge}\n', 2, "01:61:00"),
    "a time before the page": ('steps:\n  - {at: "-00:10", do: acknowledge}\n', 2, "-00:10"),
    "other digits": ('steps:\n  - {at: "٠٠:٠١", do: acknowledge}\n', 2, "mm:ss"),
    "an unknown action": ('steps:\n  - {at: "00:01", do: ackowledge}\n', 2, "Did you mean acknowledge"),
    "an unknown argument": ('steps:\n  - {at: "00:01", do: set_severity, with: {sev: SEV1}}\n', 2, "sev"),
    "a missing argument": ('steps:\n  - {at: "00:01", do: set_severity}\n', 2, "severity"),
    "an argument of another type": (
        'steps:\n  - {at: "00:01", do: set_severity, with: {severity: [1]}}\n',
        2,
        "severity",
    ),
    "arguments that are a list": ('steps:\n  - {at: "00:01", do: acknowledge, with: [1]}\n', 2, "with"),
    "arguments that are false": ('steps:\n  - {at: "00:01", do: acknowledge, with: false}\n', 2, "with"),
    "infinity": ('steps:\n  - {at: "00:01", do: open_canary, with: {percent: 1e999}}\n', 2, "infinity"),
    "infinity within": (
        'steps:\n  - {at: "00:01", do: pull_lever, with: {lever: cap_cost, scope: {x: [1e999]}}}\n',
        2,
        "infinity",
    ),
    "no number": ('steps:\n  - {at: "00:01", do: characterise, with: {fraction: "nan"}}\n', 2, "number"),
    "no moment": ('steps:\n  - {at: "00:01", do: note, with: {text: x, at: soon}}\n', 2, "at"),
    "somebody who is none": ('steps:\n  - {at: "00:01", do: acknowledge, as: [1]}\n', 2, "as"),
    "an alias": ("responder: &a ada\nsteps: *a\n", 1, "anchors"),
    "a key that is there twice": ("responder: ada\nresponder: bob\n", 2, "twice"),
    "deep nesting": ("steps: " + "[" * 90_000, 1, "deep"),
    "a hostile action": ('steps:\n  - {at: "00:01", do: "\\e[2J\\u009b31m[red]"}\n', 2, "no action"),
    "a hostile time": ('steps:\n  - {at: "\\e]0;x\\a", do: acknowledge}\n', 2, "mm:ss"),
    "no text": ("responder: 'never closed\n", 2, "YAML"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_script_is_told_with_its_line(cli: Cli, tmp_path: Path, what: str) -> None:
    text, line, word = WRONG[what]
    path = tmp_path / "script.yaml"
    path.write_text(text, encoding="utf-8")
    answer = cli("drill", "injection-leak", "--headless", "--script", str(path), "--json")
    assert (answer.code, answer.out) == (2, "")
    assert f"{path}:{line}: " in answer.err
    assert word in answer.err
    assert not cli.data.exists()


@pytest.mark.parametrize("place", ["", "/dev/zero", "/dev/null", "/nowhere.yaml", "/etc/passwd/x"])
def test_what_is_no_script_file(cli: Cli, tmp_path: Path, place: str) -> None:
    named = place or str(tmp_path)
    answer = cli("drill", "injection-leak", "--headless", "--script", named, "--json")
    assert (answer.code, answer.out) == (2, "")
    assert named in answer.err


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 9, "responder: é\n".encode("latin-1"), b"# " + b"x" * 2_000_000]
)
def test_what_is_no_text(cli: Cli, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "script.yaml"
    path.write_bytes(content)
    answer = cli("drill", "injection-leak", "--headless", "--script", str(path))
    assert answer.code == 2
    assert str(path) in answer.err


@pytest.mark.usefixtures("few_what_ifs")
def test_hostile_words_are_kept_as_they_are_and_shown_harmless(cli: Cli, tmp_path: Path) -> None:
    said = "\x1b]0;pwn\x07 \x9b31m [link=x]y[/link] \u202egnp\u202c \U000e0041"
    path = tmp_path / "script.yaml"
    escaped = "".join(f"\\U{ord(char):08x}" for char in said)
    path.write_text(
        f'responder: "{escaped}"\nsteps: [{{at: "00:10", do: note, with: {{text: "{escaped}"}}}}, '
        f'{{at: "00:11", do: set_severity, with: {{severity: "{escaped}"}}}}]\n'
    )
    assert cli("drill", "injection-leak", "--headless", "--script", str(path)).code == 0
    lines = cli("log", "show", "INC-0001", "--json").json
    noted = next(line for line in lines if line["kind"] == "noted")
    assert noted["payload"]["text"] == noted["actor"] == said
    for command in (("log", "show"), ("status",), ("score",), ("log", "verify"), ("debrief",)):
        assert cli(*command, "INC-0001").code == 0
    assert cli("status").code == 0
