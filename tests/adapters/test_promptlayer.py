"""PromptLayer: a release label is found by its name and moved by its id, as the vendor's reference says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.promptlayer import PromptLayerOptions
from cockpit_adapters.promptlayer.fake import FakePromptLayer

from cockpit.errors import BadInput, Moved, Refused, Unreachable, Unsure
from cockpit.world.contract import Verdict, Write
from cockpit.world.specimen import Said
from tests.adapters.hosted import TOKEN, Wire, connected, order, pull, soon

AT = "label:support-response@prod"
Workspace = tuple[Any, Wire, FakePromptLayer]


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakePromptLayer()
    return *connected(monkeypatch, "promptlayer", fake), fake


def test_the_vendors_address_is_the_default() -> None:
    assert PromptLayerOptions(adapter="promptlayer").url == "https://api.promptlayer.com"


def test_a_rollback_moves_the_label_by_its_id(workspace: Workspace) -> None:
    system, wire, fake = workspace
    assert system.read(AT, soon()).shown == "v2 (Improve support tone)"
    assert pull(system, AT, 1).shown == "v1 (Refuses refunds)"
    (sent,) = wire.writes
    assert (sent.method, sent.path, sent.json()) == ("PATCH", "/prompt-labels/71", {"prompt_version_number": 1})
    assert sent.headers["x-api-key"] == TOKEN
    assert pull(system, AT, 2).value == 2
    assert fake.applied == 2


def test_templates_are_read_past_promptlayers_cache(workspace: Workspace) -> None:
    system, wire, _ = workspace
    system.versions(AT, soon())
    assert {one.headers["cache-control"] for one in wire.asked} == {"no-cache"}


def test_a_name_with_a_slash_is_one_part_of_the_path(workspace: Workspace) -> None:
    system, wire, _ = workspace
    with pytest.raises(Refused):
        system.read("label:team/support response@prod", soon())
    assert wire.asked[0].path == "/prompt-templates/team%2Fsupport%20response/labels"


def test_versions_come_newest_first_with_date_and_note(workspace: Workspace) -> None:
    newest, oldest = workspace[0].versions(AT, soon())
    assert (newest.value, newest.shown, newest.current) == (2, "v2", True)
    assert (oldest.note, oldest.at) == ("Refuses refunds", datetime(2026, 11, 18, 9, 30, tzinfo=UTC))


def test_the_version_in_force_is_listed_however_old_it_is(workspace: Workspace) -> None:
    system, _, fake = workspace
    fake.rows = [{**fake.rows[0], "version": number} for number in range(40, 0, -1)]
    fake.put(3)
    found = system.versions(AT, soon())
    assert [one.value for one in found] == [*range(40, 30, -1), 3]
    assert [one.value for one in found if one.current] == [3]


def test_a_version_that_was_deleted_is_not_offered_and_one_that_is_slow_is(workspace: Workspace) -> None:
    system, wire, fake = workspace
    fake.rows = [{**fake.rows[0], "version": number} for number in (5, 4, 2, 1)]
    fake.put(5)
    wire.instead = lambda asked: Said(503, b"later") if asked.query.get("version") == ["2"] else None
    assert [(one.value, bool(one.note)) for one in system.versions(AT, soon())] == [
        (5, True), (4, True), (2, False), (1, True),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["newest", None, 0, [1]])
def test_a_value_that_is_no_version_is_never_sent(workspace: Workspace, value: Any) -> None:
    system, wire, _ = workspace
    with pytest.raises(BadInput):
        system.write(Write(AT, value, "k", before=2), soon())
    assert wire.writes == []


def test_a_label_that_is_not_there_is_not_made(workspace: Workspace) -> None:
    system, wire, _ = workspace
    with pytest.raises(Refused, match="no release label canary") as caught:
        system.write(Write("label:support-response@canary", 1, "k"), soon())
    assert "Add the label" in caught.value.hint
    assert wire.writes == []


def test_somebody_elses_move_is_not_overwritten(workspace: Workspace) -> None:
    system, wire, fake = workspace
    plan = order(AT, 3, system.read(AT, soon()))
    fake.put(1)
    with pytest.raises(Moved, match=r"was 2 .* is 1 now"):
        system.write(plan, soon())
    assert wire.writes == []


@pytest.mark.parametrize(
    "body", [b"<html>", {"release_labels": 5}, {"release_labels": [{"release_label": "prod"}]}, []]
)
def test_an_answer_of_another_shape_is_no_answer(workspace: Workspace, body: Any) -> None:
    system, wire, _ = workspace
    wire.instead = lambda asked: Said(200, body) if asked.method == "GET" else None
    with pytest.raises(Unsure):
        system.read(AT, soon())
    with pytest.raises(Unreachable, match="was not sent"):
        system.write(Write(AT, 1, "k", before=2), soon())
    assert wire.writes == []


def test_the_doctor_reads_a_template(workspace: Workspace) -> None:
    system, wire, _ = workspace
    (found,) = system.check(soon())
    assert found.verdict is Verdict.FINE
    wire.instead = lambda _: Said(401, {"message": "Unauthorized"})
    (found,) = system.check(soon())
    assert (found.verdict, bool(found.next_step)) == (Verdict.WRONG, True)
