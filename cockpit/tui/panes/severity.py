"""Pane 1: the severity in force, and the rubric with the rules that fired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.clock import mmss
from cockpit.domain.severity import RuleCheck
from cockpit.session.snapshot import Snapshot
from cockpit.tui.messages import ModalRequested
from cockpit.tui.panes.pane import RowPane
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN, person, severity_word, stamp
from cockpit.tui.text import line, untrusted


class SeverityPane(RowPane):
    """How bad it is: what a person called, what the rubric says, and on what evidence."""

    NUMBER = 1
    TITLE = "Severity"
    HELP = """# Severity
How bad it is. The rubric holds its rules against live signals and your own answers: **✔** marks a rule that fired,
with its evidence below. The rubric *suggests*; a person calls it with **s**, and may raise it at any time.

A fired security rule (marked **floor**) can't be called milder: a leak is the worst severity however few saw it.
A severity can be in force with not a single error code.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "call", "Call it", show=False)]

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """The call, what it rests on, the rubric, and the history of calls."""
        return [*_call(snapshot, width), Row(Content("")), *_rubric(snapshot, width), *_history(snapshot)]

    def heading_of(self, snapshot: Snapshot) -> tuple[str, str]:
        """Say in the border which key acts here."""
        return "", "s change it" if snapshot.state.severity else "s call it"

    def action_call(self) -> None:
        """Open the severity dialog."""
        self.post_message(ModalRequested("severity"))


def _call(snapshot: Snapshot, width: int) -> Iterator[Row]:
    state, profile = snapshot.state, snapshot.playbook.profile
    suggested = snapshot.suggested
    if not state.severities:
        yield row(("not called yet", f"bold {WARN}"), ": press ", ("s", KEY))
        if suggested:
            yield row("the rubric says ", severity_word(profile, suggested))
        return
    call = state.severities[-1]
    yield row(severity_word(profile, call.severity), "  ", untrusted(_worst_text(snapshot), limit=200))
    who = person(call.actor, snapshot.actor)
    yield row((f"called {stamp(call.at)} by {who}", DIM))
    if suggested is None or suggested == call.severity:
        yield row(("✔ ", GOOD), (_fired_words(snapshot.checks), DIM))
    elif call.severity not in profile.scale or profile.worse(suggested, call.severity):
        yield row(("▲ ", BAD), "the rubric says ", severity_word(profile, suggested), ": press ", ("s", KEY))
    else:
        yield row(("▽ ", DIM), ("the rubric alone would say ", DIM), severity_word(profile, suggested))


def _worst_text(snapshot: Snapshot) -> str:
    fired = [check.rule for check in snapshot.checks if check.fired]
    scale = snapshot.playbook.profile.scale
    return min(fired, key=lambda rule: scale.index(rule.severity)).text if fired else snapshot.state.title


def _fired_words(checks: Sequence[RuleCheck]) -> str:
    count = sum(check.fired for check in checks)
    return f"{count} rule{'s' if count != 1 else ''} fired · confirmed"


def _rubric(snapshot: Snapshot, width: int) -> Iterator[Row]:
    profile = snapshot.playbook.profile
    for check in sorted(snapshot.checks, key=lambda one: not one.fired):
        yield from rule_rows(check, severity_word(profile, check.rule.severity), width)
    if not snapshot.checks:
        yield row(("no rule has been looked at yet", DIM))


def rule_rows(check: RuleCheck, severity: Content, width: int) -> Iterator[Row]:
    """Draw one rule: fired or not, its severity, its words, and the evidence where it fired."""
    mark = line(("✔ ", GOOD)) if check.fired else Content("  ")
    floor = line(("  floor", BAD)) if check.rule.floor and check.fired else Content("")
    text = untrusted(check.rule.text, "" if check.fired else DIM)
    yield from paragraph(mark + severity + Content(" ") + text + floor, width, hang=2)
    if check.fired and check.evidence:
        yield from paragraph(untrusted(check.evidence.replace("_", " "), DIM), width, indent=7)


def _history(snapshot: Snapshot) -> Iterator[Row]:
    calls = snapshot.state.severities
    if len(calls) < 2:
        return
    yield Row(Content(""))
    ends: list[datetime] = [call.at for call in calls[1:]] + [snapshot.now]
    for call, end in zip(calls, ends, strict=True):
        yield row((f"{stamp(call.at)} ", DIM), (call.severity, "bold"), (f" for {mmss(end - call.at)}", DIM))
