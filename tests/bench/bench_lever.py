"""A route on a real LiteLLM is moved under traffic: through the saga, and by the bare admin call beside it.

Run: .venv/bin/python tests/bench/bench_lever.py [RUNS]
Traffic is 20 requests a second, each on a connection of its own. What counts is the time from the pull to the end of
the last answer by the old model. With one worker the saga may take 1 s longer than the bare call; with two workers,
where only one of them hears of the change at once, it is told when the change was proven.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.world.contract import Deadline, Expectation, Place, Write
from cockpit.world.registry import load_adapter
from cockpit.world.saga import carry_out
from cockpit.world.wire import Answered, Streak, matches
from tests.systems import SystemMissing, Upstream, start
from tests.systems.litellm import default_config

LIMIT_S = 1.0
PER_SECOND = 20
SETTLED_S = 2.5
RUNS = 5
CALL_S = 20.0
"""The first look at a fresh worker takes it seconds on a busy machine."""
ADDRESS, TARGET = "alias:support", "support-v1"
TUNED = {"PROXY_CONFIG_RELOAD_INTERVAL_SECONDS": "2"}


class Traffic:
    """Requests at a steady pace, and how each was answered."""

    def __init__(self, url: str, key: str, expected: Expectation) -> None:
        self.streak = Streak(expected)
        self.proven_at = 0.0
        self._expected, self._url = expected, f"{url}/v1/chat/completions"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._bad: list[tuple[float, float]] = []
        self._stop, self._lock = threading.Event(), threading.Lock()

    def ask(self) -> None:
        """Send one request and judge its answer."""
        began = time.monotonic()
        body = {"model": "support", "messages": [{"role": "user", "content": "hello"}]}
        found = httpx.post(self._url, json=body, headers=self._headers, timeout=30, trust_env=False)
        answer, now = (
            Answered(datetime.now(UTC), found.status_code, dict(found.headers), found.content),
            time.monotonic(),
        )
        with self._lock:
            self.streak.observe(answer)
            if not matches(self._expected, answer):
                self._bad.append((began, now))
                self.proven_at = 0.0
            elif self.streak.proven:
                self.proven_at = self.proven_at or now

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Keep requests coming."""
        with ThreadPoolExecutor(16) as pool:
            pacer = threading.Thread(target=self._pace, args=(pool,), daemon=True)
            pacer.start()
            try:
                yield
            finally:
                self._stop.set()
                pacer.join()

    def _pace(self, pool: ThreadPoolExecutor) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            pool.submit(self.ask)
            due += 1 / PER_SECOND
            self._stop.wait(max(0.0, due - time.monotonic()))

    def last_bad(self, since: float) -> float:
        """Return the seconds from a moment to the end of the last old answer."""
        with self._lock:
            return max([end - since for _, end in self._bad if end > since], default=0.0)

    def started_after(self, moment: float) -> int:
        """Return how many requests that began after a moment were answered by the old model."""
        with self._lock:
            return sum(began > moment for began, _ in self._bad)


def connect(url: str, key: str, workers: int) -> Any:
    """Connect the adapter."""
    adapter = load_adapter("litellm")
    given: dict[str, Any] = {"adapter": "litellm", "url": url, "token": "env:KEY", "workers": workers}
    options = adapter.options(**given)
    return adapter.connect(options, Place("gateway", lambda _: key, WallClock().now))


def by_saga(system: Any, before: Any, value: Any) -> None:
    """Pull as the cockpit does."""
    result = carry_out(system, Write(ADDRESS, value, f"bench {time.monotonic_ns()}", "", before), 60.0, call_s=CALL_S)
    if result.stage is not Stage.APPLIED:
        raise RuntimeError(f"the saga ended {result.stage}: {result.reason}")


def bare(url: str, key: str, value: Any) -> None:
    """Pull by the admin call alone."""
    body = {"router_settings": {"model_group_alias": {"support": value} if value else {}}}
    headers = {"Authorization": f"Bearer {key}"}
    httpx.post(f"{url}/config/update", json=body, headers=headers, timeout=30, trust_env=False).raise_for_status()


