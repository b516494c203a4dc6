"""The golden set: a folder of plain YAML files, one case a file, called as the case is.

Files are written in a fixed order with one thing a line, so that a change of a case is a readable diff.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from cockpit.domain.case_plain import from_plain, to_plain
from cockpit.domain.cases import Case
from cockpit.errors import BadInput, ScenarioError
from cockpit.yaml import Document, read_text, read_yaml

FOLDER = "golden"
ENDING = ".yaml"


@dataclass(frozen=True, slots=True)
class Kept:
    """A case and the file it stands in."""

    file: Path
    case: Case


def read_set(folder: Path) -> list[Kept]:
    """Read every case of a folder, in order of their ids.

    Raises:
        BadInput: there is no such folder.
        ScenarioError: a file is not right, or two cases have one id; with file and line.
    """
    if not folder.is_dir():
        raise BadInput(
            f"there is no golden set at {folder}", hint="`cockpit fixture add` begins one; or name its folder."
        )
    seen: dict[str, Kept] = {}
    for file in sorted(folder.rglob(f"*{ENDING}")):
        kept = Kept(file, read_case(file))
        if kept.case.id in seen:
            other = seen[kept.case.id].file
            raise ScenarioError(
                f"the case {kept.case.id!r} is here and in {other}", file=str(file), line=_line_of_id(file),
                hint="Two cases can't have one id: rename one, or remove it.",
            )  # fmt: skip
        seen[kept.case.id] = kept
    return [seen[name] for name in sorted(seen)]


def read_case(file: Path) -> Case:
    """Read one case.

    Raises:
        ScenarioError: what is wrong, with file and line.
    """
    document = read_yaml(read_text(file), str(file))
    return from_plain(checked(document))


def find_case(folder: Path, name: str) -> Kept:
    """Find a case by its id, or by its file.

    Raises:
        BadInput: there is none; the message names the closest.
    """
    if name.endswith(ENDING):
        return Kept(Path(name), read_case(Path(name)))
    kept = {one.case.id: one for one in read_set(folder)}
    if name in kept:
        return kept[name]
    close = get_close_matches(name, kept, n=1)
    raise BadInput(f"there is no case {name!r} in {folder}{f'; did you mean {close[0]!r}?' if close else ''}")


def checked(document: Document) -> dict[str, Any]:
    """Return a document as a case's plain values, held against the schema.

    Raises:
        ScenarioError: a field is missing, unknown or not right.
    """
    from pydantic import ValidationError

    from cockpit.golden.schema import CaseTable

    if not isinstance(document.data, dict):
        raise ScenarioError("a case is a mapping of fields", file=document.file, line=1)
    try:
        CaseTable.model_validate(document.data)
    except ValidationError as problem:
        raise _explained(document, problem) from None
    return dict(document.data)


def _explained(document: Document, problem: Any) -> ScenarioError:
    # An unknown field is told before a missing one: it is often the same, misspelt.
    found = problem.errors(include_url=False)
    details = min(found, key=lambda one: (one["type"] == "missing", document.line(tuple(one["loc"]))))
    path = tuple(details["loc"])
    where, line = ".".join(str(part) for part in path), document.line(path)
    words = {
        "missing": f"the field {where!r} is missing",
        "extra_forbidden": f"there is no field {where!r}",
    }.get(details["type"], f"{where}: {str(details['msg']).removeprefix('Value error, ')}")
    return ScenarioError(words, file=document.file, line=line, hint="docs/golden-set.md shows a whole case.")


def file_of(folder: Path, name: str) -> Path:
    """Return where a case stands in a set, also below it or under another name, or where it would be written."""
    file = folder / f"{name}{ENDING}"
    if file.exists():
        return file
    below = [*sorted(folder.rglob(file.name)), *(one for one in sorted(folder.rglob(f"*{ENDING}")) if _is(one, name))]
    return next(iter(below), file)


def _is(file: Path, name: str) -> bool:
    """Tell by its text whether a file holds a case, however wrong the rest of it may be."""
    try:
        text = file.read_text("utf-8", errors="replace")
    except OSError:
        return False
    return re.search(rf"^id:\s*['\"]?{re.escape(name)}['\"]?\s*$", text, re.MULTILINE) is not None


def changed_by_hand(folder: Path, case: Case) -> Case | None:
    """Return a case as its file says it where that is not what was written; its proof is not looked at.

    Raises:
        ScenarioError: the file is not right.
    """
    file = file_of(folder, case.id)
    if not file.exists():
        return None
    there = read_case(file)
    return None if dump(_unproven(there)) == dump(_unproven(case)) else there


def _unproven(case: Case) -> Case:
    return replace(case, proof=None, runs=1, least=1.0)


def write_case(folder: Path, case: Case) -> Path:
    """Write a case to its file, whole or not at all, and return the file; where it stands already, it stays.

    Raises:
        BadInput: it can't be written.
    """
    file = file_of(folder, case.id)
    fresh = file.with_name(f".{case.id}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_text(dump(case), "utf-8", errors="backslashreplace")
        fresh.replace(file)
    except OSError as problem:
        raise BadInput(f"{file} can't be written: {problem.strerror}") from None
    return file


def dump(case: Case) -> str:
    """Return a case as the text of its file."""
    text = yaml.dump(to_plain(case), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04X}", text)


_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\u061c\ufeff]")
"""What turns or hides the text around it: strings with it stand in double quotes, where it can be spelt out."""


_NUMERIC = tuple("+-.0123456789")


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, indents lists, and never refers back."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # What YAML 1.1 takes for a word, 1.2 may take for a number: all that begins like one is quoted.
    strange = any(not (one.isprintable() or one == "\n") for one in text)
    style = '"' if strange else "|" if "\n" in text else "'" if text[:1] in _NUMERIC else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def chosen(folder: Path, names: Sequence[str]) -> list[Kept]:
    """Return the cases that are named, or every case of the folder."""
    return [find_case(folder, name) for name in names] if names else read_set(folder)


def _line_of_id(file: Path) -> int:
    return read_yaml(read_text(file), str(file)).line(("id",))
