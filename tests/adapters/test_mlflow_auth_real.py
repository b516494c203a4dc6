"""A real MLflow that checks users: what a grant on one prompt lets the cockpit do, and what the doctor says of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cockpit_adapters.mlflow import MLflowAdapter, MLflowOptions
from cockpit_adapters.mlflow.system import ALIAS, API, MLflow

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import Unauthorised
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.saga import carry_out
from tests.adapters.test_mlflow_real import published
from tests.systems.cache import install
from tests.systems.loopback import HOST, free_port
from tests.systems.mlflow import ENV, RECIPE
from tests.systems.running import Launch, http_ok, launch

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

PROMPT = "guarded"
AT = f"alias:{PROMPT}@production"
GRANT = "/api/3.0/mlflow/users/permissions/grant"


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[httpx.Client]:
    """Start MLflow with a prompt; return its administrator's way to it."""
    python = install(RECIPE) / "venv" / "bin" / "python"
    port, password = free_port(), secrets.token_urlsafe(16)
    url, base = f"http://{HOST}:{port}", tmp_path.resolve()
    command = [str(python), "-m", "mlflow", "server", "--app-name", "basic-auth", "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{base}/mlflow.db", "--default-artifact-root", f"{base}/artifacts"]
    command += ["--host", HOST, "--port", str(port)]
    users = {"MLFLOW_AUTH_ADMIN_PASSWORD": password, "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_hex(16)}
    how = Launch("mlflow", url, command, tmp_path, lambda: http_ok(f"{url}/health"), {**ENV, **users}, ceiling=120)
    with launch(how), httpx.Client(base_url=url, auth=("admin", password), trust_env=False, timeout=30) as client:
        published(client, PROMPT)
        yield client


def connect(admin: httpx.Client, user: str, password: str) -> MLflow:
    """Return the adapter's system as one user."""
    url = str(admin.base_url).rstrip("/")
    options = MLflowOptions(adapter="mlflow", url=url, user=user, token="env:T", deadline_s=20)
    return MLflowAdapter().connect(options, Place("registry", lambda _: password, WallClock().now))


def soon() -> Deadline:
    """Return a deadline that a busy machine keeps."""
    return Deadline(20)


def test_a_grant_of_one_prompt_is_enough_and_the_doctor_knows_it(admin: httpx.Client) -> None:
    password = secrets.token_urlsafe(16)
    admin.post(f"{API}/users/create", json={"username": "cockpit", "password": password}).raise_for_status()
    system = connect(admin, "cockpit", password)
    assert system.read(AT, soon()).value == "2"
    assert system.check(soon())[-1].verdict is Verdict.WARNING
    with pytest.raises(Unauthorised):
        system.write(Write(AT, "1", "k", before="2"), soon())

    grant = {"username": "cockpit", "resource_type": "prompt", "resource_id": PROMPT, "permission": "EDIT"}
    admin.post(GRANT, json=grant).raise_for_status()
    token = system.check(soon())[-1]
    assert (token.verdict, token.detail) == (Verdict.FINE, f"cockpit may move the aliases of {PROMPT}")
    assert carry_out(system, Write(AT, "1", "k", before="2"), 30.0, call_s=20.0).stage is Stage.APPLIED
    seen = admin.get(ALIAS, params={"name": PROMPT, "alias": "production"}).json()["model_version"]
    assert "cockpit.moved.production" in {tag["key"] for tag in seen["tags"]}


def test_an_administrator_and_a_wrong_password_are_told_apart(admin: httpx.Client) -> None:
    password = secrets.token_urlsafe(16)
    admin.post(f"{API}/users/create", json={"username": "boss", "password": password}).raise_for_status()
    promote = {"username": "boss", "is_admin": True}
    admin.patch(f"{API}/users/update-admin", json=promote).raise_for_status()
    assert connect(admin, "boss", password).check(soon())[-1].verdict is Verdict.WARNING
    (found,) = connect(admin, "boss", "wrong").check(soon())
    assert (found.what, found.verdict) == ("reached", Verdict.WRONG)
    assert "token" in found.next_step
