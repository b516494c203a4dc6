"""Shares as LaunchDarkly keeps them: the fallthrough of a flag, exactly as it was where it is more than a share."""

from __future__ import annotations

from typing import Any

from cockpit.errors import BadInput, Refused, Unsure
from cockpit.world.contract import Value
from cockpit_adapters.answers import tables, within
from cockpit_adapters.values import told

WHOLE = 100_000
"""Weights are thousandths of a percent."""

STEP = 0.001
"""The finest share, in percent."""

_HINT = "Use a flag with two variations, one of them true; or move the share in LaunchDarkly itself."


def value_of(flag: dict[str, Any], here: dict[str, Any], context_kind: str) -> Value:
    """Return the share of the variation `true` in percent, or the whole fallthrough where it is more than that.

    A fallthrough counts as a share only when writing that share would store the very same again: so an undo of
    anything else carries all of it, by variation ids.
    """
    kept = _kept(flag, here)
    new, old = _pair(flag)
    if kept == {"variation": new}:
        return 100
    if kept == {"variation": old}:
        return 0
    weights = kept.get("weights", {})
    plain = kept.get("context_kind") == context_kind and not kept.keys() - {"weights", "context_kind"}
    if plain and weights.keys() == {new, old} and 0 < weights[new] < WHOLE and sum(weights.values()) == WHOLE:
        share = weights[new] / 1000
        return int(share) if share.is_integer() else share
    return kept


def instruction(flag: dict[str, Any], here: dict[str, Any], value: Value, context_kind: str) -> dict[str, Any]:
    """Return the one instruction that stores a share, or puts a whole fallthrough back.

    Raises:
        Refused: an experiment runs on the fallthrough: what it keeps could not be put back.
        BadInput: the value is neither a share nor a fallthrough.
    """
    if _kept(flag, here).keys() & {"experiment", "seed"}:
        raise Refused("an experiment runs on this fallthrough", hint="Stop it in LaunchDarkly first.")
    told_to = {"kind": "updateFallthroughVariationOrRollout"}
    if isinstance(value, dict):
        return {**told_to, **_put_back(value)}
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise BadInput(f"a share is a number from 0 to 100, not {told(value)}")
    new, old = _pair(flag)
    weight = round(value * 1000)
    if weight in (0, WHOLE):
        return {**told_to, "variationId": new if weight else old}
    return {**told_to, "rolloutContextKind": context_kind, "rolloutWeights": {new: weight, old: WHOLE - weight}}


def _put_back(kept: dict[str, Any]) -> dict[str, Any]:
    if isinstance(kept.get("variation"), str):
        return {"variationId": kept["variation"]}
    if not isinstance(kept.get("weights"), dict):
        raise BadInput(f"{told(kept)} is no fallthrough")
    back = {"rolloutContextKind": kept.get("context_kind", "user"), "rolloutWeights": kept["weights"]}
    return {**back, "rolloutBucketBy": kept["bucket_by"]} if kept.get("bucket_by") else back


def _kept(flag: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """Return the fallthrough with ids instead of indexes, which another variation might take over."""
    ids = [str(one.get("_id", "")) for one in tables(flag.get("variations"))]
    fallthrough = within(here, "fallthrough", dict, "the flag")
    index = fallthrough.get("variation")
    if isinstance(index, int) and 0 <= index < len(ids):
        return {"variation": ids[index]}
    rollout = within(fallthrough, "rollout", dict, "the flag")
    parts = tables(rollout.get("variations"))
    named = {
        "contextKind": "context_kind",
        "bucketBy": "bucket_by",
        "experimentAllocation": "experiment",
        "seed": "seed",
    }
    weights = {_id(ids, one): within(one, "weight", int, "the flag") for one in parts}
    kept: dict[str, Any] = {"weights": weights, "context_kind": "user"}
    return kept | {ours: rollout[theirs] for theirs, ours in named.items() if rollout.get(theirs) is not None}


def _id(ids: list[str], part: dict[str, Any]) -> str:
    index = within(part, "variation", int, "the flag")
    if not 0 <= index < len(ids):
        raise Unsure("the rollout names a variation that the flag does not have")
    return ids[index]


def _pair(flag: dict[str, Any]) -> tuple[str, str]:
    variations = tables(flag.get("variations"))
    new = [str(one["_id"]) for one in variations if one.get("value") is True and one.get("_id")]
    old = [str(one["_id"]) for one in variations if one.get("value") is not True and one.get("_id")]
    if len(new) != 1 or len(old) != 1:
        raise Refused("a share needs a flag with exactly two variations, one of them true", hint=_HINT)
    return new[0], old[0]
