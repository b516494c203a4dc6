"""`cockpit traces`: files into the archive, the newest that match, one in full."""

from __future__ import annotations

import gc
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, print_json, print_json_list, say, table
from cockpit.cli.places import paths_of, settings_of
from cockpit.domain.events import iso
from cockpit.domain.traces import TraceFilter
from cockpit.errors import BadInput
from cockpit.paths import private

if TYPE_CHECKING:
    from cockpit.archive.rows import Row
    from cockpit.archive.store import Archive, Archived
    from cockpit.archive.writer import Added
    from cockpit.intake.files import Reading

SHOWN_PROBLEMS = 20
UNKNOWN_YEAR = 1970
"""A trace that says no time is kept under the oldest there is."""
MOST_ROWS = 10_000


@contextmanager
def open_archive(given: Namespace, *, read_only: bool = False) -> Iterator[Archive]:
    """Open the archive of the data folder for the length of a command."""
    from cockpit.archive.store import NAME, Archive

    folder = paths_of(given).data
    archive = Archive.open((folder if read_only else private(folder)) / NAME, read_only=read_only)
    try:
        yield archive
    finally:
        archive.close()


def bring(given: Namespace) -> int:
    """Import files; 1 when a part of them could not be read, 2 when nothing could."""
    from cockpit.intake.files import Reading, read_files
    from cockpit.intake.mapping import read_mapping

    mapped = read_mapping(Path(given.map)) if given.map else None
    options = settings_of(given).intake
    reading, counts = Reading(), {"new": 0, "grown": 0, "known": 0}
    files = [Path(file) for file in given.files]
    # Thousands of spans are held at once and none is in a circle: looking for circles took a fifth of the time.
    gc.set_threshold(200_000, 50, 100)
    with open_archive(given) as archive:
        for traces in read_files(
            files, reading, keys=options.keys, limits=options.limits, mapped=mapped, source=given.source or ""
        ):
            _count(counts, archive.add(traces))
        archive.index_all()
    _tell(given, reading, counts)
    read = sum(counts.values())
    return 0 if read and not reading.unreadable else 1 if read else 2


def _count(counts: dict[str, int], added: Added) -> None:
    counts["new"] += added.new
    counts["grown"] += added.grown
    counts["known"] += added.known


def _tell(given: Namespace, reading: Reading, counts: dict[str, int]) -> None:
    told = {
        "spans": reading.spans, "traces": sum(counts.values()), "kept": counts["new"] + counts["grown"],
        "already_there": counts["known"], "unreadable": reading.unreadable,
    }  # fmt: skip
    if given.json:
        problems = [{"place": one.place, "reason": one.reason} for one in reading.problems]
        print_json({**told, "problems": problems})
        return
    say(
        f"{told['spans']} spans read in {told['traces']} traces: {told['kept']} kept, "
        f"{told['already_there']} already there. {told['unreadable']} unreadable."
    )
    for one in reading.problems[:SHOWN_PROBLEMS]:
        complain(f"  {one}")
    if reading.unreadable > SHOWN_PROBLEMS:
        complain(f"  … and {reading.unreadable - SHOWN_PROBLEMS} more; --json tells all of the first 1,000.")


def search(given: Namespace) -> int:
    """Print the newest traces that match; 1 when none does."""
    query = TraceFilter.parse(typed(given.query), archived=True)
    if not 1 <= given.limit <= MOST_ROWS:
        raise BadInput(f"--limit {given.limit} is not from 1 to {MOST_ROWS}.")
    with open_archive(given, read_only=True) as archive:
        found = archive.page(query, limit=given.limit)
    if given.json:
        print_json_list(row_as_json(row) for row in found)
    elif found:
        head = ("at", "id", "verdict", "route", "prompt", "model", "tenant", "tokens", "ms", "asked")
        table(head, [_cells(row) for row in found])
    else:
        say("No trace matches.")
    return 0 if found else 1


def typed(words: Sequence[str]) -> str:
    """Return a query as it was typed, with the quotes that the shell took from a phrase beside other words."""
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{one}"' if " " in one and not {'"', ":"} & set(one) else one for one in words)


def _cells(row: Row) -> tuple[object, ...]:
    at = row.at.strftime("%m-%d %H:%M:%S") if row.at.year > UNKNOWN_YEAR else "-"
    return (
        at, row.trace[:16], row.verdict, row.route or "-", row.prompt or "-",
        row.model or "-", row.tenant or "-", row.tokens_in + row.tokens_out, round(row.total_ms), row.asked[:60],
    )  # fmt: skip


def row_as_json(row: Row) -> dict[str, Any]:
    """Return a row as plain values: `id` is what `traces show` takes, `row` its number in the archive."""
    told = {name: getattr(row, name) for name in row.__slots__}
    return {**told, "id": row.trace, "row": row.id, "at": iso(row.at), "scores": dict(row.scores)}


def show(given: Namespace) -> int:
    """Print one trace in full."""
    from cockpit.cli.traces.text import as_json, lines_of

    with open_archive(given, read_only=True) as archive:
        found = _one(given, archive)
    if given.json:
        print_json({"row": found.row.id, "verdict": found.row.verdict, **as_json(found.trace)})
    else:
        for line in lines_of(found.trace, found.row.verdict):
            say(line)
    return 0


def _one(given: Namespace, archive: Archive) -> Archived:
    found = [one for one in archive.find(given.trace) if given.source in (None, one.row.source)]
    if not found:
        raise BadInput(f"There is no trace {given.trace!r}.", hint="`cockpit traces search` lists the newest.")
    exact = [one for one in found if one.row.trace == given.trace] or found
    if len(exact) > 1:
        names = ", ".join(f"{one.row.trace} of {one.row.source}" for one in exact[:5])
        raise BadInput(f"Several traces are called so: {names}.", hint="Give the whole id, and --source NAME.")
    return exact[0]
