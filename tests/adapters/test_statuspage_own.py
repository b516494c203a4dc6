"""A status page of one's own: requests are of Statuspage's specification, and customers are told each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.statuspage_own import OwnPageAdapter
from cockpit_adapters.statuspage_own.fake import FakeOwnPage
from cockpit_adapters.statuspage_own.system import SETTLES_S

from cockpit.errors import BadInput, CockpitError, Refused, Throttled, Unauthorised, Unreachable, Unsure
from cockpit.world.contract import Deadline, Place, Verdict
from cockpit.world.specimen import Asked, Said
from tests.adapters.chaos import Chaos
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect
from tests.adapters.telling import AT, message

SPECIMEN = next(one for one in SERVED if one.adapter == "statuspage_own")
COMPONENT = "0frwxtbsbr91"

STATUS = (
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
)
HEALTH = ("operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage", "")
IMPACT = ("none", "maintenance", "minor", "major", "critical")
INCIDENT = {
    "name": lambda value: isinstance(value, str) and 0 < len(value) <= 255,
    "status": lambda value: value in STATUS,
    "impact_override": lambda value: value in IMPACT,
    "metadata": lambda value: all(isinstance(one, dict) for one in value.values()),
    "deliver_notifications": lambda value: isinstance(value, bool),
    "body": lambda value: isinstance(value, str) and len(value) <= 25_000,
    "components": lambda value: all(one in HEALTH for one in value.values()),
    "component_ids": lambda value: all(isinstance(one, str) for one in value),
}
"""Of the specification's fields of an incident, those that are sent, each with what it may hold."""

PAGE = r"/pages/[a-z0-9]+"
PATHS = {
    ("GET", PAGE): (), ("GET", f"{PAGE}/components"): ("page", "per_page"),
    ("GET", f"{PAGE}/incidents/unresolved"): ("page", "per_page"), ("GET", f"{PAGE}/incidents/[a-z0-9]+"): (),
    ("POST", f"{PAGE}/incidents"): (), ("PATCH", f"{PAGE}/incidents/[a-z0-9]+"): (),
}  # fmt: skip
"""Of the specification's requests those that are made, with the queries that each takes."""


@pytest.fixture
def fake() -> FakeOwnPage:
    """A page."""
    return FakeOwnPage()


@pytest.fixture
def served(fake: FakeOwnPage) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def soon() -> Deadline:
    return Deadline(10)


def judge(asked: Asked) -> None:
    """Fail for a request that the specification does not have."""
    known = (takes for (how, path), takes in PATHS.items() if how == asked.method and re.fullmatch(path, asked.path))
    takes = next(known, None)
    assert takes is not None, (asked.method, asked.path)
    assert set(asked.query) <= set(takes)
    assert asked.headers["authorization"] == f"OAuth {TOKEN}"
    if asked.method in ("POST", "PATCH"):
        (name,) = asked.json()
        assert name == "incident"
        sent = asked.json()["incident"]
        assert asked.method == "PATCH" or sent["name"]
        for field, value in sent.items():
            assert INCIDENT[field](value), (field, value)


def test_an_incident_is_opened_brought_up_to_date_and_resolved(fake: FakeOwnPage, served: Served) -> None:
    page = ours(served, impact="major")
    page.check(soon())
    first = page.send(message(), soon())
    for number, state in enumerate(("identified", "monitoring", "resolved")):
        later = page.send(message(key=f"k{number}", state=state, thread=first.ref, text=f"Now {state}."), soon())
        assert later.ref == first.ref
    for asked in fake.asked:
        judge(asked)
    assert [one["status"] for one in fake.told] == ["investigating", "identified", "monitoring", "resolved"]
    assert [one["components"][COMPONENT] for one in fake.told] == ["partial_outage"] * 3 + ["operational"]
    assert len(fake.incidents) == 1
    assert first.url.startswith("https://")


def test_customers_never_read_the_cockpits_own_words(fake: FakeOwnPage, served: Served) -> None:
    ours(served).send(message(title="acme's orders leak to globex", severity="SEV1"), soon())
    sent = repr(fake.told)
    for word in ("globex", "SEV1", "INC-0007"):
        assert word not in sent
    assert fake.told[0]["name"] == "Problem with support"
    assert fake.told[0]["body"] == "We look. Next update at 03:45 UTC."


def test_the_same_update_again_is_not_told_again(fake: FakeOwnPage, served: Served) -> None:
    first = ours(served).send(message(), soon())
    again = ours(served).send(message(), soon())
    assert again == first
    ours(served).send(message(key="other", thread=first.ref), soon())
    ours(served).send(message(thread=first.ref), soon())
    assert fake.applied == 2


