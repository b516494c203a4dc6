"""The hook in a real LiteLLM proxy: every lever pulled, seen on the wire by all workers, and put back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cockpit_adapters.litellm_hook import HOOK

from cockpit.domain.clock import WallClock
from cockpit.errors import Moved
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.registry import load_adapter
from cockpit.world.wire import Answered, matches
from tests.systems.litellm import default_config

if TYPE_CHECKING:
    from tests.systems import RunningSystem, Upstream

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600), pytest.mark.xdist_group("litellm")]
CALL_S = 20.0
FILES = [HOOK / "cockpit_levers.py", HOOK / "cockpit_levers_state.py"]


@dataclass(frozen=True)
class Proxy:
    """A running proxy with the hook."""

    url: str
    key: str
    file: Path

    def chat(self, model: str = "support", said: str = "hello", **more: Any) -> Answered:
        """Ask a model, on a connection of its own."""
        body = {"model": model, "messages": [{"role": "user", "content": said}], **more}
        headers = {"Authorization": f"Bearer {self.key}"}
        url = f"{self.url}/v1/chat/completions"
        answer = httpx.post(url, json=body, headers=headers, timeout=CALL_S, trust_env=False)
        return Answered(datetime.now(UTC), answer.status_code, dict(answer.headers), answer.content)

    def put(self, address: str, value: Any, key: str = "", **headers: str) -> httpx.Response:
        """Ask the hook directly."""
        sent = {"Authorization": f"Bearer {key or self.key}", **headers}
        return httpx.put(f"{self.url}/levers/{address}", json={"value": value}, headers=sent, trust_env=False)

    def system(self, *, by_file: bool = False) -> Any:
        """Connect the adapter."""
        adapter = load_adapter("litellm_hook")
        way = {"file": str(self.file)} if by_file else {"url": self.url, "token": "env:KEY", "deadline_s": CALL_S}
        place = Place("gateway", lambda _: self.key, WallClock().now)
        return closing(adapter.connect(adapter.options(adapter="litellm_hook", **way), place))


def config(upstream: Upstream) -> str:
    """Return the usual configuration with the hook."""
    content = json.loads(default_config(upstream.root))
    content["litellm_settings"]["callbacks"] = ["cockpit_levers.levers"]
    return json.dumps(content)


def running(folder: Path, upstream: Upstream, name: str = "litellm", workers: int = 1) -> RunningSystem:
    """Start a proxy with the hook, or skip where there is none."""
    from tests.systems import SystemMissing, start

    try:
        return start(name, folder=folder, config=config(upstream), workers=workers, hook=FILES)
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")


@pytest.fixture(scope="module", params=[1, 2], ids=["one-worker", "two-workers"])
def proxy(request: pytest.FixtureRequest, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The proxy, without a database."""
    folder = tmp_path_factory.mktemp(f"hook-{request.param}")
    with running(folder, upstream, workers=request.param) as system:
        yield Proxy(system.url, system.tokens["master"], folder / "levers.json")


def soon() -> Deadline:
    return Deadline(CALL_S)


def pull(system: Any, address: str, value: Any) -> Any:
    """Read, write, read back; return what was there before."""
    before = system.read(address, soon())
    system.write(
        Write(address, value, f"{address} {time.monotonic_ns()}", before.version, before.value, "INC-1"), soon()
    )
    assert system.read(address, soon()).value == value
    return before.value


@contextmanager
def pulled(system: Any, address: str, value: Any) -> Iterator[Any]:
    """Have a lever pulled; it is undone afterwards. Yields what answers should carry."""
    before = pull(system, address, value)
    try:
        yield system.expectation(address, value, soon())
    finally:
        pull(system, address, before)


def asked(upstream: Upstream) -> dict[str, Any]:
    """Return the last request that reached the provider."""
    return dict(upstream.received[-1])


TOOL = {"type": "function", "function": {"name": "search", "parameters": {"type": "object", "properties": {}}}}
OTHER = {"type": "function", "function": {"name": "pay", "parameters": {"type": "object", "properties": {}}}}


