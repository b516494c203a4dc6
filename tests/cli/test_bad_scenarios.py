"""Scenario files that can't be used: file, line, what is wrong, exit 2, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import SCENARIOS, Cli

TEXT = (SCENARIOS / "injection-leak.yaml").read_text()
LINES = TEXT.splitlines()


def line_of(start: str) -> int:
    """Return the line (from 1) that begins so."""
    return next(number for number, line in enumerate(LINES, 1) if line.strip().startswith(start))


def swapped(old: str, new: str) -> Callable[[], str]:
    """Make the scenario with one place changed."""

    def make() -> str:
        assert old in TEXT
        return TEXT.replace(old, new, 1)

    return make


END = len(LINES) + 1
PROMPT = next(number for number, line in enumerate(LINES, 1) if "prompt: v" in line)

WRONG: dict[str, tuple[Callable[[], str | bytes], int, str]] = {
    "an unknown field": (lambda: TEXT + "surprise: 3\n", END, "surprise"),
    "a wrong type": (swapped("\ntitle: ", "\ntitle: [3] #"), line_of("title:"), "title"),
    "a wrong moment": (swapped("\npage: ", "\npage: tomorrow #"), line_of("page:"), "page"),
    "an unknown lever": (
        swapped("lever: kill_switch}", "lever: kill_swith}"),
        line_of('- {at: "01:00", do: pull_lever'),
        "kill_swith",
    ),
    "an unknown prompt version": (swapped("prompt: v", "prompt: v9999"), PROMPT, "v9999"),
    "an alias bomb": (lambda: "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "anchors"),
    "deep lists": (lambda: "[" * 100_000, 1, "deep"),
    "deep mappings": (lambda: "{a: " * 100_000, 1, "deep"),
    "a key that is there twice": (lambda: TEXT + "title: again\n", END, "twice"),
    "a huge file": (lambda: "# " + "x" * 2_000_000, 1, "larger"),
    "too many values": (lambda: "a: [" + "1," * 300_000 + "]", 1, "values"),
    "binary": (lambda: bytes(range(256)) * 20, 1, "UTF-8"),
    "zeros": (lambda: b"\0" * 5000, 1, "YAML"),
    "latin-1": (lambda: TEXT.encode() + "# café\n".encode("latin-1"), 1, "UTF-8"),
    "UTF-16": (lambda: TEXT.encode("utf-16"), 1, "UTF-8"),
    "empty": (lambda: "", 1, "mapping"),
    "a list": (lambda: "- a\n- b\n", 1, "mapping"),
    "two documents": (lambda: "a: 1\n---\nb: 2\n", 2, "second document"),
    "no YAML": (lambda: "title: 'never closed\n", 2, "YAML"),
    "a tag": (lambda: "title: !!python/object/apply:os.system [id]\n", 1, "tags"),
    "a merge": (lambda: TEXT + "<<: {title: x}\n", END, "merges"),
    "a hostile key": (lambda: TEXT + '"\\e[2J\\u202e[bold]": 3\n', END, "no field"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_scenario_is_told_with_its_line(cli: Cli, tmp_path: Path, what: str) -> None:
    make, line, word = WRONG[what]
    content = make()
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    checked = cli("scenario", "lint", str(path))
    played = cli("drill", str(path), "--headless", "--policy", "nothing", "--json")
    shown = cli("scenario", "show", str(path))
    for answer in (checked, played, shown):
        assert (answer.code, answer.out) == (2, "")
        assert word in answer.err
        assert f"{path}:{line}: " in answer.err
    assert not cli.data.exists() or cli("status", "--json").json == []


def test_injects_that_wait_on_each_other(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "ring.yaml"
    start = TEXT.index("injects:")
    first = TEXT.index("\n", start) + 1
    ring = (
        "  - {id: ring-a, after: ring-b, delay: 10s, channel: chat, sender: x, text: a}\n"
        "  - {id: ring-b, after: ring-a, delay: 10s, channel: chat, sender: x, text: b}\n"
    )
    path.write_text(TEXT[:first] + ring + TEXT[first:])
    answer = cli("scenario", "lint", str(path))
    assert answer.code == 2
    assert "ring-" in answer.err
    assert f"{path}:{TEXT[:first].count(chr(10)) + 1}" in answer.err


def test_an_inject_that_waits_on_itself(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "ring.yaml"
    start = TEXT.index("injects:")
    first = TEXT.index("\n", start) + 1
    own = "  - {id: snake, after: snake, delay: 10s, channel: chat, sender: x, text: a}\n"
    path.write_text(TEXT[:first] + own + TEXT[first:])
    for command in (("scenario", "lint", str(path)), ("drill", str(path), "--headless", "--policy", "nothing")):
        answer = cli(*command)
        assert answer.code == 2
        assert "snake" in answer.err


def test_lint_names_every_problem_of_every_file(cli: Cli, tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(TEXT + "surprise: 3\nmore: 4\n")
    second.write_text("[" * 100)
    answer = cli("scenario", "lint", str(first), str(SCENARIOS / "injection-leak.yaml"), str(second))
    assert answer.code == 2
    assert answer.out.count("fine") == 1
    assert f"{first}:{END}: " in answer.err
    assert f"{first}:{END + 1}: " in answer.err
    assert f"{second}:1: " in answer.err


@pytest.mark.parametrize("place", ["", "/dev/null", "/dev/zero", "/nowhere/at/all.yaml", "/etc/passwd/x.yaml"])
def test_what_is_no_scenario_file(cli: Cli, tmp_path: Path, place: str) -> None:
    named = place or str(tmp_path)
    for command in (("scenario", "lint", named), ("drill", named, "--headless", "--policy", "nothing")):
        answer = cli(*command)
        assert (answer.code, answer.out) == (2, "")
        assert named in answer.err


def test_a_byte_order_mark_is_no_mistake(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_text(TEXT, encoding="utf-8-sig")
    assert cli("scenario", "lint", str(path)).code == 0


def test_a_scenario_that_is_nearly_known(cli: Cli) -> None:
    answer = cli("drill", "injection-leek", "--headless", "--policy", "nothing")
    assert answer.code == 2
    assert "did you mean 'injection-leak'" in answer.err
