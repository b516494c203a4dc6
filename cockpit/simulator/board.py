"""The desk with the levers: how each stands, what may be asked for, and what a pull would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from cockpit.domain.levers import Lever, LeverPlan, LeverView
from cockpit.simulator.config import FALLBACK, KILLED, PRIMARY, Config
from cockpit.simulator.levers import (
    CANARY,
    MARKERS,
    apply,
    covered_routes,
    covered_tenants,
    family,
    scope_refusal,
    takes_only_choices,
)
from cockpit.simulator.levers import refusal as impossible
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.timeline import State

_BLAST = {
    Lever.KILL_SWITCH: "everybody on {routes}: {target} instead of the model",
    Lever.FALLBACK_MODEL: "everybody on {routes}: answers by {target}",
    Lever.CACHED_PATH: "everybody on {routes}: old answers where there are some, else none",
    Lever.DISABLE_TENANT: "everybody at {target}: no assistant",
    Lever.DISABLE_QUERY_TYPE: "questions of the type {target}: no assistant",
    Lever.DISABLE_TOOL: "questions that need {target} on {routes}",
    Lever.GUARDRAIL_BLOCK: "answers that the {target} guardrail stops on {routes}",
    Lever.CAP_COST: "requests above {target} on {routes}",
    Lever.CLEAR_SESSIONS: "running conversations on {routes} begin anew",
    Lever.FLUSH_CACHE: "cached answers on {routes} are made again",
}
_UNDO = "pull it back: u"
_NO_UNDO = "can't be undone"
DESTRUCTIVE = (Lever.KILL_SWITCH, Lever.CLEAR_SESSIONS, Lever.FLUSH_CACHE, Lever.DISABLE_TENANT)


class Desk:
    """Everything about levers at one moment; `state` is the control plane's view then."""

    def __init__(self, scenario: Scenario, state: State, at: float) -> None:
        self.scenario = scenario
        self.state = state
        self.at = at
        self._names = tuple(route.name for route in self.scenario.routes)

    def views(self) -> tuple[LeverView, ...]:
        """Return every lever the scenario has, in the ladder's order."""
        names = [lever.value for lever in Lever if lever.value in self.scenario.levers]
        return tuple(self.view(name) for name in names)

    def view(self, lever: str) -> LeverView:
        """Return how one lever stands."""
        setting = self.scenario.levers[lever]
        choices = self.choices(lever)
        ready = setting.ready or ("" if choices else "there is nothing to turn to")
        return LeverView(lever, self.current(lever), choices, ready, setting.practised)

    def current(self, lever: str) -> str:
        """Return the value in force, route by route where they differ."""
        words = [_current(lever, self.state.primary[self._names.index(name)]) for name in self.touched(lever)]
        return " · ".join(dict.fromkeys(word for word in words if word)) or "none"

    def touched(self, lever: str, scope: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """Return the routes on which a lever could change anything."""
        covered = covered_routes(self.scenario, scope or {})
        if lever in MARKERS:
            return covered
        found = []
        for name in covered:
            config = self.state.primary[self._names.index(name)]
            if any(self._can(config, lever, choice) for choice in self.choices(lever)):
                found.append(name)
        return tuple(found) or covered

    def _can(self, config: Config, lever: str, target: str) -> bool:
        plain = config.having(mode=PRIMARY)
        return apply(self.scenario, plain, lever, target, {}) != plain

    def choices(self, lever: str) -> tuple[str, ...]:
        """Return the targets that may be asked for, the sensible one first."""
        if lever not in self.scenario.levers:
            return ()
        own = self.scenario.levers[lever].choices
        return tuple(own) if own else tuple(dict.fromkeys(_offered(self, lever)))

    def sensible(self, lever: str) -> str:
        """Return the target a lever takes when none is named."""
        return next(iter(self.choices(lever)), "")

    def refusal(self, lever: str, target: str) -> str:
        """Return why a pull is refused; empty when it is not."""
        if lever == CANARY:
            return ""
        if lever not in self.scenario.levers or self.scenario.levers[lever].ready:
            return impossible(self.scenario, lever, target)
        choices = self.choices(lever)
        if not target or target in choices:
            return "" if target else "there is nothing to turn to"
        if takes_only_choices(lever):
            return f"{target!r} is no target here; there is {', '.join(choices)}"
        return impossible(self.scenario, lever, target)

    def plan(self, lever: str, target: str, scope: Mapping[str, Any]) -> LeverPlan:
        """Say what a pull would do."""
        refused = self.refusal(lever, target or self.sensible(lever)) or scope_refusal(self.scenario, scope)
        if lever not in self.scenario.levers:
            return LeverPlan(lever, target, scope, "", "nobody", 0.0, (0.0, 0.0), "", "", refused=refused)
        target = target or self.sensible(lever)
        setting = self.scenario.levers[lever]
        routes = self.touched(lever, scope)
        tenants = covered_tenants(scope)
        words = _BLAST.get(Lever(lever), "answers on {routes}").format(target=target, routes=", ".join(routes))
        words += f" ({', '.join(tenants)} only)" if tenants and lever == Lever.KILL_SWITCH else ""
        return LeverPlan(
            lever,
            target,
            scope,
            self.current(lever),
            words,
            self.share(lever, target, routes, tenants),
            (setting.delay[0], setting.delay[1]),
            setting.side_effects,
            setting.undo or (_NO_UNDO if lever in MARKERS else _UNDO),
            setting.leaves or self._leaves(lever),
            lever in DESTRUCTIVE,
            refused,
            once=lever in MARKERS,
        )

    def _leaves(self, lever: str) -> str:
        sticky = (Lever.REVERT_PROMPT, Lever.PIN_MODEL, Lever.TIGHTEN_PROMPT, Lever.SHALLOWER_RETRIEVAL)
        if lever not in (*sticky, Lever.LOWER_TEMPERATURE):
            return ""
        minutes = round(self.scenario.sessions.window / 60)
        left = f"conversations that are under way (up to {minutes} min)" if self.scenario.sessions.carry else ""
        return " and ".join(part for part in (left, "cached answers" if self.scenario.cache.share else "") if part)

    def share(self, lever: str, target: str, routes: Sequence[str], tenants: Sequence[str]) -> float:
        """Return the part of the traffic a pull touches, 0…1."""
        total = sum(route.rate for route in self.scenario.routes)
        on = [route for route in self.scenario.routes if route.name in routes]
        part = sum(route.rate for route in on) / total
        weights = {tenant.name: tenant.share for tenant in self.scenario.tenants}
        hit = (target,) if lever == Lever.DISABLE_TENANT else tenants if lever == Lever.KILL_SWITCH else ()
        if lever == Lever.CAP_COST and target in self.scenario.caps:
            hit = tuple(self.scenario.caps[target].tenants)
        if hit:
            part *= sum(weights.get(name, 0.0) for name in hit) / sum(weights.values())
        if lever == Lever.DISABLE_QUERY_TYPE:
            part = sum(route.rate * self._kind_share(route.kinds, (target,)) for route in on) / total
        if lever == Lever.DISABLE_TOOL:
            users = [name for name, kind in self.scenario.kinds.items() if target.partition(":")[0] in kind.tools]
            part = sum(route.rate * self._kind_share(route.kinds, users) for route in on) / total
        return round(part, 4)

    @staticmethod
    def _kind_share(kinds: Mapping[str, float], wanted: Sequence[str]) -> float:
        rest = max(0.0, 1.0 - sum(kinds.values())) if "normal" in wanted else 0.0
        return rest + sum(share for name, share in kinds.items() if name in wanted)

    def history(self, key: str) -> list[str]:
        """Return values that were in force before, the most recent first."""
        found: list[tuple[float, str]] = []
        for route in self.scenario.routes:
            had = [(-1e9, str(getattr(route, key)))]
            for change in self.scenario.changes:
                value = getattr(change.config, key)
                at = self.scenario.page_s + change.at
                if value is not None and at <= self.at and (not change.routes or route.name in change.routes):
                    had.append((at, value))
            had.sort()
            found += [(later[0], earlier[1]) for earlier, later in pairwise(had)]
        return [value for _, value in sorted(found, reverse=True)]


def _current(lever: str, config: Config) -> str:
    generation, serving = config.generation, config.serving
    words = {
        Lever.REVERT_PROMPT: generation.prompt,
        Lever.PIN_MODEL: generation.model,
        Lever.DISABLE_TOOL: ", ".join(f"{name} {mode}" for name, mode in serving.tools),
        Lever.GUARDRAIL_BLOCK: ", ".join(f"{name} {mode}" for name, mode in serving.guardrails),
        Lever.FALLBACK_MODEL: serving.fallback if serving.mode == FALLBACK else PRIMARY,
        Lever.CAP_COST: serving.cap or "none",
        Lever.KILL_SWITCH: f"off → {serving.static}" if serving.mode == KILLED else "assistant on",
        Lever.LOWER_TEMPERATURE: f"{generation.temperature:g}",
        Lever.TIGHTEN_PROMPT: "tightened" if generation.tightened else "as written",
        Lever.SHALLOWER_RETRIEVAL: f"{generation.retrieval_depth} chunks",
        Lever.CACHED_PATH: "on" if serving.mode == "cached" else "off",
        Lever.LONGER_TIMEOUT: f"{serving.timeout_s:g}s",
        Lever.DISCLAIMER: "on" if serving.disclaimer else "off",
        Lever.DISABLE_QUERY_TYPE: ", ".join(serving.off_kinds) or "all on",
        Lever.DISABLE_TENANT: ", ".join(serving.off_tenants) or "all on",
    }
    return words.get(Lever(lever), "")


def _prompts(desk: Desk) -> list[str]:
    scenario = desk.scenario
    now = {config.generation.prompt for config in desk.state.primary}
    coming = {fix.config.prompt for fix in scenario.fixes} | {
        change.config.prompt for change in scenario.changes if scenario.page_s + change.at > desk.at
    }
    had = desk.history("prompt")
    others = [name for name in reversed(scenario.prompts) if scenario.prompts[name].good and name not in coming]
    first = [name for name in had if scenario.prompts[name].good]
    return [name for name in [*first, *others] if name not in now]


def _models(desk: Desk) -> list[str]:
    scenario = desk.scenario
    found: list[tuple[float, str]] = []
    for name, alias in scenario.aliases.items():
        if any(name == route.model for route in scenario.routes):
            moves = [(scenario.page_s + move.at, move.to) for move in alias.moves]
            had = [(-1e9, alias.to), *(move for move in moves if move[0] <= desk.at)]
            found += [(later[0], earlier[1]) for earlier, later in pairwise(had)]
    before = [value for _, value in sorted(found, reverse=True)] + desk.history("model")
    now = [config.generation.model for config in desk.state.primary]
    known = [name for name in [*before, *now] if name in scenario.models]
    related = set().union(*(family(scenario, name) for name in now)) if now else set()
    more = [name for name in scenario.models if name in related and scenario.models[name].good and name in before]
    return [*known, *more]


def _tools(desk: Desk) -> list[str]:
    scenario = desk.scenario
    used = [name for config in desk.state.primary for name, _ in config.serving.tools]
    moved = {
        name: change.at
        for change in scenario.changes
        if scenario.page_s + change.at <= desk.at
        for name in change.config.tool_versions
    }
    names = sorted(dict.fromkeys(used), key=lambda name: -moved.get(name, -1e9))
    return [*names, *(f"{name}:approval" for name in names)]


def _guardrails(desk: Desk) -> list[str]:
    names = [name for name in ("output", "input", "retrieval") if name in desk.scenario.guardrails]
    return [*names, "all"] if len(names) > 1 else list(names)


def _kinds(desk: Desk) -> list[str]:
    scenario = desk.scenario
    return [name for name in scenario.kind_names if name not in scenario.kinds or not scenario.kinds[name].attack]


def _offered(desk: Desk, lever: str) -> list[str]:
    """Return what the registry offers for a lever."""
    scenario = desk.scenario
    offers = {
        Lever.REVERT_PROMPT: lambda: _prompts(desk),
        Lever.PIN_MODEL: lambda: _models(desk),
        Lever.DISABLE_TOOL: lambda: _tools(desk),
        Lever.GUARDRAIL_BLOCK: lambda: _guardrails(desk),
        Lever.FALLBACK_MODEL: lambda: [route.fallback for route in scenario.routes],
        Lever.CAP_COST: lambda: list(scenario.caps),
        Lever.KILL_SWITCH: lambda: [route.static for route in scenario.routes],
        Lever.LOWER_TEMPERATURE: lambda: ["0.2", "0.0"],
        Lever.TIGHTEN_PROMPT: lambda: ["tightened"],
        Lever.SHALLOWER_RETRIEVAL: lambda: ["3"],
        Lever.CACHED_PATH: lambda: ["on"],
        Lever.LONGER_TIMEOUT: lambda: ["120s"],
        Lever.DISCLAIMER: lambda: ["on"],
        Lever.DISABLE_QUERY_TYPE: lambda: _kinds(desk),
        Lever.DISABLE_TENANT: lambda: [tenant.name for tenant in scenario.tenants],
        Lever.CLEAR_SESSIONS: lambda: ["all"],
        Lever.FLUSH_CACHE: lambda: ["all"],
    }
    return offers[Lever(lever)]()
