"""What a model was called with, under one name for each parameter, so that a call can be made again exactly."""

from __future__ import annotations

from typing import Any

from cockpit.intake import names
from cockpit.intake.attributes import Attributes
from cockpit.intake.values import number, opened

_WRITTEN = {
    prefix + word: name for prefix in names.PARAMETER_PREFIXES for word, name in names.PARAMETER_WORDS.items()
}


def parameters_of(attributes: Attributes) -> dict[str, Any]:
    """Return the parameters that are known, by their usual names."""
    found: dict[str, Any] = {}
    given = opened(attributes.take(names.PARAMETERS))
    if isinstance(given, dict):
        for written in [name for name in given if name in names.PARAMETER_WORDS]:
            _keep(found, names.PARAMETER_WORDS[written], given[written])
    for name, value in attributes.known(_WRITTEN).items():
        _keep(found, name, value)
    return found


def _keep(found: dict[str, Any], name: str, value: Any) -> None:
    if value is None or value == "" or name in found:
        return
    exact = number(value) if isinstance(value, str) else None
    whole = exact is not None and exact == int(exact) and "." not in value
    found[name] = value if exact is None else int(exact) if whole else exact
