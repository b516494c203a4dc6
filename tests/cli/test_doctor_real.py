"""From `init` by options to the doctor, on a real Unleash and a real LiteLLM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.cli.command import Answer, Cli

if TYPE_CHECKING:
    from tests.systems import RunningSystem

pytestmark = pytest.mark.integration


def wrong(answer: Answer) -> list[tuple[str, str, str]]:
    """Return what is wrong: area, subject, detail."""
    found = [one for one in answer.json["findings"] if one["verdict"] == "wrong"]
    return [(one["area"], one["subject"], one["detail"]) for one in found]


def lever(answer: Answer, name: str) -> dict[str, Any]:
    """Return how a lever stands."""
    (found,) = [one for one in answer.json["levers"] if one["lever"] == name]
    return dict(found)


def test_a_flag_of_unleash(cli: Cli, unleash: RunningSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNLEASH_TOKEN", unleash.tokens["admin"])
    features = "/api/admin/projects/default/features"
    headers = {"authorization": unleash.tokens["admin"]}
    with httpx.Client(base_url=unleash.url, headers=headers, trust_env=False, timeout=30) as admin:
        admin.post(features, json={"name": "doctor-answers", "type": "kill-switch"}).raise_for_status()
        place = f"{features}/doctor-answers/environments/development"
        parameters = {"rollout": "100", "stickiness": "default", "groupId": "doctor-answers"}
        strategy = {"name": "flexibleRollout", "constraints": [], "parameters": parameters}
        admin.post(f"{place}/strategies", json=strategy).raise_for_status()
        admin.post(f"{place}/on").raise_for_status()
        said = {"url": unleash.url, "flag": "doctor-answers", "environment": "development"}
        answers = [word for key, value in said.items() for word in ("--answer", f"flags.{key}={value}")]
        assert cli("init", "--yes", "--flags", "unleash", *answers).code == 0
        told = cli("doctor", "--json")
        admin.post(f"{place}/off").raise_for_status()
        off = cli("doctor", "--json")
        admin.delete(f"{features}/doctor-answers").raise_for_status()
        admin.delete("/api/admin/archive/doctor-answers").raise_for_status()
        gone = cli("doctor", "--json")
    assert wrong(told) == []
    assert (lever(told, "kill_switch")["current"], lever(told, "kill_switch")["target"]) == ("on", "off")
    assert lever(off, "kill_switch")["current"] == "off"
    assert {one[:2] for one in wrong(gone)} == {("levers", "kill_switch"), ("canary", "")}
    assert unleash.tokens["admin"] not in told.out + gone.out


def test_a_gateway_whose_answers_are_looked_at(
    cli: Cli, litellm_db: RunningSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = litellm_db.tokens["master"]
    monkeypatch.setenv("LITELLM_ADMIN_KEY", master)
    monkeypatch.setenv("PROBE_KEY", master)
    words = ("--gateway", "litellm", "--url", litellm_db.url, "--answer", "gateway.fallback=support-v1")
    assert cli("init", "--yes", *words).code == 0
    told = cli("doctor", "--json")
    assert wrong(told) == [("levers", "kill_switch", "there is no way to switch the AI off")]
    assert lever(told, "fallback_model")["target"] == "support-v1"
    probe = [one["detail"] for one in told.json["findings"] if (one["area"], one["subject"]) == ("wire", "chat")]
    assert probe == ["8 answered 200"]
    assert master not in told.out
    monkeypatch.setenv("LITELLM_ADMIN_KEY", "sk-unknown")
    refused = cli("doctor", "--json")
    assert {("systems", "gateway"), ("levers", "fallback_model")} <= {one[:2] for one in wrong(refused)}