def measure(url: str, key: str, pull: Callable[[], None], expected: Expectation, longest: float) -> tuple[float, ...]:
    """Return seconds to the last old answer, of the call, and to the proof, and old answers begun after the call."""
    traffic = Traffic(url, key, expected)
    with traffic.flowing():
        time.sleep(1.0)
        began = time.monotonic()
        pull()
        called = time.monotonic()
        while not traffic.proven_at and time.monotonic() - began < longest:
            time.sleep(0.02)
        proven = (traffic.proven_at or time.monotonic()) - began
        time.sleep(max(0.0, SETTLED_S - (time.monotonic() - called)))
    return traffic.last_bad(began), called - began, proven, traffic.started_after(called)


def one_worker(folder: Path, provider: str, runs: int) -> bool:
    """Measure both ways in turn and judge."""
    found: dict[str, list[tuple[float, ...]]] = {"saga": [], "bare": []}
    with start("litellm-db", folder=folder, provider=provider) as proxy:
        url, key = proxy.url, proxy.tokens["master"]
        system = connect(url, key, 1)
        expected = system.expectation(ADDRESS, TARGET, Deadline(20))
        ways: dict[str, Callable[[], None]] = {
            "saga": lambda: by_saga(system, None, TARGET), "bare": lambda: bare(url, key, TARGET),
        }  # fmt: skip
        for number in range(runs + 1):
            for name, pull in ways.items():
                result = measure(url, key, pull, expected, 30)
                bare(url, key, None)
                if number:  # the first of each only warms the proxy
                    found[name].append(result)
        system.close()
    for name, results in found.items():
        shown = " ".join(f"{1000 * last:.0f}" for last, *_ in results)
        calls = " ".join(f"{1000 * call:.0f}" for _, call, *_ in results)
        late = sum(int(result[3]) for result in results)
        print(
            f"one worker, {name}: last old answer after {shown} ms; the call took {calls} ms; {late} began after it"
        )
    medians = {name: statistics.median(last for last, *_ in results) for name, results in found.items()}
    more = medians["saga"] - medians["bare"]
    fine = more <= LIMIT_S
    print(
        f"contained {1000 * more:.0f} ms later than by the bare call (median of {runs}, limit {LIMIT_S:.0f} s): "
        f"{'pass' if fine else 'MISS'}"
    )
    return fine


def two_workers(folder: Path, provider: str, runs: int, tuned: bool) -> None:
    """Measure the saga where workers learn of a change in their own time."""
    config = json.loads(default_config(provider))
    config["general_settings"] |= {"user_api_key_cache_ttl": 2} if tuned else {}
    env = TUNED if tuned else {}
    with start("litellm-db", folder=folder, config=json.dumps(config), workers=2, env=env) as proxy:
        url, key = proxy.url, proxy.tokens["master"]
        for number in range(runs + 1):
            system = connect(url, key, 2)
            expected = system.expectation(ADDRESS, TARGET, Deadline(20))
            last, call, proven, late = measure(url, key, lambda s=system: by_saga(s, None, TARGET), expected, 90)  # type: ignore[misc]
            system.close()
            bare(url, key, None)
            time.sleep(3 if tuned else 35)
            if number or not tuned:
                kind = "tuned" if tuned else "as it comes"
                print(
                    f"two workers, {kind}: last old answer after {1000 * last:.0f} ms ({late:.0f} began after "
                    f"the call, which took {1000 * call:.0f} ms), proven after {proven:.1f} s",
                    flush=True,
                )


def main(runs: int) -> int:
    """Measure, print, and return 1 when the limit is missed."""
    try:
        with tempfile.TemporaryDirectory() as scratch, Upstream() as upstream:
            folders = [Path(scratch) / name for name in ("one", "tuned", "plain")]
            for folder in folders:
                folder.mkdir()
            fine = one_worker(folders[0], upstream.root, runs)
            two_workers(folders[1], upstream.root, 3, tuned=True)
            two_workers(folders[2], upstream.root, 1, tuned=False)
    except SystemMissing as error:
        print(f"not measured: {error} {error.hint}")
        return 0
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else RUNS))
