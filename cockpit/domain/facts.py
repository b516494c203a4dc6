"""The one list of facts that a severity rule may ask about: what each is, and its unit."""

from __future__ import annotations

from collections.abc import Mapping

MEASURED: Mapping[str, str] = {
    "leak_seen": "a flagged answer shows another customer's data (yes or no)",
    "injection_seen": "a flagged answer followed instructions that an attacker put into its input (yes or no)",
    "unauthorised_action": "the agent carried out something nobody allowed (yes or no)",
    "cost_ratio": "cost per minute, as a multiple of the baseline",
    "degraded_share": "share of all answers that are bad beyond the usual, 0 to 1",
    "quality_drop": "how far the judges' score has fallen below its baseline, in points of 100",
    "p99_ratio": "99th percentile of latency, as a multiple of the baseline",
    "error_ratio": "error rate, as a multiple of the baseline",
    "refusal_ratio": "refusal rate, as a multiple of the baseline",
    "ttft_ratio": "99th percentile of the time to the first token, as a multiple of the baseline",
    "error_pct": "answers with a tool error, in per cent",
    "refusal_pct": "answers that look like refusals, in per cent",
    "grounding_pct": "judged answers that are grounded in what was retrieved, in per cent",
    "thumbs_down_pct": "answers with thumbs down, in per cent",
    "leaks_per_min": "answers flagged as leaks, per minute",
    "loops": "requests in flight for more than two minutes",
    "users_harmed": "users who were visibly harmed so far",
    "affected_tenants": "tenants with at least one known bad answer lately",
    "affected_routes": "routes with at least one known bad answer lately",
    "regulated": "a route that law or health depends on had a known bad answer lately (yes or no)",
    "feature_down": "nearly every answer is served without the model (yes or no)",
    "canary_percent": "share of users on the canary, in per cent",
    "canary_answers": "answers the canary has given lately",
    "canary_bad_pct": "answers of the canary known to be bad lately, in per cent",
}
"""Measured by the world's signals."""

ASSERTED: Mapping[str, str] = {
    "users_at_risk": "somebody answered that users are at risk right now (yes or no)",
    "harm_stopped": "somebody answered whether the harm has stopped on the wire (yes or no)",
    "changed": "what somebody found to have changed: prompt, model, index, tool, config, traffic or nothing",
    "undo_helped": "somebody answered whether undoing the change brought the signal back (yes or no)",
    "suspected_layer": "the layer that the failing traces point at",
    "class": "the class the incident was given",
}
"""Put on record by a person: an answer in the decision tree, or the class."""

FACTS: Mapping[str, str] = {**MEASURED, **ASSERTED}
"""Every fact by name, with what it means."""
