"""PagerDuty: our requests are those of its own client, and each goes the way that it can go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cockpit_adapters.pagerduty.fake import FakePagerDuty
from pagerduty import EventsApiV2Client, RestApiV2Client

from cockpit.errors import BadInput, Refused, Unreachable
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_pager import ACKNOWLEDGE, EVERYTHING, NOTE, PAGE, RESOLVE, PageRef
from cockpit.world.specimen import Asked
from tests.adapters.calling import summons, word
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect

SPECIMEN = next(one for one in SERVED if one.adapter == "pagerduty")


@pytest.fixture
def fake() -> FakePagerDuty:
    """An account."""
    return FakePagerDuty()


@pytest.fixture
def served(fake: FakePagerDuty) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def client(served: Served) -> RestApiV2Client:
    """Return the vendor's client of the REST API, which by itself speaks only https."""
    made = RestApiV2Client(TOKEN, default_from=FakePagerDuty.USER)
    made._url = served.url
    return made


def events_client(served: Served) -> EventsApiV2Client:
    """Return the vendor's client of the Events API."""
    made = EventsApiV2Client(TOKEN)
    made._url = served.url
    return made


def same(mine: Asked, theirs: Asked, *headers: str) -> None:
    """Hold two requests against each other."""
    assert (mine.method, mine.path, mine.query) == (theirs.method, theirs.path, theirs.query)
    assert mine.json() == theirs.json()
    for name in headers:
        assert mine.headers[name] == theirs.headers[name], name


def test_events_are_the_clients_own(fake: FakePagerDuty, served: Served) -> None:
    pager, theirs = ours(served), events_client(served)
    pager.page(summons(), Deadline(10))
    sent = fake.asked[-1].json()
    payload, key = sent["payload"], sent["dedup_key"]
    theirs.send_event("trigger", dedup_key=key, client="cockpit", payload=payload)
    same(fake.asked[0], fake.asked[1], "content-type")
    pager.acknowledge(PageRef(key=key), word(), Deadline(10))
    theirs.send_event("acknowledge", dedup_key=key)
    same(fake.asked[2], fake.asked[3])
    pager.resolve(PageRef(key=key), word(), Deadline(10))
    theirs.send_event("resolve", dedup_key=key)
    same(fake.asked[4], fake.asked[5])


def test_what_is_asked_of_an_incident_is_the_clients_own(fake: FakePagerDuty, served: Served) -> None:
    ours(served).acknowledge(PageRef(fake.paged), word(), Deadline(10))
    looked, put = fake.asked
    there = client(served).rget(f"/incidents/{fake.paged}")
    client(served).rput(f"/incidents/{fake.paged}", json={"type": "incident_reference", "status": "acknowledged"})
    same(looked, fake.asked[2], "authorization", "accept")
    same(put, fake.asked[3], "authorization", "accept", "from", "content-type")
    assert there["id"] == fake.paged


def test_a_note_is_the_clients_own(fake: FakePagerDuty, served: Served) -> None:
    ours(served).note(PageRef(fake.paged), word(), Deadline(10))
    mine = fake.asked[-1]
    client(served).rpost(f"/incidents/{fake.paged}/notes", json={"content": mine.json()["note"]["content"]})
    same(mine, fake.asked[-1], "authorization", "accept", "from", "content-type")
    assert mine.json()["note"]["content"] == "ada: We look. [INC-0007-9-ab12cd34]"


@pytest.mark.parametrize(
    ("target", "whom"),
    [
        ("policy:PDBA123", {"escalation_policy": {"id": "PDBA123", "type": "escalation_policy_reference"}}),
        ("user:PXYZ789", {"assignments": [{"assignee": {"id": "PXYZ789", "type": "user_reference"}}]}),
    ],
)
def test_a_page_with_a_target_is_an_incident_as_the_client_opens_it(
    fake: FakePagerDuty, served: Served, target: str, whom: dict[str, Any]
) -> None:
    receipt = ours(served).page(summons(target=target), Deadline(10))
    mine = fake.asked[-1]
    told = mine.json()["incident"]
    assert {name: told[name] for name in whom} == whom
    assert told["service"] == {"id": "PSVC001", "type": "service_reference"}
    assert receipt.url.endswith(receipt.ref)
    fake.incidents.pop(receipt.ref)
    client(served).rpost("/incidents", json=told)
    same(mine, fake.asked[-1], "authorization", "accept", "from", "content-type")
    assert "already" in ours(served).page(summons(target=target), Deadline(10)).note


