"""What every package of tests can ask for, and how the run as a whole behaves."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from cockpit.tui import heap
from tests.examples import THOROUGH

PATIENCE_S = 600
"""How long a property may take when it is tried thoroughly."""

pytest_plugins = ["tests.systems.fixtures", "tests.progress"]

LONGEST_NAME = 60
PLENTY = 2**30
"""How much memory has to be free for the folders of tests; a run takes a few dozen megabytes."""
SELDOM = (50_000, 20, 100)
"""When Python looks for garbage; as often as it does by itself, that is a third of what the screens' tests cost."""
LONGEST_GROUPS = ("staging", "litellm-db", "litellm", "systems", "traces")
"""Groups of tests that share a system, the one that takes longest first."""

settings.register_profile(
    "default", max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(THOROUGH, max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the folders of quick tests in memory where there is plenty, since a journal waits for the disk.

    Workers share the cores, so that numbers are crunched in one thread: more would only wait for each other.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    memory = Path("/dev/shm")
    quick = str(config.option.markexpr).startswith("not integration")
    if quick and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > PLENTY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
        os.environ.setdefault("TMPDIR", str(memory))
        tempfile.tempdir = None  # whoever asked before asks anew


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """Name what is long or no text by its size: workers have to agree on names, and what is packed tells the time."""
    if isinstance(val, bytes) and not (val.isascii() and val.decode("ascii").isprintable()):
        return f"{argname} of {len(val)}"
    return f"{argname} of {len(val)}" if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it at the end; many examples may take longer."""
    if settings.get_current_profile_name() == THOROUGH:
        for item in items:
            if item.get_closest_marker("hypothesis") and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(PATIENCE_S))
    items.sort(key=place_in_line)


def place_in_line(item: pytest.Item) -> tuple[int, float]:
    """Return what tests are ordered by: their group, then the time they are allowed, longest first."""
    group, limit = item.get_closest_marker("xdist_group"), item.get_closest_marker("timeout")
    name = group.args[0] if group else ""
    place = LONGEST_GROUPS.index(name) if name in LONGEST_GROUPS else len(LONGEST_GROUPS)
    seconds = (*limit.args, limit.kwargs.get("timeout", 0))[0] if limit else 0
    return place, -float(seconds)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the thousands of things that are there for the whole run."""
    gc.set_threshold(*SELDOM)
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def settled_heap() -> Iterator[None]:
    """Spare each opened app the full collection of a heap that holds all tests; it was settled once, see above."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heap, "settle", lambda: None)
        yield
