"""Station 1: the rubric, what it suggests, and how low a person may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain.playbook import Fact, Profile, SeverityRule


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One rule held against the facts; `evidence` are the facts it looked at, as text."""

    rule: SeverityRule
    fired: bool
    evidence: str


def check_rules(profile: Profile, facts: Mapping[str, Fact]) -> tuple[RuleCheck, ...]:
    """Hold every rule of the rubric against what is known."""
    return tuple(
        RuleCheck(rule, all(one.holds(facts) for one in rule.when), _evidence(rule, facts)) for rule in profile.rules
    )


def suggested(profile: Profile, checks: tuple[RuleCheck, ...]) -> str | None:
    """Return the worst severity any fired rule asks for, or None when none fired."""
    fired = [check.rule.severity for check in checks if check.fired]
    return min(fired, key=profile.scale.index) if fired else None


def floor(profile: Profile, checks: tuple[RuleCheck, ...]) -> RuleCheck | None:
    """Return the fired security rule below which nobody may go, or None."""
    held = [check for check in checks if check.fired and check.rule.floor]
    return min(held, key=lambda check: profile.scale.index(check.rule.severity)) if held else None


def _evidence(rule: SeverityRule, facts: Mapping[str, Fact]) -> str:
    return ", ".join(f"{one.fact} {_show(facts[one.fact])}" for one in rule.when if one.fact in facts)


def _show(value: Fact) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
