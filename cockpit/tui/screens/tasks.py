"""Tasks: who does what until when; say yes, say done, give a new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.domain.clock import mmss
from cockpit.domain.tasks import Task, open_tasks
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.words import BAD, DIM, WARN, person
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line


class TasksModal(AskModal):
    """The open tasks, the first due first, and a form for a new one."""

    HEADING = "Tasks"
    HINT: ClassVar[str] = "↑↓ choose · enter yes, done · tab new task · esc leave"
    AUTO_FOCUS = "Rows"

    def body(self) -> ComposeResult:
        """The open tasks, and what a new one needs."""
        yield Rows(id="tasks", spare=9)
        yield text_field("new task", "", "what is to be done", id="task-text")
        yield text_field("owner", "", "who does it", id="task-owner")
        yield text_field("minutes", "15", "its time box; then enter", id="task-minutes")
        yield Plain("", id="task-trouble")

    def redraw(self) -> None:
        """Draw the open tasks."""
        rows = [one for task in open_tasks(self.snapshot.state) for one in self._task_rows(task)]
        self.query_one(Rows).set_rows(rows or [Row(line(("no task is open", DIM)))])

    def _task_rows(self, task: Task) -> Iterator[Row]:
        now, mine = self.snapshot.now, task.owner == self.snapshot.actor
        left = (task.due - now).total_seconds()
        told: Part = (f"OVERDUE by {mmss(-left)}", BAD) if task.overdue(now) else f"{mmss(left)} left"
        waits = mine and not task.acknowledged_at
        what = "enter: say yes" if waits else "enter: done"
        state: Part = ("accepted", DIM) if task.acknowledged_at else ("has not said yes", WARN)
        who = person(task.owner, self.snapshot.actor)
        words = line(f"{task.task} {task.text}  ", (who, "bold"), " ", state, "  ", told, (f"  {what}", DIM))
        key = f"{'ack_task' if waits else 'done_task'}\x1f{task.task}"
        yield from paragraph(words, self.room, hang=3, key=key)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Say yes to one, or that it is done."""
        action, _, task = event.key.partition("\x1f")
        self.dismiss((Wish(action, {"task": task}),))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give a new one."""
        event.stop()
        text, owner, minutes = (
            self.query_one(f"#task-{name}", Input).value.strip() for name in ("text", "owner", "minutes")
        )
        if text and owner and minutes.isdecimal():
            asked = {"text": text, "owner": owner, "minutes": float(minutes)}
            self.dismiss((Wish("add_task", asked),))
        else:
            trouble = line(("a task has words, an owner, and whole minutes", BAD))
            self.query_one("#task-trouble", Plain).update(trouble)
