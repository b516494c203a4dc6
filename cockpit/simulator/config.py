"""The configuration one request meets, and its short stable id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from typing import Any

from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import Route, Shift

PRIMARY, CACHED, FALLBACK, KILLED = "primary", "cached", "fallback", "static"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """The half that decides what is said; a running session and a cached answer hold on to it."""

    route: str
    prompt: str
    model: str
    index: str
    tool_versions: Pairs
    temperature: float
    top_p: float
    max_tokens: int
    retrieval_depth: int
    max_turns: int
    tightened: bool = False


@dataclass(frozen=True, slots=True)
class Serving:
    """The half that decides whether and how it is served; it bites at once."""

    mode: str
    fallback: str
    static: str
    tools: Pairs
    guardrails: Pairs
    timeout_s: float
    cap: str = ""
    disclaimer: bool = False
    off_kinds: tuple[str, ...] = ()
    off_tenants: tuple[str, ...] = ()


GENERATION_FIELDS = frozenset(field.name for field in fields(Generation))


def put(pairs: Pairs, name: str, value: str) -> Pairs:
    """Return the pairs with one value replaced or added."""
    return tuple(sorted({**dict(pairs), name: value}.items()))


@dataclass(frozen=True, slots=True)
class Config:
    """Both halves of one route's configuration."""

    generation: Generation
    serving: Serving

    def get(self, key: str) -> Any:
        """Return a value by its name in either half; `tool.NAME`, `tool_version.NAME`, `guardrail.NAME` too."""
        table, _, name = key.partition(".")
        if name:
            pairs = {
                "tool": self.serving.tools,
                "tool_version": self.generation.tool_versions,
                "guardrail": self.serving.guardrails,
            }.get(table, ())
            return dict(pairs).get(name, "off" if table in ("tool", "guardrail") else "")
        return getattr(self.generation if key in GENERATION_FIELDS else self.serving, key)

    def having(self, **changes: Any) -> Config:
        """Return a copy with some fields changed, in whichever half they are."""
        generation = {key: value for key, value in changes.items() if key in GENERATION_FIELDS}
        serving = {key: value for key, value in changes.items() if key not in GENERATION_FIELDS}
        return Config(
            replace(self.generation, **generation) if generation else self.generation,
            replace(self.serving, **serving) if serving else self.serving,
        )

    def differences(self, other: Config) -> tuple[str, ...]:
        """Return the names of the fields in which two configurations differ."""
        ours = [*fields(Generation), *fields(Serving)]
        return tuple(field.name for field in ours if self.get(field.name) != other.get(field.name))

    @property
    def id(self) -> str:
        """A short stable name of exactly this configuration."""
        text = repr((self.generation, self.serving))
        digest = hashlib.blake2s(text.encode(), digest_size=3).hexdigest()
        head = self.serving.static if self.serving.mode == KILLED else self.serving.mode
        return f"{head}-{digest}"

    @property
    def answering(self) -> str:
        """The model that answers under this configuration; empty without one."""
        if self.serving.mode == KILLED:
            return ""
        return self.serving.fallback if self.serving.mode == FALLBACK else self.generation.model


def initial(scenario: Scenario, route: Route) -> Config:
    """Return a route's configuration as the scenario starts; the model may still be an alias."""
    versions = tuple(sorted((name, tool.version) for name, tool in scenario.tools.items()))
    generation = Generation(
        route.name,
        route.prompt,
        route.model,
        route.index,
        versions,
        route.temperature,
        route.top_p,
        route.max_tokens,
        route.retrieval_depth,
        route.max_turns,
    )
    tools = tuple(sorted((name, str(mode)) for name, mode in route.tools.items()))
    guards = tuple(sorted((str(name), str(mode)) for name, mode in route.guardrails.items()))
    return Config(generation, Serving(PRIMARY, route.fallback, route.static, tools, guards, route.timeout))


def shifted(config: Config, shift: Shift) -> Config:
    """Apply what a registry change sets."""
    plain = {
        "prompt": shift.prompt,
        "model": shift.model,
        "index": shift.index,
        "temperature": shift.temperature,
        "top_p": shift.top_p,
        "max_tokens": shift.max_tokens,
        "retrieval_depth": shift.retrieval_depth,
        "max_turns": shift.max_turns,
        "timeout_s": shift.timeout,
    }
    changes: dict[str, Any] = {key: value for key, value in plain.items() if value is not None}
    pairs = (
        ("tools", config.serving.tools, shift.tools),
        ("tool_versions", config.generation.tool_versions, shift.tool_versions),
        ("guardrails", config.serving.guardrails, shift.guardrails),
    )
    for field, old, new in pairs:
        if new:
            merged: dict[str, str] = {**dict(old), **{str(key): str(value) for key, value in new.items()}}
            changes[field] = tuple(sorted(merged.items()))
    return config.having(**changes)
