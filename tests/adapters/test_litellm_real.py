"""LiteLLM as it is: every lever read, pulled, seen on the wire, and put back exactly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput, Moved, Refused
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.registry import load_adapter
from cockpit.world.wire import Answered, matches

if TYPE_CHECKING:
    from tests.systems import RunningSystem, Upstream

pytestmark = pytest.mark.integration
CALL_S = 20.0
DOTPROMPT = "---\nmodel: support\n---\nSystem: You are {version} for {{{{customer}}}}.\n\nUser: {{{{q}}}}"


@dataclass(frozen=True)
class Proxy:
    """A running proxy with a team, two keys, a deployment, a budget, a guardrail, a policy and a prompt."""

    url: str
    admin: str
    keys: dict[str, str]

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the admin API."""
        headers = {"Authorization": f"Bearer {self.admin}"}
        answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=CALL_S, trust_env=False)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def chat(self, model: str = "support", key: str = "agent", said: str = "hello", **more: Any) -> Answered:
        """Ask a model, on a connection of its own."""
        body = {"model": model, "messages": [{"role": "user", "content": said}], **more}
        headers = {"Authorization": f"Bearer {self.keys[key]}"}
        url = f"{self.url}/v1/chat/completions"
        answer = httpx.post(url, json=body, headers=headers, timeout=CALL_S, trust_env=False)
        return Answered(datetime.now(UTC), answer.status_code, dict(answer.headers), answer.content)

    def system(self, token: str = "", **options: Any) -> Any:
        """Connect the adapter."""
        adapter = load_adapter("litellm")
        table = {"adapter": "litellm", "url": self.url, "token": "env:ADMIN", "deadline_s": CALL_S, **options}
        place = Place("gateway", lambda _: token or self.keys["oncall"], WallClock().now)
        return closing(adapter.connect(adapter.options(**table), place))


def furnish(system: RunningSystem, upstream: Upstream) -> Proxy:
    """Put into a proxy's database what levers are pulled on."""
    proxy = Proxy(system.url, system.tokens["master"], {"master": system.tokens["master"]})
    proxy.api("POST", "/user/new", {"user_id": "oncall", "user_role": "proxy_admin", "auto_create_key": False})
    proxy.api("POST", "/team/new", {"team_id": "crew", "team_alias": "Crew"})
    owners: dict[str, dict[str, Any]] = {
        "oncall": {"user_id": "oncall"},
        "agent": {},
        "member": {"team_id": "crew"},
        "narrow": {"models": ["support"]},
    }
    for alias, owner in owners.items():
        proxy.keys[alias] = proxy.api("POST", "/key/generate", {"key_alias": alias, **owner})["key"]
    given = {"model": "openai/stored", "api_base": upstream.url("v2"), "api_key": "sk-none"}
    made = {"model_name": "stored", "litellm_params": given, "model_info": {"id": "dep-stored"}}
    proxy.api("POST", "/model/new", made)
    proxy.api("POST", "/budget/new", {"budget_id": "pot", "max_budget": 10.0})
    words = [{"keyword": "refund all", "action": "BLOCK"}]
    guard = {"guardrail": "litellm_content_filter", "mode": "pre_call", "default_on": False, "blocked_words": words}
    proxy.api("POST", "/guardrails", {"guardrail": {"guardrail_name": "words", "litellm_params": guard}})
    proxy.api("POST", "/policies", {"policy_name": "no-refunds", "guardrails_add": ["words"]})
    proxy.api("POST", "/prompts", prompt("one"))
    proxy.api("PUT", "/prompts/greeting", prompt("two"))
    return proxy


def prompt(version: str) -> dict[str, Any]:
    """Return a version of the prompt."""
    content = DOTPROMPT.format(version=version)
    given = {"prompt_integration": "dotprompt", "prompt_id": "greeting", "dotprompt_content": content}
    return {"prompt_id": "greeting", "litellm_params": given, "prompt_info": {"prompt_type": "db"}}


@pytest.fixture(scope="module")
def proxy(litellm_db: RunningSystem, upstream: Upstream) -> Proxy:
    """One worker."""
    return furnish(litellm_db, upstream)


def soon() -> Deadline:
    return Deadline(CALL_S)


