"""A config as the gateway understands it: what it would refuse, and which targets it can use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.errors import Refused

MODES = ("single", "loadbalance", "fallback", "conditional")


def refuse_broken(config: Any) -> None:
    """Raise Refused when the gateway would answer every request with an error; checked against 1.15.2."""
    if not isinstance(config, dict):
        raise Refused("a config is an object")
    targets = config.get("targets")
    if targets is None:
        return
    if not isinstance(targets, list) or not targets or not all(isinstance(one, dict) for one in targets):
        raise Refused("targets must be a list of objects, at least one", hint="The gateway refuses anything else.")
    mode = (config.get("strategy") or {}).get("mode") if isinstance(config.get("strategy"), dict | None) else None
    if mode not in MODES:
        raise Refused(f"strategy.mode is {mode!r}: the gateway knows {', '.join(MODES)}")
    if mode == "loadbalance" and not any(weight(one) > 0 for one in targets):
        raise Refused("all weights are 0: the gateway answers 500 then", hint="Raise another target's weight first.")
    for one in targets:
        refuse_broken(one)


def weight(target: Mapping[str, Any]) -> float:
    """Return a target's share in a load balance; 1 where it says nothing.

    Raises:
        Refused: it is no number, or negative.
    """
    said = target.get("weight", 1)
    if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
        raise Refused(f"a weight is {said!r}, which is no share")
    return float(said)


def indexes(config: Mapping[str, Any], place: str = "config") -> Iterator[str]:
    """Return what the header x-portkey-last-used-option-index can say with a config."""
    targets = config.get("targets")
    if not targets:
        yield place
        return
    mode = config["strategy"]["mode"]
    for number, target in enumerate(targets):
        if (mode == "single" and number) or (mode == "loadbalance" and not weight(target)):
            continue
        yield from indexes(target, f"{place}.targets[{number}]")


def label(target: Any) -> str:
    """Return what people know a target by."""
    if not isinstance(target, dict):
        return ""
    model = target.get("override_params")
    of_model = model.get("model") if isinstance(model, dict) else None
    return str(target.get("name") or of_model or target.get("virtual_key") or target.get("provider") or "")


def labels(targets: Any) -> list[str]:
    """Return the labels of a list of targets.

    Raises:
        Refused: it is no list, or two targets can't be told apart.
    """
    found = [label(one) for one in targets] if isinstance(targets, list) else []
    if not found or not all(found) or len(set(found)) < len(found):
        raise Refused(
            "the targets can't be told apart" if found else "there is no list of targets",
            hint='Give each target a "name" of its own.',
        )
    return found
