"""LiteLLM for the contract suite: one control of every kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.litellm.fake import FakeLiteLLM

BAD = (
    "support",
    "alias:",
    "cap:key/agent-refunds",
    "blocked:customer/x",
    "guardrail:inc-42",
    "prompt:a.v2",
    "model:..",
    "",
)
"""Among them what LiteLLM offers and never may be asked for: customers, versions that look like prompts."""


def _alias(fake: FakeLiteLLM, value: Any) -> None:
    fake.aliases.pop("support", None)
    if value is not None:
        fake.aliases["support"] = value


def _pin(fake: FakeLiteLLM, value: Any) -> None:
    found = next(one for one in fake.kept["model_info"]["data"] if one["model_info"]["id"] == "dep-support")
    found["litellm_params"]["model"], found["litellm_params"]["api_base"] = value.split(" @ ")


def _fallback(fake: FakeLiteLLM, value: Any) -> None:
    fake.kept["router_settings"]["current_values"]["fallbacks"] = [{"broken": value}] if value else []


def _of_key(name: str) -> Callable[[FakeLiteLLM, Any], None]:
    return lambda fake, value: fake.kept["key_list"]["keys"][0].update({name: value})


def _of_guardrail(fake: FakeLiteLLM, value: Any) -> None:
    fake.kept["guardrails"]["guardrails"][0]["litellm_params"]["default_on"] = value


def _prompt(fake: FakeLiteLLM, value: Any) -> None:
    listed = fake.kept["prompt_versions"]["prompts"]
    said = next(one for one in listed if one["version"] == value)
    fake.kept["prompt_versions"]["prompts"] = [{**said, "version": listed[0]["version"] + 1}, *listed]


def _one(address: str, first: Any, want: Any, text: str, elsewhere: Callable[..., None], **more: Any) -> Specimen:
    return Specimen(
        "litellm", label=address.partition(":")[0], fake=FakeLiteLLM, options={"token": "env:SPECIMEN_TOKEN"},
        address=address, first=first, want=want, text=text, elsewhere=elsewhere, bad_addresses=BAD, **more,
    )  # fmt: skip


def specimens() -> Sequence[Specimen]:
    """Return a route, a pin, a fallback, a cap, a kill, a guardrail and a prompt."""
    pin = "openai/support-v2 @ http://127.0.0.1:19101/v2/v1"
    now = "openai/support-v1 @ http://127.0.0.1:19101/v1/v1"
    return (
        _one("alias:support", None, "support-v1", "support-v1", _alias),
        _one("model:dep-support", now, pin, pin, _pin),
        _one("fallback:broken", [], ["support-v1", "support-v2"], "support-v1, support-v2", _fallback),
        _one("cap:key/agent-refunds/rpm_limit", None, 0, "0", _of_key("rpm_limit")),
        _one("blocked:key/agent-refunds", False, True, "blocked", _of_key("blocked")),
        _one("guardrail:inc-42/default_on", False, True, "on", _of_guardrail),
        _one("prompt:support-sys", 2, 1, "v1", _prompt, carries_version=True),
    )
