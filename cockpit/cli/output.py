"""What commands print: JSON for machines, plain lines for people; outside text always through the one door."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from cockpit.domain.text import clean

NOBODY_READS = 141
"""The exit code when the reader went away (`| head -1`): what shells give a program that SIGPIPE ended."""

LONGEST_COMPLAINT = 600
"""Characters of a message; a file name or an argument quoted in it may be as long as its writer liked."""


class OutputLost(Exception):
    """The output has no place to go; everything that had to be told has been told."""

    def __init__(self, exit_code: int) -> None:
        super().__init__()
        self.exit_code = exit_code


def print_json(value: Any) -> None:
    """Print a value as JSON, ASCII only, so that no text in it can reach the terminal as a command."""
    emit(json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False, default=str))


def print_json_list(values: Iterable[Any]) -> None:
    """Print a JSON list with one value a line, so that it can be read by people and searched by lines too."""
    lines = [json.dumps(value, ensure_ascii=True, allow_nan=False, default=str) for value in values]
    emit("[\n" + ",\n".join(lines) + "\n]")


def say(text: str = "") -> None:
    """Print lines for people, made harmless."""
    emit(clean(text))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under a heading, in columns as wide as what they hold."""
    texts = [[clean(str(cell), multiline=False) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(head, *texts, strict=True)]
    for row in [list(head), *texts]:
        emit("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def listing(rows: Sequence[Mapping[str, Any]], head: Sequence[str], nothing: str, *, as_json: bool) -> None:
    """Print rows: as JSON, or the parts that the heading names as a table, or in words that there are none."""
    if as_json:
        print_json(rows)
    elif rows:
        table(head, [[row[key] or "-" for key in head] for row in rows])
    else:
        say(nothing)


def emit(text: str) -> None:
    """Print text that is harmless already.

    Raises:
        OutputLost: nobody reads, or nothing more can be written there.
    """
    with _deliverable():
        print(text)


def deliver() -> None:
    """Hand over what has been printed so far; without it a closed pipe is noticed too late to be told well."""
    with _deliverable():
        if sys.stdout is not None:
            sys.stdout.flush()


def complain(text: str, hint: str = "") -> None:
    """Tell the person at the keyboard what is wrong, made harmless and bounded; silent where nobody reads."""
    with suppress(OSError):
        print(clean(text, limit=LONGEST_COMPLAINT), file=sys.stderr)
        if hint:
            print(f"  {clean(hint, limit=LONGEST_COMPLAINT)}", file=sys.stderr)


def speak_plainly() -> None:
    """Make characters that a terminal's encoding lacks appear as escapes: printing them never fails."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _deliverable() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _forget_the_rest()
        raise OutputLost(NOBODY_READS) from None
    except OSError as problem:
        _forget_the_rest()
        complain(f"cockpit: the output can't be written: {problem.strerror}")
        raise OutputLost(1) from None


def _forget_the_rest() -> None:
    """Let what is still buffered go nowhere, so that leaving does not stumble over it again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
