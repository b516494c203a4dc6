"""One flag as Unleash has it, and why one can't be used: gone, archived, or not in that environment.

An archived flag is the dangerous one: no SDK is told of it any more, so each application falls back to the default in
its own code; yet its environment still answers as before (unleash-server 8.2.0). So the flag itself is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.errors import Refused, Unsure
from cockpit.world.contract import Deadline
from cockpit.world.http import Line
from cockpit_adapters.answers import tables
from cockpit_adapters.unleash.state import Where


def path_of(project: str, at: Where) -> str:
    """Return where a flag is."""
    return f"/api/admin/projects/{project}/features/{at.flag}"


def environment_of(line: Line, project: str, at: Where, deadline: Deadline) -> Mapping[str, Any]:
    """Return what a flag is in its environment.

    Raises:
        Refused: it is archived, there is none, or it is not in that environment.
    """
    try:
        feature = line.read(path_of(project, at), deadline).table()
    except Refused as problem:
        if "answered 404" not in problem.message:
            raise
        raise _gone(line, project, at, deadline) from None
    if feature.get("archived") is True:
        raise _archived(at)
    here = feature.get("environments")
    if not isinstance(here, list):
        raise Unsure(f"Unleash did not say in which environments {at.flag} is")
    found = next((one for one in tables(here) if one.get("name") == at.environment), None)
    if found is None:
        there = ", ".join(str(one.get("name")) for one in tables(here)) or "none"
        raise Refused(
            f"the flag {at.flag} is not in the environment {at.environment}: nobody there is told of it",
            hint=f"Switch the environment on in the project {project}, or name one of {there}.",
        )
    return found


def _gone(line: Line, project: str, at: Where, deadline: Deadline) -> Refused:
    """Tell an archived flag from none: only the former's environment still answers."""
    try:
        line.read(f"{path_of(project, at)}/environments/{at.environment}", deadline)
    except Refused:
        return Refused(
            f"there is no flag {at.flag} in the project {project}",
            hint="Correct its name in cockpit.toml, or make the flag in Unleash.",
        )
    return _archived(at)


def _archived(at: Where) -> Refused:
    return Refused(
        f"the flag {at.flag} is archived: applications use the default in their own code, whatever is set here",
        hint="Revive it in Unleash (Archived flags), or wire a flag that your application asks.",
    )
