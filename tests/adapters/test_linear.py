"""Linear: every operation, with its variables, is one of its schema; its answers are read as it means them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.linear.fake import TEAM, FakeLinear
from cockpit_adapters.linear.system import ident
from graphql import GraphQLSchema, build_schema, get_operation_ast, parse, validate
from graphql.execution.values import get_variable_values

from cockpit.errors import CockpitError, Refused, Throttled, Unauthorised, Unsure
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.contract_tracker import IssueState
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect
from tests.adapters.ticketing import MARK, ticket, tracker_calls

SPECIMEN = next(one for one in SERVED if one.adapter == "linear")
SCHEMA = Path(__file__).with_name("linear_schema.graphql")


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The part of Linear's schema that is used."""
    return build_schema(SCHEMA.read_text("utf-8"))


@pytest.fixture
def fake() -> FakeLinear:
    """A team."""
    return FakeLinear()


@pytest.fixture
def served(fake: FakeLinear) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def soon() -> Deadline:
    return Deadline(10)


def test_everything_that_is_asked_is_of_the_schema(fake: FakeLinear, served: Served, schema: GraphQLSchema) -> None:
    tracker = ours(served)
    tracker.check(soon())
    for call in tracker_calls(tracker, soon):
        call()
    assert len({one.json()["query"] for one in fake.asked}) == 7
    for one in fake.asked:
        told = one.json()
        document = parse(told["query"])
        assert validate(schema, document) == []
        operation = get_operation_ast(document)
        assert operation is not None
        values = get_variable_values(schema, operation.variable_definitions or (), told["variables"])
        assert not isinstance(values, list), values
        assert (one.method, one.path) == ("POST", "/")


def test_a_wrong_operation_would_be_seen(schema: GraphQLSchema) -> None:
    assert validate(schema, parse("{ viewer { nickname } }"))
    operation = get_operation_ast(
        parse("mutation C($input: IssueCreateInput!) { issueCreate(input: $input) { success } }")
    )
    assert operation is not None
    assert isinstance(get_variable_values(schema, operation.variable_definitions or (), {"input": {}}), list)


def test_an_issue_carries_the_mark_as_its_id(fake: FakeLinear, served: Served) -> None:
    made = ours(served).create(ticket(), soon())
    (sent,) = fake.sent
    assert sent["id"] == ident(MARK)
    assert uuid.UUID(sent["id"]).version == 4
    assert (sent["teamId"], sent["dueDate"]) == (TEAM, "2026-12-01")
    assert sent["assigneeId"].startswith("0f1e2d3c")
    assert made.key == "OPS-1"


def test_a_second_create_of_the_same_mark_is_the_first_s_issue(fake: FakeLinear, served: Served) -> None:
    first, second = (ours(served).create(ticket(), soon()) for _ in range(2))
    assert first == second
    assert fake.applied == 1


def test_a_team_that_is_not_shown_is_refused_before_anything_is_made(fake: FakeLinear, served: Served) -> None:
    with pytest.raises(Refused, match="ENG"):
        ours(served, team="ENG").create(ticket(), soon())
    assert fake.sent == []
    assert ours(served, team="ENG").check(soon())[0].verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        ("triage", IssueState.OPEN), ("started", IssueState.OPEN), ("completed", IssueState.DONE),
        ("canceled", IssueState.DROPPED), ("duplicate", IssueState.DROPPED), ("odd", IssueState.UNKNOWN),
    ],
)  # fmt: skip
def test_what_became_of_it_is_told_apart(fake: FakeLinear, served: Served, kind: str, stands: IssueState) -> None:
    ours(served).create(ticket(), soon())
    fake.issues[ident(MARK)]["state"] = {"name": "Somewhere", "type": kind}
    assert ours(served).state("OPS-1", soon()).state is stands


def test_what_is_in_the_trash_is_dropped(fake: FakeLinear, served: Served) -> None:
    ours(served).create(ticket(), soon())
    fake.issues[ident(MARK)]["trashed"] = True
    assert ours(served).state("OPS-1", soon()).state is IssueState.DROPPED


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("authentication error", Unauthorised), ("forbidden", Unauthorised), ("ratelimited", Throttled),
        ("invalid input", Refused), ("internal error", Unsure), ("something new", Unsure),
    ],
)  # fmt: skip
def test_a_no_is_told_apart(fake: FakeLinear, served: Served, kind: str, error: type[CockpitError]) -> None:
    fake.error = kind
    with pytest.raises(error) as caught:
        ours(served).state("OPS-1", soon())
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("token", "shown"), [("lin_api_x1y2z3", "lin_api_x1y2z3"), ("lin_oauth_x1", "Bearer lin_oauth_x1")]
)
def test_a_key_goes_as_it_is_and_a_token_as_bearer(
    fake: FakeLinear, served: Served, monkeypatch: pytest.MonkeyPatch, token: str, shown: str
) -> None:
    monkeypatch.setattr("tests.adapters.subjects.TOKEN", token)
    ours(served).check(soon())
    assert fake.asked[0].headers["authorization"] == shown
    assert token != TOKEN
