"""A real MLflow: a bad prompt is rolled back, MLflow's own client loads the old one, the undo restores exactly."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cockpit_adapters.mlflow import MLflowAdapter, MLflowOptions
from cockpit_adapters.mlflow.system import ALIAS, API, IS_PROMPT, MLflow

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.saga import SagaResult, carry_out
from tests.systems import RunningSystem
from tests.systems.cache import install
from tests.systems.mlflow import RECIPE

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

LOAD = (
    "import sys, mlflow\nmlflow.set_tracking_uri(sys.argv[1])\nprint(mlflow.genai.load_prompt(sys.argv[2]).template)"
)


@pytest.fixture
def client(mlflow: RunningSystem) -> Iterator[httpx.Client]:
    """Return a way to MLflow beside the adapter's."""
    with httpx.Client(base_url=mlflow.url, trust_env=False, timeout=30) as made:
        yield made


def published(client: httpx.Client, name: str, *, prompt: bool = True) -> None:
    """Make a prompt (or a model) with two versions; the alias `production` is on the second."""
    mark = [{"key": IS_PROMPT, "value": "true"}, {"key": "_mlflow_prompt_type", "value": "text"}] if prompt else []
    client.post(f"{API}/registered-models/create", json={"name": name, "tags": mark}).raise_for_status()
    source = "dummy-source" if prompt else "s3://bucket/model"
    for number, text in ((1, "Be brief."), (2, "Be generous.")):
        tags = [*mark, {"key": "mlflow.prompt.text", "value": text}] if prompt else []
        body = {"name": name, "source": source, "description": f"change {number}"}
        client.post(f"{API}/model-versions/create", json=body | {"tags": tags}).raise_for_status()
    client.post(ALIAS, json={"name": name, "alias": "production", "version": "2"}).raise_for_status()


def loaded(mlflow: RunningSystem, name: str) -> str:
    """Return what MLflow's own client loads by the alias, in a process of its own."""
    python = install(RECIPE) / "venv" / "bin" / "python"
    done = subprocess.run(
        [str(python), "-c", LOAD, mlflow.url, f"prompts:/{name}@production"],
        capture_output=True, text=True, timeout=120, check=True, env={"MLFLOW_DISABLE_TELEMETRY": "true"},
    )  # fmt: skip
    return done.stdout.strip()


def connect(url: str) -> MLflow:
    """Return the adapter's system."""
    place = Place("registry", lambda _: "", WallClock().now)
    return MLflowAdapter().connect(MLflowOptions(adapter="mlflow", url=url), place)


def soon() -> Deadline:
    """Return a deadline that a busy machine keeps."""
    return Deadline(10)


def pull(system: MLflow, address: str, value: Any, key: str) -> SagaResult:
    """Carry a change out as the cockpit does."""
    reading = system.read(address, soon())
    write = Write(address, value, key, reading.version, reading.value, "INC-2041 roll the prompt back")
    return carry_out(system, write, 20.0, call_s=10.0)


def test_a_rollback_is_what_the_official_client_loads_and_the_undo_restores_exactly(
    mlflow: RunningSystem, client: httpx.Client
) -> None:
    published(client, "rolled-back")
    address, system = "alias:rolled-back@production", connect(mlflow.url)
    assert loaded(mlflow, "rolled-back") == "Be generous."
    before = system.read(address, soon())
    newest, oldest = system.versions(address, soon())
    assert (before.shown, newest.current, oldest.shown) == ("v2 (change 2)", True, "v1")
    assert system.parse(address, "v1") == oldest.value

    done = pull(system, address, oldest.value, "k1")
    assert (done.stage, done.sends) == (Stage.APPLIED, 1), done.reason
    assert loaded(mlflow, "rolled-back") == "Be brief."

    undone = pull(system, address, before.value, "k2")
    assert undone.stage is Stage.APPLIED
    assert system.read(address, soon()) == before
    assert loaded(mlflow, "rolled-back") == "Be generous."


def test_what_changed_names_versions_and_the_moves_a_cockpit_noted(
    mlflow: RunningSystem, client: httpx.Client
) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    published(client, "changed")
    system = connect(mlflow.url)
    pull(system, "alias:changed@production", "1", "k")
    found = [one for one in system.changes(since, soon()) if ":changed:" in one.ref]
    assert [(one.before, one.after) for one in found] == [("v2", "v1"), ("v1", "v2"), ("", "v1")]
    assert (found[0].what, found[0].note) == (
        "prompt changed: alias production moved",
        "INC-2041 roll the prompt back",
    )
    assert system.changes(datetime.now(UTC) + timedelta(seconds=1), soon()) == []


def test_what_is_not_there_is_refused_and_nothing_is_moved(mlflow: RunningSystem, client: httpx.Client) -> None:
    published(client, "missing")
    system = connect(mlflow.url)
    for address in ("alias:missing@staging", "alias:no-such-prompt@production"):
        with pytest.raises(Refused, match="has no prompt"):
            system.read(address, soon())
    assert pull(system, "alias:missing@production", "9", "k").stage is Stage.REFUSED
    assert system.read("alias:missing@production", soon()).value == "2"


def test_the_alias_of_a_model_is_left_alone(mlflow: RunningSystem, client: httpx.Client) -> None:
    published(client, "a-model", prompt=False)
    with pytest.raises(Refused, match="is a model"):
        connect(mlflow.url).read("alias:a-model@production", soon())


def test_an_open_server_is_reached_and_warned_of(mlflow: RunningSystem) -> None:
    reached, token = connect(mlflow.url).check(soon())
    assert reached.detail == "MLflow 3.17.2, prompts can be read"
    assert token.verdict is Verdict.WARNING
