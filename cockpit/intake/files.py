"""Files as traces: read document by document; what can't be read is counted and named, and the rest is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.domain.calls import CallTrace
from cockpit.errors import BadInput
from cockpit.intake.documents import Document, documents
from cockpit.intake.formats import read_document
from cockpit.intake.gather import Gatherer
from cockpit.intake.keys import Keys, Limits
from cockpit.intake.mapping import Mapped
from cockpit.intake.raw import Batch, Problem, Unreadable

MAX_PROBLEMS = 1_000
"""Problems that are named; the others are only counted."""


@dataclass(slots=True)
class Reading:
    """What was read so far.

    Attributes:
        spans: spans read, as often as they were there.
        unreadable: documents and spans that were not.
        problems: the first `MAX_PROBLEMS` of those, each with its place.
    """

    spans: int = 0
    unreadable: int = 0
    problems: list[Problem] = field(default_factory=list)

    def missed(self, place: str, reason: str) -> None:
        """Count what could not be read."""
        self.unreadable += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(place, reason))

    def missed_all(self, place: str, reasons: Iterable[str]) -> None:
        """Count several things of one place that could not be read."""
        for reason in reasons:
            self.missed(place, reason)


def read_files(
    files: Sequence[Path],
    reading: Reading,
    *,
    keys: Keys | None = None,
    limits: Limits | None = None,
    mapped: Mapped | None = None,
    source: str = "",
) -> Iterator[list[CallTrace]]:
    """Read files; traces that are spread over several of them are put together where they have one source.

    Args:
        source: what the traces' source is called; by default each file's name.

    Raises:
        BadInput: a file can't be read at all.
    """
    limits = limits or Limits()
    gatherer = Gatherer(source, keys, limits)
    for file in files:
        if not file.is_file():
            raise BadInput(
                f"{file} is no file.", hint="Check the name; folders are named file by file: traces/*.json."
            )
    for file in files:
        if not source:
            gatherer = Gatherer(file.name, keys, limits)
        for batch in _read(file, reading, limits, mapped):
            gatherer.add(batch)
            if whole := gatherer.overflow():
                yield whole
        if not source:
            yield gatherer.rest()
            reading.missed_all(file.name, gatherer.take_failed())
    yield gatherer.rest()
    reading.missed_all(source or "the files", gatherer.take_failed())


def _read(file: Path, reading: Reading, limits: Limits, mapped: Mapped | None) -> Iterator[Batch]:
    if not _is_binary(file):
        for document in documents(file, limits.file_bytes):
            yield read_one(document, str(file), reading, mapped)
        return
    from cockpit.intake.otlp_proto import read_otlp_protobuf

    try:
        batch = read_otlp_protobuf(file.read_bytes() if file.stat().st_size <= limits.file_bytes else b"")
    except Unreadable as problem:
        reading.missed(str(file), str(problem))
        return
    yield _told(batch, str(file), reading)


def _is_binary(file: Path) -> bool:
    """Whether it may be protobuf: no JSON holds a NUL, and packed files have a mark of their own."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    return b"\0" in head and not head.startswith(b"\x1f\x8b")


def read_one(document: Document, file: str, reading: Reading, mapped: Mapped | None = None) -> Batch:
    """Read one document of a file, telling what could not be read."""
    place = f"{file}:{document.line}" if document.line else file
    if document.problem:
        reading.missed(place, document.problem)
    if document.value is None:
        return Batch()
    try:
        batch = mapped.read(document.value) if mapped else read_document(document.value)
    except Unreadable as problem:
        reading.missed(place, str(problem))
        return Batch()
    return _told(batch, place, reading)


def _told(batch: Batch, place: str, reading: Reading) -> Batch:
    reading.missed_all(place, batch.reasons)
    reading.spans += len(batch.spans)
    return batch
