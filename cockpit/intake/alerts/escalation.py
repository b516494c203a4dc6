"""A customer's complaint, handed on by whoever took it: who, about which conversation, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.alerts import FIRING
from cockpit.errors import BadInput
from cockpit.intake.alerts.model import LONGEST_TEXT, LONGEST_TITLE, Alert, Rules, Told, digest_of, name, short, table

EXAMPLE = '{"who": "Ada of Acme", "session": "s-17", "text": "it showed me somebody else\'s invoice"}'


def read_escalation(document: Mapping[str, Any], rules: Rules, digest: str) -> Told:
    """Read one complaint; with an `id` it is the same one for ever, without until its incident is over.

    Raises:
        BadInput: it does not say who, or what.
    """
    who, text = short(document.get("who"), 80), short(document.get("text"), LONGEST_TEXT)
    for key, found in (("who", who), ("text", text)):
        if not found:
            raise BadInput(f"the escalation has no `{key}`", hint=EXAMPLE)
    session, ident = name(document.get("session")), name(document.get("id"))
    whole = digest_of(who, session, text)
    alert = Alert(
        source=rules.source,
        key=ident or whole[:16],
        delivery=ident or whole,
        status=FIRING,
        title=f"{who}: {text.splitlines()[0]}"[:LONGEST_TITLE],
        service=rules.service_of(document.get("service")),
        severity=short(document.get("severity"), 40),
        group=f"session {session}" if session else "",
        session=session,
        text=text,
        labels=table({"who": who}),
        digest=digest,
        lasting=bool(ident),
    )
    return Told((alert,))
