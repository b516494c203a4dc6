"""The interview of `cockpit init`: asks what an incident will need, and makes a commented cockpit.toml of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cockpit.live.interview.guests import OTHERS
from cockpit.live.interview.questions import NONE, Ask, Piece, Question, Template, adapters, read, template, written

ROLES = {
    "gateway": "Which gateway stands in front of your models?",
    "flags": "Where is the flag by which your application switches the AI off?",
    "prompts": "Where are your prompts kept?",
}
"""What systems are asked for, in this order."""

FIRST = ("flags", "prompts", "gateway")
"""Whose proposal counts where several bring the same lever; the others' are there as comments."""

_STAGING = Question("staging", "Is it staging, so that it serves no customers? yes or no", "no", "yes")
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass
class _File:
    """The file as it comes about."""

    systems: list[str] = field(default_factory=list)
    pieces: dict[str, list[Piece]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def interview(ask: Ask) -> str:
    """Ask, and return the text of cockpit.toml.

    `ask` returns an answer that can be used, by `questions.accept`.
    """
    file = _File()
    parts = [_simple(template("service"), ask, file)]
    for role, text in ROLES.items():
        known = adapters(role)
        chosen = ask(Question(role, text, NONE, "choice", choices=(NONE, *known)))
        if chosen != NONE:
            _system(template(chosen), ask, file)
    _others(ask, file)
    file.systems += _providers(ask)
    probe = _probe(ask, file)
    parts += [*file.systems, *_pieces(file), probe, template("range").system.strip("\n")]
    return "\n\n".join(parts) + "\n"


def check(text: str, file: Path) -> None:
    """Make sure that a text can be used as cockpit.toml.

    Raises:
        BadInput: it can't be, with the line.
    """
    from cockpit.settings import read_settings
    from cockpit.world.fleet import read_options
    from cockpit.world.registry import load_adapter

    for name, table in read_settings(text, file).systems.items():
        read_options(name, load_adapter(str(table.get("adapter", ""))), table)


def variables(text: str) -> list[str]:
    """Return the names of the variables that a cockpit.toml wants set."""
    return sorted(set(_named(tomllib.loads(text))))


def _named(said: object) -> Iterable[str]:
    if isinstance(said, str):
        return [said.removeprefix("env:")] if said.startswith("env:") else []
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return [name for one in inner for name in _named(one)]


def _simple(one: Template, ask: Ask, file: _File) -> str:
    """Ask a template's questions and fill it."""
    fill = {}
    for question in one.ask:
        answer = file.answers[question.key] = ask(question)
        fill[question.key.rpartition(".")[2]] = written(question, answer)
    return _filled(one.system, fill)


def _others(ask: Ask, file: _File) -> None:
    """Ask for systems of adapters that play no role of the cockpit's own; not at all where there are none."""
    if known := adapters(OTHERS):
        text = "Which other systems of yours should be connected? Names with commas"
        chosen = ask(Question(OTHERS, text, NONE, "choices", choices=(NONE, *known)))
        for name in chosen.split(","):
            if name != NONE:
                _system(template(name), ask, file)


def _system(one: Template, ask: Ask, file: _File) -> None:
    fill = {"name": one.role}
    for question in (*one.ask, replace(_STAGING, key=f"{one.role}.staging")):
        answer = file.answers[question.key] = ask(question)
        fill[question.key.rpartition(".")[2]] = written(question, answer)
    file.systems.append(_filled(one.system, fill))
    file.pieces[one.role] = [replace(piece, text=_filled(piece.text, fill)) for piece in one.pieces]


def _providers(ask: Ask) -> list[str]:
    known = read("providers")
    text = "Which model providers' status pages should be watched? Names with commas"
    chosen = ask(Question("providers", text, NONE, "choices", choices=(NONE, *known)))
    return [_provider(name, known[name]) for name in chosen.split(",") if name != NONE]


def _provider(name: str, table: Mapping[str, object]) -> str:
    lines = [f"[systems.{name}-status]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(lines)


def _toml(value: object) -> str:
    quoted = [f'"{one}"' for one in (value if isinstance(value, list) else [value])]
    return f"[{', '.join(quoted)}]" if isinstance(value, list) else quoted[0]


def _probe(ask: Ask, file: _File) -> str:
    """Ask about the probe; it goes to the gateway where nothing better is known."""
    one, (url, *others) = template("probe"), template("probe").ask
    gateway = file.answers.get("gateway.url", "")
    usual = f"{gateway.rstrip('/')}/v1/chat/completions" if gateway else ""
    address = ask(replace(url, default=usual))
    if not address:
        example = {"url": "https://app.example.com/chat", "token": "env:PROBE_KEY", "model": "support"}
        return _commented(_filled(one.system, example))
    fill = {"url": written(url, address)}
    for question in others:
        route = file.answers.get("gateway.route") if question.key == "probe.model" else None
        asked = replace(question, default=route or question.default)
        fill[question.key.rpartition(".")[2]] = written(asked, ask(asked))
    return _filled(one.system, fill)


def _pieces(file: _File) -> list[str]:
    """Return what the templates propose; where two propose the same, the second is a comment."""
    found, taken = list[str](), set[str]()
    for role in (*FIRST, *(one for one in file.pieces if one not in FIRST)):
        for piece in file.pieces.get(role, ()):
            found.append(_commented(piece.text) if piece.off or piece.slot in taken else piece.text)
            if not piece.off:
                taken.add(piece.slot)
    return found


def _filled(text: str, fill: Mapping[str, str]) -> str:
    """Put answers into a text; a line that holds an empty one becomes a comment."""
    return "\n".join(_line(line, fill) for line in text.strip("\n").split("\n"))


def _line(line: str, fill: Mapping[str, str]) -> str:
    whole = all(fill.get(name, name) for name in _PLACE.findall(line))
    told = _PLACE.sub(lambda found: fill.get(found[1], found[0]), line)
    return told if whole else f"# {told}"


def _commented(text: str) -> str:
    return "\n".join(line if not line or line.startswith("#") else f"# {line}" for line in text.split("\n"))
