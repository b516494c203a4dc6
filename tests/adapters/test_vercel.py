"""Vercel: one item changes, an item that was not there goes again, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from cockpit_adapters.vercel.fake import FakeVercel

from cockpit.errors import BadInput, Moved, Refused, Unsure
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import Wire, connected, order, pull, soon

ITEM, NEW = "item:ecfg_abc123/llm_answers", "item:ecfg_abc123/llm_notice"

# What @vercel/sdk 1.28.21 requires of an item in an answer.
NEEDED = {"key": str, "edgeConfigId": str, "createdAt": int, "updatedAt": int}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Wire, FakeVercel]:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeVercel()
    return *connected(monkeypatch, "vercel", fake), fake


def test_an_item_is_upserted_as_documented(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, wire, fake = account
    others = [one for one in fake.items if one["key"] != "llm_answers"]
    assert pull(system, ITEM, False).value is False
    (write,) = wire.writes
    assert (write.method, write.path) == ("PATCH", "/v1/global-config/ecfg_abc123/items")
    assert write.json() == {"items": [{"operation": "upsert", "key": "llm_answers", "value": False}]}
    assert write.headers["content-type"] == "application/json"
    assert [one for one in fake.items if one["key"] != "llm_answers"] == others


def test_an_item_that_was_not_there_is_deleted_by_the_undo(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, wire, fake = account
    before = [dict(one) for one in fake.items]
    was = system.read(NEW, soon())
    assert was.value is None
    assert pull(system, NEW, "off for now").value == "off for now"
    assert pull(system, NEW, was.value).value is None
    assert wire.writes[-1].json() == {"items": [{"operation": "delete", "key": "llm_notice"}]}
    assert fake.items == before


def test_the_fakes_items_are_what_the_sdk_reads(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, _, fake = account
    pull(system, NEW, {"deep": [1, 2.5, None]})
    for item in fake.items:
        assert all(isinstance(item[name], kind) for name, kind in NEEDED.items())


def test_the_older_name_and_the_team_go_into_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"product": "edge-config", "team": "team_1"}
    system, wire = connected(monkeypatch, "vercel", FakeVercel(), options)
    pull(system, ITEM, False)
    assert {one.path for one in wire.asked} == {"/v1/edge-config/ecfg_abc123/items"}
    assert all(one.query["teamId"] == ["team_1"] for one in wire.asked)


def test_a_repeat_sends_nothing_and_a_moved_item_is_left(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, wire, fake = account
    write = order(NEW, "off", system.read(NEW, soon()))
    system.write(write, soon())
    system.write(write, soon())
    assert len(wire.writes) == fake.applied == 1
    planned = order(ITEM, False, system.read(ITEM, soon()))
    fake.move("llm_answers", "half")
    with pytest.raises(Moved, match=r'was true .* is "half" now'):
        system.write(planned, soon())


def test_no_config_is_not_taken_for_no_item(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, _, _ = account
    with pytest.raises(Refused, match="404"):
        system.read("item:ecfg_other/llm_answers", soon())


def test_null_is_not_taken_for_no_item(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, _, fake = account
    fake.items[0]["value"] = None
    with pytest.raises(Refused, match="holds null"):
        system.read(ITEM, soon())


@pytest.mark.parametrize("body", [{}, {"items": []}, b"<html>", [{"key": "llm_answers", "value": 1}]])
def test_an_answer_of_another_shape_is_no_value(account: tuple[Any, Wire, FakeVercel], body: object) -> None:
    system, wire, _ = account
    wire.instead = lambda _: Said(200, body)
    with pytest.raises(Unsure):
        system.read(ITEM, soon())


def test_words_become_values(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, _, _ = account
    words = {"off": False, "on": True, "3": 3, '"3"': "3", '{"a": [1]}': {"a": [1]}, "search only": "search only"}
    assert {text: system.parse(ITEM, text) for text in words} == words
    assert system.parse(ITEM, "null") is None
    with pytest.raises(BadInput, match="item:CONFIG_ID/KEY"):
        system.parse("item:llm_answers", "off")


def test_the_doctor_lists_the_configs(account: tuple[Any, Wire, FakeVercel]) -> None:
    system, wire, _ = account
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE]
    wire.instead = lambda _: Said(403, {"error": {"code": "forbidden"}})
    assert [(one.verdict, bool(one.next_step)) for one in system.check(soon())] == [(Verdict.WRONG, True)]
