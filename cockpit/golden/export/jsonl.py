"""One case a line, whole, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cockpit.domain.cases import Case
from cockpit.golden.export import Place, Written
from cockpit.golden.export.writing import CASES, cases_of_lines, folder_of, lines_of, write_files


def write(cases: Sequence[Case], place: Place) -> Written:
    """Write a file of lines."""
    path = Path(place.where)
    folder, name = (path, CASES) if path.is_dir() or not path.suffix else (path.parent, path.name)
    return Written(write_files(folder, {name: lines_of(cases)}))


def read(place: Place) -> list[Case]:
    """Read a file of lines."""
    return cases_of_lines(folder_of(place.where, CASES))
