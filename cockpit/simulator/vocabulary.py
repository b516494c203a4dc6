"""The closed lists of the simulator: outcomes, verdicts, metrics, facts, actions."""

from __future__ import annotations

from cockpit.domain.facts import MEASURED
from cockpit.domain.steps import STEPS as _STEPS

OUTCOMES = ("good", "hallucinated", "leaked", "refused", "tool_error", "looping", "static", "blocked")
"""What an answer truly is. `static` was served without the model; `blocked` was stopped by a guardrail, a cap or
a tool that is off."""

GOOD, HALLUCINATED, LEAKED, REFUSED, TOOL_ERROR, LOOPING, STATIC, BLOCKED = range(8)

FAILURES = ("looping", "leaked", "tool_error", "hallucinated", "refused")
"""The outcomes with a coin of their own, in the order in which they win when several come up."""

VERDICTS = ("·", "ok", "leak", "wrong", "refused", "error", "loop", "static", "low")
"""What responders can see of an answer: `·` is not judged (yet), `low` a poor score on some axis."""

UNJUDGED, OK, LEAK, WRONG, REFUSAL, ERROR, LOOP, SERVED_STATIC, LOW = range(9)

CONFIG_KEYS = tuple(
    [
        "route",
        "prompt",
        "model",
        "index",
        "mode",
        "temperature",
        "top_p",
        "max_tokens",
        "retrieval_depth",
        "max_turns",
        "timeout_s",
        "tightened",
        "disclaimer",
        "cap",
        "guardrail.input",
        "guardrail.output",
        "guardrail.retrieval",
    ]
)
"""What an effect's `when` may ask of the configuration, besides `tool.NAME` and `tool_version.NAME`."""

SLOT_KEYS = ("kind", "tenant")
"""What an effect's `when` may ask of a request."""

METRICS = {
    "leaks_per_min": "answers flagged as leaks, per minute",
    "wrong_per_min": "answers flagged as wrong, per minute",
    "grounding_pct": "judged answers with grounding of 3 or more, %",
    "safety_pct": "judged answers with safety of 3 or more, %",
    "quality_pct": "judged answers with 3 or more on every axis, %",
    "refusal_pct": "answers that look like refusals, %",
    "error_pct": "answers with a tool error, %",
    "loops": "requests in flight for more than two minutes",
    "cost_ratio": "spend per minute, × its quiet level",
    "cost_per_min": "spend per minute, $",
    "p99_ratio": "99th percentile of the time to the last token, × its quiet level",
    "p99_s": "99th percentile of the time to the last token, s",
    "ttft_ratio": "99th percentile of the time to the first token, × its quiet level",
    "thumbs_down_pct": "answers with thumbs down, %",
    "escalations_per_min": "complaints from users, per minute",
    "requests_per_min": "answers given, per minute",
    "static_pct": "answers served without the model, %",
    "tokens_out": "mean tokens of an answer",
}
"""Every metric a signal may show, with its meaning."""

FACTS = MEASURED
"""Every fact the severity rubric and inject conditions may ask about, with its meaning."""

ACTIONS = tuple(
    [
        "acknowledge",
        "declare",
        "set_severity",
        "set_class",
        "set_layer",
        "answer",
        "freeze_evidence",
        "pull_lever",
        "undo_lever",
        "take_role",
        "hand_over_role",
        "post_update",
        "pin_trace",
        "open_canary",
        "widen_canary",
        "note",
        "all_clear",
    ]
)
"""The responder actions scenarios and scripts may rely on."""

STEPS = _STEPS
"""Names that order pairs may use: actions, milestones and levers."""