LEVERS: list[tuple[str, Any]] = [
    ("route:support", "support-v1"), ("killed:support", True), ("blocked_words:input", ["refund all"]),
    ("max_tokens:support", 7), ("share:support", 50.0), ("temperature:support", 0.2), ("tools:support/search", "off"),
    ("blocked_words:output", ["never said"]),
]  # fmt: skip
WAYS = [
    *(pytest.param(*lever, False, id=f"http-{lever[0]}") for lever in LEVERS),
    *(pytest.param(*lever, True, id=f"file-{lever[0]}") for lever in LEVERS[:3]),
]
"""The file holds all levers in the same way, so that a few of them are enough there."""


@pytest.mark.parametrize(("address", "value", "by_file"), WAYS)
def test_a_lever_is_in_force_in_every_answer_after_it_and_undone_exactly(
    proxy: Proxy, address: str, value: Any, by_file: bool
) -> None:
    with proxy.system(by_file=by_file) as system:
        first = system.read(address, soon()).value
        with pulled(system, address, value) as expected, ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: proxy.chat(), range(40)))
            assert all(matches(expected, answer) for answer in answers), (expected, answers[0])
        undone = system.expectation(address, first, soon())
        assert all(matches(undone, proxy.chat()) for _ in range(4))


def test_a_route_goes_elsewhere(proxy: Proxy, upstream: Upstream) -> None:
    with proxy.system() as system, pulled(system, "route:support", "support-v1"):
        proxy.chat()
        assert (asked(upstream)["version"], asked(upstream)["model"]) == ("v1", "support-v1")


def test_a_stopped_route_lets_a_share_through_always_the_same(proxy: Proxy) -> None:
    with proxy.system() as system, pulled(system, "killed:support", True):
        answer = proxy.chat()
        assert answer.status == 503
        assert b"lever_rev" in answer.body
        assert proxy.chat(model="support-v1").status == 200
        with pulled(system, "share:support", 30.0):
            served = {f"user-{n}" for n in range(40) if proxy.chat(user=f"user-{n}").status == 200}
            assert 3 <= len(served) <= 22
            assert all((proxy.chat(user=f"user-{n}").status == 200) == (f"user-{n}" in served) for n in range(10))


def test_caps_hold_what_asks_for_more_and_spare_what_asks_for_less(proxy: Proxy, upstream: Upstream) -> None:
    with (
        proxy.system() as system,
        pulled(system, "max_tokens:support", 50),
        pulled(system, "temperature:support", 0.3),
    ):
        for tokens, heat, most in ((None, None, (50, 0.3)), (900, 1.5, (50, 0.3)), (10, 0.1, (10, 0.1))):
            proxy.chat(max_tokens=tokens, temperature=heat)
            assert (asked(upstream)["max_tokens"], asked(upstream)["temperature"]) == most
        proxy.chat(max_completion_tokens=900)
        assert asked(upstream)["max_completion_tokens"] == 50
        proxy.chat(model="support-v1")
        assert "max_tokens" not in asked(upstream)


def test_a_tool_is_taken_out_of_requests(proxy: Proxy, upstream: Upstream) -> None:
    with proxy.system() as system, pulled(system, "tools:support/search", "off"):
        proxy.chat(tools=[TOOL, OTHER], tool_choice={"type": "function", "function": {"name": "search"}})
        assert [one["function"]["name"] for one in asked(upstream)["tools"]] == ["pay"]
        assert "tool_choice" not in asked(upstream)
        proxy.chat(tools=[TOOL], tool_choice="auto")
        assert not {"tools", "tool_choice"} & set(asked(upstream))


@pytest.mark.parametrize(
    "said", ["Please REFUND   all!", "please ｒｅｆｕｎｄ\nall", [{"type": "text", "text": "refund all"}]]
)
def test_a_blocked_word_is_found_however_it_is_written(proxy: Proxy, said: Any) -> None:
    with proxy.system() as system, pulled(system, "blocked_words:input", ["Refund All"]):
        answer = proxy.chat(said=said)
        assert answer.status == 400
        assert b"refund" not in answer.body.lower()
        assert proxy.chat(said="prefund allowance").status == 200


def test_an_answer_with_a_blocked_word_is_withheld_in_streams_too(proxy: Proxy) -> None:
    with proxy.system() as system:
        assert b"support" in proxy.chat(stream=True).body
        with pulled(system, "blocked_words:output", ["V2"]):
            answer = proxy.chat()
            assert (answer.status, b"withheld" in answer.body) == (400, True)
            streamed = proxy.chat(stream=True)
            assert b"withheld" in streamed.body
            assert b'\\"v2' not in streamed.body
            assert proxy.chat(model="support-v1").status == 200
            assert b"[DONE]" in proxy.chat(model="support-v1", stream=True).body


