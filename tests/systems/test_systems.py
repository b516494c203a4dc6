"""Every real system comes up on this machine's own address alone, answers, and leaves no process behind."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.systems import RunningSystem, SystemMissing, Upstream, start
from tests.systems.loopback import exposed, listeners
from tests.systems.postgres import sql
from tests.systems.processes import born

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900), pytest.mark.xdist_group("systems")]

FLAGS = "/api/admin/projects/default/features"
SWITCH = f"{FLAGS}/llm-answers/environments/development"
QUESTION = {"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}]}


def ask(url: str, content: Any = None, **headers: str) -> Any:
    """Send a request (a POST when there is content) and return the document that came back."""
    body = None if content is None else json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json", **named})
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read().decode()
    return json.loads(text) if text.strip().startswith(("{", "[")) else text


def answered_by(answer: Any) -> str:
    """Return which version of the model wrote an answer."""
    return str(json.loads(answer["choices"][0]["message"]["content"])["version"])


def use_postgres(system: RunningSystem, _: Upstream) -> None:
    assert sql(system, "select 6 * 7").strip() == "42"


def use_unleash(system: RunningSystem, _: Upstream) -> None:
    ask(system.url + FLAGS, {"name": "llm-answers", "type": "kill-switch"}, Authorization=system.tokens["admin"])
    ask(f"{system.url}{SWITCH}/on", {}, Authorization=system.tokens["admin"])
    assert ask(system.url + SWITCH, Authorization=system.tokens["admin"])["enabled"] is True
    assert ask(f"{system.url}/api/client/features", Authorization=system.tokens["backend"])["features"] is not None


def use_litellm(system: RunningSystem, upstream: Upstream) -> None:
    bearer = f"Bearer {system.tokens['master']}"
    before = upstream.requests("v1")
    answer = ask(f"{system.url}/v1/chat/completions", {"model": "support-v1", **QUESTION}, Authorization=bearer)
    assert answered_by(answer) == "v1"
    assert upstream.requests("v1") == before + 1


def use_litellm_db(system: RunningSystem, upstream: Upstream) -> None:
    use_litellm(system, upstream)
    bearer = f"Bearer {system.tokens['master']}"
    alias = {"router_settings": {"model_group_alias": {"support": "support-v1"}}}
    ask(f"{system.url}/config/update", alias, Authorization=bearer)
    answer = ask(f"{system.url}/v1/chat/completions", {"model": "support", **QUESTION}, Authorization=bearer)
    assert answered_by(answer) == "v1"


def use_portkey(system: RunningSystem, upstream: Upstream) -> None:
    config = {"provider": "openai", "api_key": "none", "custom_host": upstream.url("v2")}
    chat = f"{system.url}/v1/chat/completions"
    assert answered_by(ask(chat, {"model": "support", **QUESTION}, x_portkey_config=json.dumps(config))) == "v2"


def use_phoenix(system: RunningSystem, _: Upstream) -> None:
    assert "default" in {one["name"] for one in ask(f"{system.url}/v1/projects")["data"]}


def use_mlflow(system: RunningSystem, _: Upstream) -> None:
    made = ask(f"{system.url}/api/2.0/mlflow/experiments/create", {"name": "incident"})
    found = ask(f"{system.url}/api/2.0/mlflow/experiments/get?experiment_id={made['experiment_id']}")
    assert found["experiment"]["name"] == "incident"


def use_alertmanager(system: RunningSystem, _: Upstream) -> None:
    ask(f"{system.url}/api/v2/alerts", [{"labels": {"alertname": "Leak"}}])
    assert [one["labels"]["alertname"] for one in ask(f"{system.url}/api/v2/alerts")] == ["Leak"]


Use = Callable[[RunningSystem, Upstream], None]
SYSTEMS: dict[str, tuple[str, dict[str, Any], Use]] = {
    "postgres": ("postgres", {}, use_postgres),
    "unleash": ("unleash", {}, use_unleash),
    "portkey": ("portkey", {}, use_portkey),
    "phoenix": ("phoenix", {}, use_phoenix),
    "mlflow": ("mlflow", {}, use_mlflow),
    "alertmanager": ("alertmanager", {}, use_alertmanager),
    "litellm": ("litellm", {}, use_litellm),
    "litellm, two workers": ("litellm", {"workers": 2}, use_litellm),
    "litellm-db": ("litellm-db", {}, use_litellm_db),
}


@pytest.mark.parametrize("case", SYSTEMS)
def test_it_comes_up_answers_and_goes_down_whole(case: str, tmp_path: Path, upstream: Upstream) -> None:
    name, options, use = SYSTEMS[case]
    if name.startswith("litellm"):
        options = {**options, "provider": upstream.root}
    try:
        system = start(name, folder=tmp_path / name, **options)
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")
    with system:
        use(system, upstream)
        together = [system, *system.needs]
        pids = [pid for one in together for pid in one.pids]
        assert all(listeners(one.pids) for one in together)
        assert exposed(pids) == []
        elsewhere = [link.resolve() for one in together if (link := one.folder / "data").is_symlink()]
    assert [pid for pid in pids if born(pid)] == []
    assert not any(folder.exists() for folder in elsewhere)


def test_a_hook_beside_the_configuration_is_loaded(tmp_path: Path, upstream: Upstream) -> None:
    hook = tmp_path / "say_who.py"
    hook.write_text(
        "from litellm.integrations.custom_logger import CustomLogger\n"
        "class SayWho(CustomLogger):\n"
        "    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):\n"
        "        return {**data, 'model': 'support-v1'}\n"
        "say_who = SayWho()\n",
        "utf-8",
    )
    from tests.systems.litellm import default_config

    config = json.loads(default_config(upstream.root))
    config["litellm_settings"]["callbacks"] = ["say_who.say_who"]
    with start("litellm", folder=tmp_path / "proxy", config=json.dumps(config), hook=[hook]) as system:
        bearer = f"Bearer {system.tokens['master']}"
        answer = ask(f"{system.url}/v1/chat/completions", {"model": "support", **QUESTION}, Authorization=bearer)
    assert answered_by(answer) == "v1"
