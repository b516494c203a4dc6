"""Every system's alerts become the same value; what can't be read is named and stops nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.errors import BadInput
from cockpit.intake.alerts.mapped import at
from cockpit.intake.alerts.model import Rules
from cockpit.intake.alerts.prometheus import MOST_ALERTS
from cockpit.intake.alerts.read import read_alerts
from tests.intake.alert_bodies import GROUP_KEY, alertmanager, leak, pagerduty, read, read_one, unleash


def test_alertmanager_tells_what_where_and_since_when() -> None:
    alert = read_one(alertmanager(), "alertmanager")
    assert (alert.name, alert.status, alert.title) == ("here/a1b2c3d4e5f60718", "firing", "answers leak")
    assert (alert.service, alert.severity, alert.group) == ("answers", "critical", GROUP_KEY)
    assert alert.started == datetime(2026, 11, 21, 2, 16, 0, 123456, tzinfo=UTC)
    assert alert.links == ("http://prometheus/graph?g0.expr=leaks",)
    assert alert.text == "2 % of answers name another tenant"


def test_the_same_news_is_one_delivery_and_the_end_is_another() -> None:
    first, again = read_one(alertmanager(), "alertmanager"), read_one(alertmanager(truncatedAlerts=3), "alertmanager")
    over = read_one(alertmanager(leak("resolved")), "alertmanager")
    later = read_one(alertmanager({**leak(), "startsAt": "2026-11-22T00:00:00Z"}), "alertmanager")
    assert first.delivery == again.delivery
    assert len({first.delivery, over.delivery, later.delivery}) == 3
    assert first.key == over.key == later.key


def test_an_alert_without_a_fingerprint_is_known_by_its_labels() -> None:
    bare = {key: value for key, value in leak().items() if key != "fingerprint"}
    other = {**bare, "labels": {**bare["labels"], "tenant": "acme"}}
    one, two, three = read(alertmanager(bare, other, bare), "alertmanager")
    assert one.key == three.key != two.key


def test_grafana_is_the_same_with_more_links() -> None:
    told = {**leak(), "dashboardURL": "https://g/d/1", "panelURL": "https://g/d/1?p=2", "valueString": "[ value=2 ]"}
    del told["annotations"]["description"]
    alert = read_one(alertmanager(told, orgId=1, state="alerting", title="[FIRING:1]", version="1"), "grafana")
    assert alert.links[1:] == ("https://g/d/1", "https://g/d/1?p=2")
    assert alert.text == "[ value=2 ]"


def test_what_can_be_read_of_a_group_is_kept() -> None:
    told = read_alerts(
        json.dumps(alertmanager(leak(), {"status": "?", "labels": {"a": "b"}}, 7)).encode(),
        Rules("am", "alertmanager"),
    )
    assert len(told.alerts) == 1
    assert [one.partition(":")[0] for one in told.unreadable] == ["alerts[1]", "alerts[2]"]


def test_a_flood_in_one_body_is_cut_and_said() -> None:
    body = json.dumps(alertmanager(*[leak(fingerprint=str(place)) for place in range(MOST_ALERTS + 7)])).encode()
    told = read_alerts(body, Rules("am", "alertmanager"))
    assert len(told.alerts) == MOST_ALERTS
    assert told.unreadable == (f"7 alerts after the first {MOST_ALERTS}",)


@pytest.mark.parametrize(
    ("event_type", "status"),
    [("incident.triggered", "firing"), ("incident.reopened", "firing"), ("incident.resolved", "resolved"),
     ("incident.acknowledged", "news"), ("incident.priority_updated", "news")],
)  # fmt: skip
def test_pagerduty_opens_ends_or_brings_news(event_type: str, status: str) -> None:
    alert = read_one(pagerduty(event_type), "pagerduty", services={"Answer API": "answers"})
    assert (alert.status, alert.key, alert.delivery) == (status, "PGR0VU2", "5ac64822")
    assert (alert.service, alert.severity) == ("answers", "P1")


def test_a_note_in_pagerduty_belongs_to_its_incident() -> None:
    document = pagerduty("incident.annotated")
    about = {"id": "PGR0VU2", "summary": "Answers leak", "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2"}
    note = {"id": "N1", "type": "incident_note", "content": "rolled back", "incident": about}
    document["event"]["data"] = note
    alert = read_one(document, "pagerduty")
    assert (alert.key, alert.text, alert.title) == ("PGR0VU2", "rolled back", "annotated: Answers leak")


def test_pagerdutys_test_button_is_no_alert() -> None:
    assert read({"event": {"id": "1", "event_type": "pagey.ping", "data": {"message": "Hello"}}}, "pagerduty") == ()


def test_a_flag_that_was_changed_is_news_unless_it_is_said_to_open() -> None:
    news = read_one(unleash(), "unleash", service="answers")
    assert (news.status, news.key, news.group) == ("news", "llm-answers@production", "")
    assert news.title == "feature environment disabled: llm-answers in production by ada"
    assert read_one(unleash(), "unleash", opens=("feature-environment-disabled",)).status == "firing"


def test_a_complaint_names_the_conversation_to_look_at() -> None:
    told = {"who": "Ada of Acme", "session": "s-17", "text": "it showed me somebody else's invoice\nsee below"}
    alert = read_one(told, "escalation", service="answers")
    assert (alert.session, alert.status, alert.service) == ("s-17", "firing", "answers")
    assert alert.title == "Ada of Acme: it showed me somebody else's invoice"
    assert not alert.lasting
    assert read_one({**told, "id": "T-9"}, "escalation").lasting


@pytest.mark.parametrize("missing", ["who", "text"])
def test_a_complaint_says_who_and_what(missing: str) -> None:
    told = {"who": "Ada", "text": "wrong", missing: " "}
    with pytest.raises(BadInput, match=missing):
        read(told, "escalation")


FIELDS = {"title": "check.name", "key": "check.id", "status": "state", "started": "since", "labels": "tags",
          "session": "meta.0.session", "link": "url"}  # fmt: skip


def test_any_json_by_paths() -> None:
    told = {"check": {"name": "too slow", "id": 7}, "state": "CLOSED", "since": 1795219071, "tags": {"route": "chat"},
            "meta": [{"session": "s"}], "url": "https://user:pw@host/x"}  # fmt: skip
    alert = read_one(told, "json", fields=FIELDS)
    assert (alert.title, alert.key, alert.status, alert.session) == ("too slow", "7", "resolved", "s")
    assert alert.labels == {"route": "chat"}
    assert alert.started == datetime.fromtimestamp(1795219071, UTC)
    assert alert.links == (), "an address with a password in it may be a secret"


def test_a_list_of_any_json() -> None:
    told = {"items": [{"t": "one"}, {"x": 1}, {"t": "two"}]}
    found = read_alerts(json.dumps(told).encode(), Rules("x", "json", fields={"title": "t"}, each="items"))
    assert [one.title for one in found.alerts] == ["one", "two"]
    assert found.unreadable == ("item 1: no text at `t`",)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", 1),
        ("a.c.d", 2),
        ("l.1.x", 3),
        ("l.9.x", None),
        ("l.-1", None),
        ("a.b.c", None),
        ("", ...),
        ("n", None),
    ],
)
def test_paths(path: str, found: Any) -> None:
    document = {"a": {"b": 1, "c.d": 2}, "l": [0, {"x": 3}]}
    assert at(document, path) == (document if found is ... else found)


@pytest.mark.parametrize("kind", ["alertmanager", "grafana", "pagerduty", "unleash", "escalation", "json"])
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"NaN", b"{}", b"7",
                                  b'{"alerts": 7}', b'{"event": {"id": []}}', b"1" * 6_000])  # fmt: skip
def test_what_is_no_alert_is_refused_in_one_sentence(kind: str, body: bytes) -> None:
    with pytest.raises(BadInput) as told:
        read_alerts(body, Rules("x", kind, fields={"title": "t"}))
    assert "\n" not in str(told.value)
