"""A real Alertmanager pages PagerDuty and Opsgenie, and tells the cockpit: its pages are found by their group."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.opsgenie.fake import FakeOpsgenie
from cockpit_adapters.pagerduty.fake import FakePagerDuty

from cockpit.domain.deliveries import Deliveries, Delivery, Stage
from cockpit.domain.events import Event, Kind, Source
from cockpit.domain.incident import fold
from cockpit.domain.pages import ACKNOWLEDGE
from cockpit.errors import WorldError
from cockpit.intake.alerts.model import Rules
from cockpit.intake.alerts.read import read_alerts
from cockpit.live.outlets import Matter
from cockpit.live.pager_stops import PagerStop
from cockpit.world.contract_pager import Pager
from cockpit.world.specimen import Asked, Said
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, connect
from tests.journal.making import START
from tests.systems.fixtures import running
from tests.systems.running import RunningSystem

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("alertmanager"), pytest.mark.timeout(300)]

LABELS = {"alertname": "LeakRate", "service": "answers", "severity": "critical"}


class Heard:
    """What the cockpit's webhook would be sent."""

    applied = 0

    def __init__(self) -> None:
        self.bodies: list[Any] = []

    def answer(self, asked: Asked) -> Said:
        """Take it."""
        self.bodies.append(asked.json())
        return Said(202)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """An Alertmanager."""
    yield from running(tmp_path_factory, "alertmanager")


def until(holds: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)
    return found


def wire(system: RunningSystem, heard: str, pagerduty: str, opsgenie: str) -> None:
    """Let one receiver tell all three."""
    file = Path(system.folder) / "alertmanager.yml"
    config = json.loads(file.read_text("utf-8"))
    receiver = config["receivers"][0]
    receiver["webhook_configs"] = [{"url": heard, "send_resolved": True}]
    receiver["pagerduty_configs"] = [{"routing_key": "r" * 32, "url": f"{pagerduty}/v2/enqueue"}]
    receiver["opsgenie_configs"] = [{"api_key": "k" * 36, "api_url": f"{opsgenie}/"}]
    file.write_text(json.dumps(config), "utf-8")
    urllib.request.urlopen(urllib.request.Request(f"{system.url}/-/reload", method="POST")).close()


def fire(system: RunningSystem) -> None:
    """Let an alert fire."""
    alert = [{"labels": LABELS, "startsAt": datetime.now(UTC).isoformat()}]
    request = urllib.request.Request(
        f"{system.url}/api/v2/alerts", json.dumps(alert).encode(), {"content-type": "application/json"}
    )
    urllib.request.urlopen(request).close()


def acknowledged(pager: Pager, body: Any) -> None:
    """Acknowledge what a webhook told of, as the courier does."""
    rules = Rules("prometheus", "alertmanager")
    (alert,) = read_alerts(json.dumps(body).encode(), rules).alerts
    told = alert.payload()
    lines = [(Kind.INCIDENT_OPENED, {"mode": "live"}), (Kind.ALERT_RECEIVED, told), (Kind.ACKNOWLEDGED, {})]
    events = [
        Event("INC-0001", number, START, START, "ada", Source.PERSON, kind, payload, "", f"{number:064}")
        for number, (kind, payload) in enumerate(lines, 1)
    ]
    stop = PagerStop("oncall", pager, groups=frozenset({"prometheus"}), deadline_s=10.0)
    matter = Matter(fold(events), events[0], Deliveries())
    (job,) = stop.jobs(matter)
    assert f" {ACKNOWLEDGE} " in job.channel
    delivery = Delivery(job.line, job.channel, Stage.SENDING, START, "a1")
    work = stop.work(matter, delivery)

    def tried() -> bool:
        try:
            work()
        except WorldError:
            return False
        return True

    until(tried)


def test_its_groups_are_known_at_the_pagers_by_their_hash(system: RunningSystem) -> None:
    heard, pagerduty, opsgenie = Heard(), FakePagerDuty(), FakeOpsgenie()
    with ExitStack() as stack:
        at = [stack.enter_context(Served(fake)).url for fake in (heard, pagerduty, opsgenie)]
        wire(system, *at)
        fire(system)
        body = until(lambda: heard.bodies and pagerduty.applied and opsgenie.applied and heard.bodies[-1])
        for name, url in (("pagerduty", at[1]), ("opsgenie", at[2])):
            specimen = next(one for one in SERVED if one.adapter == name)
            acknowledged(connect(specimen, {"url": url, "deadline_s": 10.0}), body)
    assert [one["status"] for one in pagerduty.incidents.values()] == ["triggered", "acknowledged"]
    assert [one["acknowledged"] for one in opsgenie.alerts.values()] == [False, True]
