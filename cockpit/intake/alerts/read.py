"""From the bytes that came in to alerts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from cockpit.errors import BadInput
from cockpit.intake.alerts.escalation import read_escalation
from cockpit.intake.alerts.mapped import read_mapped
from cockpit.intake.alerts.model import Rules, Told
from cockpit.intake.alerts.pagerduty import read_pagerduty
from cockpit.intake.alerts.prometheus import read_groups
from cockpit.intake.alerts.unleash import read_unleash

READERS: Mapping[str, Callable[[Any, Rules, str], Told]] = {
    "alertmanager": read_groups,
    "grafana": read_groups,
    "pagerduty": read_pagerduty,
    "unleash": read_unleash,
    "escalation": read_escalation,
    "json": read_mapped,
}
"""What can be read, by kind."""


def read_alerts(body: bytes, rules: Rules) -> Told:
    """Read what a source sent; what can be read is kept, the rest is named.

    Raises:
        BadInput: it is no JSON, or nothing of the kind this source sends.
    """
    document = _parsed(body)
    if not isinstance(document, dict) and not (rules.kind == "json" and isinstance(document, list)):
        raise BadInput("the body is no JSON object")
    told = READERS[rules.kind](document, rules, hashlib.sha256(body).hexdigest())
    if told.unreadable and not told.alerts:
        raise BadInput(told.unreadable[0])
    return told


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadInput("the body is no UTF-8 text") from None
    except RecursionError:
        raise BadInput("the body is nested too deeply") from None
    except ValueError:
        raise BadInput("the body is no JSON") from None


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)
