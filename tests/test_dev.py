"""dev.py: the one command of a fresh checkout says what it does, and what is missing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

import dev


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with nothing in it but what dev.py reads."""
    venv = tmp_path / ".venv"
    places = {"ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin" / "python"}
    places |= {"PROJECT": tmp_path / "pyproject.toml", "CONSTRAINTS": tmp_path / "constraints.txt"}
    for name, place in places.items():
        monkeypatch.setattr(dev, name, place)
    places["PROJECT"].write_text('[dependency-groups]\ndev = ["pytest"]\n', "utf-8")
    places["CONSTRAINTS"].write_text("pytest==8.4.2\n", "utf-8")
    return tmp_path


@pytest.fixture
def installs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What pip would have been asked for."""
    asked: list[list[str]] = []
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.touch()
    monkeypatch.setattr(dev, "works", lambda _: True)
    monkeypatch.setattr(dev, "install", asked.append)
    monkeypatch.setattr(dev, "compile_sources", lambda: None)
    return asked


def test_without_a_command_it_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("drill", "check", "test", "lint", "types", "integration", "bench"))


def test_an_unknown_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "tset" in capsys.readouterr().err


def test_what_is_installed_is_not_installed_again(installs: list[list[str]]) -> None:
    dev.ensure("run")
    dev.ensure("run")
    assert len(installs) == 1


def test_the_tools_are_installed_only_when_they_are_needed(installs: list[list[str]]) -> None:
    dev.ensure("run")
    dev.ensure("dev")
    dev.ensure("run")
    assert ["pytest" in command for command in installs] == [False, True]


def test_other_constraints_are_installed(installs: list[list[str]]) -> None:
    dev.ensure("run")
    dev.CONSTRAINTS.write_text("pytest==8.4.1\n", "utf-8")
    dev.ensure("run")
    assert len(installs) == 2


def test_a_failed_install_is_tried_again(installs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(dev, "install", lambda _: (_ for _ in ()).throw(dev.Stop("no network")))
        with pytest.raises(dev.Stop):
            dev.ensure("run")
    dev.ensure("run")
    assert len(installs) == 1


@pytest.mark.usefixtures("checkout")
def test_a_python_without_venv_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "find_spec", lambda _: None)
    assert dev.main(["cockpit", "status"]) == 1
    assert "-venv" in capsys.readouterr().err


def test_an_old_python_without_a_newer_one_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "NEEDED", (99, 0))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert dev.main(["drill", "injection-leak"]) == 1
    said = capsys.readouterr().err
    assert "3.11" in said
    assert "dev.py" in said


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []

    def become(_: str, command: list[str]) -> None:
        became.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(dev, "NEEDED", (99, 0))
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(SystemExit):
        dev.main(["drill"])
    assert became[0][0] == "/bin/python3.11"


def test_everything_after_the_command_reaches_the_cockpit(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(dev, "ensure", lambda _: None)
    monkeypatch.setattr(dev, "become", became.append)
    dev.main(["drill", "injection-leak", "--seed", "7"])
    assert became[0][-4:] == ["drill", "injection-leak", "--seed", "7"]


def test_pip_failing_shows_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(dev.Stop, match=r"no such package[\s\S]*Next step"):
        dev.install([sys.executable, "-c", "print('no such package'); raise SystemExit(1)"])
