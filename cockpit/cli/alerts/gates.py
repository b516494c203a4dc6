"""Who may send alerts: what cockpit.toml says about sources, made into what the door checks by."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from cockpit.errors import BadInput, SettingsError
from cockpit.world.hosts import on_this_machine

if TYPE_CHECKING:
    from cockpit.intake.alerts.signatures import Lock
    from cockpit.live.webhooks.door import Gate
    from cockpit.settings import Settings
    from cockpit.world.options import WebhookSource

SIGNED = {"pagerduty": "pagerduty", "grafana": "hmac"}
"""Kinds that sign what they send; the others send a token."""
HEADERS = {"grafana": "X-Grafana-Alerting-Signature"}
PLAIN = "X-Hub-Signature-256"
NEXT = "Write it into cockpit.toml; docs/alerts.md has a table for each kind."


def gates_of(settings: Settings, listen: str) -> dict[str, Gate]:
    """Return the sources that may send, by name.

    Raises:
        BadInput: `listen` is no host:port, or a secret can't be found.
        SettingsError: there is none, or one can't prove who it is and is not open to this machine alone.
    """
    from cockpit.intake.alerts.model import Rules
    from cockpit.live.webhooks.door import HEALTH, Gate
    from cockpit.world.secrets import secret_reader

    if not re.fullmatch(r"[^:/\s]+:\d{1,5}", listen):
        raise BadInput(f"{listen!r} is no address to listen at", hint="Write it as host:port: 127.0.0.1:9200")
    told, read = settings.webhooks, secret_reader(os.environ)
    if not told.sources:
        raise SettingsError("there is no [webhooks.sources.NAME] in cockpit.toml", hint=NEXT)
    gates = {}
    for name, one in told.sources.items():
        _check(name, one, listen, HEALTH.strip("/"))
        rules = Rules(
            name, one.kind, one.service or settings.service.name, one.services, one.service_label,
            tuple(one.opens), one.fields, one.each, tuple(word.lower() for word in one.resolved),
        )  # fmt: skip
        gates[name] = Gate(rules, _lock(one, read), one.per_minute)
    return gates


def _check(name: str, one: WebhookSource, listen: str, reserved: str) -> None:
    place = f"[webhooks.sources.{name}]"
    if name == reserved or not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        raise SettingsError(f"{place}: {name!r} can be no path", hint="Letters, digits, dash and underscore.")
    if one.kind == "json" and "title" not in one.fields:
        raise SettingsError(f"{place}: fields.title is missing", hint='fields = { title = "alert.name" }')
    if one.secret:
        return
    if not one.open:
        raise SettingsError(f"{place}: it has no secret", hint='secret = "env:NAME", or open = true on this machine')
    if not on_this_machine(listen.rpartition(":")[0]):
        raise SettingsError(
            f"{place}: it is open, and {listen} can be reached from elsewhere",
            hint="Give it a secret, or listen on 127.0.0.1.",
        )


def _lock(one: WebhookSource, read: Callable[[str], str]) -> Lock:
    from cockpit.intake.alerts.signatures import OPEN, Lock

    if not one.secret:
        return Lock(OPEN)
    scheme = "pagerduty" if one.kind == "pagerduty" else one.auth or SIGNED.get(one.kind, "bearer")
    header = one.signature_header or HEADERS.get(one.kind, PLAIN)
    return Lock(scheme, read(one.secret), header, one.timestamp_header)
