"""What tests run beside the systems: clients and programs that are no servers, each in an environment of its own."""

from __future__ import annotations

from tests.systems import inspect_ai, promptfoo
from tests.systems.cache import Recipe
from tests.systems.packages import python_environment

FLAGD_PACKAGES = ("openfeature-sdk==0.10.0", "openfeature-provider-flagd==0.6.1")
FLAGD = Recipe("openfeature-flagd", "0.6.1", 15, lambda folder: python_environment(folder, *FLAGD_PACKAGES))
UNLEASH = Recipe("unleash-client", "6.9.1", 10, lambda folder: python_environment(folder, "UnleashClient==6.9.1"))
CLIENTS = (FLAGD, UNLEASH, inspect_ai.RECIPE, promptfoo.RECIPE)
