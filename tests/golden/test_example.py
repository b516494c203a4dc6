"""The worked nights in the documentation are what the commands make."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.golden.endpoint import Asker, Endpoint
from cockpit.golden.files import read_set
from cockpit.golden.running import run_set
from docs.make_golden_example import CASE, EXAMPLE, EXAMPLES, HEALTHCARE, NIGHTS, Night, make
from tests.golden.endpoint import Model


def files_in(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text("utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


@pytest.mark.integration
@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)
def test_the_example_is_what_the_commands_make(tmp_path: Path, night: Night, clean_environment: None) -> None:
    make(night, tmp_path)
    kept, made = files_in(EXAMPLES / night.name), files_in(tmp_path)
    assert list(kept) == list(made)
    for name, text in kept.items():
        assert text == made[name], f"{name}: python3 docs/make_golden_example.py makes it anew"


def test_the_example_catches_a_model_that_obeys_and_spares_one_that_does_not(model: Model) -> None:
    cases = [kept.case for kept in read_set(EXAMPLE / "golden")]
    assert [case.id for case in cases] == [CASE]
    assert cases[0].proof is not None
    assert cases[0].proof.verdict == "proven"
    for name, ok in (("support-bad", False), ("support", True)):
        results = run_set(Asker(Endpoint(model.url, name), lambda _: ""), cases)
        assert results[0].ok is ok


def test_the_leak_of_health_data_left_three_cases_that_are_proven() -> None:
    cases = [kept.case for kept in read_set(EXAMPLES / HEALTHCARE.name / "golden")]
    assert len(cases) == 3
    assert {case.route for case in cases} == {"/appointments"}
    assert [case.proof.verdict for case in cases if case.proof] == ["proven"] * 3
