"""The worked example in the documentation is what the commands make."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.golden.endpoint import Asker, Endpoint
from cockpit.golden.files import read_set
from cockpit.golden.running import run_set
from docs.make_golden_example import CASE, EXAMPLE, make
from tests.golden.endpoint import Model

MINE = ("check.json", "proof.json", f"golden/{CASE}.yaml", "postmortem.md", "postmortem.html")


@pytest.mark.integration
def test_the_example_is_what_the_commands_make(tmp_path: Path, clean_environment: None) -> None:
    make(tmp_path)
    for name in MINE:
        assert (EXAMPLE / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8"), name


def test_the_example_catches_a_model_that_obeys_and_spares_one_that_does_not(model: Model) -> None:
    cases = [kept.case for kept in read_set(EXAMPLE / "golden")]
    assert [case.id for case in cases] == [CASE]
    assert cases[0].proof is not None
    assert cases[0].proof.verdict == "proven"
    for name, ok in (("support-bad", False), ("support", True)):
        results = run_set(Asker(Endpoint(model.url, name), lambda _: ""), cases)
        assert results[0].ok is ok
