"""What every package of tests can ask for, and how the run as a whole behaves."""

from __future__ import annotations

import gc
from typing import Any

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.systems.fixtures", "tests.progress"]

LONGEST_NAME = 60

settings.register_profile(
    "default", max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """Name what is long or no text by its size: workers have to agree on names, and what is packed tells the time."""
    if isinstance(val, bytes) and not (val.isascii() and val.decode("ascii").isprintable()):
        return f"{argname} of {len(val)}"
    return f"{argname} of {len(val)}" if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the thousands of things that are there for the whole run."""
    gc.collect()
    gc.freeze()
