"""Grafana IRM: requests as its reference says them, and what its views refuse."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from cockpit_adapters.grafana_irm.fake import FakeIRM

from cockpit.errors import BadInput, Refused, Unauthorised, Unreachable
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_pager import EVERYTHING, PAGE, RESOLVE, PageRef
from tests.adapters.calling import summons, word
from tests.adapters.secrecy import logged, told
from tests.adapters.served import Echo, Served
from tests.adapters.subjects import SERVED, TOKEN, connect

SPECIMEN = next(one for one in SERVED if one.adapter == "grafana_irm")


@pytest.fixture
def fake() -> FakeIRM:
    """A stack."""
    return FakeIRM()


@pytest.fixture
def served(fake: FakeIRM) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def asked(fake: FakeIRM, number: int = -1) -> tuple[str, str, Any]:
    """Return what one request asks for."""
    one = fake.asked[number]
    return one.method, one.path, one.json()


def test_a_page_is_an_alert_of_the_formatted_webhook(fake: FakeIRM, served: Served) -> None:
    ours(served).page(summons(), Deadline(10))
    method, path, alert = asked(fake)
    assert (method, path) == ("POST", f"/integrations/v1/formatted_webhook/{TOKEN}/")
    assert alert == {
        "alert_uid": summons().key, "state": "alerting",
        "title": "[INC-0007] answers leak orders (SEV1 · support): We need the owner of retrieval.",
        "message": "ada: We need the owner of retrieval.",
    }  # fmt: skip
    assert "authorization" not in fake.asked[-1].headers


@pytest.mark.parametrize(
    ("target", "whom"),
    [
        ("team:TI73TDU19W48J", {"team": "TI73TDU19W48J"}),
        ("user:U281SN24AVVJX", {"users": [{"id": "U281SN24AVVJX", "important": True}]}),
    ],
)
def test_a_target_is_paged_directly_and_once(
    fake: FakeIRM, served: Served, target: str, whom: dict[str, Any]
) -> None:
    pager = ours(served)
    receipt = pager.page(summons(target=target), Deadline(10))
    method, path, body = asked(fake)
    assert (method, path) == ("POST", "/api/v1/escalation/")
    assert body.items() >= whom.items()
    assert receipt.url.startswith("https://")
    assert "already" in pager.page(summons(target=target), Deadline(10)).note
    assert fake.applied == 1
    pager.acknowledge(PageRef(key=summons().key, target=target), word(), Deadline(10))
    assert fake.groups[receipt.ref]["state"] == "acknowledged"


def test_an_alert_group_is_looked_at_changed_and_looked_at_again(fake: FakeIRM, served: Served) -> None:
    ours(served, stack="https://acme.grafana.net").acknowledge(PageRef(fake.paged), word(), Deadline(10))
    path = f"/api/v1/alert_groups/{fake.paged}/"
    assert [asked(fake, number) for number in range(3)] == [
        ("GET", path, None), ("POST", path + "acknowledge", None), ("GET", path, None),
    ]  # fmt: skip
    assert fake.asked[1].headers["authorization"] == TOKEN
    assert fake.asked[1].headers["x-grafana-url"] == "https://acme.grafana.net"
    again = ours(served).acknowledge(PageRef(fake.paged), word(), Deadline(10))
    assert again.note == "it was acknowledged already"


def test_a_service_account_may_not_acknowledge_and_that_is_told(fake: FakeIRM, served: Served) -> None:
    fake.service_account = True
    with pytest.raises(Unauthorised, match="Service accounts"):
        ours(served).acknowledge(PageRef(fake.paged), word(), Deadline(10))
    assert fake.applied == 0


def test_a_note_is_a_resolution_note(fake: FakeIRM, served: Served) -> None:
    ours(served).note(PageRef(fake.paged), word(), Deadline(10))
    text = "ada: We look. [INC-0007-9-ab12cd34]"
    assert asked(fake) == ("POST", "/api/v1/resolution_notes/", {"alert_group_id": fake.paged, "text": text})


def test_a_page_that_does_not_show_yet_is_certainly_not_changed(fake: FakeIRM, served: Served) -> None:
    pager = ours(served)
    pager.page(summons(), Deadline(10))
    fake.hidden = True
    with pytest.raises(Unreachable, match="does not show"):
        pager.acknowledge(PageRef(key=summons().key), word(), Deadline(10))


def test_the_integration_alone_pages_and_ends(fake: FakeIRM, served: Served) -> None:
    pager = ours(served, token="")
    assert pager.does == {PAGE, RESOLVE}
    pager.page(summons(), Deadline(10))
    pager.resolve(PageRef(key=summons().key), word(), Deadline(10))
    assert [one["state"] for one in fake.groups.values()] == ["firing", "resolved"]
    for call in (pager.acknowledge, pager.resolve, pager.note):
        with pytest.raises(Refused, match="OnCall API key"):
            call(PageRef(fake.paged), word(), Deadline(10))
    assert pager.on_call("", Deadline(10)) == ()
    assert [one.verdict for one in pager.check(Deadline(10))] == [Verdict.WARNING]


def test_the_token_alone_does_all_but_pages_without_a_target(fake: FakeIRM, served: Served) -> None:
    pager = ours(served, integration_key="")
    assert pager.does == EVERYTHING
    with pytest.raises(Refused, match="integration"):
        pager.page(summons(), Deadline(10))


def test_who_is_on_call_is_what_the_schedule_says(fake: FakeIRM, served: Served) -> None:
    assert [(one.who, one.by) for one in ours(served).on_call("", Deadline(10))] == [("ada", "Nights")]
    assert ours(served).on_call("team:T1", Deadline(10)) == ()


def test_the_key_in_the_address_stands_in_no_message_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="httpx")
    with Served(Echo(400)) as away, pytest.raises(Refused) as caught:
        ours(away, token="").page(summons(), Deadline(10))
    assert TOKEN not in told(caught.value)
    assert "127.0.0.1" in logged(caplog.records)
    assert TOKEN not in logged(caplog.records)


def test_without_any_key_it_is_not_made(served: Served) -> None:
    with pytest.raises(BadInput, match="neither token nor integration_key"):
        ours(served, token="", integration_key="")
