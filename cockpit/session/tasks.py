"""Station 4: tasks with an owner and a time box, said yes to, and done."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.tasks import open_tasks, task_of
from cockpit.session.action import Action, Context
from cockpit.session.rules import all_of, open_still

LONGEST_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class AddTask:
    """What is to be done, by whom, and within how many minutes."""

    text: str
    owner: str
    minutes: float = 15.0


@dataclass(frozen=True, slots=True)
class TaskNamed:
    """A task by its id, such as T1."""

    task: str


def _may_add(context: Context, arguments: AddTask | None) -> str:
    if arguments is None:
        return "" if context.state.page_at else "nobody has been paged yet: wait for the page"
    if not arguments.text.strip() or not arguments.owner.strip():
        return "a task has words and an owner"
    return "" if 0 < arguments.minutes <= LONGEST_MIN else "a time box is longer than 0 and at most 1,440 minutes"


def _add(context: Context, arguments: AddTask) -> list[NewEvent]:
    return [
        context.event(
            Kind.TASK_ADDED, task=f"T{len(context.state.tasks) + 1}", text=arguments.text.strip(),
            owner=arguments.owner.strip(), minutes=arguments.minutes,
        )
    ]  # fmt: skip


def _may_accept(context: Context, arguments: TaskNamed | None) -> str:
    mine = [one.task for one in open_tasks(context.state) if one.owner == context.actor and not one.acknowledged_at]
    if not mine:
        return "no task waits for your yes"
    return "" if arguments is None or arguments.task in mine else f"{arguments.task} does not wait for your yes"


def _may_finish(context: Context, arguments: TaskNamed | None) -> str:
    if not open_tasks(context.state):
        return "no task is open"
    if arguments is None:
        return ""
    found = task_of(context.state, arguments.task)
    if found is None:
        return f"there is no task {arguments.task!r}"
    return f"{found.task} is done already" if found.done_at else ""


def _accept(context: Context, arguments: TaskNamed) -> list[NewEvent]:
    return [context.event(Kind.TASK_ACKNOWLEDGED, task=arguments.task)]


def _finish(context: Context, arguments: TaskNamed) -> list[NewEvent]:
    return [context.event(Kind.TASK_DONE, task=arguments.task)]


ACTIONS = (
    Action(
        "add_task", "Give a task", "Name a task, its owner and its time box; the owner says yes.",
        "after the page", 4, all_of(open_still, _may_add), _add, AddTask, needs=("text", "owner"),
    ),
    Action(
        "ack_task", "Say yes to a task", "Say that you do it.", "for a task of yours that waits", 4,
        all_of(open_still, _may_accept), _accept, TaskNamed, needs=("task",),
    ),
    Action(
        "done_task", "A task is done", "Say that a task is done.", "for an open task", 4,
        all_of(open_still, _may_finish), _finish, TaskNamed, needs=("task",),
    ),
)  # fmt: skip
