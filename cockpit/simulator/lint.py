"""What no schema can see: names that refer to nothing, injects that wait on themselves, a missing page."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.domain.levers import Lever
from cockpit.simulator.conditions import condition_of
from cockpit.simulator.levers import refusal
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import Shift
from cockpit.simulator.schema.story import ChangeLine, Fix
from cockpit.simulator.vocabulary import (
    ACTIONS,
    CONFIG_KEYS,
    FACTS,
    METRICS,
    OUTCOMES,
    SLOT_KEYS,
    STEPS,
)
from cockpit.yaml import Path

MAX_HORIZON_S = 12 * 3600.0
MAX_REQUESTS = 3_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place in the file."""

    path: Path
    message: str
    hint: str = ""


def problems(scenario: Scenario) -> list[Problem]:
    """Return everything that is wrong with the meaning of a scenario."""
    return [problem for check in _CHECKS for problem in check(scenario)]


def _unknown(path: Path, sort: str, name: str, known: Collection[str]) -> Iterator[Problem]:
    """Complain about a name that refers to nothing."""
    if name in known:
        return
    close = difflib.get_close_matches(name, known, 1, 0.5)
    near = f"; did you mean {close[0]!r}?" if close else ""
    listed = ", ".join(sorted(known)[:20]) or "none"
    yield Problem(path, f"there is no {sort} {name!r}{near}", f"There is: {listed}.")


def _all_unknown(path: Path, sort: str, names: Collection[str], known: Collection[str]) -> Iterator[Problem]:
    for place, name in enumerate(names):
        yield from _unknown((*path, place), sort, name, known)


