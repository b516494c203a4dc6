"""Says in plain lines where two profiles differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cockpit.domain.playbook import Condition, Profile, SeverityRule

_SPANS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def diff_profiles(one: Profile, other: Profile) -> list[str]:
    """Return one line for each point on which two profiles differ, `one → other`."""
    before, after = _points(one), _points(other)
    lines: list[str] = []
    for name in dict.fromkeys([*before, *after]):
        left, right = before.get(name, "–"), after.get(name, "–")
        if left != right:
            lines.append(f"{name}: {left} → {right}")
    return lines


def _points(profile: Profile) -> dict[str, str]:
    return {
        "scale": " ".join(profile.scale),
        **{f"target {severity}": span(seconds) for severity, seconds in profile.targets_s.items()},
        "first update within": span(profile.cadence.first_s),
        "updates every": span(profile.cadence.every_s),
        "cadence holds for": " ".join(profile.cadence.severities) or "all severities",
        **{f"rule {rule.id}": _rule(rule) for rule in profile.rules},
        **{f"class {one.id}": f"{one.title} ({', '.join(one.levers)})" for one in profile.classes},
        "order": _pairs(profile.order),
        **{f"order at {severity}": _pairs(pairs) for severity, pairs in profile.order_by_severity.items()},
        "postmortem due": span(profile.postmortem_due_s),
        "one person, several roles": "yes" if profile.many_hats else "no",
        **_rest(profile),
    }


def _rest(profile: Profile) -> Mapping[str, str]:
    return {
        "answers that prove a pull": str(profile.proof_last),
        "quiet time that counts as contained": span(profile.contain_window_s),
        **{f"detectors: {name}": f"{value:g}" for name, value in asdict(profile.detect).items()},
        "first canary": f"{profile.canary_percent:g} % for {span(profile.canary_watch_s)}",
    }


def _rule(rule: SeverityRule) -> str:
    floor = ", floor" if rule.floor else ""
    return f"{rule.severity} when {' and '.join(_condition(one) for one in rule.when)}{floor}"


def _condition(one: Condition) -> str:
    return f"{one.fact} {one.op} {_plain(one.value)}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{before} before {after}" for before, after in pairs) or "–"


def span(seconds: float) -> str:
    """Write a span in its largest whole unit: 90 s, 15 min, 48 h."""
    for size, unit in _SPANS[1:]:
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
