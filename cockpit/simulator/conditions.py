"""Conditions such as `leaks_per_min > 3`, on signals and facts."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_SHAPE = re.compile(r"\s*([a-z0-9_]+)\s*(>=|<=|==|!=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?|true|false)\s*")

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
"""How each sign compares; works on whole columns too."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`name sign value`; true and false are 1 and 0."""

    name: str
    sign: str
    value: float


def condition_of(text: str) -> Condition | None:
    """Read a condition; None when it is none."""
    found = _SHAPE.fullmatch(text)
    if not found:
        return None
    words = {"true": 1.0, "false": 0.0}
    value = words[found[3]] if found[3] in words else float(found[3])
    return Condition(found[1], found[2], value)
