"""Status pages: what is bad is seen whatever the indicator says, and what can't be read is never well."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.payloads import payload
from cockpit_adapters.provider_news import SCALE, worst
from cockpit_adapters.statuspage.fake import FakeIncidentIo, FakeStatuspage
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import WorldError
from cockpit.world.contract import ProviderStatus, Verdict
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import NOW, Wire, connected, soon
from tests.examples import examples

API, CONSOLE = "k8w3r06qmzrp", "rwppv331jlwc"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def page(monkeypatch: pytest.MonkeyPatch, fake: FakeStatuspage, *components: str) -> tuple[Any, Wire]:
    """Return a page's system and the wire to it."""
    return connected(monkeypatch, "statuspage", fake, {"token": "", "components": list(components)})


def asked_of(monkeypatch: pytest.MonkeyPatch, fake: FakeStatuspage, *components: str) -> ProviderStatus:
    """Return what a page says."""
    status: ProviderStatus = page(monkeypatch, fake, *components)[0].status(soon())
    return status


def test_an_incident_is_seen_though_the_indicator_says_none(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStatuspage()
    assert fake.summary["status"]["indicator"] == "none"
    status = asked_of(monkeypatch, fake, API)
    assert (status.provider, status.overall, status.read_at) == ("Example AI", "monitoring", NOW)
    assert (status.news[0].state, status.news[0].components) == ("monitoring", (API,))


def test_incidents_of_other_components_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    status = asked_of(monkeypatch, FakeStatuspage(), CONSOLE)
    assert (status.overall, status.news) == ("operational", ())


def test_components_are_matched_by_id_and_one_that_is_gone_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStatuspage()
    fake.summary["incidents"] = []
    assert asked_of(monkeypatch, fake, "API").overall == "unknown"
    assert asked_of(monkeypatch, fake, API).overall == "operational"


@pytest.mark.parametrize(
    ("changed", "overall"),
    [
        ({"status": "degraded_performance"}, "degraded"),
        ({"status": "partial_outage"}, "degraded"),
        ({"status": "major_outage"}, "outage"),
        ({"status": "under_maintenance"}, "maintenance"),
        ({"status": "splendid"}, "unknown"),
        ({"status": None}, "unknown"),
    ],
)
def test_what_a_component_says(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], overall: str) -> None:
    fake = FakeStatuspage()
    fake.summary["incidents"] = []
    fake.summary["components"][0] |= changed
    assert asked_of(monkeypatch, fake, API).overall == overall


@pytest.mark.parametrize(
    ("status", "impact", "overall"),
    [
        ("investigating", "minor", "degraded"),
        ("identified", "critical", "outage"),
        ("investigating", "none", "monitoring"),
        ("investigating", "who knows", "degraded"),
        ("resolved", "critical", "operational"),
        ("postmortem", "critical", "operational"),
        ("napping", "minor", "unknown"),
    ],
)
def test_what_an_incident_says(monkeypatch: pytest.MonkeyPatch, status: str, impact: str, overall: str) -> None:
    fake = FakeStatuspage()
    fake.summary["incidents"][0] |= {"status": status, "impact": impact}
    assert asked_of(monkeypatch, fake, API).overall == overall


def test_the_page_as_a_whole_can_only_make_it_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStatuspage()
    fake.summary["incidents"] = []
    for said, overall in (("none", "operational"), ("critical", "outage"), ("new word", "unknown")):
        fake.summary["status"]["indicator"] = said
        assert asked_of(monkeypatch, fake).overall == overall


def test_incidents_that_the_summary_leaves_out_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    system, wire = page(monkeypatch, FakeIncidentIo())
    status = system.status(soon())
    assert status.overall == "degraded"
    assert [one.path for one in wire.asked] == ["/api/v2/summary.json", "/api/v2/incidents.json"]


def test_an_incident_without_components_matters_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_of(monkeypatch, FakeIncidentIo(), "01JMXBRMFE6N2NNT7DG6XZQ6PW").overall == "degraded"


