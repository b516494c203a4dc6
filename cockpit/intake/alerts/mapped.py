"""Alerts of any other system: dotted paths of cockpit.toml say where in its JSON each part is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.domain.alerts import FIRING, RESOLVED
from cockpit.errors import BadInput
from cockpit.intake.alerts.model import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Alert,
    Rules,
    Told,
    digest_of,
    links,
    name,
    short,
    table,
)
from cockpit.intake.alerts.prometheus import MOST_ALERTS
from cockpit.intake.values import moment

_DEEPEST = 12


def at(document: object, path: str) -> Any:
    """Return what lies at a dotted path, None where nothing does.

    Numbers count the items of lists from 0. A name with dots in it is found too: the longest one that is there wins.
    """
    if not path or path.count(".") >= _DEEPEST:
        return document if not path else None
    parts = path.split(".")
    if isinstance(document, Sequence) and not isinstance(document, str):
        inside = _item(document, parts[0])
        return inside if len(parts) == 1 else at(inside, path.partition(".")[2])
    if not isinstance(document, Mapping):
        return None
    for count in range(len(parts), 0, -1):
        key = ".".join(parts[:count])
        if key in document:
            return at(document[key], ".".join(parts[count:]))
    return None


def read_mapped(document: Any, rules: Rules, digest: str) -> Told:
    """Read one alert, or a list of them where the rules say that there is one.

    Raises:
        BadInput: there is no such list.
    """
    listed = at(document, rules.each) if rules.each or isinstance(document, list) else [document]
    if not isinstance(listed, list):
        raise BadInput(f"there is no list at `{rules.each}`", hint="Correct `each` of this source in cockpit.toml.")
    read = [_alert(one, rules, digest) for one in listed[:MOST_ALERTS]]
    faults = [f"item {place}: {one}" for place, one in enumerate(read) if isinstance(one, str)]
    if len(listed) > MOST_ALERTS:
        faults.append(f"{len(listed) - MOST_ALERTS} items after the first {MOST_ALERTS}")
    return Told(tuple(one for one in read if isinstance(one, Alert)), tuple(faults))


def _alert(told: object, rules: Rules, digest: str) -> Alert | str:
    """Read one alert, or say why it can't be read."""
    found = {part: at(told, path) for part, path in rules.fields.items()}
    title = short(found.get("title"), LONGEST_TITLE)
    if not title:
        return f"no text at `{rules.fields.get('title', '')}`"
    said = short(found.get("status")).lower()
    status = RESOLVED if said in rules.resolved else FIRING
    key = name(found.get("key")) or digest_of(title)[:16]
    began, ident = found.get("started"), name(found.get("delivery"))
    return Alert(
        source=rules.source,
        key=key,
        delivery=ident or digest_of(key, status, short(began) or digest),
        status=status,
        title=title,
        service=rules.service_of(found.get("service")),
        severity=short(found.get("severity"), 40),
        group=name(found.get("group")),
        session=name(found.get("session")),
        text=short(found.get("text"), LONGEST_TEXT),
        started=moment(began),
        labels=table(found.get("labels")),
        links=links((found.get("link"),)),
        digest=digest,
        lasting=bool(ident or short(began)),
    )


def _item(document: Sequence[Any], part: str) -> Any:
    place = int(part) if part.isascii() and part.isdigit() and len(part) < 7 else -1
    return document[place] if 0 <= place < len(document) else None
