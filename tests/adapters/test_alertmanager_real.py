"""A real Alertmanager: an update becomes an alert that it routes, a repeat changes nothing, and resolved ends it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cockpit_adapters.alertmanager import AlertmanagerAdapter, AlertmanagerOptions
from cockpit_adapters.alertmanager.system import Alertmanager

from cockpit.world.contract import Deadline, Place, Verdict
from tests.adapters.telling import message
from tests.systems.fixtures import running
from tests.systems.running import RunningSystem

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("alertmanager"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """An Alertmanager."""
    yield from running(tmp_path_factory, "alertmanager")


def made(system: RunningSystem) -> Alertmanager:
    """Return the channel."""
    place = Place("alerts", lambda name: "", lambda: datetime.now(UTC))
    table = {"adapter": "alertmanager", "url": system.url, "labels": {"team": "assistants"}}
    return AlertmanagerAdapter().connect(AlertmanagerOptions.model_validate(table), place)


def alerts(system: RunningSystem) -> list[Any]:
    """Return what it holds to be firing."""
    with urllib.request.urlopen(f"{system.url}/api/v2/alerts") as answer:
        found: list[Any] = json.load(answer)
        return found


def test_an_update_fires_once_and_resolves(system: RunningSystem) -> None:
    channel, now = made(system), datetime.now(UTC)
    began = now - timedelta(minutes=5)
    assert [one.verdict for one in channel.check(Deadline(10))] == [Verdict.FINE]
    for _ in range(2):
        channel.send(message(at=now, since=began), Deadline(10))
    (alert,) = alerts(system)
    assert alert["labels"]["incident"] == "INC-0007"
    assert alert["labels"]["team"] == "assistants"
    assert alert["annotations"]["description"] == message().text
    assert alert["receivers"]
    channel.send(message(at=datetime.now(UTC), since=began, state="resolved"), Deadline(10))
    assert alerts(system) == []


def test_a_test_message_is_over_when_it_arrives(system: RunningSystem) -> None:
    made(system).send(message(at=datetime.now(UTC), since=datetime.now(UTC), test=True), Deadline(10))
    assert [one for one in alerts(system) if one["labels"]["alertname"] == "CockpitIncidentTest"] == []
