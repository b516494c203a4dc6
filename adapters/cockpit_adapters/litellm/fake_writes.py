"""How the proxy in memory changes: each write does to the recorded answers what LiteLLM did to its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from cockpit.world.specimen import Said

Kept: TypeAlias = dict[str, Any]


def _error(status: int, message: str) -> Said:
    return Said(
        status, {"error": {"message": message, "type": "bad_request_error", "param": None, "code": str(status)}}
    )


def _config(kept: Kept, body: dict[str, Any]) -> Said:
    kept["router_settings"]["current_values"].update(body["router_settings"])  # the map is replaced, not merged
    return Said(200, {"message": "Config updated successfully"})


def _set_fallback(kept: Kept, body: dict[str, Any]) -> Said:
    values = kept["router_settings"]["current_values"]
    others = [rule for rule in values["fallbacks"] or [] if body["model"] not in rule]
    values["fallbacks"] = [*others, {body["model"]: body["fallback_models"]}]
    return Said(200, {**body, "message": "Fallback configuration created successfully"})


def _drop_fallback(kept: Kept, body: dict[str, Any], model: str) -> Said:
    values = kept["router_settings"]["current_values"]
    values["fallbacks"] = [rule for rule in values["fallbacks"] or [] if model not in rule]
    return Said(
        200, {"model": model, "fallback_type": "general", "message": "Fallback configuration deleted successfully"}
    )


def _model(kept: Kept, ident: str) -> dict[str, Any] | None:
    return next((one for one in kept["model_info"]["data"] if one["model_info"]["id"] == ident), None)


def _patch_model(kept: Kept, body: dict[str, Any], ident: str) -> Said:
    found = _model(kept, ident)
    if found is None or not found["model_info"]["db_model"]:
        return _error(400, "Cannot edit config-based model. Store model in DB via /model/new first.")
    found["litellm_params"].update(
        {name: value for name, value in body["litellm_params"].items() if value is not None}
    )
    return Said(200, {"model_id": ident})


def _block_model(kept: Kept, body: dict[str, Any], word: str) -> Said:
    found = _model(kept, body["model_id"])
    if found is None or not found["model_info"]["db_model"]:
        return _error(400, "Cannot edit config-based model")
    found["model_info"]["blocked"] = word == "block"
    return Said(200, {"model_id": body["model_id"], "blocked": word == "block"})


def _key(kept: Kept, token: str) -> dict[str, Any] | None:
    return next((one for one in kept["key_list"]["keys"] if one["token"] == token), None)


def _update_key(kept: Kept, body: dict[str, Any]) -> Said:
    found = _key(kept, body["key"])
    if found is None:
        return _error(404, "Key not found.")
    found.update({name: value for name, value in body.items() if name != "key"})
    return Said(200, found)


def _block_key(kept: Kept, body: dict[str, Any], word: str) -> Said:
    found = _key(kept, body["key"])
    if found is None:
        return _error(400, "Invalid key format.")
    found["blocked"] = word == "block"
    return Said(200, found)


def _update_team(kept: Kept, body: dict[str, Any]) -> Said:
    if body["team_id"] != kept["team_info"]["team_id"]:
        return _error(404, f"Team not found, passed team_id={body['team_id']}")
    kept["team_info"]["team_info"].update(body)
    return Said(200, {"team_id": body["team_id"], "data": kept["team_info"]["team_info"]})


def _update_budget(kept: Kept, body: dict[str, Any]) -> Said:
    found = next((one for one in kept["budget_info"] if one["budget_id"] == body["budget_id"]), None)
    if found is not None:
        found.update(body)
    return Said(200, found)  # LiteLLM says 200 and null of a budget that is not there


def _patch_guardrail(kept: Kept, body: dict[str, Any], ident: str) -> Said:
    found = next((one for one in kept["guardrails"]["guardrails"] if one["guardrail_id"] == ident), None)
    if found is None:
        return _error(404, f"Guardrail with ID {ident} not found")
    found["litellm_params"].update(body["litellm_params"])
    return Said(200, found)


def _attach(kept: Kept, body: dict[str, Any]) -> Said:
    if body["policy_name"] not in {one["policy_name"] for one in kept["policies"]["policies"]}:
        return _error(404, f"Policy '{body['policy_name']}' not found. Create the policy first.")
    made = {**kept["attachments"]["attachments"][0], "keys": [], "models": [], **body}
    made["attachment_id"] = f"made-{len(kept['attachments']['attachments'])}"
    kept["attachments"]["attachments"] = [made, *kept["attachments"]["attachments"]]
    return Said(200, made)


def _detach(kept: Kept, body: dict[str, Any], ident: str) -> Said:
    left = [one for one in kept["attachments"]["attachments"] if one["attachment_id"] != ident]
    kept["attachments"]["attachments"] = left
    return Said(200, {"message": f"Attachment {ident} deleted successfully"})


def _publish(kept: Kept, body: dict[str, Any], ident: str) -> Said:
    listed = kept["prompt_versions"]["prompts"]
    if ident not in {one["prompt_id"] for one in listed}:
        return _error(404, f"Prompt with ID {ident} not found")
    blank = dict.fromkeys(listed[0]["litellm_params"])
    blank |= {name: value for name, value in listed[0]["litellm_params"].items() if isinstance(value, bool)}
    newer = {**listed[0], "litellm_params": blank | body["litellm_params"], "version": listed[0]["version"] + 1}
    kept["prompt_versions"]["prompts"] = [newer, *listed]
    return Said(200, newer)


WRITES: tuple[tuple[str, str, Callable[..., Said]], ...] = (
    ("POST", r"/config/update", _config),
    ("POST", r"/fallback", _set_fallback),
    ("DELETE", r"/fallback/([^/]+)", _drop_fallback),
    ("PATCH", r"/model/([^/]+)/update", _patch_model),
    ("POST", r"/model/(block|unblock)", _block_model),
    ("POST", r"/key/update", _update_key),
    ("POST", r"/key/(block|unblock)", _block_key),
    ("POST", r"/team/update", _update_team),
    ("POST", r"/budget/update", _update_budget),
    ("PATCH", r"/guardrails/([^/]+)", _patch_guardrail),
    ("POST", r"/policies/attachments", _attach),
    ("DELETE", r"/policies/attachments/([^/]+)", _detach),
    ("PUT", r"/prompts/([^/]+)", _publish),
)
