"""MLflow's tracking server, for its prompt registry and its traces, on a SQLite file in its folder."""

from __future__ import annotations

from pathlib import Path

from tests.systems.cache import Recipe, install
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import python_environment
from tests.systems.running import Launch, RunningSystem, http_ok, launch

VERSION = "3.17.2"
RECIPE = Recipe("mlflow-auth", VERSION, 65, lambda folder: python_environment(folder, f"mlflow[auth]=={VERSION}"))
"""With what its users and permissions need, so that one install does for both."""

ENV = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
"""Without background jobs it is two processes and a third of the memory."""


def start(folder: Path, *, stay: bool = False) -> RunningSystem:
    """Start MLflow with one worker."""
    bin_ = install(RECIPE) / "venv" / "bin"
    port = free_port()
    url = f"http://{HOST}:{port}"
    stores = ["--backend-store-uri", f"sqlite:///{folder.resolve()}/mlflow.db"]
    stores += ["--default-artifact-root", str(folder / "artifacts")]
    command = [str(bin_ / "python"), "-m", "mlflow", "server", *stores]
    command += ["--host", HOST, "--port", str(port), "--workers", "1"]
    ready = f"{url}/health"
    return launch(Launch("mlflow", url, command, folder, lambda: http_ok(ready), ENV, ceiling=120, stay=stay))
