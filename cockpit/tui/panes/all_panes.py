"""The six panes, imported behind the first frame."""

from __future__ import annotations

from textual.widget import Widget

from cockpit.tui.controller import CockpitController


def load() -> None:
    """Import everything the panes need; safe in a thread."""
    from cockpit.tui.chart import warm
    from cockpit.tui.panes import comms, levers, severity, signals, tree  # noqa: F401
    from cockpit.tui.screens import confirm  # noqa: F401
    from cockpit.tui.traces import pane  # noqa: F401

    warm()


def make(controller: CockpitController) -> tuple[Widget, ...]:
    """Make the panes in the order of their numbers."""
    from cockpit.tui.panes.comms import CommsPane
    from cockpit.tui.panes.levers import LeversPane
    from cockpit.tui.panes.severity import SeverityPane
    from cockpit.tui.panes.signals import SignalsPane
    from cockpit.tui.panes.tree import TreePane
    from cockpit.tui.traces.pane import TracePane

    return (
        SeverityPane(id="severity"),
        TreePane(id="tree"),
        SignalsPane(id="signals"),
        TracePane(controller.traces, title="4 Traces", id="traces"),
        LeversPane(id="levers"),
        CommsPane(id="comms"),
    )