def _times(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.start < scenario.page < scenario.end:
        yield Problem(("page",), "start, page and end must come in this order")
        return
    if scenario.horizon_s > MAX_HORIZON_S:
        yield Problem(("end",), f"a drill may last {MAX_HORIZON_S / 3600:.0f} h at most")
    if not 0 < scenario.quiet <= scenario.page_s:
        yield Problem(("quiet",), "the quiet time must end before the page")
    if sum(route.rate for route in scenario.routes) * scenario.horizon_s > MAX_REQUESTS:
        yield Problem(("routes",), f"more than {MAX_REQUESTS:,} requests in all")


def _models(scenario: Scenario) -> set[str]:
    return {*scenario.models, *scenario.aliases}


def _routes(scenario: Scenario) -> Iterator[Problem]:
    for place, route in enumerate(scenario.routes):
        at: Path = ("routes", place)
        yield from _unknown((*at, "prompt"), "prompt version", route.prompt, scenario.prompts)
        yield from _unknown((*at, "model"), "model", route.model, _models(scenario))
        yield from _unknown((*at, "fallback"), "model snapshot", route.fallback, scenario.models)
        yield from _unknown((*at, "index"), "index", route.index, scenario.indexes)
        for tool in route.tools:
            yield from _unknown((*at, "tools", tool), "tool", tool, scenario.tools)
        for guard in route.guardrails:
            yield from _unknown((*at, "guardrails", guard), "guardrail", guard, scenario.guardrails)
        if sum(route.kinds.values()) > 1.0 + 1e-9:
            yield Problem((*at, "kinds"), "the shares of the kinds add up to more than 1")
    yield from _twice(("routes",), "route", [route.name for route in scenario.routes])
    yield from _twice(("tenants",), "tenant", [tenant.name for tenant in scenario.tenants])


def _twice(path: Path, sort: str, names: list[str]) -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem((*path, place), f"the {sort} {name!r} is here twice")


def _registry(scenario: Scenario) -> Iterator[Problem]:
    route_names = [route.name for route in scenario.routes]
    for name, alias in scenario.aliases.items():
        yield from _unknown(("aliases", name, "to"), "model snapshot", alias.to, scenario.models)
        for place, move in enumerate(alias.moves):
            yield from _unknown(("aliases", name, "moves", place, "to"), "model snapshot", move.to, scenario.models)
        if name in scenario.models:
            yield Problem(("aliases", name), f"{name!r} is a snapshot and an alias at once")
    for name, prompt in scenario.prompts.items():
        yield from _all_unknown(("prompts", name, "routes"), "route", prompt.routes, route_names)
    for name, kind in scenario.kinds.items():
        yield from _all_unknown(("kinds", name, "tools"), "tool", kind.tools, scenario.tools)
    for name, cap in scenario.caps.items():
        known = [tenant.name for tenant in scenario.tenants]
        yield from _all_unknown(("caps", name, "tenants"), "tenant", cap.tenants, known)
    yield from _all_unknown(("loops", "tools"), "tool", scenario.loops.tools, scenario.tools)
    for place, campaign in enumerate(scenario.campaigns):
        at: Path = ("campaigns", place)
        yield from _all_unknown((*at, "routes"), "route", campaign.routes, route_names)
        tenants = [tenant.name for tenant in scenario.tenants]
        yield from _all_unknown((*at, "tenants"), "tenant", campaign.tenants, tenants)


def _locale(scenario: Scenario) -> Iterator[Problem]:
    name = scenario.texts.locale
    if name != "en_US":
        from faker.config import AVAILABLE_LOCALES

        yield from _unknown(("texts", "locale"), "locale", name, AVAILABLE_LOCALES)


def _shifts(scenario: Scenario) -> Iterator[Problem]:
    both: tuple[tuple[str, Sequence[ChangeLine | Fix]], ...] = (
        ("changes", scenario.changes),
        ("fixes", scenario.fixes),
    )
    for sort, lines in both:
        for place, line in enumerate(lines):
            yield from _shift(scenario, (sort, place, "config"), line.config)
            names = [route.name for route in scenario.routes]
            yield from _all_unknown((sort, place, "routes"), "route", line.routes, names)
    for place, fix in enumerate(scenario.fixes):
        yield from _all_unknown(("fixes", place, "levers"), "lever", fix.levers, scenario.levers)
        if (fix.at is None) == (fix.delay is None):
            yield Problem(("fixes", place), "a fix has either `at` or `delay`")
    yield from _twice(("changes",), "ref", [line.ref for line in scenario.changes])


def _shift(scenario: Scenario, at: Path, shift: Shift) -> Iterator[Problem]:
    if shift.prompt is not None:
        yield from _unknown((*at, "prompt"), "prompt version", shift.prompt, scenario.prompts)
    if shift.model is not None:
        yield from _unknown((*at, "model"), "model", shift.model, _models(scenario))
    if shift.index is not None:
        yield from _unknown((*at, "index"), "index", shift.index, scenario.indexes)
    for tool in (*shift.tools, *shift.tool_versions):
        yield from _unknown((*at, "tools", tool), "tool", tool, scenario.tools)
    for guard in shift.guardrails:
        yield from _unknown((*at, "guardrails", guard), "guardrail", guard, scenario.guardrails)


def _effects(scenario: Scenario) -> Iterator[Problem]:
    values = _condition_values(scenario)
    for place, effect in enumerate(scenario.effects):
        for key, want in effect.when.items():
            at: Path = ("effects", place, "when", key)
            table, _, name = key.partition(".")
            if table in ("tool", "tool_version"):
                yield from _unknown(at, "tool", name, scenario.tools)
            elif key not in (*CONFIG_KEYS, *SLOT_KEYS):
                yield from _unknown(
                    at, "condition", key, (*CONFIG_KEYS, *SLOT_KEYS, "tool.NAME", "tool_version.NAME")
                )
            elif key in values:
                yield from _wanted(at, key, want, values[key])
            elif key in _NUMBERS and not _measure(want):
                yield Problem(at, f"{want!r} is no number and no comparison such as `<5` or `>=0.3`")
        if effect.end is not None and effect.start is not None and effect.end <= effect.start:
            yield Problem(("effects", place, "end"), "the effect ends before it begins")
    yield from _twice(("effects",), "effect", [effect.id for effect in scenario.effects])


_NUMBERS = ("temperature", "top_p", "max_tokens", "retrieval_depth", "max_turns", "timeout_s")
_COMPARISON = re.compile(r"(>=|<=|>|<)\s*-?[0-9]+(\.[0-9]+)?")


def _measure(want: Any) -> bool:
    """Whether a value can be compared with a number."""
    if isinstance(want, list):
        return all(_measure(each) for each in want)
    if isinstance(want, dict):
        return set(want) == {"not"} and _measure(want["not"])
    if isinstance(want, str):
        return _COMPARISON.fullmatch(want) is not None
    return isinstance(want, int | float) and not isinstance(want, bool)


def _condition_values(scenario: Scenario) -> dict[str, Collection[str]]:
    return {
        "route": [route.name for route in scenario.routes],
        "prompt": scenario.prompts,
        "model": scenario.models,
        "index": scenario.indexes,
        "tenant": [tenant.name for tenant in scenario.tenants],
        "kind": scenario.kind_names,
        "mode": ("primary", "fallback", "cached", "static"),
        "guardrail.input": ("off", "warn", "block"),
        "guardrail.output": ("off", "warn", "block"),
        "guardrail.retrieval": ("off", "warn", "block"),
    }


def _wanted(at: Path, key: str, want: Any, known: Collection[str]) -> Iterator[Problem]:
    if isinstance(want, list):
        for each in want:
            yield from _wanted(at, key, each, known)
    elif isinstance(want, dict):
        if set(want) != {"not"}:
            yield Problem(at, "a condition is a value, a list of values, or {not: value}")
        else:
            yield from _wanted(at, key, want["not"], known)
    else:
        yield from _unknown(at, key, str(want), known)


def _levers(scenario: Scenario) -> Iterator[Problem]:
    known = [lever.value for lever in Lever]
    for name, setting in scenario.levers.items():
        at: Path = ("levers", name)
        yield from _unknown(at, "lever", name, known)
        if not 0 <= setting.delay[0] <= setting.delay[1]:
            yield Problem((*at, "delay"), "`delay` is [soonest, latest]")
        if name in known and not setting.ready:
            for target in (*setting.choices, *setting.targets):
                reason = refusal(scenario, name, target)
                if reason:
                    yield Problem((*at, "choices" if target in setting.choices else "targets"), reason)


def _signals(scenario: Scenario) -> Iterator[Problem]:
    for place, signal in enumerate(scenario.signals):
        at: Path = ("signals", place)
        yield from _unknown((*at, "metric"), "metric", signal.metric, METRICS)
        yield from _all_unknown((*at, "routes"), "route", signal.routes, [route.name for route in scenario.routes])
        tenants = [tenant.name for tenant in scenario.tenants]
        yield from _all_unknown((*at, "tenants"), "tenant", signal.tenants, tenants)
        yield from _all_unknown((*at, "kinds"), "kind", signal.kinds, scenario.kind_names)
    yield from _twice(("signals",), "signal", [signal.name for signal in scenario.signals])
    if not any(signal.harm and signal.threshold is not None for signal in scenario.signals):
        yield Problem(("signals",), "no signal has `harm: true` and a threshold, so nothing could be contained")


def _injects(scenario: Scenario) -> Iterator[Problem]:
    ids = [inject.id for inject in scenario.injects]
    yield from _twice(("injects",), "inject", ids)
    if not any(inject.channel == "pager" and inject.at == 0.0 for inject in scenario.injects):
        yield Problem(("injects",), "the page is missing: one inject needs channel pager and at 0s")
    names = [*(signal.name for signal in scenario.signals), *FACTS]
    for place, inject in enumerate(scenario.injects):
        at: Path = ("injects", place)
        if inject.at is None and inject.after is None and not inject.when:
            yield Problem(at, f"the inject {inject.id!r} never comes: it needs at, after or when")
        if inject.after is not None:
            yield from _unknown((*at, "after"), "inject", inject.after, ids)
        for number, text in enumerate(inject.when):
            condition = condition_of(text)
            if condition is None:
                yield Problem((*at, "when", number), f"{text!r} is no condition; write it like `leaks_per_min > 3`")
            else:
                yield from _unknown((*at, "when", number), "signal or fact", condition.name, names)
    yield from _cycles(scenario)


def _cycles(scenario: Scenario) -> Iterator[Problem]:
    after = {inject.id: inject.after for inject in scenario.injects}
    for place, inject in enumerate(scenario.injects):
        chain, name = [inject.id], inject.after
        while name is not None and name in after and name not in chain:
            chain.append(name)
            name = after[name]
        if name == inject.id:
            path = " after ".join([*chain, inject.id])
            yield Problem(("injects", place, "after"), f"the inject {inject.id!r} waits on itself: {path}")


def _score(scenario: Scenario) -> Iterator[Problem]:
    for place, step in enumerate(scenario.reference):
        yield from _step(scenario, ("reference", place), step.do, step.args)
    for place, wanted in enumerate(scenario.expected):
        yield from _step(scenario, ("expected", place), wanted.do, wanted.args)
        if wanted.inject is not None:
            ids = [inject.id for inject in scenario.injects]
            yield from _unknown(("expected", place, "inject"), "inject", wanted.inject, ids)
    for place, pair in enumerate(scenario.order):
        yield from _unknown(("order", place, "before"), "action, milestone or lever", pair.before, STEPS)
        yield from _unknown(("order", place, "after"), "action, milestone or lever", pair.after, STEPS)
    refs = {line.ref for line in scenario.changes} | {f"alias:{name}" for name in scenario.aliases}
    if scenario.truth.change:
        yield from _unknown(("truth", "change"), "ref on the board", scenario.truth.change, refs)
    misleading = refs | {inject.id for inject in scenario.injects}
    yield from _all_unknown(("herrings",), "ref or inject", scenario.herrings, misleading)
    for name in scenario.judge.scores:
        yield from _unknown(("judge", "scores", name), "outcome", name, OUTCOMES)
    for table in ("thumbs_down", "complain"):
        for name in getattr(scenario.feedback, table):
            yield from _unknown(("feedback", table, name), "outcome", name, OUTCOMES)


def _step(scenario: Scenario, at: Path, do: str, arguments: dict[str, Any]) -> Iterator[Problem]:
    yield from _unknown((*at, "do"), "action", do, ACTIONS)
    if do not in ("pull_lever", "undo_lever") or "lever" not in arguments:
        if do in ("pull_lever", "undo_lever") and at[0] == "reference":
            yield Problem(at, f"{do} needs `with: {{lever: …}}`")
        return
    lever = str(arguments["lever"])
    yield from _unknown((*at, "with", "lever"), "lever", lever, scenario.levers)
    target = arguments.get("target")
    if lever in scenario.levers and do == "pull_lever" and target:
        reason = refusal(scenario, lever, str(target))
        if reason:
            yield Problem((*at, "with", "target"), reason)


_CHECKS: tuple[Callable[[Scenario], Iterator[Problem]], ...] = (
    _times,
    _routes,
    _registry,
    _locale,
    _shifts,
    _effects,
    _levers,
    _signals,
    _injects,
    _score,
)
