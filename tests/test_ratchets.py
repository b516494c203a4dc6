"""What keeps the code small and the checkout clean; the limits only ever go down."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES, FUNCTION_LINES, CLASS_METHODS = 400, 60, 20
MEDIAN_FUNCTION_LINES = 10
FUTURE = "from __future__ import annotations"

UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3 + r"\b")))
FOREIGN = re.compile(
    "|".join(
        (
            r"/(?:work|root|home/\w+|opt/(?:pypi|wheels)|private/tmp)" + r"/\w",
            r"(?:files\.)?pytho" + r"nhosted\.org",
            r"pyp" + r"i\.org",
            r"extra-" + r"index-url|--index" + r"-url|find-" + r"links",
            r"co-authored" + r"-by",
        )
    ),
    re.IGNORECASE,
)
"""Paths of one machine, and the hosts packages come from: both belong to whoever installs, not to the project."""


def tracked() -> list[Path]:
    """Return the files that git knows, or those that lie there where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    found = [ROOT / name for name in names if name]
    return [path for path in found or python_files() if path.is_file()]


EXPORTED = ROOT / "docs" / "examples"


def python_files() -> list[Path]:
    """Return every source and test file; what the documentation shows of exported suites is not ours to shape."""
    folders = ("cockpit", "adapters", "tests", "docs")
    found = sorted(path for name in folders for path in (ROOT / name).rglob("*.py"))
    return [*(path for path in found if not path.is_relative_to(EXPORTED)), ROOT / "dev.py"]


def sources() -> list[Path]:
    """Return what is shipped, without the tests."""
    return [path for path in python_files() if not path.is_relative_to(ROOT / "tests")]


def name_of(path: Path) -> str:
    """Return a path as people know it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Return every function with its length in lines, decorators and docstring included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def classes(path: Path) -> Iterator[tuple[str, int]]:
    """Return every class with the number of its methods."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            yield node.name, sum(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in node.body)


def readable(path: Path) -> str | None:
    """Return a file's text, or None for pictures and other binary files."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def test_files_stay_small() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_functions_stay_small() -> None:
    found = {f"{name_of(path)}:{name}": length for path in python_files() for name, length in functions(path)}
    assert {name: length for name, length in found.items() if length > FUNCTION_LINES} == {}


def test_the_usual_function_is_very_small() -> None:
    lengths = sorted(length for path in sources() for _, length in functions(path))
    assert lengths[len(lengths) // 2] <= MEDIAN_FUNCTION_LINES


def test_no_class_knows_everything() -> None:
    found = {f"{name_of(path)}:{name}": count for path in python_files() for name, count in classes(path)}
    assert {name: count for name, count in found.items() if count > CLASS_METHODS} == {}


def test_annotations_are_never_evaluated() -> None:
    without = [
        name_of(path)
        for path in python_files()
        if (text := path.read_text("utf-8")).strip() and FUTURE not in text and tree(path).body[1:]
    ]
    assert without == []


@pytest.mark.parametrize(("pattern", "what"), [(UNFINISHED, "unfinished"), (FOREIGN, "of one machine")])
def test_tracked_files_hold_nothing(pattern: re.Pattern[str], what: str) -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if (text := readable(path)) is not None
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == [], f"{what}:\n" + "\n".join(found)


def test_every_folder_of_the_package_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "cockpit").rglob("*.py")}
    assert sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []
