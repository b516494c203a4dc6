"""A real Unleash with its PostgreSQL: kill, restore, a canary counted by its clients' view, the log, exact undo."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cockpit_adapters.unleash import UnleashAdapter, UnleashOptions
from cockpit_adapters.unleash.system import UnleashSystem

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import Moved, Refused, Unauthorised
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.saga import carry_out
from tests.systems import RunningSystem
from tests.systems.cache import install
from tests.systems.clients import UNLEASH
from tests.systems.packages import run

pytestmark = pytest.mark.integration

FLAG, SHARE = "flag:real-answers@development", "share:real-answers@development"
FEATURES = "/api/admin/projects/default/features"
PLACE = f"{FEATURES}/real-answers/environments/development"
LATEST_S = 5.0
"""Unleash hands a change to clients after about 1 s; a busy machine gets five times that."""

COUNT = """
import sys, logging
from UnleashClient import UnleashClient
logging.disable(logging.CRITICAL)
url, token, flag = sys.argv[1:]
client = UnleashClient(url + "/api", "cockpit", custom_headers={"Authorization": token}, refresh_interval=1,
                       disable_metrics=True, disable_registration=True, cache_directory=sys.argv[0] + ".cache")
client.initialize_client()
print(sum(client.is_enabled(flag, {"userId": str(number)}) for number in range(10000)))
client.destroy()
"""


@pytest.fixture
def admin(unleash: RunningSystem) -> Iterator[httpx.Client]:
    """Somebody with all rights, and a flag that is on for everybody."""
    headers = {"authorization": unleash.tokens["admin"]}
    with httpx.Client(base_url=unleash.url, headers=headers, trust_env=False, timeout=30) as client:
        client.post(FEATURES, json={"name": "real-answers", "type": "kill-switch"}).raise_for_status()
        parameters = {"rollout": "100", "stickiness": "default", "groupId": "real-answers"}
        strategy = {"name": "flexibleRollout", "constraints": [], "parameters": parameters}
        client.post(f"{PLACE}/strategies", json=strategy).raise_for_status()
        client.post(f"{PLACE}/on").raise_for_status()
        yield client
        client.post(f"{PLACE}/off").raise_for_status()
        client.delete(f"{FEATURES}/real-answers").raise_for_status()
        client.delete("/api/admin/archive/real-answers").raise_for_status()


def connected(unleash: RunningSystem, token: str) -> UnleashSystem:
    """Connect with one of its tokens."""
    options = UnleashOptions(adapter="unleash", url=unleash.url, token="env:T")
    place = Place("flags", lambda _: unleash.tokens[token], WallClock().now)
    system = UnleashAdapter().connect(options, place)
    assert isinstance(system, UnleashSystem)
    return system


@pytest.fixture
def system(unleash: RunningSystem) -> Iterator[UnleashSystem]:
    """The adapter, connected as the admin token."""
    found = connected(unleash, "admin")
    yield found
    found.close()


def pull(system: UnleashSystem, address: str, value: Any) -> None:
    """Plan and carry out one change."""
    reading = system.read(address, Deadline(20))
    write = Write(address, value, "key", reading.version, reading.value)
    assert carry_out(system, write, 30, call_s=15).stage is Stage.APPLIED


def lag(unleash: RunningSystem, enabled: bool, share: str) -> float:
    """Wait until a client of Unleash sees a flag as it should be; return the seconds."""
    begun = time.monotonic()
    headers = {"authorization": unleash.tokens["backend"]}
    while time.monotonic() - begun < LATEST_S:
        answer = httpx.get(f"{unleash.url}/api/client/features", headers=headers, trust_env=False).json()
        flag = next((one for one in answer["features"] if one["name"] == "real-answers"), None)
        if flag and flag["enabled"] == enabled and flag["strategies"][0]["parameters"]["rollout"] == share:
            return time.monotonic() - begun
        time.sleep(0.02)
    raise AssertionError(f"clients did not see enabled={enabled}, {share} % within {LATEST_S} s")


def test_kill_and_restore_reach_clients_and_leave_no_trace(
    unleash: RunningSystem, admin: httpx.Client, system: UnleashSystem
) -> None:
    before = admin.get(PLACE).json()
    pull(system, FLAG, False)
    killed = lag(unleash, False, "100")
    pull(system, FLAG, True)
    restored = lag(unleash, True, "100")
    print(json.dumps({"kill seen by clients after s": round(killed, 2), "restore": round(restored, 2)}))
    assert admin.get(PLACE).json() == before


def test_a_canary_lets_in_its_share_and_is_undone_exactly(
    unleash: RunningSystem, admin: httpx.Client, system: UnleashSystem, tmp_path: Any
) -> None:
    pull(system, FLAG, False)
    off = admin.get(PLACE).json()
    pull(system, SHARE, 5)
    lag(unleash, True, "5")
    script = tmp_path / "count.py"
    script.write_text(COUNT, "utf-8")
    python = install(UNLEASH) / "venv" / "bin" / "python"
    command = [str(python), str(script), unleash.url, unleash.tokens["backend"], "real-answers"]
    let_in = int(run(command, folder=tmp_path, ceiling=60))
    print(json.dumps({"of 10000 users let in at 5 %": let_in}))
    assert 430 <= let_in <= 570
    pull(system, SHARE, 0)
    assert admin.get(PLACE).json() == off


def test_the_log_names_the_move_and_versions_change_with_it(admin: httpx.Client, system: UnleashSystem) -> None:
    first = system.read(FLAG, Deadline(20))
    stale = Write(SHARE, 5, "key", system.read(SHARE, Deadline(20)).version, 100)
    pull(system, FLAG, False)
    second = system.read(FLAG, Deadline(20))
    assert int(second.version) > int(first.version)
    newest = system.changes(datetime.now(UTC) - timedelta(minutes=5), Deadline(20))[0]
    assert (newest.what, newest.before, newest.after, newest.by) == (
        "flag real-answers in development: environment disabled", "on", "off", "admin",
    )  # fmt: skip
    assert (second.by, second.at) == (newest.by, newest.at)
    with pytest.raises(Moved):
        system.write(stale, Deadline(20))
    assert [one.value for one in system.versions(FLAG, Deadline(20))][:2] == [False, True]


def test_what_would_open_to_everybody_is_refused(admin: httpx.Client, system: UnleashSystem) -> None:
    with pytest.raises(Refused, match="no active strategy"):
        system.write(Write("flag:real-answers@production", True, "key"), Deadline(20))
    assert admin.get(f"{FEATURES}/real-answers/environments/production").json()["enabled"] is False
    strategy = {"name": "flexibleRollout", "constraints": [], "parameters": {"rollout": "5", "stickiness": "default"}}
    admin.post(f"{PLACE}/strategies", json=strategy).raise_for_status()
    with pytest.raises(Refused, match="2 active strategies"):
        system.read(SHARE, Deadline(20))


def test_the_fence_on_rollouts_holds(admin: httpx.Client, system: UnleashSystem) -> None:
    strategy = admin.get(PLACE).json()["strategies"][0]
    steps = [{"op": "test", "path": "/parameters/rollout", "value": "77"}]
    with pytest.raises(Moved):
        system._patch(system._state(_where(), Deadline(20)).at, strategy, steps, Deadline(20))


def test_an_archived_flag_is_no_switch_and_a_revived_one_is_again(
    unleash: RunningSystem, admin: httpx.Client, system: UnleashSystem
) -> None:
    plan = Write(FLAG, False, "key", system.read(FLAG, Deadline(20)).version, True)
    admin.delete(f"{FEATURES}/real-answers").raise_for_status()
    assert admin.get(PLACE).json()["enabled"] is True  # which is what makes it look like a switch that works
    with pytest.raises(Refused, match="real-answers is archived"):
        system.read(FLAG, Deadline(20))
    assert carry_out(system, plan, 10, call_s=5).stage is Stage.REFUSED
    headers = {"authorization": unleash.tokens["backend"]}

    def served() -> list[str]:
        answer = httpx.get(f"{unleash.url}/api/client/features", headers=headers, trust_env=False)
        return [one["name"] for one in answer.json()["features"]]

    limit = time.monotonic() + 60  # applications are told from a cache that is renewed every few seconds
    while "real-answers" in served() and time.monotonic() < limit:
        time.sleep(0.5)
    assert "real-answers" not in served()
    admin.post("/api/admin/archive/revive/real-answers").raise_for_status()
    assert system.read(FLAG, Deadline(20)).shown == "off"  # revived flags are off, and can be turned on again
    with pytest.raises(Refused, match="there is no flag nobodys"):
        system.read("flag:nobodys@development", Deadline(20))
    with pytest.raises(Refused, match="not in the environment staging"):
        system.read("flag:real-answers@staging", Deadline(20))


def test_the_doctor_tells_the_kinds_of_tokens_apart(unleash: RunningSystem, system: UnleashSystem) -> None:
    found = system.check(Deadline(20))
    assert [one.verdict for one in found].count(Verdict.WARNING) == 1
    assert "Unleash 8.2.0" in found[0].detail
    sdk = connected(unleash, "backend")
    assert sdk.check(Deadline(20))[0].verdict is Verdict.WRONG
    with pytest.raises(Unauthorised):
        sdk.read(FLAG, Deadline(20))
    sdk.close()


def _where() -> Any:
    from cockpit_adapters.unleash.state import where

    return where(SHARE)