@pytest.mark.parametrize("missing", ["components", "incidents", "status"])
def test_a_part_that_is_missing_is_unknown(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    fake = FakeStatuspage()
    fake.summary["incidents"] = []
    del fake.summary[missing]
    fake.incidents = {"page": {}}
    assert asked_of(monkeypatch, fake).overall == "unknown"


def test_an_outage_shows_though_the_incidents_can_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeIncidentIo()
    fake.summary["components"][0]["status"] = "major_outage"
    system, wire = page(monkeypatch, fake)
    wire.instead = lambda asked: Said(500, b"") if "incidents" in asked.path else None
    assert system.status(soon()).overall == "outage"


WHOLE = json.dumps(payload("statuspage", "summary.json")).encode()
BROKEN = {
    "html": b"<!doctype html><html><body>All Systems Operational</body></html>",
    "cut": WHOLE[: len(WHOLE) // 2],
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "text": b'"operational"',
    "deep": b"[" * 100_000,
    "huge": b" " * (17 << 20),
    "no utf-8": b'{"components": "\xff\xfe"}',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_can_not_be_read_is_unknown(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    system, wire = page(monkeypatch, FakeStatuspage())
    wire.instead = lambda _: Said(200, BROKEN[kind])
    assert (system.status(soon()).overall, system.status(soon()).news) == ("unknown", ())
    with pytest.raises(WorldError):
        system.changes(LONG_AGO, soon())
    found = system.check(soon())
    assert (found[0].verdict is not Verdict.FINE, bool(found[0].next_step)) == (True, True)


@pytest.mark.parametrize("status", [301, 403, 404, 429, 500, 503])
def test_no_other_answer_is_well(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    system, wire = page(monkeypatch, FakeStatuspage())
    wire.instead = lambda _: Said(status, payload("statuspage", "summary.json"), {"location": "https://elsewhere"})
    assert system.status(soon()).overall == "unknown"


def test_hostile_words_are_bounded_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStatuspage()
    fake.summary["page"]["name"] = "\x1b]0;own\x07" + "x" * 100_000
    fake.summary["incidents"][0]["name"] = "\u202e[red]\x1b[2J\n" * 10_000
    fake.incidents["incidents"][0]["incident_updates"][0]["body"] = "\x9b31m" * 100_000
    system, _ = page(monkeypatch, fake)
    status, changes = system.status(soon()), system.changes(LONG_AGO, soon())
    for text in (status.provider, status.news[0].title, *(one.note for one in changes)):
        assert len(text) < 2_000
        assert not any(character in text for character in "\x1b\x07\x9b\u202e\n")


def test_every_update_is_a_change_with_what_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    system, _ = page(monkeypatch, FakeStatuspage(), API)
    found = system.changes(LONG_AGO, soon())
    assert [(one.before, one.after, one.kind) for one in found] == [
        ("investigating", "monitoring", "provider"),
        ("", "investigating", "provider"),
    ]
    assert len({one.ref for one in found}) == 2
    assert [one.after for one in system.changes(datetime(2026, 11, 21, 5, 30, tzinfo=UTC), soon())] == ["monitoring"]


def test_an_update_from_the_future_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStatuspage()
    fake.incidents["incidents"][0]["incident_updates"][0]["display_at"] = "2999-01-01T00:00:00Z"
    assert [one.after for one in page(monkeypatch, fake)[0].changes(LONG_AGO, soon())] == ["investigating"]


def test_the_doctor_says_how_the_provider_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.verdict for one in page(monkeypatch, FakeStatuspage())[0].check(soon())] == [Verdict.FINE]
    (found,) = page(monkeypatch, FakeStatuspage(), "gone")[0].check(soon())
    assert (found.verdict, "ids" in found.next_step) == (Verdict.WARNING, True)


@given(st.lists(st.sampled_from(SCALE)))
def test_nothing_bad_is_ever_hidden(found: list[str]) -> None:
    overall = worst(found)
    assert overall == "unknown" if not found else SCALE.index(overall) >= max(map(SCALE.index, found))
    if "unknown" in found:
        assert overall in ("unknown", "degraded", "outage")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["operational", "resolved"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=examples(20))
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("page", "status", "components", "incidents"), JSON)))
def test_no_shape_crashes_and_none_without_components_is_well(summary: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        system, wire = page(patch, FakeStatuspage())
        wire.instead = lambda asked: Said(200, summary) if isinstance(asked, Asked) else None
        overall = system.status(soon()).overall
    assert overall in SCALE
    if not isinstance(summary.get("components"), list) or not isinstance(summary.get("incidents"), list):
        assert overall not in ("operational", "maintenance", "monitoring")
