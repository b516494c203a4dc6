"""Which values of an organisation's document levers may set, and what each may hold.

Only these: the document also carries keys and passwords, some of them unmasked, and what a control holds is written
into the journal. A field the gateway leaves out of its answer holds Go's zero value, unless the part of the document
it belongs to is not there at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit.world.contract import Capability, Value
from cockpit_adapters.values import anything, switch, told

STRATEGIES = ("round_robin", "weighted", "least_latency", "cost_optimized", "adaptive", "fastest")
"""The gateway's routing strategies (internal/routing/strategy.go), spelled as organisations' documents do."""

ACTIONS = ("block", "warn", "log")
"""What a guardrail check may do; the gateway takes any other word, `mask` too, for `log` and says nothing."""

ZERO: dict[str, Value] = {"bool": False, "int": 0, "number": 0, "text": "", "names": []}
"""What a field holds that the gateway leaves out, by kind."""

_CAPABILITIES = {
    "providers": Capability.ROUTING,
    "routing": Capability.ROUTING,
    "model_map": Capability.ROUTING,
    "guardrails": Capability.GUARDRAIL,
    "rate_limiting": Capability.CAPS,
    "budgets": Capability.CAPS,
    "tool_policy": Capability.TOOLS,
    "mcp": Capability.TOOLS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of field.

    Attributes:
        kind: a key of `ZERO`; `choices` are the only words allowed, all when empty.
        entry: whether it is an entry of a map: then it is simply not there when it is left out.
    """

    kind: str
    choices: tuple[str, ...] = ()
    entry: bool = False

    def missing(self) -> Value:
        """Return what it holds where the gateway leaves it out."""
        return None if self.entry else ZERO[self.kind]

    def check(self, value: Value) -> Value:
        """Return a value that may be stored; None takes the field away.

        Raises:
            BadInput: it is of another kind, or not one of the choices.
        """
        kinds: dict[str, Any] = {"bool": bool, "int": int, "number": (int, float), "text": str, "names": list}
        fits = isinstance(value, kinds[self.kind]) and (self.kind == "bool" or not isinstance(value, bool))
        if isinstance(value, list):
            fits = fits and all(isinstance(one, str) for one in value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            fits = fits and value >= 0
        if value is not None and (not fits or (self.choices and value not in self.choices)):
            raise BadInput(
                f"{told(value)} does not fit here", hint=f"It takes {', '.join(self.choices) or self.kind}."
            )
        return value

    def parse(self, text: str) -> Value:
        """Turn what people write into a value."""
        word = text.strip()
        if word == "null":
            return None
        if self.kind == "bool":
            return switch(word)
        if self.kind == "names":
            found = anything(word)
            return self.check(found if isinstance(found, list) else list(word.replace(",", " ").split()))
        if self.kind == "text":
            return self.check(word.replace("-", "_") if self.choices == STRATEGIES else word)
        return self.check(anything(word))


_FIELDS: dict[str, Field] = {
    "providers/*/models": Field("names"),
    "providers/*/enabled": Field("bool"),
    "providers/*/weight": Field("number"),
    "providers/*/timeout": Field("int"),
    "routing/strategy": Field("text", STRATEGIES),
    "routing/default_model": Field("text"),
    "routing/fallback_enabled": Field("bool"),
    "routing/model_fallbacks/*": Field("names", entry=True),
    "routing/model_timeouts/*": Field("text", entry=True),
    "routing/provider_lock/allowed_providers": Field("names"),
    "routing/provider_lock/deny_providers": Field("names"),
    **{
        f"routing/{part}/enabled": Field("bool")
        for part in (
            *("complexity", "fastest", "adaptive", "provider_lock"),
            *("failover", "circuit_breaker", "retry", "mirror"),
        )
    },
    "model_map/*": Field("text", entry=True),
    "guardrails/fail_open": Field("bool"),
    "guardrails/timeout_ms": Field("int"),
    "guardrails/checks/*/enabled": Field("bool"),
    "guardrails/checks/*/action": Field("text", ACTIONS),
    "guardrails/checks/*/confidence_threshold": Field("number"),
    "rate_limiting/enabled": Field("bool"),
    **{
        f"rate_limiting/{part}": Field("int")
        for part in ("global_rpm", "global_tpm", "per_key_rpm", "per_key_tpm", "per_model_rpm", "per_user_rpm")
    },
    "budgets/enabled": Field("bool"),
    "budgets/org_limit": Field("number"),
    "budgets/hard_limit": Field("bool"),
    **{f"budgets/{part}/*/limit": Field("number") for part in ("teams", "users", "keys", "tags")},
    "tool_policy/enabled": Field("bool"),
    "tool_policy/default_action": Field("text", ("strip", "reject")),
    "tool_policy/max_tools_per_request": Field("int"),
    "tool_policy/allow": Field("names"),
    "tool_policy/deny": Field("names"),
    "mcp/enabled": Field("bool"),
    "mcp/guardrails/blocked_tools": Field("names"),
}


def field_at(path: tuple[str, ...]) -> Field:
    """Find what a path names.

    Raises:
        BadInput: no lever may set that; the hint lists what there is beside it.
    """
    for shape, field in _FIELDS.items():
        parts = shape.split("/")
        if len(parts) == len(path) and all(part in ("*", given) for part, given in zip(parts, path, strict=True)):
            return field
    near = [shape for shape in _FIELDS if shape.split("/")[0] == path[0]] or sorted(_CAPABILITIES)
    shown = clean("/".join(path), multiline=False, limit=120)
    raise BadInput(f"no lever sets {shown!r}", hint=f"There is {', '.join(near)} (* is a name).")


def capability_at(path: tuple[str, ...]) -> Capability:
    """Return by which capability a path is controlled."""
    return _CAPABILITIES[path[0]]
