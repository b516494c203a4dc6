"""What Unleash's webhook integration sends: one change of one flag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.alerts import FIRING, NEWS
from cockpit.errors import BadInput
from cockpit.intake.alerts.model import LONGEST_TITLE, Alert, Rules, Told, name, short, table
from cockpit.intake.values import moment

_LABELS = ("type", "featureName", "project", "environment", "createdBy")


def read_unleash(document: Mapping[str, Any], rules: Rules, digest: str) -> Told:
    """Read one event: a change is news for the incidents that are open, unless the rules say that it opens one.

    Raises:
        BadInput: it has no id or no type.
    """
    kind, ident = short(document.get("type")), name(document.get("id"))
    if not kind or not ident:
        raise BadInput("there is no `id` or no `type`", hint="Is this Unleash's webhook integration?")
    labels = table({key: document.get(key) for key in _LABELS})
    flag = labels.get("featureName", "")
    where = " in " + labels["environment"] if "environment" in labels else ""
    by = " by " + labels["createdBy"] if "createdBy" in labels else ""
    opens = kind in rules.opens
    alert = Alert(
        source=rules.source,
        key=name(f"{flag}@{labels.get('environment', '')}") if flag else ident,
        delivery=ident,
        status=FIRING if opens else NEWS,
        title=f"{kind.replace('-', ' ')}: {flag or 'no flag'}{where}{by}"[:LONGEST_TITLE],
        service=rules.service_of(""),
        group=name(f"flag {flag}") if opens else "",
        started=moment(document.get("createdAt")),
        labels=labels,
        digest=digest,
    )
    return Told((alert,))
