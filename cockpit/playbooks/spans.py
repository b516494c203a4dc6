"""Spans of time as playbooks write them: a number and a unit."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(value: Any) -> float:
    """Read a span, in seconds; a ValueError tells how to write one."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("write a span as a number and a unit: 90s, 15m, 4h, 2d")
    return float(found[1]) * _SECONDS[found[2]]


Span = Annotated[float, BeforeValidator(seconds)]
