"""What keeps the code small and the checkout clean; the limits only ever go down."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Size:
    """How much a file holds: its statements, the lines of its functions, the methods of its classes."""

    statements: int
    functions: tuple[tuple[str, int], ...]
    classes: tuple[tuple[str, int], ...]


Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def size_of(path: Path) -> Size:
    """Measure a file; a function's lines are those from its name on, docstring included."""
    tree = ast.parse(path.read_text("utf-8"))
    found = list(statements(tree))
    lengths = tuple(
        (one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in found if isinstance(one, Function)
    )
    methods = tuple(
        (one.name, sum(isinstance(inner, Function) for inner in one.body))
        for one in found
        if isinstance(one, ast.ClassDef)
    )
    return Size(len(tree.body), lengths, methods)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement below a node; what is inside expressions is left aside, for there are very many."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        below = getattr(node, name, None)
        for one in below if isinstance(below, list) else ():
            yield one
            yield from statements(one)


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
    found = {f"{name_of(path)}:{name}": length for path in python_files() for name, length in size_of(path).functions}
    assert {name: length for name, length in found.items() if length > FUNCTION_LINES} == {}


def test_the_usual_function_is_very_small() -> None:
    lengths = sorted(length for path in sources() for _, length in size_of(path).functions)
    assert lengths[len(lengths) // 2] <= MEDIAN_FUNCTION_LINES


def test_no_class_knows_everything() -> None:
    found = {f"{name_of(path)}:{name}": count for path in python_files() for name, count in size_of(path).classes}
    assert {name: count for name, count in found.items() if count > CLASS_METHODS} == {}


def test_annotations_are_never_evaluated() -> None:
    without = [
        name_of(path)
        for path in python_files()
        if (text := path.read_text("utf-8")).strip() and FUTURE not in text and size_of(path).statements > 1
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
