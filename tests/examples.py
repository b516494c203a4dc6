"""How many examples a property is tried on: a few in the default run, many in a thorough one."""

from __future__ import annotations

from hypothesis import settings

THOROUGH = "thorough"
TIMES = 10


def examples(count: int) -> int:
    """Return how many examples to try now, where so many are enough for the default run."""
    return count * TIMES if settings.get_current_profile_name() == THOROUGH else count
