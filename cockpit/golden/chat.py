"""A case as a chat: the messages and tools that every endpoint and every runner is given alike."""

from __future__ import annotations

from typing import Any

from cockpit.domain.cases import Case, Input

CONTEXT = "Retrieved context:"
SENT = ("temperature", "top_p", "max_tokens")
"""Parameters of a case that an endpoint is sent; a seed would make every sample the same."""


def messages_of(given: Input) -> list[dict[str, str]]:
    """Return the conversation; what was retrieved stands before the last thing the user said."""
    said = [{"role": _role(turn.role), "content": turn.content} for turn in given.turns]
    if not given.context:
        return said
    parts = [f"[{one.source}]\n{one.text}" if one.source else one.text for one in given.context]
    retrieved = {"role": "system", "content": "\n\n".join([CONTEXT, *parts])}
    last = max((place for place, one in enumerate(said) if one["role"] == "user"), default=len(said))
    return [*said[:last], retrieved, *said[last:]]


def tools_of(given: Input) -> list[dict[str, Any]]:
    """Return the tools on offer; of most only the name is known."""
    shape = {"type": "object", "properties": {}, "additionalProperties": True}
    return [{"type": "function", "function": {"name": name, "parameters": shape}} for name in given.tools]


def parameters_of(case: Case) -> dict[str, float | int]:
    """Return the parameters of a case that an endpoint understands."""
    found = {name: case.parameters.get(name) for name in SENT}
    return {
        name: value for name, value in found.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }  # fmt: skip


def _role(role: str) -> str:
    # A lone tool message names a call that is not in the conversation, and is refused by most endpoints.
    return "system" if role == "tool" else role
