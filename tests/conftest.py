"""What every package of tests can ask for: the real systems of `tests/systems`."""

from __future__ import annotations

pytest_plugins = ["tests.systems.fixtures"]
