"""A suite for pytest that stands on its own: a test file, the cases, and the judge."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from cockpit.domain.cases import Case
from cockpit.golden.export import Place, Written
from cockpit.golden.export.writing import CASES, cases_of_lines, folder_of, judge_files, lines_of, write_files

HOW = "LLM_BASE_URL=http://127.0.0.1:4000/v1 LLM_MODEL=support LLM_API_KEY=… pytest {folder}"


def write(cases: Sequence[Case], place: Place) -> Written:
    """Write the suite into a folder."""
    suite = files("cockpit.golden.export").joinpath("suites/pytest_suite.py.txt").read_text("utf-8")
    made = {"test_golden.py": suite, CASES: lines_of(cases), **judge_files()}
    return Written(write_files(Path(place.where), made), how=HOW.format(folder=place.where))


def read(place: Place) -> list[Case]:
    """Read the cases of a suite."""
    return cases_of_lines(folder_of(place.where, CASES))