def pull(system: Any, address: str, value: Any, **given: Any) -> Any:
    """Read, write, read back; return what was there before."""
    before = system.read(address, soon())
    system.write(Write(address, value, f"key-{address}", before.version, before.value, **given), soon())
    assert system.read(address, soon()).value == value
    return before.value


@contextmanager
def pulled(system: Any, address: str, value: Any) -> Iterator[Any]:
    """Have a lever pulled; it is undone exactly afterwards. Yields what answers should carry."""
    before = pull(system, address, value)
    try:
        yield system.expectation(address, value, soon())
    finally:
        pull(system, address, before)
        assert system.read(address, soon()).value == before


PULLS: list[tuple[str, Any, dict[str, Any]]] = [
    ("alias:support", "support-v1", {}),
    ("alias:new-name", "support-v1", {"model": "new-name"}),
    ("key_alias:agent/support", "support-v1", {}),
    ("blocked:model/dep-stored", True, {"model": "stored"}),
    ("blocked:key/agent", True, {}),
    ("blocked:team/crew", True, {"key": "member"}),
    ("cap:key/agent/rpm_limit", 0, {}),
    ("cap:key/agent/max_budget", 0.0, {}),
    ("cap:team/crew/rpm_limit", 0, {"key": "member"}),
    ("cap:team/crew/max_budget", 0.0, {"key": "member"}),
    ("guardrail:words/default_on", True, {}),
    ("policy:no-refunds@key/agent", True, {}),
    ("policy:no-refunds@model/support", True, {}),
]
"""An address, a value, and how the probe asks."""


@pytest.mark.parametrize(("address", "value", "asks"), PULLS, ids=[one[0] for one in PULLS])
def test_a_lever_is_seen_on_the_wire_and_undone_exactly(
    proxy: Proxy, address: str, value: Any, asks: dict[str, Any]
) -> None:
    with proxy.system() as system:
        undone = system.expectation(address, system.read(address, soon()).value, soon())
        assert undone is not None
        assert matches(undone, proxy.chat(**asks))
        with pulled(system, address, value) as expected:
            assert expected is not None
            answers = [proxy.chat(**asks) for _ in range(3)]
            assert all(matches(expected, answer) for answer in answers), (expected, answers)
            assert not any(matches(undone, answer) for answer in answers)
        assert matches(undone, proxy.chat(**asks))


def test_a_pinned_deployment_answers_with_the_other_model(proxy: Proxy, upstream: Upstream) -> None:
    address, value = "model:dep-stored", f"openai/stored @ {upstream.url('v1')}"
    with proxy.system() as system:
        expected = system.expectation(address, value, soon())
        assert not matches(expected, proxy.chat(model="stored"))
        with pulled(system, address, value):
            assert matches(expected, proxy.chat(model="stored"))


def test_a_fallback_answers_for_a_model_that_fails(proxy: Proxy) -> None:
    with proxy.system() as system:
        assert proxy.chat(model="broken").status == 500
        with pulled(system, "fallback:broken", ["support-v1"]):
            answer = proxy.chat(model="broken")
            assert (answer.status, answer.headers["x-litellm-attempted-fallbacks"]) == (200, "1")
        assert proxy.chat(model="broken").status == 500


def test_a_guardrail_that_only_looks_stops_nobody(proxy: Proxy) -> None:
    with proxy.system() as system, pulled(system, "guardrail:words/default_on", True):
        assert proxy.chat(said="please refund all").status == 400
        with pulled(system, "guardrail:words/mode", "logging_only") as expected:
            answer = proxy.chat(said="please refund all")
            assert answer.status == 200
            assert matches(expected, answer)
        assert proxy.chat(said="please refund all").status == 400


def test_a_budget_keeps_what_else_it_says(proxy: Proxy) -> None:
    with proxy.system() as system:
        before = proxy.api("POST", "/budget/info", {"budgets": ["pot"]})[0]
        with pulled(system, "cap:budget/pot/rpm_limit", 5):
            assert system.read("cap:budget/pot/max_budget", soon()).value == 10.0
        after = proxy.api("POST", "/budget/info", {"budgets": ["pot"]})[0]
        assert {**after, "updated_at": "", "updated_by": ""} == {**before, "updated_at": "", "updated_by": ""}


