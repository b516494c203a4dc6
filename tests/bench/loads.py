"""Scenario files for measurements: a shipped one with another rate and other times, its story unchanged."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "scenarios" / "injection-leak.yaml"
_RATE = re.compile(r"^    rate: ([\d.]+)$", re.MULTILINE)
_TIME = '{name}: "{moment:%Y-%m-%dT%H:%M:%SZ}"'


def with_rate(folder: Path, rate: float, before: timedelta, after: timedelta) -> Path:
    """Write the shipped scenario with `rate` requests a second in all; returns the file.

    `before` the page lies the start, `after` it the end. Minutes do not differ in rate, so that a figure measured in
    any of them holds.
    """
    text = SHIPPED.read_text(encoding="utf-8")
    total = sum(float(found) for found in _RATE.findall(text))
    text = _RATE.sub(lambda found: f"    rate: {float(found[1]) * rate / total:.6f}\n    burst_shape: 1000", text)
    page = re.search(r'^page: "(.*)"$', text, re.MULTILINE)
    assert page is not None
    moment = datetime.fromisoformat(page[1]).astimezone(UTC)
    for name, at in (("start", moment - before), ("end", moment + after)):
        text = re.sub(rf'^{name}: ".*"$', _TIME.format(name=name, moment=at), text, flags=re.MULTILINE)
    path = folder / f"injection-leak-{rate:g}-a-second.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def store_of(data: Path) -> Path:
    """Return the newest trace store in a data folder."""
    return max((data / "traces").glob("*.db"), key=lambda path: path.stat().st_mtime)


def kept(data: Path) -> int:
    """Return the id of the newest trace in a data folder; ids grow by one."""
    with closing(sqlite3.connect(f"{store_of(data).as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM trace").fetchone()[0])