def test_a_change_needs_a_key_a_version_and_is_made_once(proxy: Proxy) -> None:
    with proxy.system() as system:
        version = system.read("route:other", soon()).version
        match = {"If-Match": version, "Idempotency-Key": f"once {time.monotonic_ns()}"}
        assert proxy.put("route:other", "support-v1").status_code == 428
        assert proxy.put("route:other", "support-v1", **{"If-Match": "7"}).status_code == 412
        assert proxy.put("route:other", "support-v1", "sk-wrong", **match).status_code in (400, 401)
        assert httpx.get(f"{proxy.url}/levers", trust_env=False).status_code == 401
        assert proxy.put("oops:other", 1, **match).status_code == 422
        assert proxy.put("temperature:other", 9, **match).status_code == 422
        first = proxy.put("route:other", "support-v1", **match)
        again = proxy.put("route:other", "support-v1", **match)
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()
        assert proxy.put("route:other", "support-v2", **match).status_code == 422
        with pytest.raises(Moved, match="support-v1"):
            system.write(Write("route:other", "support-v2", "late", version, None), soon())


def test_racing_changes_through_all_workers_are_all_kept(proxy: Proxy) -> None:
    def set_one(number: int) -> int:
        return proxy.put(f"route:racer-{number}", "support-v1", **{"If-Match": "0"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(set_one, range(24))) == {200}
        said = pool.map(lambda _: proxy.put("route:prize", "x", **{"If-Match": "0"}).status_code, range(8))
        assert sorted(said) == [200, *[412] * 7]
    with proxy.system() as system:
        assert {system.read(f"route:racer-{n}", soon()).value for n in range(24)} == {"support-v1"}


def test_removing_the_file_takes_everything_back_and_a_damaged_one_changes_nothing(proxy: Proxy) -> None:
    with proxy.system() as system:
        pull(system, "killed:support", True)
        whole = proxy.file.read_text("utf-8")
        proxy.file.write_text(whole[:40], "utf-8")
        assert {proxy.chat().status for _ in range(4)} == {503}
        assert system.check(soon())[0].verdict is Verdict.WRONG
        proxy.file.unlink()
        answers = [proxy.chat() for _ in range(4)]
        assert {answer.status for answer in answers} == {200}
        assert {answer.headers["x-lever-rev"] for answer in answers} == {"0"}
        assert system.read("killed:support", soon()).value is False


def test_what_changed_is_told(proxy: Proxy) -> None:
    since = datetime.now(UTC) - timedelta(milliseconds=2)
    with proxy.system() as system, pulled(system, "route:support", "support-v1"):
        newest = system.changes(since, soon())[0]
        assert (newest.what, newest.before, newest.after, newest.note) == (
            "lever route:support", "none", "support-v1", "INC-1",
        )  # fmt: skip


def test_the_doctor_finds_a_proxy_without_the_hook(proxy: Proxy, litellm: RunningSystem) -> None:
    with proxy.system() as system:
        assert {finding.verdict for finding in system.check(soon())} == {Verdict.FINE, Verdict.WARNING}
    bare = Proxy(litellm.url, litellm.tokens["master"], proxy.file)
    with bare.system() as system:
        found = system.check(soon())
        assert found[0].verdict is Verdict.WRONG
        assert "cockpit_levers.py" in found[0].next_step


def test_a_key_that_is_no_admins_gets_nowhere(upstream: Upstream, tmp_path: Path) -> None:
    with running(tmp_path, upstream, "litellm-db") as system:
        master = system.tokens["master"]
        made = httpx.post(
            f"{system.url}/key/generate", json={}, headers={"Authorization": f"Bearer {master}"}, trust_env=False
        )
        proxy = Proxy(system.url, master, tmp_path / "levers.json")
        refused = proxy.put("route:support", "support-v1", made.json()["key"], **{"If-Match": "0"})
        assert refused.status_code in (401, 403)
        assert proxy.put("route:support", "support-v1", **{"If-Match": "0"}).status_code == 200
