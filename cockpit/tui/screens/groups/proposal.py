"""What a look at all traces proposes for the form that gauges the failure; a person looks at it and records it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.session.look import Look

TENANTS = 12
"""More tenants than this are no scope: it hits everybody."""


def proposal(look: Look) -> dict[str, str]:
    """Return fields of the form by name; what the data do not clearly say is left out."""
    scope = look.scope
    found: dict[str, str] = {}
    if scope.since is not None:
        found["since"] = f"{scope.since:%H:%M}"
    if scope.failing.part:
        found["fraction"] = f"{scope.after.share:.1%}"
    if scope.tenants_hit and scope.tenants_hit <= TENANTS:
        found["tenants"] = ", ".join(one.tenant for one in scope.tenants if "," not in one.tenant)
    for name, fact in (("prompt", "prompt"), ("routes", "route")):
        if values := _sure(look, fact):
            found[name] = values[0] if name == "prompt" else ", ".join(values)
    return {name: value for name, value in found.items() if value}


def _sure(look: Look, fact: str) -> list[str]:
    """Return the values of a fact that are surely commoner among the failing."""
    facts = (one for layer in look.layers for one in layer.facts)
    return [one.value for one in facts if one.fact == fact and one.sure and one.lift > 1 and "," not in one.value]
