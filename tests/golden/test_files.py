"""The golden set as files: what is written comes back, and what is wrong is told with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.case_plain import from_plain
from cockpit.domain.cases import Check, Input, Turn
from cockpit.errors import BadInput, ScenarioError
from cockpit.golden.files import checked, dump, find_case, read_case, read_set, write_case
from cockpit.yaml import read_yaml
from tests.cli.command import Cli
from tests.golden.making import leak_case

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
TRICKY = st.sampled_from(
    ["1e5", "0x1F", "on", "null", "~", "12:30", "2026-01-01", "- a", "a: b", "#x", "'", "=", "<<"]
)


def test_a_case_comes_back_as_it_was(tmp_path: Path) -> None:
    case = leak_case()
    assert read_case(write_case(tmp_path, case)) == case


@settings(max_examples=60, deadline=None)
@given(st.one_of(TEXT, TRICKY), st.one_of(TEXT, TRICKY))
def test_any_text_comes_back(said: str, bad: str) -> None:
    if not said.strip():
        return
    turn = Turn("user", said)
    case = replace(
        leak_case(), given=Input((turn,)), bad_output=bad, line=said, checks=(Check("must_not_contain", said),)
    )
    text = dump(case)
    assert from_plain(checked(read_yaml(text, "case.yaml"))) == case


def test_what_would_turn_the_text_around_it_is_spelt_out(tmp_path: Path) -> None:
    case = replace(leak_case(), line="quiet \u202eevil\u2066 \ufeff words")
    file = write_case(tmp_path, case)
    assert "\u202e" not in file.read_text("utf-8")
    assert read_case(file) == case


def test_a_changed_check_is_a_diff_of_one_line() -> None:
    case = leak_case()
    other = replace(case, checks=(*case.checks[:-1], Check("must_refuse")))
    before, after = dump(case).splitlines(), dump(other).splitlines()
    assert len([line for line in before if line not in after]) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("line: A shared", "lime: A shared", "no field 'lime'"),
        ("line: A shared index dumped another tenant's order\n", "", "the field 'line' is missing"),
        ("  - must_not_contain: Mercedes Smith\n", "  - must_sing: aria\n", "no check 'must_sing'"),
        ("  - no_personal_data: true", "  - no_personal_data: false", "true or left out"),
        ("runs: 2", "runs: two", "integer"),
        ("(?i)\\bSullivan\\w+", "(", "no regular expression"),
        ("format: cockpit.case/1", "format: cockpit.case/9", "cockpit.case/1"),
        ("    - role: user", "    - role: wizard", "user"),
        ("id: inj-2026-06-tenant-leak", "id: ../../etc", "small letters"),
        ("runs: 2", "runs: 2\nruns: 2", "twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = dump(leak_case())
    assert old in text
    file = tmp_path / "case.yaml"
    changed = text.replace(old, new, 1)
    line = changed[: text.index(old) + len(new)].count("\n") + (0 if new.endswith("\n") else 1) if new else 1
    file.write_text(changed)
    with pytest.raises(ScenarioError) as found:
        read_case(file)
    assert words in str(found.value)
    assert found.value.line == line
    assert found.value.exit_code == 2


def test_two_cases_with_one_id_are_told_with_both_files(golden: Path, cli: Cli) -> None:
    (golden / "copy.yaml").write_text(dump(leak_case()))
    answer = cli.plain("golden", "lint", str(golden))
    assert answer.code == 2
    assert "inj-2026-06-tenant-leak.yaml:2" in answer.err
    assert "copy.yaml" in answer.err


def test_a_case_is_found_by_id_and_file_and_a_near_miss_is_named(golden: Path) -> None:
    name = leak_case().id
    assert find_case(golden, name) == find_case(golden, str(golden / f"{name}.yaml"))
    with pytest.raises(BadInput, match="did you mean 'inj-2026-06-tenant-leak'"):
        find_case(golden, "inj-2026-06-tenant-leek")


def test_no_folder_and_an_empty_one_are_two_things(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no golden set"):
        read_set(tmp_path / "none")
    assert read_set(tmp_path) == []
