"""What a model was called with, under one name for each parameter, so that a call can be made again exactly."""

from __future__ import annotations

from typing import Any

from cockpit.intake import names
from cockpit.intake.attributes import Attributes
from cockpit.intake.values import number, opened


def parameters_of(attributes: Attributes) -> dict[str, Any]:
    """Return the parameters that are known, by their usual names."""
    found: dict[str, Any] = {}
    given = opened(attributes.take(names.PARAMETERS))
    if isinstance(given, dict):
        _take(found, given)
    for prefix in names.PARAMETER_PREFIXES:
        _take(found, {word: attributes.take((prefix + word,)) for word in names.PARAMETER_WORDS})
    return found


def _take(found: dict[str, Any], given: dict[str, Any]) -> None:
    for written, name in names.PARAMETER_WORDS.items():
        value = given.get(written)
        if value is not None and value != "" and name not in found:
            exact = number(value) if isinstance(value, str) else None
            found[name] = (
                value if exact is None else int(exact) if exact == int(exact) and "." not in value else exact
            )
