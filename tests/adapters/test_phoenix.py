"""Phoenix: tags are read and moved over REST, and explained where GraphQL answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.payloads import payload
from cockpit_adapters.phoenix.fake import FakePhoenix
from cockpit_adapters.phoenix.specimen import NEW, OLD

from cockpit.errors import BadInput, Moved, Refused, Unauthorised, Unreachable, Unsure
from cockpit.world.contract import Verdict, Write
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import Wire, connected, order, pull, soon

TAG = "tag:support-system@production"
Server = tuple[Any, Wire, FakePhoenix]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakePhoenix()
    return *connected(monkeypatch, "phoenix", fake), fake


def test_a_rollback_puts_the_tag_on_the_old_version_and_says_why(server: Server) -> None:
    system, wire, fake = server
    assert system.read(TAG, soon()).shown == "v2 (Friendlier)"
    read = pull(system, TAG, OLD)
    assert (read.value, read.shown, read.by) == (OLD, "v1 (Refuses refunds)", "mem")
    (sent,) = [one for one in wire.writes if one.path != "/graphql"]
    assert (sent.method, sent.path) == ("POST", f"/v1/prompt_versions/{OLD}/tags")
    assert sent.json() == {"name": "production", "description": "INC-42 by Ada"}
    assert pull(system, TAG, NEW).value == NEW
    assert fake.applied == 2


def test_recorded_answers_are_understood(server: Server) -> None:
    system, wire, _ = server
    recorded = {"/v1/prompts/support-system/tags/production": "tagged.json", "/graphql": "graphql_one.json"}
    wire.instead = lambda asked: Said(200, payload("phoenix", recorded[asked.path]))
    read = system.read(TAG, soon())
    assert (read.value, read.shown, read.by) == (OLD, "v1 (Refuses refunds)", "mem")


def test_without_graphql_tags_are_read_and_moved_all_the_same(server: Server) -> None:
    system, _, fake = server
    fake.explains = False
    assert system.read(TAG, soon()).shown == "Friendlier"
    assert [one.shown for one in system.versions(TAG, soon())] == ["v2", "v1"]
    assert pull(system, TAG, OLD).value == OLD


def test_versions_carry_date_author_and_note(server: Server) -> None:
    system, _, _ = server
    newest, oldest = system.versions(TAG, soon())
    assert (newest.value, newest.shown, newest.note, newest.current) == (NEW, "v2", "Friendlier", True)
    assert (oldest.value, oldest.by, oldest.current) == (OLD, "system", False)
    assert oldest.at == datetime(2026, 11, 21, 5, 35, 10, tzinfo=UTC)


def test_versions_are_read_through_all_pages(server: Server) -> None:
    system, wire, fake = server
    fake.rows = [{**fake.rows[0], "id": f"id{number}"} for number in range(250, 0, -1)]
    fake.put("id250")
    fake.explains = False
    assert [one.shown for one in system.versions(TAG, soon())] == [f"v{number}" for number in range(250, 0, -1)]
    assert len([one for one in wire.asked if one.path.endswith("/versions")]) == 3


@pytest.mark.parametrize(("text", "value"), [("1", OLD), ("v2", NEW), (OLD, OLD)])
def test_a_version_is_named_by_number_or_id(server: Server, text: str, value: str) -> None:
    assert server[0].parse(TAG, text) == value


@pytest.mark.parametrize("text", ["3", "UHJvbXB0VmVyc2lvbjo5OQ==", "latest"])
def test_a_version_of_no_or_another_prompt_is_refused(server: Server, text: str) -> None:
    with pytest.raises(BadInput, match="version"):
        server[0].parse(TAG, text)


def test_a_tag_that_is_not_there_is_not_made(server: Server) -> None:
    system, wire, _ = server
    with pytest.raises(Refused, match="no prompt support-system with the tag staging") as caught:
        system.write(Write("tag:support-system@staging", OLD, "k"), soon())
    assert "Put the tag" in caught.value.hint
    assert wire.writes == []


def test_somebody_elses_move_is_not_overwritten(server: Server) -> None:
    system, wire, fake = server
    plan = order(TAG, "UHJvbXB0VmVyc2lvbjoz", system.read(TAG, soon()))
    fake.put(OLD)
    with pytest.raises(Moved, match=f"was {NEW} .* is {OLD}"):
        system.write(plan, soon())
    assert [one for one in wire.writes if one.path != "/graphql"] == []


def test_a_look_that_fails_leaves_no_doubt(server: Server) -> None:
    system, wire, _ = server
    plan = order(TAG, OLD, system.read(TAG, soon()))
    wire.instead = lambda asked: Said(500, b"oops") if asked.method == "GET" else None
    with pytest.raises(Unreachable, match="was not sent"):
        system.write(plan, soon())


def test_changes_are_versions_made_since_newest_first(server: Server) -> None:
    system, _, fake = server
    fake.put(OLD)
    newest, oldest = system.changes(datetime(2026, 11, 21, tzinfo=UTC), soon())
    assert {newest.after, oldest.after} == {"v2", "v1"}
    assert newest.what == "prompt support-system: a new version"
    assert (newest.kind, newest.by, oldest.before) == ("prompt", "system", "")
    assert system.changes(datetime(2026, 11, 22, tzinfo=UTC), soon()) == []


def test_changes_without_graphql_are_not_taken_for_none(server: Server) -> None:
    server[2].explains = False
    with pytest.raises(Unsure, match="GraphQL"):
        server[0].changes(datetime(2026, 11, 21, tzinfo=UTC), soon())


@pytest.mark.parametrize(
    ("user", "verdict", "told"),
    [
        ({"username": "ada", "role": "MEMBER"}, Verdict.FINE, "may move tags"),
        ({"username": "ada", "role": "VIEWER"}, Verdict.WRONG, "may only look"),
        ({"username": "admin", "role": "ADMIN"}, Verdict.WARNING, "everything"),
        ({"username": "system", "role": "SYSTEM"}, Verdict.WARNING, "everything"),
        ({"auth_method": "ANONYMOUS"}, Verdict.WARNING, "whoever reaches it"),
    ],
)
def test_the_doctor_tells_what_a_token_may_do(server: Server, user: Any, verdict: Verdict, told: str) -> None:
    system, _, fake = server
    fake.user = user
    reached, token = system.check(soon())
    assert reached.detail == "Phoenix 20.26.1, prompts can be read"
    assert (token.verdict, told in token.detail) == (verdict, True)


def test_a_viewer_is_told_that_the_token_is_the_matter(server: Server) -> None:
    system, _, fake = server
    fake.user["role"] = "VIEWER"
    with pytest.raises(Unauthorised, match="Viewers cannot"):
        system.write(order(TAG, OLD, system.read(TAG, soon())), soon())


@pytest.mark.parametrize("body", [[], {"data": 5}, {"data": {"id": 7}}, {"data": [3]}, b"<html>", {"data": None}])
def test_an_answer_of_another_shape_is_no_answer(server: Server, body: Any) -> None:
    system, wire, _ = server

    def nonsense(_: Asked) -> Said:
        return Said(200, body)

    wire.instead = nonsense
    for call in (system.read, system.versions):
        with pytest.raises(Unsure):
            call(TAG, soon())
    with pytest.raises(Unsure):
        system.changes(datetime(2026, 11, 21, tzinfo=UTC), soon())
