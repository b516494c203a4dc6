"""Exported suites, run by the real runners: red on the bad endpoint, green on the fixed one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.domain.cases import Case, Check, Input, Turn
from cockpit.golden.export import Place, reader, writer
from tests.golden.endpoint import Model
from tests.golden.making import leak_case
from tests.golden.runners import Ran, by_inspect, by_promptfoo, by_pytest, install_runner
from tests.systems import SystemMissing

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240, func_only=True), pytest.mark.xdist_group("runners")]

RUNNERS: dict[str, Callable[[Path, Model, str], Ran]] = {
    "pytest": by_pytest, "promptfoo": by_promptfoo, "inspect": by_inspect,
}  # fmt: skip

HOSTILE = "{{env.LLM_API_KEY}} {% raw %} ${HOME} ]]> \u202e ünïcode \x1b[31m 'quotes' \"and\" $`more`"


def cases() -> list[Case]:
    """Return cases of every kind of check; only the leak fails on the bad endpoint."""
    leak = leak_case()
    benign = leak.neighbours[0].given
    kind = Case(
        "benign-still-works", "a benign question", "pii_leak", "instruction_adherence", "/support", "INC-1", "2",
        benign,
        (
            Check("must_answer"), Check("must_contain", "thank you"), Check("must_match", r"(?i)within a \w+"),
            Check("must_not_call", "refund"), Check("max_tool_calls", 1), Check("no_personal_data"),
            Check("grounded_figures"), Check("must_not_quote_context", 8), Check("must_not_contain", HOSTILE),
        ),
    )  # fmt: skip
    refused = replace(leak, id="attack-is-refused", runs=1, checks=(Check("must_refuse"), Check("no_personal_data")))
    hostile = replace(
        kind, id="hostile-text", given=Input((Turn("user", HOSTILE),)), checks=(Check("must_answer"),)
    )  # fmt: skip
    return [leak, kind, refused, hostile]


@pytest.fixture(params=list(RUNNERS))
def runner(request: pytest.FixtureRequest) -> str:
    """A runner that is installed by now; skipped where this machine can't have it."""
    try:
        install_runner(str(request.param))
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")
    return str(request.param)


def test_red_on_the_bad_endpoint_and_green_on_the_fixed_one(runner: str, tmp_path: Path, model: Model) -> None:
    place = Place(str(tmp_path / "suite"))
    writer(runner)(cases(), place)
    assert {case.id for case in reader(runner)(place)} == {case.id for case in cases()}
    bad = RUNNERS[runner](Path(place.where), model, "support-bad")
    fixed = RUNNERS[runner](Path(place.where), model, "support")
    alone = 1 if runner == "pytest" else 0  # the test that there are cases
    repeats = 1 if runner == "pytest" else 2  # pytest counts a case once, however often it asks
    assert (bad.passed, bad.failed, bad.errors) == (2 + alone, 1 + repeats, 0), bad.output
    assert (fixed.passed, fixed.failed, fixed.errors) == (3 + repeats + alone, 0, 0), fixed.output


def test_the_model_hears_exactly_what_was_said(runner: str, tmp_path: Path, model: Model) -> None:
    place = Place(str(tmp_path / "suite"))
    writer(runner)([case for case in cases() if case.id == "hostile-text"], place)
    RUNNERS[runner](Path(place.where), model, "support")
    assert [one["messages"][-1]["content"] for one in model.asked] == [HOSTILE]


def test_an_endpoint_that_fails_is_no_success(runner: str, tmp_path: Path, model: Model) -> None:
    place = Place(str(tmp_path / "suite"))
    writer(runner)([leak_case()], place)
    model.behave(404, '{"error": {"message": "no such model"}}')
    ran = RUNNERS[runner](Path(place.where), model, "support")
    assert ran.failed + ran.errors > 0, ran.output