def test_a_prompt_goes_back_by_a_new_version_with_the_old_content(proxy: Proxy) -> None:
    def told() -> bytes:
        return proxy.chat(said="x", prompt_id="greeting", prompt_variables={"customer": "Ada", "q": "hi"}).body

    with proxy.system() as system:
        assert b"You are two for Ada" in told()
        before = system.read("prompt:greeting", soon())
        with pulled(system, "prompt:greeting", 1):
            assert b"You are one for Ada" in told()
            reading = system.read("prompt:greeting", soon())
            assert int(reading.version) == int(before.version) + 1
            assert reading.shown == f"v{reading.version} (the content of v1)"
        assert b"You are two for Ada" in told()
        listed = system.versions("prompt:greeting", soon())
        assert [(one.value, one.current) for one in listed] == [(2, True), (1, False)]


def test_other_peoples_aliases_are_kept(proxy: Proxy) -> None:
    with proxy.system() as system, pulled(system, "alias:colleague", "support-v2"):
        with pulled(system, "alias:support", "support-v1"):
            stored = proxy.api("GET", "/router/settings")["current_values"]["model_group_alias"]
            assert stored == {"colleague": "support-v2", "support": "support-v1"}
        assert proxy.api("GET", "/router/settings")["current_values"]["model_group_alias"] == {
            "colleague": "support-v2"
        }


def test_what_somebody_else_moved_is_left_alone(proxy: Proxy) -> None:
    with proxy.system() as mine, proxy.system() as theirs, pulled(theirs, "alias:support", "support-v1"):
        with pytest.raises(Moved, match="support-v1"):
            mine.write(Write("alias:support", "support-v2", "k", "", None), soon())
        assert mine.read("alias:support", soon()).value == "support-v1"


@pytest.mark.parametrize(
    ("address", "value", "before", "told"),
    [
        ("alias:support", "no-such-group", None, "no model group"),
        ("model:cfg-support", "openai/x", "openai/support", "config.yaml"),
        ("blocked:model/cfg-support", True, False, "config.yaml"),
        ("blocked:key/nobody", True, False, "no key"),
        ("cap:budget/none", 1, None, "no lever"),
        ("cap:budget/none/rpm_limit", 1, None, "no budget"),
        ("key_alias:narrow/support", "support-v1", None, "may not use"),
        ("prompt:greeting", 99, 2, "no version 99"),
        ("policy:none@key/agent", True, False, "not found"),
    ],
)
def test_what_can_not_be_is_refused_with_a_reason(
    proxy: Proxy, address: str, value: Any, before: Any, told: str
) -> None:
    with proxy.system() as system, pytest.raises((Refused, BadInput), match=told):
        system.write(Write(address, value, "k", "", before), soon())


def test_the_doctor_knows_the_key(proxy: Proxy) -> None:
    def verdicts(token: str) -> dict[str, Verdict]:
        with proxy.system(token) as system:
            return {finding.what: finding.verdict for finding in system.check(soon())}

    assert set(verdicts(proxy.keys["oncall"]).values()) == {Verdict.FINE}
    assert verdicts(proxy.keys["master"])["writing"] is Verdict.WARNING
    assert Verdict.WRONG in verdicts(proxy.keys["agent"]).values()
    assert verdicts("sk-unknown")["reached"] is Verdict.FINE


def test_what_changed_is_told_with_who_and_when(proxy: Proxy) -> None:
    since = datetime.now(UTC) - timedelta(milliseconds=5)
    with proxy.system() as system:
        with pulled(system, "cap:key/agent/rpm_limit", 5):
            pass
        pull(system, "prompt:greeting", 1)
        pull(system, "prompt:greeting", 2)
        found = system.changes(since, soon())
    assert {change.kind for change in found} >= {"key", "prompt"}
    assert {change.by for change in found if change.kind == "prompt"} == {"oncall"}
    newest = next(change for change in found if change.kind == "prompt")
    assert int(newest.after[1:]) == int(newest.before[1:]) + 1


def test_the_meter_counts_what_was_asked(proxy: Proxy) -> None:
    with proxy.system() as system:
        assert system.measure(soon()) == {}
        time.sleep(1.1)
        for number in range(20):
            proxy.chat(model="broken" if number < 5 else "support")
        found = system.measure(soon())
    assert set(found) == set(system.measures())
    assert found["requests_per_min"] > 20
    assert found["error_pct"] == pytest.approx(25, abs=3)  # the last call may not be counted yet
    assert 0 < found["p50_ms"] <= found["p99_ms"] < 5000
    assert found["cost_per_min"] > 0
