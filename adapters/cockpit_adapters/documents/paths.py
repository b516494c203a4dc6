"""Places in nested documents: `a.b.0.c`, where a whole number is a place in a list."""

from __future__ import annotations

import copy
from typing import Any, Final

from cockpit.errors import BadInput


class _Missing:
    """There is nothing at a place; unlike None, which a document can hold."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


def parse_path(text: str) -> tuple[str, ...]:
    r"""Split a path at its dots; `\.` is a dot that belongs to a key.

    Raises:
        BadInput: a part is empty.
    """
    parts = tuple(part.replace("\0", ".") for part in text.replace(r"\.", "\0").split("."))
    if not all(parts):
        raise BadInput(
            f"{text!r} is no path in a document", hint=r"Write it like routes.0.model; a dot in a key is \."
        )
    return parts


def at(document: Any, path: tuple[str, ...]) -> Any:
    """Return what is at a place, MISSING when there is nothing."""
    for part in path:
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and _index(part, document) is not None:
            document = document[int(part)]
        else:
            return MISSING
    return document


def with_value(document: Any, path: tuple[str, ...], value: Any) -> Any:
    """Return a copy with another value at a place; MISSING takes a key away.

    Raises:
        BadInput: there is nothing that could hold it, or a place in a list would be taken away.
    """
    changed = copy.deepcopy(document)
    holder = at(changed, path[:-1])
    if isinstance(holder, dict):
        if value is MISSING:
            holder.pop(path[-1], None)
        else:
            holder[path[-1]] = copy.deepcopy(value)
    elif isinstance(holder, list) and value is not MISSING and _index(path[-1], holder) is not None:
        holder[int(path[-1])] = copy.deepcopy(value)
    else:
        raise BadInput(f"there is no {'.'.join(path)} in the document")
    return changed


def _index(part: str, items: list[Any]) -> int | None:
    return int(part) if part.isascii() and part.isdecimal() and int(part) < len(items) else None
