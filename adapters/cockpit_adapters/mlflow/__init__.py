"""MLflow as a prompt registry and a source of traces: which version the alias of a prompt stands on."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.mlflow.traces import TracedMLflow


class MLflowOptions(SystemOptions):
    """What the table of an MLflow server may say."""

    user: str = ""
    """The user whose password `token` names, where MLflow asks for both; without it the token is a bearer token."""
    experiment: str = Field(default="", max_length=500)
    """The experiment whose traces are read; by default the one called `Default`."""
    app_cache_s: float = Field(default=60.0, ge=0, le=86_400)
    """How long the application keeps a prompt that it has read by an alias: MLflow's own client 60 seconds."""


class MLflowAdapter:
    """Moves the aliases of prompts on an MLflow tracking server."""

    name = "mlflow"
    capabilities = frozenset({Capability.PROMPT, Capability.CHANGES, Capability.TRACES})
    tested = (Tested(How.REAL, "MLflow 3.17.2, open and with its basic-auth, read back by its own client"),)
    options = MLflowOptions

    def connect(self, options: MLflowOptions, place: Place) -> TracedMLflow:
        """Make a system; opens no connection yet."""
        from cockpit.world.http import Line
        from cockpit_adapters.mlflow.traces import TracedMLflow

        token = place.secret(options.token)
        pair = base64.b64encode(f"{options.user}:{token}".encode()).decode() if options.user else ""
        headers = {"Authorization": f"Basic {pair}" if pair else f"Bearer {token}"} if token else {}
        return TracedMLflow(Line(options, headers, secrets=(token, pair), monotonic=place.monotonic), options, place)
