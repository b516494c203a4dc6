"""The real gateway: traffic with the file's config moves with a pull, and back with its undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from cockpit_adapters.portkey.system import CARRIER

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Write
from tests.adapters.test_portkey import connected, pull
from tests.systems import RunningSystem, Upstream

pytestmark = pytest.mark.integration


def config(upstream: Upstream, mode: str, first: str = "v2") -> dict[str, Any]:
    """Return a config with two targets, the second one `v1`."""
    targets = [
        {"name": name, "provider": "openai", "custom_host": upstream.url(name), "weight": weight}
        for name, weight in ((first, 1), ("v1", 1))
    ]
    return {"strategy": {"mode": mode}, "targets": targets}


def ask(portkey: RunningSystem, folder: Path) -> httpx.Response:
    """Ask as an application does that reads the file for each request, and adds its own key."""
    sent = json.loads((folder / "portkey.json").read_text("utf-8"))
    for target in sent["targets"]:
        target["api_key"] = "sk-from-the-environment"
    body = {"model": "support", "messages": [{"role": "user", "content": "hello"}]}
    headers = {"x-portkey-config": json.dumps(sent)}
    return httpx.post(f"{portkey.url}/v1/chat/completions", headers=headers, json=body, trust_env=False, timeout=20)


def said(answer: httpx.Response) -> dict[str, Any]:
    """Return which version answered, and which model it was asked for."""
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = json.loads(answer.json()["choices"][0]["message"]["content"])
    return told


def test_an_order_and_a_model_move_traffic(portkey: RunningSystem, upstream: Upstream, tmp_path: Path) -> None:
    system = connected(tmp_path, json.dumps(config(upstream, "fallback"), indent=2))
    assert said(ask(portkey, tmp_path))["version"] == "v2"
    before = pull(system, "target:targets", ["v1", "v2"])
    assert said(ask(portkey, tmp_path))["version"] == "v1"
    pull(system, "target:targets", before)
    assert said(ask(portkey, tmp_path)) == {"version": "v2", "model": "support", "system": []}
    unset = pull(system, "json:targets.0.override_params", {"model": "support-v1"})
    assert said(ask(portkey, tmp_path))["model"] == "support-v1"
    pull(system, "json:targets.0.override_params", unset)
    assert said(ask(portkey, tmp_path))["model"] == "support"


@pytest.mark.parametrize(("address", "value"), [("json:targets.0.weight", 0), ("json:strategy.mode", "single")])
def test_what_is_expected_is_seen(
    portkey: RunningSystem, upstream: Upstream, tmp_path: Path, address: str, value: Any
) -> None:
    system = connected(tmp_path, json.dumps(config(upstream, "loadbalance"), indent=2))
    expected = system.expectation(address, value, Deadline(5))
    assert expected is not None
    name = CARRIER.removeprefix("header:")
    assert {ask(portkey, tmp_path).headers[name] for _ in range(20)} > set(expected.allowed)
    pull(system, address, value)
    assert {ask(portkey, tmp_path).headers[name] for _ in range(20)} == set(expected.allowed)


def test_the_gateway_fails_on_what_is_refused_here(
    portkey: RunningSystem, upstream: Upstream, tmp_path: Path
) -> None:
    broken = config(upstream, "loadbalance")
    for target in broken["targets"]:
        target["weight"] = 0
    system = connected(tmp_path, json.dumps(broken))
    assert ask(portkey, tmp_path).status_code == 500
    with pytest.raises(Refused, match="all weights are 0"):
        system.write(Write("json:retry", {"attempts": 1}, "key"), Deadline(5))
