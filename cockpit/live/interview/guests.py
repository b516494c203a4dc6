"""Adapters without a template in the interview, above all those of other packages.

They are asked about with questions of their own where they bring some, else with the usual ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit.world.contract import Adapter, Asks, Capability
from cockpit.world.options import SystemOptions
from cockpit.world.registry import BUILT_IN, adapter_names, load_adapter

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

OTHERS = "others"
"""The role of a system that is neither gateway nor flag service nor prompt registry."""

_ROLES = {Capability.FLAG: "flags", Capability.PROMPT: "prompts", Capability.ROUTING: "gateway"}
"""Which question a capability answers, the most telling first."""

_LEVERS = {"flags": "kill_switch", "prompts": "revert_prompt", "gateway": "fallback_model"}
"""What a system of a role is wired to first."""

_LEVER = """
# [levers.{lever}]
# system = "{{name}}"
# control = "…"       # an address, in the adapter's own words: its page tells
"""

_TRACES = ({"slot": "traces", "text": '[traces]\nsources = ["{name}"]    # what it records comes into the archive'},)

ELSEWHERE = frozenset({"simulator", "statuspage", "feed", "google_status"})
"""Adapters that nobody need be asked about: drills make the one, providers' pages are a question of their own."""


def guests(known: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what is asked and written for each adapter that is not among those known, as a template says it."""
    found = {}
    for name in adapter_names():
        if name not in ELSEWHERE and name not in known:
            try:
                found[name] = _said(load_adapter(name))
            except BadInput:
                continue  # `cockpit adapters` tells why it can't be used
    return found


def _said(adapter: Adapter) -> dict[str, Any]:
    if not isinstance(adapter, Asks):
        return _usual(adapter)
    try:
        own = tomllib.loads(adapter.questions)
        return {**own, "system": str(own["system"]), "role": str(own.get("role", OTHERS))}
    except (tomllib.TOMLDecodeError, LookupError, TypeError) as problem:
        return _usual(adapter, f"# Its own questions can't be read: {clean(problem, multiline=False, limit=200)}\n")


def _usual(adapter: Adapter, remark: str = "") -> dict[str, Any]:
    """Return the questions for any adapter: address, token, and whatever its options must have besides."""
    role = next((role for capability, role in _ROLES.items() if capability in adapter.capabilities), OTHERS)
    needed = {name: one for name, one in adapter.options.model_fields.items()
              if one.is_required() and name not in SystemOptions.model_fields}  # fmt: skip
    ask = [*_address(adapter), *(_required(name, one) for name, one in needed.items())]
    lever = _LEVERS.get(role)
    lines = ["[systems.{name}]", f'adapter = "{adapter.name}"', 'url = "{url}"', 'token = "{token}"']
    lines += [_written(name, one) for name, one in needed.items()]
    staging = "# Set to true for a system that serves no customers: only those are ever given to a drill."
    return {
        "role": role,
        "title": adapter.name if adapter.name in BUILT_IN else f"{adapter.name}, of a package of yours",
        "system": remark + "\n".join([*lines, staging, "staging = {staging}"]),
        "ask": ask,
        "piece": [*_lever(lever), *(_TRACES if Capability.TRACES in adapter.capabilities else ())],
    }


def _lever(lever: str | None) -> list[dict[str, Any]]:
    return [{"slot": "guest", "text": _LEVER.format(lever=lever), "off": True}] if lever else []


def _address(adapter: Adapter) -> list[Mapping[str, Any]]:
    """Ask where it is, and for the name of its token; a system in a file has neither."""
    usual = str(adapter.options.model_fields["url"].default or "none")
    reference = "Name of the variable that holds its token, or none"
    return [
        {"key": "url", "question": "Its address, or none", "kind": "url", "optional": True, "default": usual},
        {"key": "token", "question": reference, "kind": "secret", "optional": True, "default": "none"},
    ]


def _required(name: str, one: FieldInfo) -> Mapping[str, Any]:
    return {"key": name, "question": clean(one.description or name, multiline=False, limit=200)}


def _written(name: str, one: FieldInfo) -> str:
    """Return the line of an option: a text between quotes, anything else as it was answered."""
    return f'{name} = "{{{name}}}"' if one.annotation is str else f"{name} = {{{name}}}"
