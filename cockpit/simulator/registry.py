"""What the registry can tell: the what-changed board, the 2 a.m. card, the configuration in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.events import iso
from cockpit.domain.levers import LeverOrder
from cockpit.simulator.board import Desk
from cockpit.simulator.engine import Ground, Run
from cockpit.simulator.levers import CANARY
from cockpit.simulator.panel import Panel
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.timeline import Entry, entries_of
from cockpit.world.port import Change


def settled(ground: Ground, before: Sequence[LeverOrder], order: LeverOrder) -> LeverOrder:
    """Fill in an order's target where it names none: the last known good at that moment."""
    scenario = ground.scenario
    if order.target or order.undoes or order.percent is not None or order.lever not in scenario.levers:
        return order
    at = (order.at - scenario.start).total_seconds()
    entries = [entry for entry in entries_of(scenario, ground.seed, before) if entry.stored <= at]
    desk = Desk(scenario, ground.folder.state(entries), at)
    return replace(order, target=desk.sensible(order.lever))


def changes(run: Run, at: datetime) -> tuple[Change, ...]:
    """Return what changed until a moment, newest first: registry, aliases, repairs and levers."""
    scenario = run.scenario
    found = [*_listed(scenario), *_aliases(scenario, at), *_done(run)]
    return tuple(sorted((line for line in found if line.at <= at), key=lambda line: line.at, reverse=True))


def _listed(scenario: Scenario) -> list[Change]:
    return [
        Change(
            line.ref,
            scenario.page + timedelta(seconds=line.at),
            line.what,
            line.kind,
            line.before,
            line.after,
            line.by,
            line.note,
        )
        for line in scenario.changes
        if line.listed
    ]


def _aliases(scenario: Scenario, at: datetime) -> list[Change]:
    """Every alias with what it means now and since when: a silent move shows here, and only here."""
    found = []
    for name, alias in scenario.aliases.items():
        means, since, before = alias.to, scenario.page + timedelta(seconds=alias.since), ""
        for move in sorted(alias.moves, key=lambda move: move.at):
            moment = scenario.page + timedelta(seconds=move.at)
            if moment <= at:
                means, since, before = move.to, moment, means
        what = f"alias {name} resolves to {means}"
        found.append(Change(f"alias:{name}", since, what, "alias", before, means, "provider", "no deploy on record"))
    return found


def _done(run: Run) -> list[Change]:
    found = []
    fixes = {fix.id: fix for fix in run.scenario.fixes}
    for entry in run.timeline.entries:
        moment = run.scenario.start + timedelta(seconds=entry.stored)
        if entry.fix:
            fix = fixes[entry.fix]
            found.append(Change(f"fix:{fix.id}", moment, fix.what, fix.kind, "", "shipped", fix.by))
        elif entry.order is not None:
            found.append(_pulled(entry, entry.order, moment))
    return found


def _pulled(entry: Entry, order: LeverOrder, moment: datetime) -> Change:
    after = f"{entry.percent:g} %" if entry.sort == "canary" else "undone" if entry.sort == "undo" else order.target
    name = CANARY if entry.sort == "canary" else order.lever
    note = f"refused: {entry.refused}" if entry.refused else ""
    return Change(f"lever:{order.op}", moment, f"lever {name}", "lever", "", after, "responders", note)


def card(desk: Desk, panel: Panel, at: datetime) -> Mapping[str, str]:
    """Return the answers to the questions one asks at 2 a.m."""
    scenario = desk.scenario
    moment = (at - scenario.start).total_seconds()
    aliases = _aliases(scenario, at)
    moved = max(aliases, key=lambda line: line.at) if aliases else None
    facts = panel.facts(moment, 0.0)
    prompts = desk.choices("revert_prompt") if "revert_prompt" in scenario.levers else ()
    indexes = dict.fromkeys(config.generation.index for config in desk.state.primary)
    return {
        "last known good prompt": prompts[0] if prompts else "none on record",
        "prompt now": " · ".join(dict.fromkeys(config.generation.prompt for config in desk.state.primary)),
        "model now": " · ".join(dict.fromkeys(config.answering or "none" for config in desk.state.primary)),
        "model last moved": f"{moved.after} since {moved.at:%d %b %H:%M}" if moved else "pinned",
        "grounding, usual": f"{panel.baseline('grounding_pct'):.1f} %",
        "grounding, now": f"{facts['grounding_pct']:.1f} %",
        "retrieval": " · ".join(f"{name}: mean score {scenario.indexes[name].relevance:.2f}" for name in indexes),
    }


def snapshot(desk: Desk, at: datetime) -> Mapping[str, Any]:
    """Return every route's configuration, for the evidence."""
    state = desk.state
    routes = {}
    for config, candidate, percent in zip(state.primary, state.candidate, state.percent, strict=True):
        routes[config.generation.route] = {
            "id": config.id,
            **asdict(config.generation),
            **asdict(config.serving),
            "canary_percent": percent,
            "canary_id": candidate.id if percent else "",
        }
    return {"at": iso(at), "service": desk.scenario.service, "routes": routes}
