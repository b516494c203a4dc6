"""What each lever does to a configuration, and which targets may be asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cockpit.domain.levers import Lever
from cockpit.simulator.config import CACHED, FALLBACK, KILLED, PRIMARY, Config, put
from cockpit.simulator.schema.scenario import Scenario

MARKERS = (Lever.CLEAR_SESSIONS, Lever.FLUSH_CACHE)
"""Levers that change no configuration but drop what holds on to an old one."""

CANARY = "canary"
"""The lever name of an order that re-opens for a share of the users."""

_MODES = (PRIMARY, CACHED, FALLBACK, KILLED)

Setter = Callable[[Scenario, Config, str], Config]


def _mode(config: Config, mode: str, **more: str) -> Config:
    """Turn to a mode unless a stricter one is in force."""
    stricter = max(config.serving.mode, mode, key=_MODES.index)
    return config.having(mode=stricter, **more)


def _prompt(scenario: Scenario, config: Config, target: str) -> Config:
    prompt = scenario.prompts.get(target)
    if prompt is None or (prompt.routes and config.generation.route not in prompt.routes):
        return config
    return config.having(prompt=target)


def family(scenario: Scenario, model: str) -> set[str]:
    """Return the snapshots that a model name stands for, or that share an alias with it."""
    found = {model} if model in scenario.models else set()
    for name, alias in scenario.aliases.items():
        members = {alias.to, *(move.to for move in alias.moves)}
        if name == model or model in members:
            found |= members
    return found


def _pin(scenario: Scenario, config: Config, target: str) -> Config:
    current = config.generation.model
    related = family(scenario, current) | {model for model in scenario.models if not family_shared(scenario, model)}
    return config.having(model=target) if target in related else config


def family_shared(scenario: Scenario, model: str) -> bool:
    """Whether any alias ever means this snapshot."""
    return any(model in (alias.to, *(move.to for move in alias.moves)) for alias in scenario.aliases.values())


def _tool(_scenario: Scenario, config: Config, target: str) -> Config:
    name, _, mode = target.partition(":")
    if name not in dict(config.serving.tools):
        return config
    return config.having(tools=put(config.serving.tools, name, mode or "off"))


def _guardrail(scenario: Scenario, config: Config, target: str) -> Config:
    guards = config.serving.guardrails
    for name in scenario.guardrails if target == "all" else (target,):
        guards = put(guards, name, "block")
    return config.having(guardrails=guards)


def _off_kind(_scenario: Scenario, config: Config, target: str) -> Config:
    return config.having(off_kinds=tuple(sorted({*config.serving.off_kinds, target})))


def _off_tenant(_scenario: Scenario, config: Config, target: str) -> Config:
    return config.having(off_tenants=tuple(sorted({*config.serving.off_tenants, target})))


_SETTERS: dict[str, Setter] = {
    Lever.REVERT_PROMPT: _prompt,
    Lever.PIN_MODEL: _pin,
    Lever.DISABLE_TOOL: _tool,
    Lever.GUARDRAIL_BLOCK: _guardrail,
    Lever.FALLBACK_MODEL: lambda _s, config, target: _mode(config, FALLBACK, fallback=target),
    Lever.CAP_COST: lambda _s, config, target: config.having(cap=target),
    Lever.KILL_SWITCH: lambda _s, config, _target: _mode(config, KILLED),
    Lever.LOWER_TEMPERATURE: lambda _s, config, target: config.having(temperature=float(target.rstrip("s"))),
    Lever.TIGHTEN_PROMPT: lambda _s, config, _target: config.having(tightened=True),
    Lever.SHALLOWER_RETRIEVAL: lambda _s, config, target: config.having(
        retrieval_depth=int(float(target.rstrip("s")))
    ),
    Lever.CACHED_PATH: lambda _s, config, _target: _mode(config, CACHED),
    Lever.LONGER_TIMEOUT: lambda _s, config, target: config.having(timeout_s=float(target.rstrip("s"))),
    Lever.DISCLAIMER: lambda _s, config, _target: config.having(disclaimer=True),
    Lever.DISABLE_QUERY_TYPE: _off_kind,
    Lever.DISABLE_TENANT: _off_tenant,
}


def _known(lever: str, scenario: Scenario) -> Iterable[str] | None:
    """Return the only targets that make sense for a lever; None when others may."""
    known: dict[Lever, Iterable[str]] = {
        Lever.REVERT_PROMPT: scenario.prompts,
        Lever.PIN_MODEL: scenario.models,
        Lever.FALLBACK_MODEL: scenario.models,
        Lever.GUARDRAIL_BLOCK: (*scenario.guardrails, "all"),
        Lever.CAP_COST: scenario.caps,
        Lever.DISABLE_QUERY_TYPE: scenario.kind_names,
        Lever.DISABLE_TENANT: [tenant.name for tenant in scenario.tenants],
        Lever.DISABLE_TOOL: [f"{tool}{mode}" for tool in scenario.tools for mode in ("", ":off", ":approval")],
    }
    return known.get(Lever(lever))


def refusal(scenario: Scenario, lever: str, target: str) -> str:
    """Return why a pull can't be done at any time; empty when it can."""
    if lever not in scenario.levers:
        return f"there is no lever {lever!r} here"
    if scenario.levers[lever].ready:
        return scenario.levers[lever].ready
    known = _known(lever, scenario)
    if known is not None and target not in known:
        return f"{target!r} is no target here; there is {', '.join(known) or 'nothing to turn to'}"
    if lever in _NUMBERS and not _NUMBER.fullmatch(target):
        return f"{target!r} is no number"
    return ""


