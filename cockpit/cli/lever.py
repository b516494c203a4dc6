"""`cockpit lever`: the levers of cockpit.toml without a screen: list, plan, pull, undo, prove, debt.

A pull from here is the same as one from the screen: planned, journalled, sent once, read back, proven on the wire.
"""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cockpit.cli.live import attach_live, open_incident_id
from cockpit.cli.output import listing, print_json, say
from cockpit.cli.places import open_journal, settings_of
from cockpit.domain.events import Kind, iso
from cockpit.domain.incident import fold
from cockpit.domain.levers import LeverPlan, LeverPull, Stage
from cockpit.errors import BadInput, UnknownIncident, WorldError

if TYPE_CHECKING:
    from cockpit.live.runner import LiveRunner
    from cockpit.world.planner import Planner

UNKNOWN = 3
"""The exit code for a change of which nobody can tell whether it happened."""

DECIDE_S = 60.0
"""How long a command waits for the end of a change; it goes on being asked for by whoever drives the incident."""

STILL = (Stage.PULLED, Stage.APPLIED)


def show_list(given: Namespace) -> int:
    """Print every wired lever with its value as it is now; 1 when one can't be read."""
    with _systems(given) as planner:
        rows = [_row(name, planner) for name in planner.levers]
    head = ("lever", "system", "address", "now", "version", "problem")
    nothing = "No lever is wired to a system. `cockpit init` writes a cockpit.toml, docs/configuration.md tells more."
    listing(rows, head, nothing, as_json=given.json)
    return 1 if any(row["problem"] for row in rows) else 0


def show_plan(given: Namespace) -> int:
    """Print what a pull would do, without pulling; 1 when it would be refused."""
    with _systems(given) as planner:
        plan = planner.pull(given.lever, given.target or "", {})
    told = plan_as_json(plan)
    if given.json:
        print_json(told)
    else:
        for name, words in plan_in_words(plan):
            say(f"{name:<12} {words}")
    return 1 if plan.refused else 0


def pull(given: Namespace) -> int:
    """Pull a lever; 0 when it is in force, 1 when it was refused, 3 when nobody can tell."""
    return _change(given, "pull_lever", {"lever": given.lever, "target": given.target or ""})


def undo(given: Namespace) -> int:
    """Put back exactly what was there before a pull."""
    return _change(given, "undo_lever", {"lever": given.lever})


def approve(given: Namespace) -> int:
    """Approve what somebody else has proposed; it is pulled then."""
    return _change(given, "approve_lever", {"lever": given.lever})


def prove(given: Namespace) -> int:
    """Ask the wire whether the value that is stored is what answers carry; 0 when it is."""
    from cockpit.world.port import Proof

    with _systems(given) as planner:
        watcher = _watch(given, planner)
        proof: Proof = _until(watcher.look, lambda one: bool(one.enough), given.wait)
        watcher.close()
    told = {"lever": given.lever, "matched": proof.matched, "of": proof.of, "seen": proof.config_id,
            "expected": proof.expected, "observed": bool(proof.enough)}  # fmt: skip
    if given.json:
        print_json(told)
    else:
        say(f"{proof.matched} of {proof.of} answers carry {proof.expected}; the last one carried {proof.config_id}")
    return 0 if proof.enough else 1


def debt(given: Namespace) -> int:
    """Print the levers that are in force and that nobody has undone or made permanent."""
    rows = []
    try:
        with open_journal(given, read_only=True) as journal:
            for line in journal.incidents():
                if line.mode != "drill":
                    rows += [_debt(line.id, one) for one in fold(journal.events(line.id)).debt]
    except UnknownIncident:
        rows = []  # nothing was ever opened here
    head = ("incident", "lever", "from", "to", "by", "at", "stage")
    listing(rows, head, "No lever is left in force.", as_json=given.json)
    return 0


def plan_as_json(plan: LeverPlan) -> dict[str, Any]:
    """Return a plan as plain values."""
    intent = plan.intent
    return {
        "lever": plan.lever,
        "system": intent.get("system", ""),
        "address": intent.get("address", ""),
        "staging": intent.get("staging"),
        "current": plan.current,
        "target": plan.target,
        "version": plan.version,
        "set by": plan.side_effects,
        "hits": plan.blast,
        "effect_s": list(plan.effect_s),
        "leaves": plan.leaves,
        "undo": plan.undo,
        "proof": intent.get("expect"),
        "people": plan.people,
        "refused": plan.refused,
    }


def plan_in_words(plan: LeverPlan) -> list[tuple[str, str]]:
    """Return a plan as names and words, without what does not apply."""
    soonest, latest = plan.effect_s
    carried, staging = plan.intent.get("expect"), plan.intent.get("staging")
    rows = [
        ("lever", plan.lever),
        ("system", str(plan.intent.get("system", ""))),
        ("address", str(plan.intent.get("address", ""))),
        ("staging", "" if staging is None else "yes" if staging else "no"),
        ("change", f"{plan.current} → {plan.target}" if plan.current or plan.target else ""),
        ("version", plan.version),
        ("set by", plan.side_effects),
        ("hits", plan.blast),
        ("shows after", f"{soonest:g} to {latest:g} s" if latest else ""),
        ("leaves", plan.leaves),
        ("undo", plan.undo),
        ("proof", ", ".join(map(str, carried)) if isinstance(carried, list | tuple) else str(carried or "")),
        ("people", str(plan.people)),
        ("refused", plan.refused),
    ]
    return [(name, words) for name, words in rows if words]


