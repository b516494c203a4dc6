"""Fixtures that bring up a real system once per run, and what pytest has to know about tests that use them.

A test that asks for one is an integration test, without saying so. Heavy systems belong to a group whose tests run in
one worker (`--dist loadgroup`), so that each is started once. Installing and starting don't count against a test's
time limit: they have ceilings of their own. Where the machine lacks PostgreSQL or npm, the test is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.systems import RunningSystem, Upstream

GROUPS = {
    "litellm": "litellm",
    "litellm_two_workers": "litellm",
    "litellm_db": "litellm-db",
    "litellm_db_two_workers": "litellm-db",
    "phoenix": "traces",
    "mlflow": "traces",
}
"""Heavy systems, and the group of the tests that share one; the first one a test asks for decides."""
LIGHT = ("postgres", "unleash", "portkey")
LIMIT = 120


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use real systems."""
    for item in items:
        used = [name for name in (*GROUPS, *LIGHT) if name in getattr(item, "fixturenames", ())]
        if used:
            mark(item, used)


def mark(item: pytest.Item, used: list[str]) -> None:
    """Make a test an integration test, in its systems' group, with a time limit of its own part only."""
    item.add_marker(pytest.mark.integration)
    if used[0] in GROUPS and not item.get_closest_marker("xdist_group"):
        item.add_marker(pytest.mark.xdist_group(GROUPS[used[0]]))
    limit = item.get_closest_marker("timeout")
    given = {"timeout": LIMIT, **(limit.kwargs if limit else {}), "func_only": True}
    if limit and limit.args:
        given["timeout"] = limit.args[0]
    item.add_marker(pytest.mark.timeout(**given), append=False)


def running(factory: pytest.TempPathFactory, name: str, **options: Any) -> Iterator[RunningSystem]:
    """Keep a system up for as long as the fixture is wanted."""
    from tests.systems import SystemMissing, start

    try:
        system = start(name, folder=factory.mktemp(name), **options)
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")
    with system:
        yield system


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """The model provider behind the gateways; its version `broken` answers 500."""
    from tests.systems import Upstream

    with Upstream() as provider:
        provider.behave("broken", status=500)
        yield provider


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A PostgreSQL server."""
    yield from running(tmp_path_factory, "postgres")


@pytest.fixture(scope="session")
def unleash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Unleash with its tokens `admin`, `backend` and `frontend`."""
    yield from running(tmp_path_factory, "unleash")


@pytest.fixture(scope="session")
def litellm(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[RunningSystem]:
    """LiteLLM without a database, in front of `upstream`."""
    yield from running(tmp_path_factory, "litellm", provider=upstream.root)


@pytest.fixture(scope="session")
def litellm_two_workers(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[RunningSystem]:
    """LiteLLM without a database, answering from two processes."""
    yield from running(tmp_path_factory, "litellm", provider=upstream.root, workers=2)


@pytest.fixture(scope="session")
def litellm_db(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[RunningSystem]:
    """LiteLLM with its database, in front of `upstream`."""
    yield from running(tmp_path_factory, "litellm-db", provider=upstream.root)


@pytest.fixture(scope="session")
def litellm_db_two_workers(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[RunningSystem]:
    """LiteLLM with its database, answering from two processes that learn of changes from it."""
    yield from running(tmp_path_factory, "litellm-db", provider=upstream.root, workers=2)


@pytest.fixture(scope="session")
def portkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Portkey's gateway."""
    yield from running(tmp_path_factory, "portkey")


@pytest.fixture(scope="session")
def phoenix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Phoenix, open to every request."""
    yield from running(tmp_path_factory, "phoenix")


@pytest.fixture(scope="session")
def mlflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """MLflow's tracking server."""
    yield from running(tmp_path_factory, "mlflow")