_NUMBERS = (Lever.LOWER_TEMPERATURE, Lever.SHALLOWER_RETRIEVAL, Lever.LONGER_TIMEOUT)
_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?s?")


def takes_only_choices(lever: str) -> bool:
    """Whether a lever's targets are only names for what it does anyway: no other name means anything."""
    return lever in (Lever.KILL_SWITCH, Lever.TIGHTEN_PROMPT, Lever.CACHED_PATH, Lever.DISCLAIMER, *MARKERS)


def scope_refusal(scenario: Scenario, scope: Mapping[str, Any]) -> str:
    """Return what in a scope does not exist here; empty when all of it does."""
    routes = [route.name for route in scenario.routes]
    tenants = [tenant.name for tenant in scenario.tenants]
    known = {"route": routes, "routes": routes, "tenant": tenants, "tenants": tenants}
    for key, asked in scope.items():
        if key not in known:
            return f"a scope names {', '.join(known)}, not {key!r}"
        for name in [asked] if isinstance(asked, str) else asked if isinstance(asked, (list, tuple)) else [asked]:
            if name and name not in known[key]:
                return f"there is no {key.rstrip('s')} {name!r} here; there is {', '.join(known[key])}"
    return ""


def covered_routes(scenario: Scenario, scope: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the routes a scope names; every route when it names none."""
    asked = scope.get("routes", scope.get("route", ()))
    names = {asked} if isinstance(asked, str) else {str(name) for name in asked or ()}
    every = tuple(route.name for route in scenario.routes)
    return tuple(name for name in every if name in names) if names else every


def covered_tenants(scope: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tenants a scope names; none means all."""
    asked = scope.get("tenants", scope.get("tenant", ()))
    return (asked,) if isinstance(asked, str) and asked else tuple(str(name) for name in asked or ())


def apply(scenario: Scenario, config: Config, lever: str, target: str, scope: Mapping[str, Any]) -> Config:
    """Return a route's configuration with a lever pulled."""
    if lever in MARKERS or lever not in _SETTERS:
        return config
    tenants = covered_tenants(scope)
    if lever == Lever.KILL_SWITCH and tenants:
        return config.having(off_tenants=tuple(sorted({*config.serving.off_tenants, *tenants})))
    return _SETTERS[lever](scenario, config, target)
