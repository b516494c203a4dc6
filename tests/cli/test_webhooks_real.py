"""A real Alertmanager sends to a receiver in a process of its own, which is ended and started again in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli.places import open_journal
from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from tests.systems import RunningSystem, SystemMissing, start
from tests.systems.loopback import free_port

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

TOKEN = "a-token-for-one-test"
SETTINGS = '[webhooks.sources.alertmanager]\nkind = "alertmanager"\nsecret = "env:AM_TOKEN"\n'
LABELS = {"alertname": "LeakRate", "service": "answers", "severity": "critical"}


class Folder:
    """The settings and the data of one receiver."""

    def __init__(self, folder: Path, token: str = TOKEN) -> None:
        self.listen = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.listen}/alertmanager"
        self._data = folder / "data"
        settings = folder / "config" / "cockpit" / "cockpit.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS)
        self._env = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config"), "AM_TOKEN": token}
        self._out = folder / "out"

    @contextmanager
    def receiver(self) -> Iterator[subprocess.Popen[bytes]]:
        """Receive in another process, and end it by a signal."""
        command = [sys.executable, "-m", "cockpit", "serve-webhooks", "--listen", self.listen, "--json"]
        with self._out.open("ab") as out:
            process = subprocess.Popen([*command, "--data", str(self._data)], env=self._env, stdout=out, stderr=out)
        try:
            until(lambda: reachable(f"http://{self.listen}/healthz"))
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0

    def lines(self) -> list[dict[str, Any]]:
        """Return what the receiver has printed."""
        return [json.loads(line) for line in self._out.read_text().splitlines()]

    def taken(self, what: str) -> int:
        """Return how many alerts it has accepted, or known already."""
        return sum(int(line.get(what, 0)) for line in self.lines())

    def incidents(self) -> dict[str, list[Event]]:
        """Return every incident with its journal."""
        with open_journal(Namespace(data=str(self._data)), read_only=True) as journal:
            return {line.id: journal.events(line.id) for line in journal.incidents()}


def until(holds: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.1)


def reachable(url: str) -> bool:
    """Tell whether a page answers."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def tell(system: RunningSystem, **more: Any) -> None:
    """Tell Alertmanager of the alert."""
    alert = {"labels": LABELS, "annotations": {"summary": "answers leak"}, **more}
    request = urllib.request.Request(
        f"{system.url}/api/v2/alerts", json.dumps([alert]).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


@contextmanager
def alertmanager(folder: Path, webhook: str) -> Iterator[RunningSystem]:
    """Start a real one that sends to the receiver."""
    try:
        system = start("alertmanager", folder=folder / "am", webhook=webhook, token=TOKEN)
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")
    with system:
        yield system


def test_fired_repeated_and_resolved(tmp_path: Path) -> None:
    place, began = Folder(tmp_path), datetime.now(UTC) - timedelta(minutes=1)
    with alertmanager(tmp_path, place.url) as system:
        with place.receiver():
            tell(system, startsAt=began.isoformat())
            until(lambda: place.taken("accepted") == 1)
            until(lambda: place.taken("repeated") >= 1)
        before = place.taken("repeated")
        with place.receiver():
            until(lambda: place.taken("repeated") > before)
            tell(system, startsAt=began.isoformat(), endsAt=datetime.now(UTC).isoformat())
            until(lambda: place.taken("accepted") == 2)
    ((incident, events),) = place.incidents().items()
    assert incident == "INC-0001"
    assert [event.kind for event in events] == [
        Kind.INCIDENT_OPENED, Kind.PAGED, Kind.ALERT_RECEIVED, Kind.ALERT_RECEIVED,
    ]  # fmt: skip
    (alert,) = fold(events).alerts.values()
    assert (alert.status, alert.service, alert.title) == ("resolved", "answers", "answers leak")
    assert events[2].get("started") == began.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert place.lines()[-1]["counts"]["alertmanager: accepted"] == 1


def test_a_wrong_token_opens_nothing(tmp_path: Path) -> None:
    place = Folder(tmp_path, token="another-one")
    with alertmanager(tmp_path, place.url) as system, place.receiver():
        tell(system)
        until(lambda: any(line.get("why") == "wrong token" for line in place.lines()))
    assert place.incidents() == {}
    assert TOKEN not in json.dumps(place.lines())
