"""Langfuse: our requests are those of its own client, and its own client gets along with our fake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from cockpit_adapters.langfuse.fake import FakeLangfuse
from cockpit_adapters.langfuse.system import PROMPTS

from cockpit.errors import BadInput, Moved, Refused, Unauthorised, Unreachable, Unsure
from cockpit.world.contract import Verdict, Write
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import TOKEN, Wire, connected, order, pull, soon

if TYPE_CHECKING:
    from langfuse.api.client import LangfuseAPI

PROMPT = "support/system"
AT = f"label:{PROMPT}@production"
KEY = "pk-lf-under-test"
SINCE = datetime(2026, 11, 21, tzinfo=UTC)
Project = tuple[Any, Wire, FakeLangfuse]


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeLangfuse()
    return *connected(monkeypatch, "langfuse", fake, {"public_key": KEY}), fake


def official(wire: Wire) -> LangfuseAPI:
    """Return Langfuse's own client, whose requests go over a wire."""
    from langfuse.api.client import LangfuseAPI  # takes long to import

    client = httpx.Client(transport=httpx.MockTransport(wire))
    return LangfuseAPI(
        base_url="https://vendor.example", username=KEY, password=TOKEN, httpx_client=client
    )  # fmt: skip


def essence(asked: Asked) -> tuple[Any, ...]:
    """Return what of a request the server acts on."""
    credentials, kind = asked.headers["authorization"], asked.headers.get("content-type", "")
    return asked.method, asked.path, dict(asked.query), credentials, kind, asked.json()


NAME = quote(PROMPT, safe="")
SAME: dict[str, tuple[Callable[[Any], object], Callable[[LangfuseAPI], object]]] = {
    "read a label": (
        lambda system: system.read(AT, soon()),
        lambda client: client.prompts.get(NAME, label="production", resolve=False),
    ),
    "move a label": (
        lambda system: system.write(Write(AT, 1, "k", before=2), soon()),
        lambda client: client.prompt_version.update(NAME, 1, new_labels=["production"]),
    ),
    "list the versions of a prompt": (
        lambda system: system.versions(AT, soon()),
        lambda client: (
            client.prompts.get(NAME, label="production", resolve=False),
            client.prompts.list(name=PROMPT, page=1, limit=100),
            client.prompts.get(NAME, version=2, resolve=False),
            client.prompts.get(NAME, version=1, resolve=False),
        ),
    ),
    "list what changed": (
        lambda system: system.changes(SINCE, soon()),
        lambda client: client.prompts.list(from_updated_at=SINCE, page=1, limit=100),
    ),
    "check": (
        lambda system: system.check(soon()),
        lambda client: (client.health.health(), client.prompts.list(limit=1), client.projects.get()),
    ),
}


@pytest.mark.parametrize("doing", SAME)
def test_our_requests_are_those_of_the_official_client(project: Project, doing: str) -> None:
    system, ours, _ = project
    theirs = Wire(FakeLangfuse())
    we, they = SAME[doing]
    we(system)
    they(official(theirs))
    sent = [essence(one) for one in ours.asked]
    if doing == "move a label":
        sent = sent[1:]  # we look first; the client does not
    assert sent == [essence(one) for one in theirs.asked]


def test_the_official_client_gets_along_with_the_fake() -> None:
    from langfuse.api.commons.errors import Error, NotFoundError
    from langfuse.api.prompts import Prompt_Chat

    fake = FakeLangfuse()
    client = official(Wire(fake))
    assert client.prompts.get(NAME, label="production").version == 2
    moved = client.prompt_version.update(NAME, 1, new_labels=["production"])
    assert isinstance(moved, Prompt_Chat)
    assert set(moved.labels) == {"production", "staging"}
    assert client.prompts.get(NAME, label="production").commit_message == "Refuses refunds"
    assert client.prompts.get(NAME, version=2).labels == ["latest"]
    assert client.prompts.list(name=PROMPT).data[0].versions == [1, 2]
    assert client.projects.get().data[0].name == "support-bot"
    with pytest.raises(NotFoundError):
        client.prompts.get(NAME, label="nope")
    with pytest.raises(Error):
        client.prompt_version.update(NAME, 1, new_labels=["latest"])


def test_a_rollback_takes_the_label_and_leaves_the_others(project: Project) -> None:
    system, _, fake = project
    assert system.read(AT, soon()).shown == "v2 (Friendlier)"
    assert pull(system, AT, 1).shown == "v1 (Refuses refunds)"
    assert [set(row["labels"]) for row in fake.rows] == [{"latest"}, {"production", "staging"}]
    assert pull(system, AT, 2).value == 2
    assert fake.applied == 2


