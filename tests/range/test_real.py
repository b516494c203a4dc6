"""One incident on real parts only: LiteLLM with two workers, Phoenix and Unleash, worked by a script."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind
from cockpit.journal.log import Journal
from tests.systems.staging import ENVIRONMENT, FLAG, PROMPT, Staging

if TYPE_CHECKING:
    from tests.range.conftest import Staged
    from tests.systems import RunningSystem

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("staging"), pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parents[2]
SPEED = 20
"""Twenty minutes of watching a canary are one minute then, and the whole night less than three."""
PLAY_S = 400.0
LOOK_S = 0.5
PULLS = (
    ("revert_prompt", False, "prompts"),
    ("fallback_model", False, "gateway"),
    ("kill_switch", False, "flags"),
    ("fallback_model", True, "gateway"),
)
"""The levers of the script, whether it is an undo, and the system each is on."""
STAGES = (Kind.LEVER_PULLED, Kind.LEVER_APPLIED, Kind.LEVER_PROVEN)


@dataclass
class Witness:
    """Looks at the real systems as their own clients do, while the drill is played."""

    staging: Staging
    systems: dict[str, RunningSystem]
    versions: list[str] = field(default_factory=list)
    switches: list[tuple[bool, str]] = field(default_factory=list)
    deployments: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def version(self) -> str:
        """Return the version whose text whoever asks Phoenix for the tag gets."""
        phoenix = self.systems["phoenix"]
        headers = {"authorization": f"Bearer {phoenix.tokens['admin']}"}
        url = f"{phoenix.url}/v1/prompts/{PROMPT}/tags/production"
        found = httpx.get(url, headers=headers, trust_env=False, timeout=20).raise_for_status().json()["data"]["id"]
        return next(name for name, known in self.staging.prompts.items() if known == found)

    def switch(self) -> tuple[bool, str]:
        """Return whether the flag is on, and its rollout, as Unleash hands them to applications."""
        unleash = self.systems["unleash"]
        headers = {"authorization": unleash.tokens["backend"]}
        url = f"{unleash.url}/api/client/features"
        features = httpx.get(url, headers=headers, trust_env=False, timeout=20).raise_for_status().json()["features"]
        found = next(one for one in features if one["name"] == FLAG)
        return bool(found["enabled"]), str(found["strategies"][0]["parameters"]["rollout"])

    def deployment(self) -> str:
        """Return the deployment that answers whoever asks the gateway for the route, or the status of an error."""
        proxy = self.systems["litellm-db"]
        headers = {"authorization": f"Bearer {proxy.tokens['master']}"}
        body = {"model": "support", "messages": [{"role": "user", "content": "hello"}]}
        url = f"{proxy.url}/v1/chat/completions"
        answer = httpx.post(url, json=body, headers=headers, trust_env=False, timeout=20)
        return str(answer.headers.get("x-litellm-model-id", answer.status_code))

    def keep_looking(self) -> None:
        """Note every change until told to stop."""
        looks: tuple[tuple[list[Any], Callable[[], Any]], ...] = (
            (self.versions, self.version),
            (self.switches, self.switch),
            (self.deployments, self.deployment),
        )
        while not self.stop.is_set():
            for seen, look in looks:
                with suppress(httpx.HTTPError):  # a look that a busy system does not answer is one look less
                    note(seen, look())
            self.stop.wait(LOOK_S)


def note(seen: list[Any], now: Any) -> None:
    """Keep what is another one than before."""
    if not seen or seen[-1] != now:
        seen.append(now)


@dataclass(frozen=True)
class Night:
    """What is left of a night: its journal, its score, and what a witness saw."""

    log: list[Event]
    score: dict[str, Any]
    witness: Witness
    data: Path
    proxied: int

    def one(self, kind: Kind, **about: Any) -> Event:
        """Return the one line of a kind that is about something."""
        found = [one for one in self.log if one.kind is kind and all(one.get(key) == about[key] for key in about)]
        assert len(found) == 1, (kind, about, found)
        return found[0]

    def pull(self, lever: str, *, undo: bool = False) -> tuple[Event, Event, Event]:
        """Return what was requested, stored and observed of a pull."""
        pulled = [one for one in self.log if one.kind is Kind.LEVER_PULLED and one.get("lever") == lever]
        op = next(str(one.get("op")) for one in pulled if bool(one.get("undoes")) is undo)
        requested, stored, observed = (self.one(kind, op=op) for kind in STAGES)
        return requested, stored, observed


@pytest.fixture(scope="module")
def night(staged_systems: Staged, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Play the night once."""
    return play(tmp_path_factory.mktemp("night"), staged_systems.staging, staged_systems.systems)


