"""Moments as people type them, and as the cockpit itself writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cockpit.domain.moments import moment

NOW = datetime(2026, 6, 12, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15m", "14:15"),
        ("15m ago", "14:15"),
        ("2h ago", "12:30"),
        ("20 min ago", "14:10"),
        ("02:14", "02:14"),
        ("02:14 UTC", "02:14"),
        ("2026-06-12 02:14 UTC", "02:14"),
        ("2026-06-12T02:14:00Z", "02:14"),
        ("2026-06-12T02:14+00:00", "02:14"),
    ],
)
def test_a_moment_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    found = moment(typed, NOW)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == f"2026-06-12 {meant}"


@pytest.mark.parametrize("typed", ["", "soon", "ago", "15", "25:00", "2026-13-01", "2026-06-12T02:14+02:00", "1in"])
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert moment(typed, NOW) is None
