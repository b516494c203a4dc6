"""Files that a stranger wrote: what the YAML subset takes, refuses, and says about it."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import ScenarioError
from cockpit.yaml import MAX_BYTES, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("0123", "0123"),
        ("10:30", "10:30"),
        ("1_000", "1_000"),
        ("2026-06-12", "2026-06-12"),
        ("0x1f", "0x1f"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-3", -3),
        ("true", True),
        ("~", None),
        ("'1'", "1"),
        (".inf", ".inf"),
        (".nan", ".nan"),
    ],
)
def test_scalars_mean_what_they_look_like(text: str, value: Any) -> None:
    assert read_yaml(f"key: {text}", "a.yaml").data == {"key": value}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: &x 2\n", 2, "anchors"),
        ("a: [1]\nb: *x\n", 2, "aliases"),
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: !!python/object:os.system x\n", 1, "tags"),
        ("a:\n  <<: {b: 1}\n", 2, "merges"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: [1, 2\nb: 3\n", 2, "not YAML"),
        ("? [a, b]\n: 1\n", 1, "a key must be a word"),
        ("a: \x00\n", 1, "not YAML"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ScenarioError, match=words) as caught:
        read_yaml(text, "a.yaml")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"a.yaml:{line}: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: " + "[" * 20_000, "nested deeper"),
        ("x: " + "y" * MAX_BYTES, "larger than"),
        ("[" + "1," * 60_000 + "1]", "more than 50,000"),
    ],
)
def test_bombs_are_refused_quickly(text: str, words: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ScenarioError, match=words):
        read_yaml(text, "bomb.yaml")
    assert time.perf_counter() - began < 15.0


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(ScenarioError, match="anchors"):
        read_yaml("\n".join(lines), "laughs.yaml")


def test_every_value_knows_its_line() -> None:
    document = read_yaml("a:\n  - b: 1\n    c:\n      - 2\n      - 3\n", "a.yaml")
    assert document.line(("a", 0, "c", 1)) == 5
    assert document.line(("a", 0, "nowhere", "deep")) == 2
    assert document.line(("nowhere",)) == 1


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(ScenarioError):
        read_yaml(text, "any.yaml")