def test_an_incident_whose_opening_was_unsure_is_gone_on_with(fake: FakeOwnPage, served: Served) -> None:
    with Chaos(served.port) as chaos:
        page = connect(SPECIMEN, {"url": chaos.url, "deadline_s": 5.0})
        chaos.begin("reset after", skip=1)
        with pytest.raises(Unsure):
            page.send(message(), soon())
        chaos.end()
        page.send(message(key="next", text="More."), soon())
    assert len(fake.incidents) == 1
    assert fake.applied == 2


def test_another_incident_of_the_same_name_is_another_one(fake: FakeOwnPage, served: Served) -> None:
    ours(served).send(message(), soon())
    ours(served).send(message(key="k", since=datetime(2025, 1, 1, tzinfo=UTC)), soon())
    assert len(fake.incidents) == 2


def test_an_unsure_update_waits_until_it_would_be_seen(fake: FakeOwnPage, served: Served) -> None:
    now = [100.0]
    with Chaos(served.port) as chaos:
        table = {**SPECIMEN.options, "adapter": "statuspage_own", "url": chaos.url}
        place = Place("page", lambda _: TOKEN, lambda: AT, monotonic=lambda: now[0])
        page = OwnPageAdapter().connect(OwnPageAdapter.options.model_validate(table), place)
        chaos.begin("500", skip=1)
        with pytest.raises(Unsure):
            page.send(message(), soon())
        chaos.end()
        with pytest.raises(Throttled) as caught:
            page.send(message(), soon())
        assert caught.value.retry_after_s == pytest.approx(SETTLES_S)
        now[0] += SETTLES_S
        assert page.send(message(), soon()).ref
    assert fake.applied == 1


def test_what_others_keep_in_an_incident_stays(fake: FakeOwnPage, served: Served) -> None:
    first = ours(served).send(message(), soon())
    fake.incidents[first.ref]["metadata"]["jira"] = {"issue": "OPS-1"}
    ours(served).send(message(key="k", thread=first.ref), soon())
    assert fake.told[-1]["metadata"]["jira"] == {"issue": "OPS-1"}


def test_a_page_is_never_tried_in_public(fake: FakeOwnPage, served: Served) -> None:
    with pytest.raises(Refused, match="public"):
        ours(served).send(message(test=True), soon())
    assert fake.asked == []


def test_subscribers_are_left_alone_where_that_is_said(fake: FakeOwnPage, served: Served) -> None:
    ours(served, notify=False).send(message(), soon())
    assert fake.told[0]["deliver_notifications"] is False


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Unauthorised), (404, Refused), (420, Throttled), (429, Throttled), (422, Refused), (500, Unreachable)],
)
def test_a_no_to_the_look_is_certain(
    fake: FakeOwnPage, served: Served, status: int, kind: type[CockpitError]
) -> None:
    fake.said = Said(status, {"error": "no"})
    with pytest.raises(kind) as caught:
        ours(served).send(message(), soon())
    assert type(caught.value) is kind


def test_an_incident_that_was_deleted_is_told(fake: FakeOwnPage, served: Served) -> None:
    with pytest.raises(Refused):
        ours(served).send(message(thread="p31zjtct2jer9"), soon())
    assert fake.applied == 0


@pytest.mark.parametrize("thread", ["../../users", "x/../y", "p31?x=1", "<1@example.com>"])
def test_a_thread_of_another_channel_reaches_nothing(fake: FakeOwnPage, served: Served, thread: str) -> None:
    ours(served).send(message(thread=thread), soon())
    for asked in fake.asked:
        judge(asked)


def test_the_doctor_finds_a_component_that_is_not_there(served: Served) -> None:
    page, components = ours(served).check(soon())
    assert (page.verdict, components.verdict) == (Verdict.FINE, Verdict.FINE)
    wrong = ours(served, components={"nosuchone": "major_outage"}).check(soon())[-1]
    assert wrong.verdict is Verdict.WRONG
    assert "nosuchone" in wrong.detail


@pytest.mark.parametrize("table", [{"page": "../x"}, {"components": {"a": "sad"}}, {"impact": "huge"}, {"page": ""}])
def test_a_wrong_table_is_refused(served: Served, table: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="OwnPageOptions"):
        ours(served, **table)


def test_a_token_is_needed(served: Served) -> None:
    with pytest.raises(BadInput):
        ours(served, token="")
