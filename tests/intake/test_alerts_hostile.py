"""Whatever comes in, it is refused or becomes values that are bounded and can be kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import canonical
from cockpit.errors import BadInput
from cockpit.intake.alerts.model import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_VALUE,
    MOST_LABELS,
    MOST_LINKS,
    Rules,
)
from cockpit.intake.alerts.read import READERS, read_alerts
from tests.intake.alert_bodies import alertmanager, leak, pagerduty, unleash

TEXT = st.text(st.characters(), max_size=300) | st.sampled_from(
    ["\x1b[2J\x07", "\u202e", "\ud800", "x" * 5_000, "\n"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)
KINDS = sorted(READERS)
GOOD: dict[str, Any] = {
    "alertmanager": alertmanager(), "grafana": alertmanager(), "pagerduty": pagerduty(), "unleash": unleash(),
    "escalation": {"who": "Ada", "session": "s", "text": "wrong"}, "json": {"t": "x", "k": {"y": 1}},
}  # fmt: skip
FIELDS = {"title": "t", "key": "k.y", "labels": "k", "text": "t", "started": "t", "link": "t", "group": "k"}


def check(body: bytes, kind: str) -> None:
    """Read a body; what comes of it is bounded, and the journal can keep it."""
    try:
        told = read_alerts(body, Rules("x", kind, fields=FIELDS))
    except BadInput:
        return
    for alert in told.alerts:
        assert alert.title
        assert alert.key
        assert alert.delivery
        assert alert.status in ("firing", "resolved", "news")
        assert len(alert.title) <= LONGEST_TITLE
        assert len(alert.text) <= LONGEST_TEXT
        assert max(map(len, (alert.key, alert.service, alert.group, alert.session, alert.severity))) <= LONGEST_VALUE
        assert len(alert.labels) <= MOST_LABELS
        assert all(len(key) <= LONGEST_NAME and len(one) <= LONGEST_VALUE for key, one in alert.labels.items())
        assert len(alert.links) <= MOST_LINKS
        assert canonical(alert.payload())


@given(ANYTHING, st.sampled_from(KINDS))
def test_anything_at_all(document: Any, kind: str) -> None:
    check(json.dumps(document).encode(), kind)


@given(st.binary(max_size=200), st.sampled_from(KINDS))
def test_any_bytes(body: bytes, kind: str) -> None:
    check(body, kind)


def paths(document: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of every value in a document."""
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [before, *(path for key, inner in pairs for path in paths(inner, (*before, key)))]


def swapped(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a document with another value in one place."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = swapped(document[path[0]], path[1:], value)
    return copy


@given(st.sampled_from(KINDS), st.data(), ANYTHING)
def test_a_good_body_with_anything_in_one_place(kind: str, data: st.DataObject, value: Any) -> None:
    place = data.draw(st.sampled_from(paths(GOOD[kind])))
    check(json.dumps(swapped(GOOD[kind], place, value)).encode(), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_deep_inside_a_good_body(kind: str) -> None:
    for path in paths(GOOD[kind]):
        whole = json.dumps(swapped(GOOD[kind], path, "@@")).encode()
        check(whole.replace(b'"@@"', b"[" * 500 + b"]" * 500), kind)
        check(whole.replace(b'"@@"', b"9" * 4_000), kind)


def test_thousands_of_labels() -> None:
    wide = {**leak(), "labels": {f"l{place}": "v" for place in range(10_000)}}
    check(json.dumps(alertmanager(wide)).encode(), "alertmanager")
