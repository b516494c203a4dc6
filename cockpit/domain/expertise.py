"""Who knows what: an incident of an LLM application needs software, machine learning, or data people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

KINDS: Mapping[str, str] = {
    "software": "requests, tool calls and infrastructure",
    "ml": "models, evals, sampling and prompts",
    "data": "retrieval, index and embeddings",
}
"""The three kinds of knowledge, and what each is needed for."""

NEEDED: Mapping[str, str] = {
    "model": "ml",
    "prompt": "ml",
    "retrieval": "data",
    "tool": "software",
    "infra": "software",
}
"""Which of them a layer needs."""

Expertise = Mapping[str, Sequence[str]]
"""What each person knows, by name."""


def tagged(name: str, expertise: Expertise) -> str:
    """Return a name with what its bearer knows."""
    known = ", ".join(expertise.get(name, ()))
    return f"{name} ({known})" if known else name


def who_knows(layer: str, expertise: Expertise) -> tuple[str, ...]:
    """Return the people whose knowledge a layer needs."""
    needed = NEEDED.get(layer, "")
    return tuple(name for name, kinds in expertise.items() if needed in kinds)


def to_ask(layer: str, expertise: Expertise) -> str:
    """Say whom a layer needs, or that nobody named knows it; nothing where nobody says who knows what."""
    if not expertise or layer not in NEEDED:
        return ""
    names = who_knows(layer, expertise)
    return f"{layer} needs {NEEDED[layer]}: {', '.join(names) or 'nobody here is named for it'}"
