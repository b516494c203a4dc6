"""The filter line: completion, history, and mistakes told with their place."""

from __future__ import annotations

import pytest

from cockpit.domain.traces import KEYS, TraceFilter
from cockpit.tui.text import Plain
from cockpit.tui.traces.complete import NEWEST, offer, quoted, seen
from cockpit.tui.traces.filterbar import FilterBar
from tests.hostile.payloads import OWN
from tests.tui.stage import screen_text
from tests.tui.test_traces_list import Host, settle
from tests.tui.trace_fakes import FakeTraces, row

VALUES = {"tenant": ("acme", "beta-shop", "delta co"), "verdict": ("ok", "leak"), "since": ("15m",)}


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("", ["tenant:", "verdict:", "since:"]),
        ("ver", ["verdict:"]),
        ("tenant:acme -ver", ["tenant:acme -verdict:"]),
        ("tenant:", ["tenant:acme", "tenant:beta-shop", 'tenant:"delta co"']),
        ("tenant:B", ["tenant:beta-shop"]),
        ("tenant:shop", ["tenant:beta-shop"]),
        ("tenant:=be", ["tenant:=beta-shop"]),
        ("-tenant:acme,be", ["-tenant:acme,beta-shop"]),
        ('tenant:"delta c', ['tenant:"delta co"']),
        ("since:", ["since:15m"]),
        ("tenant:nobody", []),
        ("colour:r", []),
        ('"ver', []),
        ("words tenant:a verdict:l", ["words tenant:a verdict:leak"]),
    ],
)
def test_what_a_line_may_go_on_with(typed: str, completed: list[str]) -> None:
    found = offer(typed, VALUES, ("tenant", "verdict", "since"))
    assert [typed[: found.start] + one for one in found.choices] == completed


@pytest.mark.parametrize("value", ["plain", "two words", "http://x", "a,b", "v4-1@x"])
def test_a_completed_value_is_read_as_one(value: str) -> None:
    query = TraceFilter.parse(f"tenant:={quoted(value)}")
    assert [one.text for term in query.terms for one in term.wanted] == [value]


def test_values_are_those_seen_the_commonest_first_and_from_long_ago_too() -> None:
    rows = [
        row(number, tenant="old" if number < 300 else "acme" if number % 3 else "beta") for number in range(1, 6_000)
    ]
    source = FakeTraces(rows)
    found = seen(source, KEYS)
    assert found["tenant"] == ("acme", "beta", "old")
    assert source.queries < 20
    assert len(rows) > NEWEST


def test_values_that_cannot_be_typed_are_not_offered() -> None:
    source = FakeTraces([row(number, tenant=text or "-") for number, text in enumerate([*OWN, "sound"], 1)])
    offered = seen(source, ["tenant"])["tenant"]
    assert "sound" in offered
    assert not [one for one in offered if not one.isprintable() or '"' in one]


async def test_tab_completes_and_turns() -> None:
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        await settle(pilot)
        bar = app.query_one(FilterBar)
        assert "verdict:" in str(bar.query_one("#filter-offer", Plain).visual)
        await pilot.press(*"ten", "tab")
        assert bar.input.value == "tenant:"
        await pilot.press("tab")
        first = bar.input.value
        await pilot.press("tab")
        assert bar.input.value != first
        await pilot.press("shift+tab")
        assert bar.input.value == first
        await pilot.press("enter")
        await settle(pilot)
        assert app.pane.list.view.query == app.source.parse(first)
        assert app.focused is app.pane.list


async def test_earlier_filters_come_back() -> None:
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        for text in ("verdict:leak", "tenant:acme"):
            await pilot.press("slash")
            app.query_one(FilterBar).input.value = text
            await pilot.press("enter")
            await settle(pilot)
        await pilot.press("slash")
        line = app.query_one(FilterBar).input
        line.value = "draft"
        await pilot.press("up", "up", "up")
        assert line.value == "verdict:leak"
        await pilot.press("down")
        assert line.value == "tenant:acme"
        await pilot.press("down", "down")
        assert line.value == "draft"


async def test_a_mistake_is_told_with_its_place_and_selected() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        bar = app.query_one(FilterBar)
        bar.input.value = "tenant:acme since:soon"
        await pilot.press("enter")
        await pilot.pause()
        assert "at 13: 'soon' is no moment" in str(bar.query_one("#filter-error", Plain).visual)
        assert bar.input.selected_text == "since:soon"
        await pilot.press("x")
        assert not bar.has_class("-wrong")
        assert bar.input.value == "tenant:acme x"


async def test_hostile_values_and_pastes_are_drawn_harmlessly() -> None:
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        bar = app.query_one(FilterBar)
        bar.know({"tenant": OWN}, ("tenant",))
        bar.input.value = "tenant:"
        await pilot.pause()
        drawn = screen_text(app)
        assert not [sign for sign in drawn if sign != "\n" and not sign.isprintable()]
