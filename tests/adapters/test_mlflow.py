"""MLflow: aliases are read and moved, and a moved one leaves a note on its version."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.mlflow.fake import FakeMLflow
from cockpit_adapters.mlflow.system import ALIAS, IS_PROMPT, SET_TAG, VERSIONS
from cockpit_adapters.payloads import payload

from cockpit.errors import BadInput, Moved, Refused, Unreachable, Unsure
from cockpit.world.contract import Verdict, Write
from cockpit.world.specimen import Said
from tests.adapters.hosted import NOW, TOKEN, Wire, connected, order, pull, soon

AT = "alias:support-system@production"
Server = tuple[Any, Wire, FakeMLflow]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeMLflow()
    return *connected(monkeypatch, "mlflow", fake, {"user": "cockpit"}), fake


def test_a_rollback_moves_the_alias_and_leaves_a_note(server: Server) -> None:
    system, wire, fake = server
    assert pull(system, AT, "1").shown == "v1 (change 1)"
    moved, noted = wire.writes
    assert (moved.method, moved.path) == ("POST", ALIAS)
    assert moved.json() == {"name": "support-system", "alias": "production", "version": "1"}
    assert noted.path == SET_TAG
    assert noted.json() == {
        "name": "support-system",
        "version": "1",
        "key": "cockpit.moved.production",
        "value": "2026-11-21T06:00:00.000+00:00 v2 → v1: INC-42 by Ada",
    }
    assert pull(system, AT, "2").value == "2"
    assert fake.applied == 2


def test_a_note_that_is_not_taken_does_not_undo_what_was_done(server: Server) -> None:
    system, wire, _ = server
    wire.instead = lambda asked: Said(500, b"oops") if asked.path == SET_TAG else None
    assert pull(system, AT, "1").value == "1"


def test_a_note_is_left_only_for_a_move_that_was_accepted(server: Server) -> None:
    system, wire, _ = server
    with pytest.raises(Refused, match="version=9"):
        system.write(order(AT, "9", system.read(AT, soon())), soon())
    assert [one.path for one in wire.writes] == [ALIAS]


def test_the_user_and_the_password_go_out_as_basic_and_a_bare_token_as_bearer(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, wire, _ = server
    system.read(AT, soon())
    assert wire.asked[0].headers["authorization"] == f"Basic {b64encode(f'cockpit:{TOKEN}'.encode()).decode()}"
    monkeypatch.undo()
    system, wire = connected(monkeypatch, "mlflow", FakeMLflow())
    system.read(AT, soon())
    assert wire.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_version_is_mlflows_text_for_its_number(server: Server) -> None:
    assert server[0].parse(AT, "v3") == "3"
    with pytest.raises(BadInput):
        server[0].parse(AT, "newest")


def test_versions_come_newest_first_through_all_pages(server: Server) -> None:
    system, wire, fake = server
    first = fake.rows[0]
    fake.rows = [{**first, "version": str(number), "creation_timestamp": 10**12 + number} for number in range(1, 13)]
    fake.put("11")
    fake.page = 5
    found = system.versions(AT, soon())
    assert [one.shown for one in found] == [f"v{number}" for number in range(12, 0, -1)]
    assert [one.value for one in found if one.current] == ["11"]
    assert len([one for one in wire.asked if one.path == VERSIONS]) == 3
    assert "name='support-system' AND" in wire.asked[-1].query["filter"][0]


def test_versions_carry_date_and_note(server: Server) -> None:
    newest = server[0].versions(AT, soon())[0]
    assert newest.note == "change 2"
    assert newest.at is not None
    assert newest.at.year == 2026


@pytest.mark.parametrize("address", ["alias:support-system@staging", "alias:nope@production"])
def test_an_alias_that_is_not_there_is_not_made(server: Server, address: str) -> None:
    system, wire, _ = server
    with pytest.raises(Refused, match="has no prompt") as caught:
        system.write(Write(address, "1", "k"), soon())
    assert "Put the alias" in caught.value.hint
    assert wire.writes == []


def test_the_alias_of_a_model_is_left_alone(server: Server) -> None:
    system, wire, fake = server
    for row in fake.rows:
        row["tags"] = [tag for tag in row["tags"] if tag["key"] != IS_PROMPT]
    with pytest.raises(Refused, match="is a model"):
        system.write(Write(AT, "1", "k", before="2"), soon())
    assert wire.writes == []


def test_an_address_that_is_wrong_is_not_taken_for_a_missing_alias(server: Server) -> None:
    system, wire, _ = server
    wire.instead = lambda _: Said(404, b"<title>404 Not Found</title> The requested URL was not found on the server")
    with pytest.raises(Refused, match="answered 404"):
        system.read(AT, soon())


def test_somebody_elses_move_is_not_overwritten(server: Server) -> None:
    system, wire, fake = server
    plan = order(AT, "3", system.read(AT, soon()))
    fake.put("1")
    with pytest.raises(Moved, match=r"was 2 .* is 1 \(v1.* now"):
        system.write(plan, soon())
    assert wire.writes == []


def test_a_look_that_fails_leaves_no_doubt(server: Server) -> None:
    system, wire, _ = server
    plan = order(AT, "1", system.read(AT, soon()))
    wire.instead = lambda asked: Said(500, b"oops") if asked.method == "GET" else None
    with pytest.raises(Unreachable, match="was not sent"):
        system.write(plan, soon())


def test_changes_are_new_versions_and_moves_that_a_cockpit_noted(server: Server) -> None:
    system, _, _ = server
    pull(system, AT, "1")
    moved, second, first = system.changes(datetime(2026, 11, 1, tzinfo=UTC), soon())
    assert (moved.at, moved.what) == (NOW, "prompt support-system: alias production moved")
    assert (moved.before, moved.after, moved.by, moved.note) == ("v2", "v1", "a cockpit", "INC-42 by Ada")
    assert (second.before, second.after, first.before, first.after) == ("v1", "v2", "", "v1")
    assert [one.what for one in system.changes(NOW, soon())] == [moved.what]


def test_a_note_that_somebody_mangled_is_passed_over(server: Server) -> None:
    system, _, fake = server
    fake.rows[0]["tags"].append({"key": "cockpit.moved.production", "value": "yesterday, I think"})
    assert len(system.changes(datetime(2026, 11, 1, tzinfo=UTC), soon())) == 2


def test_no_versions_at_all_are_no_changes(server: Server) -> None:
    system, _, fake = server
    fake.rows = []
    assert system.changes(datetime(2026, 11, 1, tzinfo=UTC), soon()) == []


def test_the_doctor_warns_of_a_server_that_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    system, _ = connected(monkeypatch, "mlflow", FakeMLflow(), {"token": ""})
    reached, token = system.check(soon())
    assert reached.detail == "MLflow 3.17.2, prompts can be read"
    assert (token.verdict, bool(token.next_step)) == (Verdict.WARNING, True)


GRANTED, USER = payload("mlflow", "permissions.json"), payload("mlflow", "user.json")


@pytest.mark.parametrize(
    ("rights", "verdict", "told"),
    [
        (None, Verdict.FINE, "does not tell"),
        ((USER, GRANTED), Verdict.FINE, "may move the aliases of support-system"),
        ((USER, {"permissions": []}), Verdict.WARNING, "granted no prompt"),
        ((USER, {"permissions": [{**GRANTED["permissions"][0], "resource_type": "registered_model"}]}),
         Verdict.WARNING, "granted no prompt"),
        ((USER, {"permissions": [{**GRANTED["permissions"][0], "permission": "READ"}]}),
         Verdict.WARNING, "granted no prompt"),
        (({"user": {**USER["user"], "is_admin": True}}, GRANTED), Verdict.WARNING, "everything"),
        (({"user": None}, GRANTED), Verdict.WRONG, "no user"),
    ],
)  # fmt: skip
def test_the_doctor_tells_what_the_user_may_move(server: Server, rights: Any, verdict: Verdict, told: str) -> None:
    system, _, fake = server
    fake.rights = rights
    found = system.check(soon())[-1]
    assert (found.verdict, told in found.detail) == (verdict, True), found


def test_the_doctor_stops_where_nothing_answers(server: Server) -> None:
    system, wire, _ = server
    wire.instead = lambda _: Said(503, b"later")
    (found,) = system.check(soon())
    assert (found.verdict, bool(found.next_step)) == (Verdict.WRONG, True)


@pytest.mark.parametrize(
    "body", [[], {"model_version": 5}, {"model_version": {}, "model_versions": 5}, b"<html>", {"model_versions": [3]}]
)
def test_an_answer_of_another_shape_is_no_answer(server: Server, body: Any) -> None:
    system, wire, _ = server
    wire.instead = lambda _: Said(200, body)
    with pytest.raises((Unsure, Refused)):
        system.read(AT, soon())
    with pytest.raises((Unsure, Refused)):
        system.versions(AT, soon())
