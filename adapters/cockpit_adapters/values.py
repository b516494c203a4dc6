"""Values of levers as people write them, and as JSON compares and shows them."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit.world.contract import Value
from cockpit_adapters.answers import tidy

_ON, _OFF = ("on", "true", "1"), ("off", "false", "0")


def switch(text: str) -> bool:
    """Read on or off as people write it."""
    word = text.strip().lower()
    if word in ("on", "true", "yes", "enabled"):
        return True
    if word in ("off", "false", "no", "disabled"):
        return False
    raise BadInput(f"{clean(text, multiline=False, limit=60)!r} is neither on nor off", hint="Write on or off.")


def flag_or_share(kind: str, text: str) -> bool | int:
    """Read what a `flag` (on, off) or a `share` (a whole number of percent) can be, as people write it.

    Raises:
        BadInput: it is none.
    """
    word = text.strip().lower()
    if kind == "flag":
        if word not in _ON + _OFF:
            raise BadInput(f"{text!r} is nothing a flag can be", hint="Write on or off.")
        return word in _ON
    number = word.removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}", number, re.ASCII) or int(number) > 100:
        raise BadInput(f"{text!r} is no share", hint="Write a whole number of percent, 0 to 100.")
    return int(number)


def percentage(text: str, step: float) -> int | float:
    """Read a share as people write it: `5`, `5 %`, `0.5`; a whole number comes back as one.

    Raises:
        BadInput: it is no number from 0 to 100, or finer than the system can store.
    """
    try:
        number = float(text.strip().removesuffix("%").strip())
    except ValueError:
        number = math.nan
    if not 0 <= number <= 100 or abs(number / step - round(number / step)) > 1e-6:
        raise BadInput(
            f"{clean(text, multiline=False, limit=60)!r} is no share",
            hint=f"Write a number from 0 to 100, in steps of {step:g}.",
        )
    return tidy(number)


def anything(text: str) -> Value:
    """Read a value as JSON where it is JSON, else on/off, else the text itself."""
    try:
        found: Value = json.loads(text)
        return found
    except ValueError:
        pass
    return {"on": True, "off": False}.get(text.strip().lower(), text)


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same as JSON sees them: 1 is 1.0, but true is not 1."""
    return json.dumps(_plain(one), sort_keys=True) == json.dumps(_plain(other), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def told(value: Value) -> str:
    """Return a value as one short line that is fit to be shown."""
    return clean(json.dumps(value, ensure_ascii=False), multiline=False, limit=160)