def _change(given: Namespace, action: str, arguments: dict[str, Any]) -> int:
    if not given.yes:
        raise BadInput(
            "this changes a real system, so it takes --yes", hint=f"See first: cockpit lever plan {given.lever}"
        )
    runner = attach_live(given, open_incident_id(given), quietly=True)
    try:
        done = runner.do(action, arguments).result(timeout=DECIDE_S)
        if done.refused:
            return _tell(given, {"lever": given.lever, "stage": "refused", "reason": done.refused})
        op = str(done.events[0].get("op"))
        if any(event.kind is Kind.LEVER_PROPOSED for event in done.events):
            return _tell(given, _outcome(runner, op, None))
        wanted = STILL if given.wait else (Stage.PULLED,)
        pull = _until(lambda: runner.session.state.pull(op), lambda one: _ended(one, wanted), given.wait or DECIDE_S)
        return _tell(given, _outcome(runner, op, pull))
    finally:
        runner.close()


def _ended(pull: LeverPull | None, waiting: tuple[Stage, ...]) -> bool:
    return pull is not None and pull.stage not in waiting


def _outcome(runner: LiveRunner, op: str, pull: LeverPull | None) -> dict[str, Any]:
    if pull is None:
        return {"op": op, "stage": "proposed", "reason": "another person has to approve it: cockpit lever approve"}
    stage = Stage.UNKNOWN if pull.stage is Stage.PULLED else pull.stage
    return {
        "incident": runner.session.incident,
        "op": op,
        "lever": pull.lever,
        "system": pull.intent.get("system", ""),
        "address": pull.intent.get("address", ""),
        "before": pull.before,
        "requested": pull.target,
        "stored": pull.applied_at is not None,
        "observed": {"matched": pull.matched, "of": pull.of, "proven": pull.proven_at is not None},
        "stage": str(stage),
        "reason": pull.reason,
    }


def _tell(given: Namespace, told: dict[str, Any]) -> int:
    if given.json:
        print_json(told)
    else:
        about = f": {told['reason']}" if told.get("reason") else ""
        say(f"{told.get('op', '')} {given.lever} {told['stage']}{about}".strip())
    codes = {"unknown": UNKNOWN, "refused": 1}
    return codes.get(str(told["stage"]), 0)


def _until(look: Callable[[], Any], done: Callable[[Any], bool], seconds: float) -> Any:
    end = time.monotonic() + seconds
    while not done(found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


@contextmanager
def _systems(given: Namespace) -> Iterator[Planner]:
    from cockpit.domain.clock import WallClock
    from cockpit.world.fleet import connect
    from cockpit.world.planner import Planner
    from cockpit.world.secrets import secret_reader

    live = settings_of(given).live
    fleet = connect(live, secret_reader(os.environ), WallClock().now)
    try:
        yield Planner(live, fleet)
    finally:
        fleet.close()


def _row(name: str, planner: Planner) -> dict[str, Any]:
    from cockpit.world.planner import fingerprint, in_words

    options = planner.levers[name]
    row: dict[str, Any] = {"lever": name, "system": options.system, "address": options.control, "now": "",
                           "version": "", "by": "", "at": None, "problem": ""}  # fmt: skip
    try:
        reading = planner.read(options.system, options.control)
    except WorldError as problem:
        return {**row, "problem": str(problem)}
    at = iso(reading.at) if reading.at else None
    return {**row, "now": in_words(reading), "version": fingerprint(reading), "by": reading.by, "at": at}


def _watch(given: Namespace, planner: Planner) -> Any:
    from cockpit.domain.clock import WallClock
    from cockpit.world.secrets import secret_reader
    from cockpit.world.watching import watch_wire

    live = settings_of(given).live
    if given.lever not in live.levers:
        raise BadInput(f"{given.lever} is wired to no system", hint="`cockpit lever list` shows those that are.")
    expected, probe, answers = planner.expected_now(given.lever)
    chosen = live.probes.get(probe) if probe else next(iter(live.probes.values()), None)
    if expected is None or chosen is None:
        raise BadInput(
            f"nothing on the wire shows {given.lever}", hint=f"Add [probes.NAME] and [levers.{given.lever}.proof]."
        )
    return watch_wire(chosen, secret_reader(os.environ), WallClock().now, expected, answers)


def _debt(incident: str, pull: LeverPull) -> dict[str, Any]:
    return {
        "incident": incident, "lever": pull.lever, "system": pull.intent.get("system", ""), "from": pull.before,
        "to": pull.target, "by": pull.actor, "at": iso(pull.pulled_at), "stage": str(pull.stage),
    }  # fmt: skip
