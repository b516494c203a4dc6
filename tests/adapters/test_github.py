"""GitHub: our requests are those of PyGithub, and its answers are read as it means them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cockpit_adapters.github.fake import FakeGitHub

from cockpit.errors import BadInput, CockpitError, Refused, Throttled, Unauthorised, Unsure
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_tracker import IssueState
from cockpit.world.specimen import Asked, Said
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect
from tests.adapters.ticketing import MARK, ticket

SPECIMEN = next(one for one in SERVED if one.adapter == "github")


@pytest.fixture
def fake() -> FakeGitHub:
    """A repository."""
    return FakeGitHub()


@pytest.fixture
def served(fake: FakeGitHub) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def theirs(served: Served) -> Any:
    """Return the vendor's client on the same repository."""
    from github import Auth, Github  # takes long to import

    quick: dict[str, Any] = {"seconds_between_requests": None, "seconds_between_writes": None}
    client = Github(auth=Auth.Token(TOKEN), base_url=served.url, lazy=True, **quick)
    return client.get_repo("acme/ops")


def soon() -> Deadline:
    return Deadline(10)


def same_request(one: Asked, other: Asked) -> None:
    """Hold a request of ours against one of the client's."""
    assert (one.method, one.path, one.json()) == (other.method, other.path, other.json())
    assert one.headers["authorization"].split()[1] == other.headers["authorization"].split()[1] == TOKEN


def test_an_issue_is_made_as_the_client_makes_it(fake: FakeGitHub, served: Served) -> None:
    ours(served).create(ticket(), soon())
    sent = fake.asked[0].json()
    made = theirs(served).create_issue(sent["title"], body=sent["body"], labels=["incident"], assignees=["adal"])
    same_request(*fake.asked)
    assert made.number == 2
    assert MARK in made.body


def test_issues_are_listed_as_the_client_lists_them(fake: FakeGitHub, served: Served) -> None:
    ours(served).find(ticket(), soon())
    repository = theirs(served)
    list(repository.get_issues(state="all", sort="created", direction="desc", since=ticket().first_try))
    mine, other = (dict(one.query) for one in fake.asked)
    assert mine["since"] == ["2026-11-21T02:14:00Z"]  # an hour before the first try
    assert other["since"] == ["2026-11-21T03:14:00Z"]
    for name in ("state", "sort", "direction"):
        assert mine[name] == other[name]
    assert fake.asked[0].path == fake.asked[1].path


def test_a_comment_and_a_look_are_the_clients_own(fake: FakeGitHub, served: Served) -> None:
    ours(served).create(ticket(), soon())
    found = ours(served).state("#1", soon())
    issue = theirs(served).get_issue(1)
    assert (found.url, issue.state) == (issue.html_url, "open")  # a lazy client asks only now
    same_request(fake.asked[-2], fake.asked[-1])
    ours(served).comment("#1", MARK, "Done.", soon())
    issue.create_comment(fake.asked[-1].json()["body"])
    same_request(fake.asked[-2], fake.asked[-1])


@pytest.mark.parametrize(
    ("state", "why", "stands"),
    [
        ("open", None, IssueState.OPEN), ("open", "reopened", IssueState.OPEN),
        ("closed", "completed", IssueState.DONE), ("closed", None, IssueState.DONE),
        ("closed", "not_planned", IssueState.DROPPED), ("closed", "duplicate", IssueState.DROPPED),
        ("vanished", None, IssueState.UNKNOWN),
    ],
)  # fmt: skip
def test_what_became_of_it_is_told_apart(
    fake: FakeGitHub, served: Served, state: str, why: str | None, stands: IssueState
) -> None:
    ours(served).create(ticket(), soon())
    fake.issues[0] |= {"state": state, "state_reason": why}
    assert ours(served).state("#1", soon()).state is stands


def test_many_issues_are_looked_through_and_too_many_are_said(fake: FakeGitHub, served: Served) -> None:
    ours(served).create(ticket(), soon())
    newer = [{**fake.issues[0], "number": 2 + at, "body": None} for at in range(250)]
    fake.issues += newer
    found = ours(served).find(ticket(), soon())
    assert found is not None
    assert found.key == "#1"
    assert len(fake.asked) == 4
    fake.issues += newer * 4
    with pytest.raises(Unsure):
        ours(served).find(ticket(), soon())


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (403, "API rate limit exceeded for user ID 1", Throttled), (403, "You have exceeded a secondary rate limit",
         Throttled), (403, "Resource not accessible by personal access token", Unauthorised),
        (410, "Issues are disabled for this repo", Refused), (422, "Validation Failed", Refused),
        (502, "Server Error", Unsure),
    ],
)  # fmt: skip
def test_a_no_is_told_apart(
    fake: FakeGitHub, served: Served, status: int, message: str, kind: type[CockpitError]
) -> None:
    fake.said = Said(status, {"message": message})
    with pytest.raises(kind) as caught:
        ours(served).create(ticket(), soon())
    assert type(caught.value) is kind


def test_nobody_is_called_and_nothing_is_drawn_by_what_a_text_says(fake: FakeGitHub, served: Served) -> None:
    text = "@acme/all see #1 <img src=x onerror=y> [x](https://evil.example) `code`"
    ours(served).create(ticket(text=text), soon())
    body = fake.issues[0]["body"]
    assert "@acme" not in body
    assert "<img" not in body
    assert "\\[x\\](" in body
    assert " #1" not in body


@pytest.mark.parametrize(
    ("change", "scopes", "verdict"),
    [
        ({}, "", Verdict.FINE), ({"has_issues": False}, "", Verdict.WRONG), ({"archived": True}, "", Verdict.WRONG),
        ({}, "repo", Verdict.FINE), ({}, "repo, admin:org", Verdict.WARNING),
    ],
)  # fmt: skip
def test_the_doctor_s_look(
    fake: FakeGitHub, served: Served, change: dict[str, Any], scopes: str, verdict: Verdict
) -> None:
    fake.repository |= change
    fake.scopes = scopes
    (finding,) = ours(served).check(soon())
    assert finding.verdict is verdict


@pytest.mark.parametrize("name", ["acme", "acme/", "/ops", "acme/..", "acme/ops/issues", "acme/ops?x", "a b/c"])
def test_a_repository_s_name_reaches_no_other(served: Served, name: str) -> None:
    with pytest.raises(ValueError, match="repository"):
        ours(served, repository=name)


def test_a_token_is_needed(served: Served) -> None:
    with pytest.raises(BadInput):
        ours(served, token="")