def test_labels_are_read_past_langfuses_cache(project: Project) -> None:
    system, wire, _ = project
    system.read(AT, soon())
    assert wire.asked[0].query["resolve"] == ["false"]


def test_the_label_that_is_langfuses_own_is_refused(project: Project) -> None:
    with pytest.raises(BadInput, match="latest is the registry's own"):
        project[0].control(f"label:{PROMPT}@latest")


def test_a_label_that_is_not_there_is_not_made(project: Project) -> None:
    system, wire, _ = project
    with pytest.raises(Refused, match="no prompt support/system with the label canary") as caught:
        system.write(Write(f"label:{PROMPT}@canary", 1, "k"), soon())
    assert "Put the label" in caught.value.hint
    assert wire.writes == []


def test_versions_come_newest_first_with_their_notes(project: Project) -> None:
    newest, oldest = project[0].versions(AT, soon())
    assert (newest.value, newest.shown, newest.note, newest.current) == (2, "v2", "Friendlier", True)
    assert (oldest.value, oldest.note, oldest.at) == (1, "Refuses refunds", datetime(2026, 11, 18, 9, 30, tzinfo=UTC))


def test_a_prompt_of_a_similar_name_adds_no_versions(project: Project) -> None:
    system, wire, fake = project
    listed = {"data": [fake.meta, {**fake.meta, "name": "other", "versions": [7]}]}
    page = {"meta": {"page": 1, "limit": 100, "totalItems": 2, "totalPages": 1}}
    wire.instead = lambda asked: Said(200, listed | page) if asked.path == PROMPTS else None
    assert [one.value for one in system.versions(AT, soon())] == [2, 1]


def test_notes_that_do_not_come_leave_the_numbers(project: Project) -> None:
    system, wire, _ = project
    wire.instead = lambda asked: Said(500, b"oops") if "version" in asked.query else None
    assert [(one.shown, one.note) for one in system.versions(AT, soon())] == [("v2", ""), ("v1", "")]


def test_lists_are_read_through_all_pages(project: Project) -> None:
    system, wire, fake = project

    def paged(asked: Asked) -> Said:
        page = int(asked.query["page"][0])
        row = {**fake.meta, "name": f"p{page}", "lastUpdatedAt": f"2026-11-21T0{page}:00:00Z"}
        return Said(200, {"data": [row], "meta": {"page": page, "limit": 1, "totalItems": 3, "totalPages": 3}})

    wire.instead = paged
    assert [one.ref for one in system.changes(SINCE, soon())] == [f"under-test:p{n}:v2" for n in (3, 2, 1)]


def test_somebody_elses_move_is_not_overwritten(project: Project) -> None:
    system, wire, fake = project
    plan = order(AT, 3, system.read(AT, soon()))
    fake.put(1)
    with pytest.raises(Moved, match=r"was 2 .* is 1 \(v1.* now"):
        system.write(plan, soon())
    assert wire.writes == []


def test_a_look_that_fails_leaves_no_doubt(project: Project) -> None:
    system, wire, _ = project
    plan = order(AT, 1, system.read(AT, soon()))
    wire.instead = lambda asked: Said(500, b"oops") if asked.method == "GET" else None
    with pytest.raises(Unreachable, match="was not sent"):
        system.write(plan, soon())


def test_a_protected_label_is_said_to_be_a_matter_of_rights(project: Project) -> None:
    system, wire, _ = project
    wire.instead = lambda asked: Said(403, {"message": "Protected labels"}) if asked.method == "PATCH" else None
    with pytest.raises(Unauthorised, match="Protected"):
        system.write(order(AT, 1, system.read(AT, soon())), soon())


def test_the_doctor_names_version_and_project(project: Project) -> None:
    reached, keys = project[0].check(soon())
    assert (reached.verdict, reached.detail) == (Verdict.FINE, "Langfuse 4.16.0")
    assert "support-bot" in keys.detail


def test_the_doctor_tells_wrong_keys_from_a_wrong_address(project: Project) -> None:
    system, wire, _ = project
    wire.instead = lambda asked: Said(401, {"message": "Invalid credentials"}) if asked.path == PROMPTS else None
    reached, keys = system.check(soon())
    assert (reached.verdict, keys.verdict, bool(keys.next_step)) == (Verdict.FINE, Verdict.WRONG, True)


@pytest.mark.parametrize("body", [[], {"version": "2"}, {"data": 5, "version": None}, b"<html>", {"version": True}])
def test_an_answer_of_another_shape_is_no_answer(project: Project, body: Any) -> None:
    system, wire, _ = project
    wire.instead = lambda _: Said(200, body)
    for call in (system.read, system.versions):
        with pytest.raises(Unsure):
            call(AT, soon())
    with pytest.raises(Unsure):
        system.changes(SINCE, soon())
