"""What is said while a real system takes its time before anything is sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from cockpit.domain.levers import LeverPlan
from cockpit.errors import WorldError
from cockpit.session.snapshot import Done
from cockpit.tui import runner
from cockpit.tui.messages import Wish
from cockpit.tui.runner import ActionRunner, Notice
from cockpit.tui.screens import plan
from cockpit.tui.screens.plan import PlanModal
from tests.tui.dialogs import dialog
from tests.tui.live_world import LiveController


class Hanging(LiveController):
    """A terminal on a system that answers nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__(mode="live")
        self.pending: Future[Done] = Future()

    def do(self, action: str, arguments: Mapping[str, Any] | None = None) -> Future[Done]:
        """Wait."""
        return self.pending

    def plan(self, lever: str, target: str = "") -> Future[LeverPlan]:
        """Wait."""
        return Future()


async def told(action: str, end: Exception | Done) -> list[Notice]:
    """Ask for something on a system that hangs for a while; return what was said."""
    hanging, said, heard = Hanging(), list[Notice](), asyncio.Event()

    def say(notice: Notice) -> None:
        said.append(notice)
        heard.set()

    done = asyncio.ensure_future(ActionRunner(hanging, say, lambda _: None).carry_out([Wish(action)]))
    if action in runner.ASKS_FIRST:
        await heard.wait()
    hanging.pending.set_exception(end) if isinstance(end, Exception) else hanging.pending.set_result(end)
    await done
    return said


@pytest.mark.parametrize("action", ["pull_lever", "undo_lever", "approve_lever", "open_canary", "abort_canary"])
async def test_it_is_said_that_the_system_is_asked_and_nothing_is_sent_yet(
    action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "PATIENCE_S", 0.001)
    *waiting, last = await told(action, Done(action, (), "flags can't be asked"))
    assert {notice.tone for notice in waiting} == {"waiting"}
    assert "nothing is sent yet" in waiting[0].text
    assert (last.tone, last.text) == ("refused", "Not now: flags can't be asked")


async def test_a_failure_at_the_end_of_a_long_wait_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PATIENCE_S", 0.001)
    assert (await told("pull_lever", WorldError("gone")))[-1].tone == "bad"


async def test_what_asks_no_system_says_nothing_of_the_kind() -> None:
    assert [notice.tone for notice in await told("acknowledge", Done("acknowledge"))] == ["good"]


async def test_a_plan_that_takes_its_time_says_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(plan, "time", SimpleNamespace(monotonic=lambda: now[0]))
    async with dialog("plan", Hanging(), lever="kill_switch") as (_, _app, screen):
        assert isinstance(screen, PlanModal)
        now[0] += 4
        assert screen._facts().plain.endswith("asking the system what it would do … 4 s")
