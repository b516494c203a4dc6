"""LiteLLM with two workers: an admin's yes is followed by old answers, and nobody is told that all is well."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.domain.levers import Stage
from cockpit.world.contract import Expectation, Verdict, Write
from cockpit.world.saga import carry_out
from cockpit.world.wire import Answered, matches
from tests.adapters.test_litellm_real import CALL_S, Proxy, furnish, soon
from tests.systems.litellm import default_config

if TYPE_CHECKING:
    from tests.systems import RunningSystem, Upstream

pytestmark = [pytest.mark.integration, pytest.mark.timeout(700), pytest.mark.xdist_group("litellm-db")]
SEVERAL: dict[str, Any] = {"workers": 2}
AT_ONCE = 8
UNTUNED_S = 100.0
"""Workers as they come were seen to serve the old value for up to 44 s, and a busy machine adds to that."""
RUN = 40
"""So many good answers in a row, eight at a time, mean that both workers know."""


@pytest.fixture(scope="module")
def plain(litellm_db_two_workers: RunningSystem, upstream: Upstream) -> Proxy:
    """As it comes: workers look at the database every 30 s, and at keys every 60 s."""
    return furnish(litellm_db_two_workers, upstream)


@pytest.fixture(scope="module")
def tuned(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Both every 2 s."""
    from tests.systems import SystemMissing, start

    config = json.loads(default_config(upstream.root))
    config["general_settings"]["user_api_key_cache_ttl"] = 2
    given: dict[str, Any] = {"config": json.dumps(config), "env": {"PROXY_CONFIG_RELOAD_INTERVAL_SECONDS": "2"}}
    try:
        system = start("litellm-db", folder=tmp_path_factory.mktemp("tuned"), workers=2, **given)
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")
    with system:
        yield furnish(system, upstream)


def settled(ask: Callable[[], Answered], expected: Expectation, limit_s: float) -> tuple[float, int]:
    """Return the seconds until only good answers come, and how many old ones came before."""
    began, old, run, last = time.monotonic(), 0, 0, 0.0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while run < RUN and time.monotonic() - began < limit_s:
            for answer in pool.map(lambda _: ask(), range(AT_ONCE)):
                if matches(expected, answer):
                    run += 1
                else:
                    old, run, last = old + 1, 0, time.monotonic() - began
    assert run >= RUN, f"old answers still come after {limit_s} s ({old} of them)"
    return last, old


def through_saga(system: Any, address: str, value: Any) -> None:
    """Pull as the cockpit does."""
    before = system.read(address, soon())
    result = carry_out(
        system, Write(address, value, f"{address} {value}", before.version, before.value), UNTUNED_S, call_s=CALL_S
    )
    assert (result.stage, result.reading.value if result.reading else None) == (Stage.APPLIED, value), result.reason


@pytest.mark.parametrize(("address", "value"), [("alias:support", "support-v1"), ("blocked:key/agent", True)])
def test_tuned_workers_follow_within_two_seconds(tuned: Proxy, address: str, value: Any) -> None:
    settled(tuned.chat, Expectation("status", ("200",)), 30)
    with tuned.system(**SEVERAL) as system:
        for target in (value, system.read(address, soon()).value):
            through_saga(system, address, target)
            last, old = settled(tuned.chat, system.expectation(address, target, soon()), 15)
            print(f"tuned {address} → {target}: last old answer {last:.2f} s after the yes, {old} old ones")
            assert last < 3.5  # 2 s, and what a busy machine adds


def test_untuned_workers_take_their_time_and_an_undo_is_not_fooled(plain: Proxy) -> None:
    with plain.system(**SEVERAL) as system:
        through_saga(system, "alias:support", "support-v1")
        assert {system.read("alias:support", soon()).value for _ in range(5)} == {"support-v1"}
        through_saga(system, "alias:support", None)
        assert {system.read("alias:support", soon()).value for _ in range(5)} == {None}
        last, old = settled(plain.chat, system.expectation("alias:support", None, soon()), UNTUNED_S)
        through_saga(system, "alias:support", "support-v1")
        last, old = settled(plain.chat, system.expectation("alias:support", "support-v1", soon()), UNTUNED_S)
        print(f"untuned alias: last old answer {last:.1f} s after the yes, {old} old ones")
        stored = plain.api("GET", "/router/settings")["current_values"]["model_group_alias"]
        assert stored["support"] == "support-v1"
        through_saga(system, "alias:support", None)


def test_the_doctor_sees_two_workers_where_one_is_claimed(plain: Proxy) -> None:
    def workers(**options: Any) -> Verdict:
        with plain.system(**options) as system:
            found: dict[str, Verdict] = {finding.what: finding.verdict for finding in system.check(soon())}
            return found["workers"]

    assert workers(workers=2) is Verdict.WARNING
    assert workers(workers=2, reload_s=2, key_cache_s=2) is Verdict.FINE
    assert workers(workers=1) is Verdict.WRONG
