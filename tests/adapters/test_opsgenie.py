"""Opsgenie: our requests are those of its own client, and what was only taken is asked for until it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import opsgenie_sdk
import pytest
from cockpit_adapters.opsgenie import JSM
from cockpit_adapters.opsgenie.fake import FakeOpsgenie

from cockpit.errors import BadInput, Refused, Unsure
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_pager import EVERYTHING, NOTE, PageRef
from cockpit.world.specimen import Asked
from tests.adapters.calling import CALLS, summons, word
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect

SPECIMEN = next(one for one in SERVED if one.adapter == "opsgenie")
ALIAS = summons().key


@pytest.fixture
def fake() -> FakeOpsgenie:
    """An account."""
    return FakeOpsgenie()


@pytest.fixture
def served(fake: FakeOpsgenie) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, path: str = "", **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url + path, "deadline_s": 10.0, **table})


def client(served: Served) -> Any:
    """Return the vendor's client."""
    settings = opsgenie_sdk.Configuration()
    settings.host, settings.api_key, settings.api_key_prefix = (
        served.url, {"Authorization": TOKEN}, {"Authorization": "GenieKey"},
    )  # fmt: skip
    return opsgenie_sdk.AlertApi(api_client=opsgenie_sdk.ApiClient(configuration=settings))


def same(mine: Asked, theirs: Asked) -> None:
    """Hold two requests against each other."""
    assert (mine.method, mine.path, mine.query) == (theirs.method, theirs.path, theirs.query)
    assert mine.json() == theirs.json()
    assert mine.headers["authorization"] == theirs.headers["authorization"]


def writes(fake: FakeOpsgenie) -> list[Asked]:
    """Return what was asked for that changes something."""
    return [one for one in fake.asked if one.method == "POST"]


def test_a_page_is_the_clients_own(fake: FakeOpsgenie, served: Served) -> None:
    fake.slow = 0
    ours(served).page(summons(target="team:Database"), Deadline(10))
    mine, asked = writes(fake)[0], fake.asked[-1]
    answer = client(served).create_alert(opsgenie_sdk.CreateAlertPayload(**mine.json()))
    same(mine, writes(fake)[1])
    client(served).get_request_status(answer.request_id)
    assert fake.asked[-1].path.rpartition("/")[0] == asked.path.rpartition("/")[0]


@pytest.mark.parametrize("page", [PageRef(key=ALIAS), PageRef("70413a06-38d6-4c85-92b8-5ebc900d42e2-1479806400000")])
def test_what_is_done_with_an_alert_is_the_clients_own(fake: FakeOpsgenie, served: Served, page: PageRef) -> None:
    pager, theirs = ours(served), client(served)
    pager.page(summons(), Deadline(10))
    name, kind = page.id or page.key, "id" if page.id else "alias"
    pager.note(page, word(), Deadline(10))
    note = writes(fake)[-1]
    theirs.add_note(name, opsgenie_sdk.AddNoteToAlertPayload(**note.json()), identifier_type=kind)
    same(note, writes(fake)[-1])
    pager.acknowledge(page, word(), Deadline(10))
    mine = writes(fake)[-1]
    theirs.acknowledge_alert(
        name, identifier_type=kind, acknowledge_alert_payload=opsgenie_sdk.AcknowledgeAlertPayload(**mine.json())
    )
    same(mine, writes(fake)[-1])
    pager.resolve(page, word(), Deadline(10))
    mine = writes(fake)[-1]
    theirs.close_alert(name, identifier_type=kind, close_alert_payload=opsgenie_sdk.CloseAlertPayload(**mine.json()))
    same(mine, writes(fake)[-1])


def test_what_is_looked_at_is_asked_as_the_client_does(fake: FakeOpsgenie, served: Served) -> None:
    ours(served).acknowledge(PageRef(fake.paged), word(), Deadline(10))
    mine = fake.asked[0]
    client(served).get_alert(fake.paged, identifier_type="id")
    same(mine, fake.asked[-1])


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("team:Database", {"type": "team", "name": "Database"}),
        ("user:ada@example.com", {"type": "user", "username": "ada@example.com"}),
        ("schedule:Nights", {"type": "schedule", "name": "Nights"}),
        ("escalation:Assistants", {"type": "escalation", "name": "Assistants"}),
    ],
)
def test_a_target_is_a_responder(fake: FakeOpsgenie, served: Served, target: str, sent: dict[str, str]) -> None:
    ours(served).page(summons(target=target), Deadline(10))
    assert writes(fake)[0].json()["responders"] == [sent]


def test_what_is_not_carried_out_yet_is_asked_for_again(fake: FakeOpsgenie, served: Served) -> None:
    fake.slow = 3
    receipt = ours(served).page(summons(), Deadline(10))
    assert receipt.ref in fake.alerts
    assert list(fake.looked.values()) == [4]


def test_what_is_not_carried_out_in_time_is_unsure(fake: FakeOpsgenie, served: Served) -> None:
    fake.slow = 10_000
    with pytest.raises(Unsure, match="took it"):
        ours(served).page(summons(), Deadline(0.3))


def test_what_was_taken_and_then_refused_is_refused(fake: FakeOpsgenie, served: Served) -> None:
    with pytest.raises(Refused, match="Alert does not exist"):
        ours(served, JSM).acknowledge(PageRef(key="nobody-sent-this"), word(), Deadline(10))


def test_what_is_closed_there_is_left_as_it_is(fake: FakeOpsgenie, served: Served) -> None:
    fake.alerts[fake.paged]["status"] = "closed"
    assert ours(served).acknowledge(PageRef(fake.paged), word(), Deadline(10)).note == "it was closed already"
    assert writes(fake) == []


def test_who_is_on_call_is_what_the_schedule_says(fake: FakeOpsgenie, served: Served) -> None:
    pager = ours(served)
    assert [one.who for one in pager.on_call("", Deadline(10))] == ["ada@example.com"]
    asked = fake.asked[-1]
    assert (asked.path, asked.query["scheduleIdentifierType"]) == ("/v2/schedules/Nights/on-calls", ["name"])
    pager.on_call("schedule:Days/../x", Deadline(10))
    assert fake.asked[-1].path == "/v2/schedules/Days%2F..%2Fx/on-calls"
    assert pager.on_call("team:Database", Deadline(10)) == ()


def test_jsm_operations_takes_the_same_and_shows_nothing(fake: FakeOpsgenie, served: Served) -> None:
    pager = ours(served, JSM)
    pager.page(summons(), Deadline(10))
    page = PageRef(key=ALIAS)
    for what, call in CALLS.items():
        call(pager, page, Deadline(10))
        assert pager.repeats >= {what} or what == NOTE
    assert pager.repeats == EVERYTHING - {NOTE}
    assert {one.path.startswith(f"{JSM}/v2/alerts") for one in fake.asked} == {True}
    assert all("/requests/" in one.path for one in fake.asked if one.method == "GET")
    assert pager.on_call("", Deadline(10)) == ()
    assert [one.verdict for one in pager.check(Deadline(10))] == [Verdict.WARNING]


def test_without_a_key_it_is_not_made(served: Served) -> None:
    with pytest.raises(BadInput, match="no token"):
        ours(served, token="")
