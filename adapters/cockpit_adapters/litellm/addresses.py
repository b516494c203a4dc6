"""The addresses of levers on LiteLLM, and what stands behind each."""

from __future__ import annotations

import re
from collections.abc import Callable

from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit_adapters.litellm.aliases import KeyAlias, RouteAlias
from cockpit_adapters.litellm.guardrails import GuardrailSetting, PolicyAttachment
from cockpit_adapters.litellm.lever import Lever
from cockpit_adapters.litellm.models import Fallback, ModelBlock, ModelPin
from cockpit_adapters.litellm.owners import Cap, Owner, OwnerBlock
from cockpit_adapters.litellm.prompts import Prompt

FORMS: tuple[tuple[str, Callable[..., Lever]], ...] = (
    (r"alias:(.+)", RouteAlias),
    (r"key_alias:([^/]+)/(.+)", KeyAlias),
    (r"model:(.+)", ModelPin),
    (r"blocked:model/(.+)", ModelBlock),
    (r"blocked:(key|team)/(.+)", lambda kind, name: OwnerBlock(Owner(kind, name))),
    (r"fallback:(.+)", Fallback),
    (
        r"cap:(key|team|budget)/(.+)/(max_budget|rpm_limit|tpm_limit)",
        lambda kind, name, limit: Cap(Owner(kind, name), limit),
    ),
    (r"guardrail:(.+)/(default_on|mode)", GuardrailSetting),
    (r"policy:([^@]+)@(key|model)/(.+)", PolicyAttachment),
    (r"prompt:(.+(?<!\.v\d)(?<!\.v\d\d)(?<!\.v\d\d\d))", Prompt),
)

EXAMPLES = (
    "alias:support, key_alias:agent/support, model:ID, blocked:model/ID, blocked:key/agent, blocked:team/ID, "
    "fallback:support, cap:key/agent/rpm_limit, guardrail:NAME/mode, policy:NAME@key/agent, prompt:system"
)


def lever_at(address: str) -> Lever:
    """Return the lever at an address; raises BadInput, which shows what addresses look like."""
    for form, made in FORMS:
        match = re.fullmatch(form, address)
        if match and not any(_odd(part) for part in match.groups()):
            return made(*match.groups())
    raise BadInput(
        f"{clean(address, multiline=False, limit=80)!r} is no lever of LiteLLM", hint=f"There are {EXAMPLES}."
    )


def _odd(part: str) -> bool:
    """Whether a name has edges or signs that nobody means: `/../` would lead a path elsewhere."""
    return part != part.strip() or not part.isprintable() or part in (".", "..")
