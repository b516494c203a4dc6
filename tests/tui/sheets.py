"""Style sheets that are read once for all apps of a run; each app reads dozens of them otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

PARSE = Stylesheet._parse_rules
_read: dict[tuple[Any, ...], list[RuleSet]] = {}


def read_once(patch: pytest.MonkeyPatch) -> None:
    """Keep what a sheet says under given colours, for every app that comes later."""
    patch.setattr(Stylesheet, "_parse_rules", _parse_rules)


def _parse_rules(
    sheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    given = (css, read_from, is_default_rules, tie_breaker, scope)
    if given not in sheet._parse_cache:
        known = (*given, *sheet._variables.items())
        if known not in _read:
            _read[known] = PARSE(sheet, *given)
        sheet._parse_cache[given] = _read[known]
    return sheet._parse_cache[given]
