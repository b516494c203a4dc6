"""What the doctor asks an Unleash server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.domain.text import clean
from cockpit.errors import WorldError
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.http import Line

SWITCH, SHARE = "UPDATE_FEATURE_ENVIRONMENT", "UPDATE_FEATURE_STRATEGY"
"""The permissions that turning a flag and setting a share take."""

_OWN = "Make a user for the cockpit with the root role Editor and use a personal access token of that user."
_NARROWER = (
    "Paid editions know narrower roles: root role Viewer, and a project role with these two permissions. The open "
    "source edition has none: keep this token where only responders reach it."
)


def findings(line: Line, project: str, deadline: Deadline) -> list[Finding]:
    """Prove that a server is reached, and say what the token may do there."""
    try:
        # This answer repeats the token in clear: nothing of it but the permissions may be shown.
        user = line.read("/api/admin/user", deadline).table()
    except WorldError as problem:
        step = problem.hint or "Check the url, and that the token is a personal access token, not one for SDKs."
        return [Finding("reached", Verdict.WRONG, problem.message, step)]
    permissions = [one for one in user.get("permissions") or () if isinstance(one, dict)]
    return [_version(line, deadline), *_rights(permissions, project), *_environments(line, deadline)]


def _version(line: Line, deadline: Deadline) -> Finding:
    try:
        version = str(line.read("/api/admin/ui-config", deadline).table().get("version") or "")
    except WorldError:
        version = ""
    if version.startswith("8."):
        return Finding("reached", Verdict.FINE, f"Unleash {clean(version, multiline=False, limit=40)}")
    told = clean(version, multiline=False, limit=40) or "of unknown version"
    return Finding(
        "reached",
        Verdict.WARNING,
        f"Unleash {told}; tested with 8.2.0",
        "Practise each lever on a test project first.",
    )


def _rights(permissions: Sequence[Mapping[str, Any]], project: str) -> list[Finding]:
    names = {str(one.get("permission")) for one in permissions}
    if "ADMIN" in names:
        told = "the token may do everything on this server, and its changes are logged as nobody's in particular"
        return [Finding("rights", Verdict.FINE, "may turn flags"), Finding("token", Verdict.WARNING, told, _OWN)]
    found = [_may(permissions, project, SWITCH, "turn flags"), _may(permissions, project, SHARE, "set shares")]
    if "CREATE_PROJECT" in names:
        told = "the token may also make and delete projects and flags: the root role Editor gives that"
        found.append(Finding("token", Verdict.WARNING, told, _NARROWER))
    return found


def _may(permissions: Sequence[Mapping[str, Any]], project: str, permission: str, what: str) -> Finding:
    places = sorted(
        clean(one.get("environment"), multiline=False, limit=60)
        for one in permissions
        if one.get("permission") == permission and one.get("project") in (project, "*") and one.get("environment")
    )
    if places:
        return Finding("rights", Verdict.FINE, f"may {what} in {', '.join(places)}")
    return Finding("rights", Verdict.WRONG, f"the token may not {what} in project {project}", _OWN)


def _environments(line: Line, deadline: Deadline) -> list[Finding]:
    try:
        found = line.read("/api/admin/environments", deadline).table().get("environments")
    except WorldError as problem:
        step = "Check that the token's user may see the environments."
        return [Finding("environments", Verdict.WARNING, problem.message, step)]
    rows = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    names = ", ".join(clean(one.get("name"), multiline=False, limit=60) for one in rows if one.get("enabled"))
    approved = [clean(one.get("name"), multiline=False, limit=60) for one in rows if one.get("requiredApprovals")]
    told = [Finding("environments", Verdict.FINE, names)]
    if approved:
        told.append(
            Finding(
                "approvals",
                Verdict.WARNING,
                f"changes in {', '.join(approved)} take somebody's approval in Unleash",
                "Give the cockpit's user the right to skip change requests there, or the lever will be refused.",
            )
        )
    return told
