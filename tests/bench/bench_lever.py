"""A route on a real LiteLLM is moved under traffic: through the saga, and by the bare admin call beside it.

Run: .venv/bin/python tests/bench/bench_lever.py [RUNS [PART …]], parts being one, tuned and plain.
Traffic is 20 requests a second, each on a connection of its own. What counts is the time from the pull to the end of
the last answer by the old model. With one worker the saga may take 1 s longer than the bare call; with two workers,
where only one of them hears of the change at once, it is told when the change was proven: tuned, when both read
their configuration every two seconds, and plain, as LiteLLM comes.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
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
LONGEST_S = 180.0
"""So long at most is waited for the last worker."""
CALL_S = 20.0
"""A look at a worker that reads its configuration just then takes seconds on a busy machine."""
WARM = 40
"""Answers that are fetched before anything is measured: the first one of each worker takes it many seconds."""
ADDRESS, TARGET = "alias:support", "support-v1"
PARTS = ("one", "tuned", "plain")
RELOAD_S = 2
TUNED = {"PROXY_CONFIG_RELOAD_INTERVAL_SECONDS": str(RELOAD_S)}


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
        answer, now = self._answer(), time.monotonic()
        with self._lock:
            self.streak.observe(answer)
            if not matches(self._expected, answer):
                self._bad.append((began, now))
                self.proven_at = 0.0
            elif self.streak.proven:
                self.proven_at = self.proven_at or now

    def _answer(self) -> Answered:
        body = {"model": "support", "messages": [{"role": "user", "content": "hello"}]}
        try:
            found = httpx.post(self._url, json=body, headers=self._headers, timeout=30, trust_env=False)
        except httpx.HTTPError:
            return Answered(datetime.now(UTC), 0)  # an answer that never came is none by the new model
        return Answered(datetime.now(UTC), found.status_code, dict(found.headers), found.content)

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


def connect(url: str, key: str, workers: int, reload_s: float = 30.0) -> Any:
    """Connect the adapter; it is told how often workers read their configuration, as a cockpit.toml tells it."""
    adapter = load_adapter("litellm")
    given: dict[str, Any] = {
        "adapter": "litellm", "url": url, "token": "env:KEY", "workers": workers, "reload_s": reload_s,
    }  # fmt: skip
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
    """Measure the saga where workers learn of a change in their own time: there, and back again."""
    kind = "tuned" if tuned else "plain"
    with start("litellm-db", folder=folder, workers=2, **options_of(provider, tuned)) as proxy:
        url, key = proxy.url, proxy.tokens["master"]
        warm(url, key)
        found: list[tuple[float, ...]] = []
        for number in range(runs):
            old, new = (None, TARGET) if number % 2 == 0 else (TARGET, None)
            found.append(one_pull(connect(url, key, 2, RELOAD_S if tuned else 30.0), url, key, old, new))
            last, call, proven, late = found[-1]
            print(
                f"two workers, {kind}: the call took {call:.1f} s, {late:.0f} old answers began after it, the "
                f"last one ended after {last:.1f} s, proven after {proven:.1f} s",
                flush=True,
            )
    lasts, provens = ([one[place] for one in found] for place in (0, 2))
    print(
        f"two workers, {kind}: last old answer after {statistics.median(lasts):.1f} s (at most {max(lasts):.1f}), "
        f"proven after {statistics.median(provens):.1f} s (at most {max(provens):.1f}), median of {runs}",
        flush=True,
    )


def options_of(provider: str, tuned: bool) -> dict[str, Any]:
    """Return how a proxy is started, as it comes or as our page on LiteLLM advises."""
    config = json.loads(default_config(provider))
    config["general_settings"] |= {"user_api_key_cache_ttl": 2} if tuned else {}
    return {"config": json.dumps(config), "env": TUNED if tuned else {}}


def warm(url: str, key: str) -> None:
    """Let both workers answer before anything is measured."""
    traffic = Traffic(url, key, Expectation("status", ("200",)))
    with ThreadPoolExecutor(8) as pool:
        for _ in range(WARM):
            pool.submit(traffic.ask)


def one_pull(system: Any, url: str, key: str, old: str | None, new: str | None) -> tuple[float, ...]:
    """Pull once from one value to another, and measure."""
    try:
        expected = system.expectation(ADDRESS, new, Deadline(CALL_S))
        return measure(url, key, lambda: by_saga(system, old, new), expected, LONGEST_S)
    finally:
        system.close()


def main(runs: int, parts: Sequence[str]) -> int:
    """Measure, print, and return 1 when the limit is missed."""
    fine = True
    try:
        with tempfile.TemporaryDirectory() as scratch, Upstream() as upstream:
            for part in parts or PARTS:
                folder = Path(scratch) / part
                folder.mkdir()
                if part == "one":
                    fine = one_worker(folder, upstream.root, runs)
                else:
                    two_workers(folder, upstream.root, runs, tuned=part == "tuned")
    except SystemMissing as error:
        print(f"not measured: {error} {error.hint}")
        return 0
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else RUNS, sys.argv[2:]))
