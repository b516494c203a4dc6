"""The questions of `cockpit init`: what they ask, which answers can be used, how those are written in TOML."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cockpit.errors import BadInput
from cockpit.live.interview.guests import OTHERS, guests

FOLDER = Path(__file__).parent / "templates"
"""One file for each adapter: what its options need, and what is proposed for it."""

NONE = "none"
LONGEST = 300
"""Characters of one answer."""

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+|keyring:[^/]+/.+")
_NAME_IT = "Give the NAME of a variable, in capitals, or file:PATH or keyring:SERVICE/NAME; never the secret itself."


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and what an answer has to be.

    Attributes:
        key: what it is called in `--answer KEY=VALUE`.
        kind: `text`, `url`, `secret`, `number`, `yes` (or no), `names`, `choice` or `choices` (several).
        optional: whether `none` is an answer.
    """

    key: str
    text: str
    default: str = ""
    kind: str = "text"
    optional: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the file that one of several templates may bring; `off` ones are there as comments only."""

    slot: str
    text: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What is asked and written for one adapter."""

    name: str
    role: str
    title: str
    system: str
    ask: tuple[Question, ...]
    pieces: tuple[Piece, ...]


Ask = Callable[[Question], str]


def accept(question: Question, said: str) -> str:
    """Return an answer as it is used; nothing said is the default.

    Raises:
        BadInput: it can't be used; what was said is not repeated, for it may be a secret.
    """
    answer = said.strip() or question.default
    if answer.lower() == NONE and question.optional:
        return ""
    if not answer and not question.optional:
        raise BadInput(f"{question.key} needs an answer", hint=question.text)
    if len(answer) > LONGEST or not answer.isprintable():
        raise BadInput(
            f"the answer to {question.key} can't be written down",
            hint=f"At most {LONGEST} characters, none of them for control.",
        )
    return _CHECKS[question.kind](question, answer) if answer else ""


def written(question: Question, answer: str) -> str:
    """Return an answer as it stands in the file: between quotes, except numbers, lists, yes and no."""
    if question.kind == "names":
        return ", ".join(json.dumps(name.strip(), ensure_ascii=False) for name in answer.split(",") if name.strip())
    if question.kind in ("number", "yes"):
        return answer
    return json.dumps(answer, ensure_ascii=False)[1:-1]


def template(name: str) -> Template:
    """Return the template of an adapter, or of a part of the file.

    Raises:
        BadInput: another package's adapter brings questions that can't be used.
    """
    if name in _stems():
        return _own(name)
    try:
        return _made(name, guests(_stems())[name])
    except (TypeError, LookupError, AttributeError) as problem:
        raise BadInput(
            f"the questions that the adapter {name} brings can't be used: {problem}",
            hint="Write its table by hand; `cockpit adapters` shows what it is.",
        ) from None


@cache
def _own(name: str) -> Template:
    return _made(name, read(name))


def _made(name: str, said: Mapping[str, Any]) -> Template:
    role = str(said.get("role", name))
    role = name if role == OTHERS else role
    return Template(
        name=name,
        role=role,
        title=str(said.get("title", name)),
        system=said["system"],
        ask=tuple(_question(role, one) for one in said.get("ask", ())),
        pieces=tuple(Piece(**one) for one in said.get("piece", ())),
    )


def read(name: str) -> dict[str, Any]:
    """Read one file of templates."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def adapters(role: str) -> Mapping[str, str]:
    """Return the adapters that can play a role, with their titles: first those of the cockpit."""
    others = {name: str(said.get("title", name)) for name, said in guests(_stems()).items() if said["role"] == role}
    return {**_own_adapters(role), **others}


@cache
def _stems() -> frozenset[str]:
    return frozenset(file.stem for file in FOLDER.glob("*.toml"))


@cache
def _own_adapters(role: str) -> Mapping[str, str]:
    names = sorted(name for name in _stems() if read(name).get("role") == role)
    return {name: template(name).title for name in names}


def _question(role: str, said: Mapping[str, Any]) -> Question:
    optional = bool(said.get("optional", False))
    return Question(
        key=f"{role}.{said['key']}",
        text=said["question"],
        default=said.get("default", ""),
        kind=said.get("kind", "text"),
        optional=optional,
    )


def _text(_: Question, answer: str) -> str:
    return answer


def _url(question: Question, answer: str) -> str:
    from cockpit.world.exchange import safe_address

    if not _ADDRESS.fullmatch(answer):
        raise BadInput(
            f"the answer to {question.key} is no address",
            hint="It looks like https://host/path, without a user, a query or a fragment.",
        )
    return safe_address(answer, allow_http=False)


def _secret(question: Question, answer: str) -> str:
    reference = answer if _REFERENCE.fullmatch(answer) else f"env:{answer}"
    name = reference.removeprefix("env:")
    if name != reference and not _VARIABLE.fullmatch(name):
        raise BadInput(f"the answer to {question.key} is no name of a variable", hint=_NAME_IT)
    if name.upper().startswith("COCKPIT_"):
        raise BadInput("variables that begin with COCKPIT_ are the cockpit's own settings", hint="Name another one.")
    return reference


def _number(question: Question, answer: str) -> str:
    if not (answer.isascii() and answer.isdigit() and 0 < int(answer) <= 1000):
        raise BadInput(f"the answer to {question.key} is no number from 1 to 1000")
    return str(int(answer))


def _yes(question: Question, answer: str) -> str:
    words = {"yes": "true", "y": "true", "true": "true", "no": "false", "n": "false", "false": "false"}
    if answer.lower() not in words:
        raise BadInput(f"the answer to {question.key} is yes or no")
    return words[answer.lower()]


def _choice(question: Question, answer: str) -> str:
    if answer not in question.choices:
        near = difflib.get_close_matches(answer, question.choices, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise BadInput(
            f"that is no answer to {question.key}", hint=f"{meant}There are: {', '.join(question.choices)}."
        )
    return answer


def _choices(question: Question, answer: str) -> str:
    names = [one.strip() for one in answer.split(",") if one.strip()]
    return ",".join(dict.fromkeys(_choice(question, name) for name in names))


_CHECKS: Mapping[str, Callable[[Question, str], str]] = {
    "text": _text, "names": _text, "url": _url, "secret": _secret, "number": _number, "yes": _yes,
    "choice": _choice, "choices": _choices,
}  # fmt: skip