def play(data: Path, staging: Staging, systems: dict[str, RunningSystem]) -> Night:
    """Work the night by the command line, with a witness beside."""
    witness = Witness(staging, systems)
    thread = threading.Thread(target=witness.keep_looking, daemon=True)
    thread.start()
    before = proxied(systems["litellm-db"])
    command = [sys.executable, "-m", "cockpit", "range", "injection-leak", "--gateway", "gateway", "--headless"]
    command += ["--script", str(ROOT / "scenarios/responses/range-night.yaml"), "--speed", str(SPEED), "--json"]
    env = {**os.environ, "XDG_CONFIG_HOME": str(staging.config)}
    done = subprocess.run(
        [*command, "--data", str(data)],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PLAY_S,
    )
    witness.stop.set()
    thread.join(60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    journal = Journal.open(data / "journal.db", clock=WallClock(), read_only=True)
    try:
        log = journal.events("INC-0001")
        assert journal.verify("INC-0001").ok
    finally:
        journal.close()
    return Night(log, json.loads(done.stdout), witness, data, proxied(systems["litellm-db"]) - before)


def proxied(proxy: RunningSystem) -> int:
    """Return how many chats the proxy's own log tells of."""
    return proxy.log.read_text("utf-8", "replace").count("POST /v1/chat/completions")


def test_what_was_requested_was_stored_then_observed_each_by_the_system_itself(night: Night) -> None:
    for lever, undo, system in PULLS:
        requested, stored, observed = night.pull(lever, undo=undo)
        assert requested.seq < stored.seq < observed.seq
        assert requested.get("intent")["system"] == system
        assert requested.get("intent")["staging"] is True
        assert (stored.actor, stored.get("sends")) == (system, 1)
        assert observed.get("matched") == observed.get("of") >= 20
        took = [round((one.at - requested.at).total_seconds() / SPEED, 1) for one in (stored, observed)]
        print(f"{lever}{' (undo)' if undo else ''}: stored after {took[0]} s, observed after {took[1]} s")


def test_it_is_contained_only_after_the_kill_switch_is_proven(night: Night) -> None:
    requested, stored, observed = night.pull("kill_switch")
    contained = night.one(Kind.CONTAINED)
    assert contained.seq > observed.seq
    assert (contained.at - stored.at).total_seconds() >= contained.get("window_s")
    assert night.one(Kind.RANGE_MEASURED).get("contained_s") < 900
    print(f"contained {(contained.at - requested.at).total_seconds():.0f} s of the drill after the pull")
    assert not [one for one in night.log if one.kind is Kind.CONTAINMENT_LOST]


def test_the_canary_is_opened_watched_widened_and_passed(night: Night) -> None:
    steps = [night.one(kind) for kind in (Kind.CANARY_OPENED, Kind.CANARY_WIDENED, Kind.CANARY_PASSED)]
    assert [one.get("percent") for one in steps] == [5.0, 100.0, 100.0]
    for step in steps[:2]:
        stored = night.one(Kind.LEVER_APPLIED, op=step.get("op"))
        assert (stored.actor, stored.seq > step.seq) == ("flags", True)
    assert (steps[1].at - steps[0].at).total_seconds() >= 1200
    assert not [one for one in night.log if one.kind is Kind.CANARY_ABORTED]
    assert night.one(Kind.ALL_CLEAR_GIVEN).seq > steps[-1].seq


def test_the_systems_themselves_were_changed_and_put_back(night: Night) -> None:
    assert night.witness.versions[:2] == ["v41", "v40"]
    assert night.witness.deployments[0] == "dep-support"
    assert "dep-support-small" in night.witness.deployments
    on = [switch for switch in night.witness.switches if switch[0]]
    assert [on[0], (True, "5") in on, on[-1]] == [(True, "100"), True, (True, "100")]
    assert any(not enabled for enabled, _ in night.witness.switches)
    assert (night.witness.version(), night.witness.switch()) == ("v41", (True, "100"))
    assert {night.witness.deployment() for _ in range(20)} == {"dep-support"}


def test_unleash_names_who_did_it(night: Night) -> None:
    unleash = night.witness.systems["unleash"]
    headers = {"authorization": unleash.tokens["admin"]}
    asking = {"feature": f"IS:{FLAG}", "environment": f"IS:{ENVIRONMENT}"}
    url = f"{unleash.url}/api/admin/search/events"
    events = httpx.get(url, params=asking, headers=headers, trust_env=False, timeout=20).json()["events"]
    turned = [one for one in events if one["type"] == "feature-environment-disabled"]
    assert [one["createdBy"] for one in turned] == ["oncall"]


def test_the_traffic_really_went_through_the_gateway(night: Night) -> None:
    sent = night.one(Kind.RANGE_MEASURED).get("requests")
    assert night.proxied >= sent > 150


def test_what_was_done_scores_high(night: Night) -> None:
    assert night.score["parts"]["outcome"] > 0.85
    assert night.score["harm"]["yours"] < 0.3 * night.score["harm"]["nothing"]
    print(f"total {night.score['total']}, outcome {night.score['parts']['outcome']}")


def test_no_token_is_kept_anywhere(night: Night) -> None:
    config = night.witness.staging.config
    tokens = [file.read_bytes() for file in (config.parent / "tokens").iterdir()]
    assert len(tokens) == 4
    for file in [config / "cockpit" / "cockpit.toml", *(one for one in night.data.rglob("*") if one.is_file())]:
        content = file.read_bytes()
        assert not any(token in content for token in tokens), file
