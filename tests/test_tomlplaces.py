"""Lines of settings: every statement of a generated file is found where it was written."""

from __future__ import annotations

import json
import tomllib
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from cockpit.tomlplaces import line_of

KEYS = st.sampled_from(["a", "b", "share", "with.dot", "é", "x y"])
VALUES = st.sampled_from(
    ["1", '"[a]"', '"""\nshare = 2\n[b]\n"""', "[\n1,\n# b = 3\n2]", '{ a = 1, "b" = { c = 2 } }']
)
FILLS = st.sampled_from(["", "# a = 1", "   ", "\t# [b]"])


def quoted(path: tuple[str, ...]) -> str:
    """Write a dotted key."""
    return " . ".join(json.dumps(part, ensure_ascii=False) for part in path)


@given(st.lists(st.tuples(FILLS, KEYS, KEYS, VALUES), min_size=1, max_size=8, unique_by=lambda one: one[1:3]))
def test_every_value_is_found_where_it_stands(written: list[tuple[str, str, str, str]]) -> None:
    text, places, opened = "", dict[tuple[str, ...], int](), set[str]()
    for fill, table, key, value in sorted(written, key=lambda one: one[1]):
        text += f"{fill}\n"
        if table not in opened:
            opened.add(table)
            places[table,] = text.count("\n") + 1
            text += f"[ {quoted((table,))} ] # not = this\n"
        places[table, key] = text.count("\n") + 1
        text += f"  {quoted((key,))} = {value}\n"
    said = tomllib.loads(text)
    for path, line in places.items():
        assert reduce(lambda inner, part: inner[part], path, said) is not None
        assert line_of(text, path) == line
        assert line_of(text.replace("\n", "\r\n"), (*path, "more", "0")) == line


def test_what_is_nowhere_is_at_the_beginning() -> None:
    assert line_of("", ("a",)) == line_of("b = 1\nc = 2", ("a", "c")) == 1
