"""`cockpit scenario`: list, show, lint, schema."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, print_json, say, table
from cockpit.domain.clock import mmss

if TYPE_CHECKING:
    from cockpit.simulator.schema.scenario import Scenario


def show_list(given: Namespace) -> int:
    """Print the scenarios that come with the cockpit."""
    from cockpit.simulator.loader import list_scenarios, load_scenario

    found = [load_scenario(name) for name in list_scenarios()]
    if given.json:
        print_json([about(scenario) for scenario in found])
        return 0
    rows = [(one.name, one.service, mmss(one.end - one.page), one.title) for one in found]
    table(("scenario", "service", "length", "title"), rows)
    return 0


def show_one(given: Namespace) -> int:
    """Print what a scenario is about; its truth only when asked for."""
    from cockpit.simulator.loader import load_scenario

    scenario = load_scenario(given.scenario)
    whole = about(scenario)
    if given.truth:
        whole["truth"] = scenario.truth.model_dump(mode="json")
        whole["reference"] = [step.model_dump(mode="json", by_alias=True) for step in scenario.reference]
        whole["herrings"] = list(scenario.herrings)
    if given.json:
        print_json(whole)
        return 0
    say(f"{scenario.name}: {scenario.title}")
    say(f"{scenario.brief}\n")
    for key, value in whole.items():
        if key not in ("name", "title", "brief"):
            say(f"  {key:<10} {_line(value)}")
    return 0


def lint_files(given: Namespace) -> int:
    """Check scenario files; 2 when any of them can't be used."""
    from cockpit.simulator.loader import lint

    bad = 0
    for name in given.files:
        problems = lint(Path(name))
        bad += bool(problems)
        for problem in problems:
            complain(str(problem), problem.hint)
        if not problems:
            say(f"{name}: fine")
    return 2 if bad else 0


def show_schema(given: Namespace) -> int:
    """Print the JSON schema of a scenario."""
    from cockpit.simulator.loader import schema_json

    print_json(schema_json())
    return 0


def about(scenario: Scenario) -> dict[str, Any]:
    """Return what a player may know of a scenario beforehand."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "service": scenario.service,
        "brief": scenario.brief,
        "minutes": round((scenario.end - scenario.page).total_seconds() / 60),
        "page": scenario.page.isoformat(),
        "routes": [route.name for route in scenario.routes],
        "tenants": [tenant.name for tenant in scenario.tenants],
        "levers": list(scenario.levers),
        "file": scenario.file,
    }


def _line(value: Any) -> str:
    if isinstance(value, list):
        return (
            "\n             ".join(str(item) for item in value)
            if value and isinstance(value[0], dict)
            else ", ".join(map(str, value))
        )
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return str(value)
