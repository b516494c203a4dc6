"""Jira: our requests are those of its Python client at REST v3, and its answers are read as it means them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cockpit_adapters.jira.adf import document
from cockpit_adapters.jira.fake import FakeJira
from jira import JIRA

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_tracker import IssueState
from cockpit.world.specimen import Asked, Said
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect
from tests.adapters.ticketing import MARK, ticket

SPECIMEN = next(one for one in SERVED if one.adapter == "jira")
ADDRESS = "https://wiki.example.com/INC-0007"


class CloudFake(FakeJira):
    """Says that it is a cloud, which the client asks for first."""

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        aside = {"serverInfo": {"deploymentType": "Cloud", "versionNumbers": [1001, 0, 0]}, "field": [],
                 "listApplicationlinks": {"list": []}}  # fmt: skip
        name = asked.path.rpartition("/")[2]
        return Said(200, aside[name]) if name in aside else super().answer(asked)


@pytest.fixture
def fake() -> FakeJira:
    """A project."""
    return CloudFake()


@pytest.fixture
def served(fake: FakeJira) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def theirs(served: Served) -> JIRA:
    """Return the vendor's client."""
    options: dict[str, Any] = {"server": served.url, "rest_api_version": "3"}
    return JIRA(options=options, basic_auth=("ops@example.com", TOKEN), max_retries=0)


def soon() -> Deadline:
    return Deadline(10)


def same_request(one: Asked, other: Asked) -> None:
    """Hold a request of ours against one of the client's."""
    assert (one.method, one.path, one.json()) == (other.method, other.path, other.json())
    assert one.headers["authorization"] == other.headers["authorization"]


def test_an_issue_is_made_as_the_client_makes_it(fake: FakeJira, served: Served) -> None:
    ours(served).create(ticket(), soon())
    made = theirs(served).create_issue(fields=fake.asked[0].json()["fields"], prefetch=False)
    same_request(*fake.asked)
    assert made.key == "OPS-2"


def test_what_is_searched_for_is_what_the_client_finds(fake: FakeJira, served: Served) -> None:
    ours(served).create(ticket(), soon())
    found = ours(served).find(ticket(), soon())
    sent = fake.asked[-1].json()
    client = theirs(served)
    (issue,) = client.enhanced_search_issues(
        sent["jql"], maxResults=5, fields=["status", "resolution"], use_post=True
    )
    assert [one.path for one in fake.asked].count("/rest/api/3/search/jql") == 2
    mine, other = (one.json() for one in fake.asked if one.path.endswith("/search/jql"))
    assert {name: value for name, value in other.items() if value} == mine
    assert issue.key == found.key == "OPS-1"
    assert issue.permalink() == found.url


def test_comments_and_links_are_the_clients_own(fake: FakeJira, served: Served) -> None:
    ours(served).create(ticket(), soon())
    ours(served).comment("OPS-1", MARK, "Done.\nBy ada.", soon())
    mine = fake.asked[-1]
    client = theirs(served)
    client.add_comment("OPS-1", mine.json()["body"])
    same_request(mine, fake.asked[-1])
    ours(served).link("OPS-1", ADDRESS, "The postmortem", soon())
    mine = fake.asked[-1]
    told = {"url": ADDRESS, "title": "The postmortem"}
    client.add_remote_link("OPS-1", destination=told, globalId=ADDRESS)
    same_request(mine, fake.asked[-1])


def test_a_search_that_lags_is_known_to(fake: FakeJira, served: Served) -> None:
    tracker = ours(served)
    tracker.create(ticket(), soon())
    fake.lags = True
    assert tracker.find(ticket(), soon()) is None
    assert tracker.settles_s >= 60


@pytest.mark.parametrize(
    ("status", "resolution", "stands"),
    [
        ("Done", "Done", IssueState.DONE), ("Closed", "", IssueState.DONE), ("Done", "Won't Do", IssueState.DROPPED),
        ("Canceled", "", IssueState.DROPPED), ("Done", "Duplicate", IssueState.DROPPED),
    ],
)  # fmt: skip
def test_what_became_of_it_is_told_apart(
    fake: FakeJira, served: Served, status: str, resolution: str, stands: IssueState
) -> None:
    ours(served).create(ticket(), soon())
    assert ours(served).state("OPS-1", soon()).state is IssueState.OPEN
    fake.close_issue("OPS-1", status, resolution)
    found = ours(served).state("OPS-1", soon())
    assert found.state is stands
    assert status in found.said


def test_a_status_of_no_known_group_is_unknown(fake: FakeJira, served: Served) -> None:
    ours(served).create(ticket(), soon())
    fake.issues["OPS-1"]["fields"]["status"] = {"name": "Odd"}
    assert ours(served).state("OPS-1", soon()).state is IssueState.UNKNOWN


def test_a_due_date_goes_into_its_field_where_that_is_said(fake: FakeJira, served: Served) -> None:
    ours(served).create(ticket(), soon())
    ours(served, due_field=True).create(ticket(), soon())
    assert "duedate" not in fake.issues["OPS-1"]["fields"]
    assert fake.issues["OPS-2"]["fields"]["duedate"] == "2026-12-01"


def test_an_owner_who_has_no_account_is_nobody(fake: FakeJira, served: Served) -> None:
    ours(served).create(ticket(owner="bob"), soon())
    assert "assignee" not in fake.issues["OPS-1"]["fields"]


def test_a_text_is_a_document_in_which_nothing_is_markup() -> None:
    made = document("one\ntwo\n\n*three* {code}")
    first, second = made["content"]
    assert [part["type"] for part in first["content"]] == ["text", "hardBreak", "text"]
    assert second["content"] == [{"type": "text", "text": "*three* {code}"}]


def test_a_kind_of_issue_that_is_not_there_is_refused_and_found_by_the_doctor(fake: FakeJira, served: Served) -> None:
    with pytest.raises(Refused, match="issue type"):
        ours(served, issue_type="Story").create(ticket(), soon())
    wrong = ours(served, issue_type="Story").check(soon())[-1]
    assert wrong.verdict is Verdict.WRONG
    assert "Bug" in wrong.detail


@pytest.mark.parametrize(
    ("name", "has", "verdict"),
    [("CREATE_ISSUES", False, Verdict.WRONG), ("ADMINISTER", True, Verdict.WARNING), ("OTHER", True, Verdict.FINE)],
)
def test_what_the_account_may_is_judged(
    fake: FakeJira, served: Served, name: str, has: bool, verdict: Verdict
) -> None:
    fake.permissions[name] = has
    assert ours(served).check(soon())[0].verdict is verdict


def test_people_read_issues_where_they_are_told_to(fake: FakeJira, served: Served) -> None:
    issue = ours(served, site="https://acme.atlassian.net").create(ticket(), soon())
    assert issue.url == "https://acme.atlassian.net/browse/OPS-1"
