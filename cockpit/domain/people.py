"""Marks who is spoken of in a sentence, so that patterns can tell people from what systems do."""

from __future__ import annotations

import re

from cockpit.domain import people_words

SUBJECT, NAMED, WORKER, AREA = "§", "¤", "¶", "¢"
"""What takes a word's place: a name that may be a subject, any other name, somebody's work, a part of a company."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AREAS = re.compile(
    r"\b(?:ops|operations|support|legal|security|devops|sre|marketing|sales|QA|platform|infra|infrastructure|finance|"
    r"compliance|HR|procurement|leadership|management|trust (?:&|and) safety|growth|data science|engineering|product|"
    r"customer (?:success|care|service))\b"
    r"(?=$|[,.;:!?)]|['’]s?\b| (?:was|were|is|are|had|has|have|took|did|didn't|never|not|just|who|and|should|could|"
    r"ought|let|sat|slept|\w+ed|forgot|broke|again|insisted|knew|kept|went|left|chose|for|folks|people)\b)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Madam|Herr|Frau|Madame|Monsieur|Prof)\.? (?=[A-Z])")
_PLURAL = re.compile(r"[A-Z]\w+s (?:are|were|have|do|show|need|must|can)\b")
_ON_CALL = re.compile(
    r"\bon[- ]call(?:er)?\b(?! (?:rota|duty|schedule|plan|phone|alert|page|engineer|person|guy|dev))", re.I
)
_WORKERS = frozenset(people_words.WORKERS.split())
_NO_NAMES = frozenset(people_words.NO_NAMES.split())
_NO_NAME_ENDS = (
    "ing",
    "ings",
    "tion",
    "tions",
    "sion",
    "ment",
    "ments",
    "ness",
    "nesses",
    "ability",
    "ity",
    "ware",
    "base",
    "ance",
    "ence",
)
_THINGS = frozenset(
    [
        "by",
        "consumer",
        "control",
        "log",
        "node",
        "placement",
        "resource",
        "scaling",
        "security",
        "target",
        "tenant",
        "user",
    ]
)
"""What groups are made of that nobody works in."""
_LEADS = frozenset(people_words.LEADS.split())


def mark(sentence: str) -> str:
    """Return a sentence of the same length in small letters, in which those who are spoken of are marks."""
    marked = list(sentence.lower())
    if len(marked) != len(sentence):  # a few letters grow when they are made small
        marked = [letter.lower() if len(letter.lower()) == 1 else letter for letter in sentence]
    before = after = ""
    for word in _WORD.finditer(sentence):
        sign = (
            ""
            if _PLURAL.match(sentence, word.start()) and word.group().lower().removesuffix("s") not in _WORKERS
            else _sign(word.group(), sentence[: word.start()][-2:], before, after)
        )
        if sign:
            marked[word.start() : word.end()] = sign * len(word.group())
        before, after = word.group().lower(), sign
    for word in _ON_CALL.finditer(sentence):
        marked[word.start() : word.end()] = WORKER * len(word.group())
    for area in _AREAS.finditer(sentence):
        marked[area.start() : area.end()] = AREA * (area.end() - area.start())
    for title in _TITLE.finditer(sentence):
        sign = marked[title.end()]
        if sign in (SUBJECT, NAMED):
            marked[title.start() : title.end()] = sign * (title.end() - title.start())
    return "".join(marked)


def _sign(word: str, gap: str, before: str, after: str) -> str:
    plain = word.lower()
    if plain in ("agent", "agents") and before in ("support", "service", "centre", "center", "human"):
        return WORKER
    if plain in ("group", "groups", "division") and before in _THINGS:
        return ""
    if plain in _WORKERS or plain.removesuffix("s") in _WORKERS:
        return WORKER
    if (
        not word[0].isupper()
        or word[1:].upper() == word[1:]
        or plain in _NO_NAMES
        or ("-" not in word and plain.endswith(_NO_NAME_ENDS))
    ):
        return ""
    if after in (SUBJECT, NAMED) and gap[-1:] == " ":
        return after
    starts = not before or gap[-1:] in "\"“‘'([*-–—" or gap[:1] in ",:-–—*"
    return SUBJECT if starts or before in _LEADS else NAMED
