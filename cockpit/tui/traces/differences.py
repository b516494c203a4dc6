"""What differs between two traces' settings, without a screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from cockpit.tui.text import fit, line, untrusted
from cockpit.world.port import TraceDetail

MOST = 60
"""Settings compared at most: outside systems may send thousands."""
OWN = frozenset({"seed", "session", "trace", "user", "worker", "request-id", "x-session", "x-worker", "x-request-id"})
"""Settings that every trace has of its own: that they differ is no news, and they come last."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting on both sides; an absent one reads "–"."""

    name: str
    passing: str
    failing: str

    @property
    def differs(self) -> bool:
        """Whether the two sides disagree."""
        return self.passing != self.failing


def compare(passing: TraceDetail, failing: TraceDetail) -> list[Difference]:
    """Set every setting of two traces side by side, those that differ first, those of the trace's own after them."""
    left, right = _settings(passing), _settings(failing)
    names = list(dict.fromkeys([*left, *right]))
    lines = [Difference(name, left.get(name, "–"), right.get(name, "–")) for name in names]
    return sorted(lines, key=lambda one: (not one.differs, one.name.lower() in OWN))


def table(lines: list[Difference], width: int) -> Content:
    """Write the comparison into `width` cells: differing settings marked, equal ones named in one paragraph."""
    name_width = min(22, max(8, width // 4))
    side = max(4, (width - name_width - 5) // 2)
    differing = [one for one in lines if one.differs]
    head = line((f"  {fit('', name_width)} {fit('✔ passing', side)} {fit('✘ failing', side)}", "bold"))
    rows = [_row(one, name_width, side) for one in differing[:MOST]]
    if not differing:
        rows = [line(("  no setting differs: look at the words and at what was retrieved", "dim"))]
    if len(differing) > MOST:
        rows.append(line((f"  and {len(differing) - MOST} more differ", "dim")))
    same = ", ".join(one.name for one in lines if not one.differs)
    if same:
        rows.append(untrusted(f"  same: {same}", "dim", limit=1000))
    return Content("\n").join([head, *rows])


def _row(one: Difference, name_width: int, side: int) -> Content:
    return line(
        ("≠ ", "bold $warning"),
        (fit(one.name, name_width), "bold"),
        " ",
        (fit(one.passing, side), "$success"),
        " ",
        (fit(one.failing, side), "$error"),
    )


def _settings(detail: TraceDetail) -> Mapping[str, str]:
    row = detail.row
    found: dict[str, object] = {
        "prompt": row.prompt,
        "model": row.model,
        "route": row.route,
        "tenant": row.tenant,
        "arm": row.arm,
        **detail.parameters,
        **detail.headers,
        "retrieved from": ", ".join(source for source, _, _ in detail.chunks) or "nothing",
        "tools called": ", ".join(name for name, _, _ in detail.tool_calls) or "none",
    }
    return {str(name): str(value) for name, value in found.items()}