def test_who_is_on_call_is_asked_as_the_client_does(fake: FakePagerDuty, served: Served) -> None:
    found = ours(served).on_call("policy:PPOL001", Deadline(10))
    assert [(one.who, one.level, one.by) for one in found] == [
        ("Ada Lovelace", 1, "Nights"), ("Grace Hopper", 2, "Assistants"),
    ]  # fmt: skip
    mine = fake.asked[-1]
    asked = {"earliest": "true", "escalation_policy_ids": ["PPOL001"]}
    list(client(served).iter_all("/oncalls", params=asked, page_size=100))
    theirs = fake.asked[-1]
    assert (mine.method, mine.path) == (theirs.method, theirs.path)
    assert mine.query.items() <= theirs.query.items()
    ours(served).on_call("", Deadline(10))
    assert fake.asked[-1].query["escalation_policy_ids[]"] == ["PPOL001"], "the service's own policy"


def test_what_is_over_or_acknowledged_there_is_left_as_it_is(fake: FakePagerDuty, served: Served) -> None:
    fake.incidents[fake.paged]["status"] = "resolved"
    receipt = ours(served).acknowledge(PageRef(fake.paged), word(), Deadline(10))
    assert receipt.note == "it was resolved already"
    assert fake.applied == 0


def test_a_note_on_a_page_that_does_not_show_yet_is_not_written(fake: FakePagerDuty, served: Served) -> None:
    pager = ours(served)
    pager.page(summons(), Deadline(10))
    fake.hidden = True
    with pytest.raises(Unreachable, match="does not show"):
        pager.note(PageRef(key=summons().key), word(), Deadline(10))
    fake.hidden = False
    pager.note(PageRef(key=summons().key), word(), Deadline(10))
    assert fake.applied == 2


def test_each_key_alone_does_what_it_can(fake: FakePagerDuty, served: Served) -> None:
    events = ours(served, token="", user="", service="")
    assert events.does == {PAGE, ACKNOWLEDGE, RESOLVE}
    with pytest.raises(Refused, match="REST API key"):
        events.acknowledge(PageRef(fake.paged), word(), Deadline(10))
    assert events.on_call("", Deadline(10)) == ()
    rest = ours(served, routing_key="")
    assert rest.does == EVERYTHING
    assert ours(served, routing_key="", service="").does == {ACKNOWLEDGE, NOTE, RESOLVE}
    with pytest.raises(Refused, match="routing key"):
        rest.page(summons(), Deadline(10))
    assert fake.applied == 0


def test_a_user_nobody_has_is_found_before_the_night(fake: FakePagerDuty, served: Served) -> None:
    found = ours(served, user="nobody@example.com").check(Deadline(10))
    assert [one.what for one in found if one.verdict is Verdict.WRONG] == ["authorised"]


def test_keys_that_do_not_go_together_are_refused(served: Served) -> None:
    with pytest.raises(BadInput, match="neither token nor routing_key"):
        ours(served, token="", routing_key="")
    with pytest.raises(BadInput, match="no user"):
        ours(served, user="")


@pytest.mark.parametrize(
    ("url", "events"),
    [
        ("https://api.pagerduty.com", "https://events.pagerduty.com"),
        ("https://api.eu.pagerduty.com", "https://events.eu.pagerduty.com"),
        ("https://proxy.example.com/pd", "https://proxy.example.com/pd"),
    ],
)
def test_events_go_to_the_same_region(url: str, events: str) -> None:
    from cockpit_adapters.pagerduty import PagerDutyOptions

    assert PagerDutyOptions(adapter="pagerduty", url=url).events == events


@pytest.mark.parametrize(
    ("severity", "sent"), [("SEV0", "critical"), ("SEV2", "error"), ("SEV9", "info"), ("", "critical")]
)
def test_a_severity_is_told_in_its_words(fake: FakePagerDuty, served: Served, severity: str, sent: str) -> None:
    ours(served).page(summons(severity=severity), Deadline(10))
    assert fake.asked[-1].json()["payload"]["severity"] == sent
