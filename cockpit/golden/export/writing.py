"""What every exporter of files needs: files in a folder, cases as lines of JSON, and the judge beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from cockpit.domain.case_plain import from_plain, to_plain
from cockpit.domain.cases import Case
from cockpit.errors import BadInput, ScenarioError
from cockpit.golden.files import checked
from cockpit.yaml import MAX_BYTES, Document, read_text

CASES = "golden.jsonl"
JUDGE = "golden_judge"
"""The folder of the judge: the cockpit's own modules, so that every runner says the same of an answer."""

_JUDGED_BY = (
    "detect/expect.py",
    "detect/answer/personal.py",
    "detect/answer/refusal.py",
    "detect/answer/checks.py",
    "domain/calls.py",
    "domain/cases.py",
    "domain/interval.py",
    "domain/case_plain.py",
    "golden/chat.py",
)
_IMPORT = re.compile(r"^(\s*)from cockpit\.(?:domain|detect\.answer|detect|golden)(?:\.(\w+))? import", re.MULTILINE)


def write_files(folder: Path, contents: Mapping[str, str]) -> tuple[str, ...]:
    """Write files into a folder and return their paths.

    Raises:
        BadInput: they can't be written.
    """
    written = []
    for name, content in contents.items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8", errors="backslashreplace")
        except (OSError, ValueError) as problem:
            raise BadInput(f"{file} can't be written: {getattr(problem, 'strerror', None) or problem}") from None
        written.append(str(file))
    return tuple(written)


def judge_files() -> dict[str, str]:
    """Return the judge as a package that stands on its own and imports nothing but Python's library."""
    package = files("cockpit")
    made = {f"{JUDGE}/__init__.py": '"""How answers are judged; made by `cockpit fixture export`."""\n'}
    for path in _JUDGED_BY:
        source = package.joinpath(path).read_text("utf-8")
        made[f"{JUDGE}/{path.rpartition('/')[2]}"] = _IMPORT.sub(_relocated, source)
    return made


def _relocated(found: re.Match[str]) -> str:
    module = f".{found[2]}" if found[2] else ""
    return f"{found[1]}from {JUDGE}{module} import"


def lines_of(cases: Iterable[Case]) -> str:
    """Return cases as lines of JSON, ASCII only."""
    return "".join(json.dumps(to_plain(case), ensure_ascii=True) + "\n" for case in cases)


def cases_of_lines(file: Path) -> list[Case]:
    """Read cases from lines of JSON.

    Raises:
        ScenarioError: a line is not right, or two cases have one id; with file and line.
    """
    cases: dict[str, Case] = {}
    for number, line in enumerate(_text(file).split("\n"), 1):
        if not line.strip():
            continue
        try:
            plain = json.loads(line)
        except (ValueError, RecursionError):
            raise ScenarioError("this line is no JSON", file=str(file), line=number) from None
        case = case_of(plain, str(file), number)
        if case.id in cases:
            raise ScenarioError(f"the case {case.id!r} is here twice", file=str(file), line=number)
        cases[case.id] = case
    return list(cases.values())


def case_of(plain: Any, file: str, line: int = 1) -> Case:
    """Make a case of plain values that came from outside.

    Raises:
        ScenarioError: they are not right.
    """
    return from_plain(checked(Document(plain, file, {(): line})))


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > 64 * MAX_BYTES:
            raise ScenarioError("the file is larger than 64 MB", file=str(file), line=1)
        return file.read_text("utf-8") if file.stat().st_size > MAX_BYTES else read_text(file)
    except (OSError, UnicodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no UTF-8 text"
        raise ScenarioError(f"can't be read: {reason}", file=str(file)) from None


def folder_of(where: str, file: str) -> Path:
    """Return the file that a path means: itself, or the one of that name in a folder."""
    path = Path(where)
    return path / file if path.is_dir() else path


def repeated(cases: Sequence[Case]) -> list[tuple[Case, str]]:
    """Return every case as often as it has to be asked, each time with a name of its own."""
    return [
        (case, case.id if case.runs == 1 else f"{case.id} ({number} of {case.runs})")
        for case in cases
        for number in range(1, case.runs + 1)
    ]
