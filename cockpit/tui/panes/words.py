"""Small words that several panes share: times, people, severities and values."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.tui.text import untrusted

if TYPE_CHECKING:
    from cockpit.domain.playbook import Fact, Profile
    from cockpit.session.snapshot import Snapshot
    from cockpit.world.port import Series

DIM = "$foreground-muted"
GOOD = "$text-success"
WARN = "$text-warning"
BAD = "$text-error"
KEY = "bold $text-accent"


def stamp(moment: datetime | None, *, seconds: bool = True) -> str:
    """Write the time of day, or dashes when there is none."""
    if moment is None:
        return "--:--:--" if seconds else "--:--"
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")


def span(seconds: float) -> str:
    """Write a target as people say it: minutes, or hours from two on."""
    return f"{seconds / 3600:g} h" if seconds >= 7200 else f"{seconds / 60:g} min"


def person(name: str, me: str) -> str:
    """Name somebody; the one at this terminal is `you`."""
    return "you" if name and name == me else name or "nobody"


def severity_style(profile: Profile, severity: str) -> str:
    """Return how a severity is drawn: the worst loudest."""
    place = profile.scale.index(severity) if severity in profile.scale else len(profile.scale)
    return ("bold $text-error", "bold $text-warning", "bold $text-accent")[min(place, 2)]


def severity_word(profile: Profile, severity: str) -> Content:
    """Draw a severity."""
    return untrusted(severity, severity_style(profile, severity))


def value(fact: Fact) -> str:
    """Write a fact's value for people."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return f"{fact:.3g}" if isinstance(fact, float) else str(fact)


def measured(name: str, fact: Fact) -> str:
    """Write a fact's value with the unit that its name tells."""
    if isinstance(fact, bool) or not isinstance(fact, int | float):
        return value(fact)
    if name.endswith("_share"):
        return f"{fact:.1%}".replace("%", " %")
    if name.endswith("_ratio"):
        return f"{fact:.2g}×"
    return f"{fact:.1f} points" if name.endswith("_drop") else value(fact)


def fact_name(name: str) -> str:
    """Write a fact's or signal's name as words."""
    return name.replace("_", " ")


def evidence(snapshot: Snapshot, names: tuple[str, ...]) -> list[str]:
    """Collect what is known under these names, facts before signals."""
    found = []
    for name in names:
        series = snapshot.frame.get(name)
        if name in snapshot.facts:
            found.append(f"{fact_name(name)} {measured(name, snapshot.facts[name])}")
        elif series is not None:
            found.append(f"{series.label} {series.latest:.3g}{series.unit and ' ' + series.unit}")
    return found


def against_line(series: Series) -> tuple[str, str]:
    """Say how a signal stands to its line, with the style to draw it in; what is not measured is not fine."""
    if series.latest != series.latest:
        return "not measured", WARN
    if series.threshold is None:
        return "has no line", DIM
    beyond = "▼ under its line" if series.floor else "▲ over its line"
    return (beyond, BAD) if series.breached else ("✔ inside its line", GOOD)


def amount(value: float) -> str:
    """Write a measured number, or a dash where there is none."""
    return "–" if value != value else f"{value:.3g}"


def lever_title(snapshot: Snapshot, lever: str) -> str:
    """Return a lever's title in this playbook, or its name as words."""
    spec = snapshot.playbook.lever(lever)
    return spec.title if spec else lever.replace("_", " ").capitalize()
