"""What commands print: JSON for machines, plain lines for people; outside text always through the one door."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from cockpit.domain.text import clean


def print_json(value: Any) -> None:
    """Print a value as JSON, ASCII only, so that no text in it can reach the terminal as a command."""
    print(json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False, default=str))


def print_json_list(values: Iterable[Any]) -> None:
    """Print a JSON list with one value a line, so that it can be read by people and searched by lines too."""
    lines = [json.dumps(value, ensure_ascii=True, allow_nan=False, default=str) for value in values]
    print("[\n" + ",\n".join(lines) + "\n]")


def say(text: str = "") -> None:
    """Print lines for people, made harmless."""
    print(clean(text))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under a heading, in columns as wide as what they hold."""
    texts = [[clean(str(cell), multiline=False) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(head, *texts, strict=True)]
    for row in [list(head), *texts]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
