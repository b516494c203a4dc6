"""Running the command line in this process, and what must hold for every answer it gives."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli import run

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
ACME = SCENARIOS / "responses" / "acme-night.yaml"
NOTHING = ("drill", "injection-leak", "--headless", "--policy", "nothing", "--json")
REFERENCE = ("drill", "injection-leak", "--headless", "--policy", "reference", "--json")
BY_SCRIPT = ("drill", "injection-leak", "--headless", "--script", str(ACME), "--json")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, as JSON."""
        return json.loads(self.out)


def unfit(text: str) -> list[str]:
    """List what no terminal should be sent: control characters, and characters that hide or reorder others."""
    return sorted(
        char for char in set(text) if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")
    )


def check_fit(answer: Answer) -> Answer:
    """Check what holds for every answer: nothing a terminal obeys, no traceback, errors only on stderr."""
    assert unfit(answer.out + answer.err) == []
    assert "Traceback" not in answer.out + answer.err
    assert "An error of its own" not in answer.err
    assert answer.code in (0, 1, 2)
    if answer.code == 2:
        assert answer.err.strip()
    return answer


class Cli:
    """Runs commands on one data folder and checks what holds for all of them."""

    def __init__(self, capsys: pytest.CaptureFixture[str], data: Path) -> None:
        self._capsys = capsys
        self.data = data

    def __call__(self, *arguments: str) -> Answer:
        """Run a command on the folder, named behind the command."""
        return self.plain(*arguments, "--data", str(self.data))

    def plain(self, *arguments: str) -> Answer:
        """Run a command exactly as given."""
        self._capsys.readouterr()
        code = run(arguments)
        said = self._capsys.readouterr()
        return check_fit(Answer(code, said.out, said.err))
