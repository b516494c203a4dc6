"""The LiteLLM proxy without a database: routes come from its configuration, and nothing can be changed over HTTP."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.systems.cache import Recipe, install
from tests.systems.kept import ROOT
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import python_environment
from tests.systems.running import Launch, RunningSystem, http_ok, launch

VERSION = "1.106.2"
PRISMA = "0.15.0"
PACKAGES = (f"litellm[proxy]=={VERSION}", "prometheus-client", f"prisma=={PRISMA}")
RECIPE = Recipe("litellm", VERSION, 95, lambda folder: python_environment(folder, *PACKAGES))
CEILING = 120.0
"""Seconds until a worker has to answer: 6 to 17 on a quiet machine, four times that on a busy one."""
OFFLINE = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_TELEMETRY": "False",
}
"""What LiteLLM would otherwise fetch from elsewhere when it starts."""
PRICE = {"input_cost_per_token": 0.00001, "output_cost_per_token": 0.00003}
"""Dollars; with the provider's 10 and 5 tokens a call costs 0.00025."""
MODELS = {"support-v1": "v1", "support-v2": "v2", "support": "v2", "broken": "broken"}
"""Model names of the proxy, and which version of the provider answers for them."""


def model(name: str, api_base: str) -> dict[str, Any]:
    """Return a model's part of the configuration."""
    parameters = {"model": f"openai/{name}", "api_base": api_base, "api_key": "sk-none", **PRICE}
    return {"model_name": name, "litellm_params": parameters, "model_info": {"id": f"cfg-{name}"}}


def default_config(provider: str) -> str:
    """Return a configuration with the models support (answered by v2), support-v1, support-v2 and broken.

    Args:
        provider: the root address of an `Upstream`.
    """
    content = {
        "model_list": [model(name, f"{provider}/{version}/v1") for name, version in MODELS.items()],
        "litellm_settings": {"callbacks": ["prometheus"], "num_retries": 0},
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
        "general_settings": {"master_key": "os.environ/LITELLM_MASTER_KEY", "store_prompts_in_spend_logs": True},
    }
    return json.dumps(content, indent=2)  # which is YAML too


def start(
    folder: Path,
    *,
    config: str | Path | None = None,
    provider: str = "",
    workers: int = 1,
    env: Mapping[str, str] | None = None,
    hook: Sequence[Path] = (),
    stay: bool = False,
) -> RunningSystem:
    """Start the proxy; `tokens["master"]` is its master key.

    Args:
        folder: where its configuration is written.
        config: the configuration, as text or file; it takes the master key from LITELLM_MASTER_KEY. By default see
            `default_config`.
        provider: the root address of an `Upstream` for the default configuration; one is started without it.
        workers: how many processes answer.
        env: what is added to its environment.
        hook: files that are copied beside the configuration, where its callbacks find them.
        stay: whether it goes on when this process ends.
    """
    python = install(RECIPE) / "venv" / "bin" / "python"
    return start_proxy(
        "litellm", python, folder,
        config=config, provider=provider, workers=workers, env=env or {}, hook=hook, stay=stay,
    )  # fmt: skip


def start_proxy(
    name: str,
    python: Path,
    folder: Path,
    *,
    config: str | Path | None,
    provider: str,
    workers: int,
    env: Mapping[str, str],
    hook: Sequence[Path],
    stay: bool,
    needs: tuple[RunningSystem, ...] = (),
) -> RunningSystem:
    """Start the proxy of an environment, with or without what a database needs."""
    if config is None and not provider:
        upstream = start_provider(folder, stay=stay)
        needs, provider = (*needs, upstream), upstream.url
    text = config.read_text("utf-8") if isinstance(config, Path) else config or default_config(provider)
    (folder / "config.yaml").write_text(text, "utf-8")
    for file in hook:
        (folder / file.name).write_bytes(file.read_bytes())
    port = free_port()
    url = f"http://{HOST}:{port}"
    tokens = {"master": f"sk-{secrets.token_hex(24)}"}
    command = [str(python), "-c", "from litellm import run_server; run_server()", "--config", "config.yaml"]
    command += ["--host", HOST, "--port", str(port), "--num_workers", str(workers)]
    surroundings = {**OFFLINE, "LITELLM_MASTER_KEY": tokens["master"], **env}
    how = Launch(
        name, url, command, folder, lambda: http_ok(f"{url}/health/readiness"), surroundings,
        ceiling=CEILING * workers, stay=stay,
    )  # fmt: skip
    try:
        return launch(how, tokens, needs)
    except BaseException:
        for needed in reversed(needs):
            needed.stop()
        raise


def start_provider(folder: Path, *, stay: bool = False) -> RunningSystem:
    """Start an `Upstream` in a process of its own; its url is the provider's root."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    command = [sys.executable, "-m", "tests.systems.upstream", str(port)]
    return launch(
        Launch("upstream", url, command, folder, lambda: http_ok(f"{url}/control"), cwd=ROOT, ceiling=20, stay=stay)
    )
