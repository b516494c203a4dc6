"""Tasks: given with a time box, said yes to by their owner, done, and overdue when not."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.tasks import open_tasks
from tests.tui.dialogs import at_work, dialog
from tests.tui.fakes import FakeController
from tests.tui.stage import screen_text, slowly


def do(incident: FakeController, name: str, actor: str = "dana", **arguments: Any) -> str:
    return incident.session.do(name, arguments, actor=actor).refused


def test_only_its_owner_says_yes_and_an_open_one_becomes_overdue() -> None:
    incident = at_work()
    assert do(incident, "add_task", text="look at retrieval", owner="Lee", minutes=10) == ""
    [task] = open_tasks(incident.session.state)
    assert (task.task, task.giver, task.acknowledged_at) == ("T1", "dana", None)
    assert "no task waits for your yes" in do(incident, "ack_task", task="T1")
    assert do(incident, "ack_task", actor="Lee", task="T1") == ""
    [task] = open_tasks(incident.session.state)
    assert task.acknowledged_at is not None
    assert not task.overdue(task.due)
    incident.move(601)
    snapshot = incident.snapshot()
    assert snapshot is not None
    assert task.overdue(snapshot.now)
    assert do(incident, "done_task", task="T1") == ""
    assert open_tasks(incident.session.state) == ()
    assert not incident.session.state.tasks[0].overdue(snapshot.now)


def test_a_task_of_one_s_own_needs_no_yes() -> None:
    incident = at_work()
    assert do(incident, "add_task", text="call the provider", owner="dana") == ""
    assert open_tasks(incident.session.state)[0].acknowledged_at is not None


@pytest.mark.parametrize(
    ("name", "asked", "why"),
    [
        ("add_task", {"text": " ", "owner": "Lee"}, "words and an owner"),
        ("add_task", {"text": "x", "owner": "Lee", "minutes": 0}, "a time box"),
        ("done_task", {"task": "T9"}, "no task"),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, asked: dict[str, Any], why: str) -> None:
    assert why in do(at_work(), name, **asked)


async def test_a_task_is_given_on_the_screen_and_said_yes_to() -> None:
    controller = at_work()
    do(controller, "add_task", text="look [b]", owner="you", minutes=10)
    controller.move(60)
    async with dialog("tasks", controller) as (pilot, app, _):
        assert "has not said yes" in screen_text(app)
        await slowly(pilot, "enter")
        assert app.asked == [("ack_task", {"task": "T1"})]
