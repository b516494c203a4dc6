"""Response scripts: what can be read, and how what can't be read is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.drill.script import clock_span, load_script
from cockpit.errors import BadInput, ScenarioError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "seconds"), [("00:20", 20), ("4:00", 240), ("90:00", 5400), ("01:02:03", 3723), ("00:00", 0)]
)
def test_times_after_the_page(text: str, seconds: int) -> None:
    assert clock_span(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["20", "1:60", "1:2:3", "-1:00", "00:20.5", "1:75:00", ""])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="mm:ss"):
        clock_span(text)


def test_the_shipped_example_reads() -> None:
    script = load_script(ROOT / "scenarios" / "responses" / "acme-night.yaml")
    assert script.responder == "ada"
    assert [step.after for step in script.steps] == sorted(step.after for step in script.steps)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("responder: ada\nsteps:\n  - {at: '00:20', do: acknowlege}\n", 3, "Did you mean acknowledge"),
        ("responder: ada\nsteps:\n  - {at: soon, do: acknowledge}\n", 3, "mm:ss"),
        ("responder: ada\nsteps:\n  - {at: '00:20', do: set_severity, with: {sev: SEV1}}\n", 3, "no argument 'sev'"),
        ("responder: ada\nsteps:\n  - {do: acknowledge}\n", 3, "needs `at`"),
        ("responder: ada\nstpes: []\n", 2, "unknown field 'stpes'"),
        ("responder: [1]\n", 1, "responder is a name"),
        ("- a\n", 1, "responder, steps"),
        ("responder: ada\nsteps: 3\n", 2, "steps is a list"),
        ("a: &x 1\nb: *x\n", 1, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "response.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_script(path)
    assert caught.value.line == line
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        load_script(tmp_path / "nowhere.yaml")
