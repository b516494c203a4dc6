"""The words that the linter of blame knows: who is a person, what is a system, what reproaches and what praises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_BENT = ("reproach", "act")
"""The classes of verbs, which stand as in a dictionary."""
_COUNTED = ("worker", "system", "harm")
"""The classes of nouns, which stand in the singular."""
_ODD = {
    "forget": "forgot forgotten", "hide": "hid hidden", "lie": "lied lying", "mistake": "mistook mistaken",
    "mislead": "misled", "mislay": "mislaid", "mishear": "misheard", "misunderstand": "misunderstood",
    "override": "overrode overridden", "oversleep": "overslept", "sleep": "slept", "withhold": "withheld",
    "oversell": "oversold", "sneak": "snuck", "find": "found", "write": "wrote written", "run": "ran",
    "send": "sent", "meet": "met", "build": "built", "rebuild": "rebuilt", "rewrite": "rewrote rewritten",
    "show": "showed shown", "undo": "undid undone", "prove": "proven", "drive": "drove driven",
}  # fmt: skip


@cache
def classes() -> Mapping[str, str]:
    """Return the class of each word that has one; what stands in two belongs to the first."""
    found: dict[str, str] = {}
    name = ""
    for line in _read("lexicon.txt"):
        if line.startswith("["):
            name = line[1:].partition("]")[0]
        elif not line.startswith("#"):
            for word in line.split():
                for form in (word, *_forms(word, name)):
                    found.setdefault(form, name)
    return found


@cache
def common() -> frozenset[str]:
    """Return words of everyday English, which a capital at the start of a sentence makes no name."""
    return frozenset(word for line in _read("common.txt") for word in line.split())


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def _read(name: str) -> list[str]:
    return (files(__package__) / name).read_text("utf-8").splitlines()


def _forms(word: str, name: str) -> Iterator[str]:
    if name in _COUNTED:
        yield from _plurals(word)
    elif name in _BENT:
        yield from _ODD.get(word, "").split()
        yield from _bent(word)


def _plurals(word: str) -> Iterator[str]:
    yield word + "s"
    if word[-1] in "sxh":
        yield word + "es"
    if word.endswith("y"):
        yield word[:-1] + "ies"
    if word.endswith("man"):
        yield word[:-3] + "men"


def _bent(word: str) -> Iterator[str]:
    if word.endswith("y") and word[-2] not in "aeou":
        yield from (word[:-1] + "ies", word[:-1] + "ied", word + "ing")
        return
    stem = word.removesuffix("e")
    yield from (word + "s", word + "es", stem + "ed", stem + "ing", stem + stem[-1] + "ed", stem + stem[-1] + "ing")
