"""JSM Operations' REST API: our requests are those that Atlassian's description names, and no others."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from cockpit_adapters.opsgenie import JSM_API, OpsgenieAdapter
from cockpit_adapters.opsgenie.fake_jsm import CLOUD, FakeJsm

from cockpit.errors import Refused, Unauthorised, Unreachable
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_pager import EVERYTHING, PageRef
from cockpit.world.specimen import Asked, Said
from tests.adapters.calling import CALLS, summons, word
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect

SPECIMEN = next(one for one in SERVED if (one.adapter, one.label) == ("opsgenie", "jsm"))
ALERTS = f"/{CLOUD}/v1/alerts"
CREATE = {
    "message", "responders", "visibleTo", "note", "alias", "entity", "source", "tags", "actions", "description",
    "priority", "extraProperties",
}  # fmt: skip
"""What the description lets an alert be created with."""


@pytest.fixture
def fake() -> FakeJsm:
    """A site."""
    return FakeJsm()


@pytest.fixture
def served(fake: FakeJsm) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def writes(fake: FakeJsm) -> list[Asked]:
    """Return what was asked for that changes something."""
    return [one for one in fake.asked if one.method == "POST"]


def test_a_page_holds_what_an_alert_may_and_goes_to_ids(fake: FakeJsm, served: Served) -> None:
    receipt = ours(served).page(summons(target="team:4513b7ea-3b91"), Deadline(10))
    (sent,) = writes(fake)
    told = sent.json()
    assert (sent.path, receipt.ref in fake.alerts) == (ALERTS, True)
    assert set(told) <= CREATE
    assert told["responders"] == [{"type": "team", "id": "4513b7ea-3b91"}]
    assert (told["alias"], told["priority"]) == (summons().key, "P1")
    assert told["extraProperties"] == {"incident": "INC-0007", "sentBy": "ada"}
    assert fake.asked[-1].path.rpartition("/")[0] == f"{ALERTS}/requests"


def test_credentials_are_those_of_an_account(fake: FakeJsm, served: Served) -> None:
    ours(served).page(summons(), Deadline(10))
    kind, _, pair = fake.asked[0].headers["authorization"].partition(" ")
    assert (kind, b64decode(pair).decode()) == ("Basic", f"ops@example.com:{TOKEN}")
    with pytest.raises(Unauthorised):
        ours(served, user="").page(summons(), Deadline(10))
    assert fake.asked[-1].headers["authorization"] == f"Bearer {TOKEN}"


def test_an_alias_is_looked_up_since_alerts_are_known_by_ids_alone(fake: FakeJsm, served: Served) -> None:
    pager = ours(served)
    name = pager.page(summons(), Deadline(10)).ref
    for what in ("acknowledge", "note", "resolve"):
        CALLS[what](pager, PageRef(key=summons().key), Deadline(10))
    assert [one.path for one in writes(fake)[1:]] == [
        f"{ALERTS}/{name}/acknowledge", f"{ALERTS}/{name}/notes", f"{ALERTS}/{name}/close"
    ]  # fmt: skip
    looks = [one for one in fake.asked if one.path == f"{ALERTS}/alias"]
    assert {tuple(one.query["alias"]) for one in looks} == {(summons().key,)}
    acknowledge, note, close = writes(fake)[1:]
    assert (acknowledge.body, close.body) == (b"", b"")
    assert list(note.json()) == ["note"]
    assert pager.repeats == EVERYTHING


def test_what_somebody_closed_or_acknowledged_is_left_alone(fake: FakeJsm, served: Served) -> None:
    pager = ours(served)
    fake.alerts[fake.paged] |= {"status": "acked", "acknowledged": False}
    assert "acknowledged already" in pager.acknowledge(PageRef(fake.paged), word(), Deadline(10)).note
    fake.alerts[fake.paged]["status"] = "closed"
    assert "closed already" in pager.resolve(PageRef(fake.paged), word(), Deadline(10)).note
    assert writes(fake) == []


def test_an_alias_that_nobody_knows_is_refused_and_nothing_is_sent(fake: FakeJsm, served: Served) -> None:
    with pytest.raises(Refused, match="404"):
        ours(served).note(PageRef(key="nobody-sent-this"), word(), Deadline(10))
    assert writes(fake) == []


def test_a_look_that_gets_no_clear_answer_is_certain_that_nothing_was_sent(
    fake: FakeJsm, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "_read", lambda asked, parts: Said(200, {"strange": True}))
    with pytest.raises(Unreachable, match="not sent"):
        ours(served).acknowledge(PageRef(key="k"), word(), Deadline(10))
    assert writes(fake) == []


def test_who_is_on_call_are_account_ids_of_a_schedule_named_by_its_id(fake: FakeJsm, served: Served) -> None:
    people = ours(served).on_call("schedule:91b865f0", Deadline(10))
    assert [(one.who, one.by) for one in people] == [("5b10a2844c20165700ede21g", "91b865f0")]
    asked = fake.asked[-1]
    assert (asked.path, asked.query) == (f"/{CLOUD}/v1/schedules/91b865f0/on-calls", {"flat": ["true"]})


def test_who_is_on_call_may_be_told_as_a_tree(fake: FakeJsm, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = [{"id": "5b10", "type": "user"}, {"id": "t1", "type": "team"}]
    monkeypatch.setattr(fake, "answer", lambda asked: Said(200, {"onCallParticipants": tree}))
    assert [one.who for one in ours(served).on_call("schedule:91b865f0", Deadline(10))] == ["5b10"]


def test_a_check_reads_and_wakes_nobody(fake: FakeJsm, served: Served) -> None:
    assert [one.verdict for one in ours(served).check(Deadline(10))] == [Verdict.FINE, Verdict.FINE]
    assert writes(fake) == []


def test_without_an_address_it_is_atlassians() -> None:
    table: dict[str, Any] = {"adapter": "opsgenie", "token": "env:X", "cloud": CLOUD}
    assert OpsgenieAdapter.options(**table).site == f"{JSM_API}/{CLOUD}"
    assert OpsgenieAdapter.options(**table, url="https://proxy.example.com/ops").site.startswith("https://proxy.")


def test_a_cloud_that_is_no_id_is_refused() -> None:
    table: dict[str, Any] = {"adapter": "opsgenie", "token": "env:X", "cloud": "../evil"}
    with pytest.raises(ValueError, match="cloud"):
        OpsgenieAdapter.options(**table)


def test_what_is_said_back_of_the_credentials_is_not_told_on(
    fake: FakeJsm, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "answer", lambda asked: Said(400, {"message": asked.headers["authorization"]}))
    with pytest.raises(Refused) as caught:
        ours(served).page(summons(), Deadline(10))
    pair = b64encode(f"ops@example.com:{TOKEN}".encode()).decode()
    assert pair not in str(caught.value)
    assert TOKEN not in str(caught.value)
