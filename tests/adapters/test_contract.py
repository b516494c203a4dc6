"""Every adapter keeps the contract: what it says of itself, what it does, what it tells nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cockpit.domain.levers import Stage
from cockpit.errors import BadInput, CockpitError, Moved, Refused
from cockpit.world.contract import (
    CONTROLLING,
    Adapter,
    Capability,
    ChangeLog,
    Control,
    Controls,
    Deadline,
    Expectation,
    Finding,
    Meter,
    StatusFeed,
    System,
    TraceSource,
    Verdict,
    Write,
)
from cockpit.world.contract_channels import Channel
from cockpit.world.contract_pager import Pager, PageRef
from cockpit.world.contract_tracker import Tracker
from cockpit.world.options import SystemOptions
from cockpit.world.saga import carry_out, same
from cockpit.world.specimen import Specimen
from tests.adapters.calling import CALLS
from tests.adapters.secrecy import leaks, logged, told
from tests.adapters.served import Echo, Elsewhere, Served
from tests.adapters.subjects import (
    CONTROLLED,
    MISSING,
    SERVED,
    SPECIMENS,
    Trial,
    adapter_of,
    connect,
    first_of_each,
    name_of,
    order,
    read,
    trial,
)
from tests.adapters.telling import message
from tests.adapters.ticketing import tracker_calls

PROMISED: dict[Capability, type[Any]] = {
    Capability.CHANGES: ChangeLog,
    Capability.PROVIDER_FEED: StatusFeed,
    Capability.SIGNALS: Meter,
    Capability.TRACES: TraceSource,
    Capability.CHANNEL: Channel,
    Capability.PAGER: Pager,
    Capability.TRACKER: Tracker,
}
LONG_AGO, IN_A_WHILE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def test_every_announced_adapter_has_a_specimen_or_is_the_simulator() -> None:
    assert MISSING == {}


@pytest.fixture(params=SPECIMENS, ids=name_of)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


@pytest.fixture(params=first_of_each(SPECIMENS), ids=name_of)
def tried(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trial]:
    with trial(request.param, tmp_path) as made:
        yield made


@pytest.fixture(params=CONTROLLED, ids=name_of)
def controlled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trial]:
    with trial(request.param, tmp_path) as made:
        yield made


@pytest.fixture(params=first_of_each(SERVED), ids=name_of)
def remote(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


def soon() -> Deadline:
    """Return a deadline that no healthy fake needs."""
    return Deadline(10)


def test_it_says_what_it_is(specimen: Specimen) -> None:
    adapter = adapter_of(specimen)
    assert isinstance(adapter, Adapter)
    assert adapter.name == specimen.adapter
    assert adapter.capabilities
    assert adapter.tested
    assert all(one.against for one in adapter.tested)
    assert issubclass(adapter.options, SystemOptions)


def test_it_can_what_it_says(tried: Trial) -> None:
    capabilities = adapter_of(tried.specimen).capabilities
    assert isinstance(tried.system, System)
    assert isinstance(tried.system, Controls) == bool(capabilities & CONTROLLING)
    for capability, protocol in PROMISED.items():
        assert isinstance(tried.system, protocol) == (capability in capabilities), capability
    if isinstance(tried.system, Controls):
        assert tried.specimen.address, "a system with controls shows one"


def test_its_table_refuses_what_it_does_not_know(specimen: Specimen) -> None:
    with pytest.raises(ValidationError, match="no_such_option"):
        adapter_of(specimen).options(
            **{"adapter": specimen.adapter, "url": "http://127.0.0.1", **specimen.options, "no_such_option": 1}
        )


def test_what_is_no_address_is_refused_and_addresses_are_shown(controlled: Trial) -> None:
    assert controlled.specimen.bad_addresses
    for address in controlled.specimen.bad_addresses:
        with pytest.raises(BadInput) as caught:
            controlled.system.control(address)
        shown = ":" in caught.value.message or caught.value.hint
        assert shown, f"{address!r}: {caught.value} shows no address"


def test_an_address_is_understood_without_asking(controlled: Trial) -> None:
    if controlled.chaos:
        controlled.chaos.begin("refused")
    found = controlled.system.control(controlled.specimen.address)
    assert isinstance(found, Control)
    assert found.address
    assert found.what
    assert found.reach
    assert 0 <= found.effect_s[0] <= found.effect_s[1]
    assert found.capability in adapter_of(controlled.specimen).capabilities & CONTROLLING


def test_a_target_is_understood_as_people_write_it(controlled: Trial) -> None:
    specimen = controlled.specimen
    assert same(controlled.system.parse(specimen.address, specimen.text), specimen.want)


def test_a_target_that_is_none_is_refused_or_taken_but_never_a_crash(controlled: Trial) -> None:
    for text in ("", "no such thing", "-1", "\x1b[2J", "[", "9" * 400):
        with suppress(CockpitError):
            controlled.system.parse(controlled.specimen.address, text)


def test_what_is_done_can_be_undone_exactly(controlled: Trial) -> None:
    specimen, system = controlled.specimen, controlled.system
    before = read(system, specimen.address)
    assert same(before.value, specimen.first)
    done = carry_out(system, order(system, specimen, specimen.want, "L1"), 10.0)
    assert (done.stage, done.sends) == (Stage.APPLIED, 1), done.reason
    after = read(system, specimen.address)
    assert same(after.value, specimen.want)
    assert bool(after.version) == bool(before.version) == specimen.carries_version
    if specimen.carries_version:
        assert after.version != before.version
    undone = carry_out(system, order(system, specimen, before.value, "L2"), 10.0)
    assert (undone.stage, undone.sends) == (Stage.APPLIED, 1), undone.reason
    assert same(read(system, specimen.address).value, before.value)


def test_the_same_write_twice_is_one_change(controlled: Trial) -> None:
    write, before = controlled.planned(), controlled.applied
    controlled.system.write(write, soon())
    with suppress(Moved, Refused):
        controlled.system.write(write, soon())
    assert same(controlled.now().value, controlled.specimen.want)
    assert controlled.applied - before <= 1


def test_what_a_colleague_changed_is_not_overwritten(controlled: Trial) -> None:
    specimen = controlled.specimen
    assert specimen.elsewhere is not None
    plan = order(controlled.system, specimen, specimen.first, "L1")
    specimen.elsewhere(controlled.ground, specimen.want)
    applied = controlled.applied
    with pytest.raises((Moved, Refused)) as caught:
        controlled.system.write(plan, soon())
    assert isinstance(caught.value, Moved)
    result = carry_out(controlled.system, plan, 5.0)
    assert (result.stage, result.sends) == (Stage.REFUSED, 0)
    assert "when you planned" in result.reason
    assert same(controlled.now().value, specimen.want)
    assert controlled.applied == applied


def test_a_fence_holds_even_when_the_value_is_back_where_it_was(controlled: Trial) -> None:
    specimen = controlled.specimen
    if not controlled.system.control(specimen.address).fenced:
        assert specimen.first != specimen.want
        return
    assert specimen.elsewhere is not None
    plan = controlled.planned()
    specimen.elsewhere(controlled.ground, specimen.want)
    specimen.elsewhere(controlled.ground, specimen.first)
    with pytest.raises(Moved):
        controlled.system.write(plan, soon())
    assert carry_out(controlled.system, plan, 5.0).stage is Stage.REFUSED


def test_histories_and_expectations_are_of_the_contract(controlled: Trial) -> None:
    specimen = controlled.specimen
    for version in controlled.system.versions(specimen.address, soon()):
        assert version.shown
    expected = controlled.system.expectation(specimen.address, specimen.want, soon())
    if expected is not None:
        assert isinstance(expected, Expectation)
        assert expected.allowed or expected.forbidden
        assert expected.carrier in ("status", "text") or expected.carrier.startswith(("header:", "json:"))


def test_findings_say_what_to_do_next(tried: Trial) -> None:
    findings = tried.system.check(soon())
    assert findings
    for finding in findings:
        assert isinstance(finding, Finding)
        assert finding.what
        assert finding.verdict is Verdict.FINE or finding.next_step, finding
        assert not leaks(repr(finding))


def test_a_healthy_system_is_found_healthy(tried: Trial) -> None:
    wrong = [one for one in tried.system.check(soon()) if one.verdict is Verdict.WRONG]
    assert wrong == []


def calls(tried: Trial) -> Iterator[Any]:
    """Yield everything a system can be asked for."""
    system, address = tried.system, tried.specimen.address
    yield lambda: system.check(soon())
    if isinstance(system, TraceSource):
        yield lambda: system.traces(LONG_AGO, IN_A_WHILE, "", soon())
    if isinstance(system, Channel):
        yield lambda: system.send(message(), soon())
    if isinstance(system, Pager):
        yield lambda: system.on_call("", soon())
        for call in CALLS.values():
            yield partial(call, system, PageRef("Q1"), soon())
    if isinstance(system, Tracker):
        yield from tracker_calls(system, soon)
    if address:
        yield lambda: system.read(address, soon())
        yield lambda: system.versions(address, soon())
        yield lambda: system.expectation(address, tried.specimen.want, soon())
        yield lambda: system.write(
            Write(address, tried.specimen.want, "L1", "1", tried.specimen.first, "by ada"), soon()
        )


@pytest.mark.parametrize(
    "status", [200, 500, *(pytest.param(status, marks=pytest.mark.integration) for status in (400, 401, 409, 429))]
)
def test_a_talkative_answer_gives_no_secret_away(
    remote: Specimen, status: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (None, "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    with Served(Echo(status)) as served, trial(remote, tmp_path) as tried:
        tried.system.close()
        tried.system = connect(remote, {"url": served.url, "deadline_s": 2.0})
        for call in calls(tried):
            try:
                shown = repr(call())
            except CockpitError as problem:
                shown = told(problem)
            assert not leaks(shown), shown
        assert not leaks(repr(tried.system))
    assert not leaks(logged(caplog.records))


def test_a_redirect_is_not_followed(remote: Specimen, tmp_path: Path) -> None:
    away = Echo()
    with Served(away) as target, Served(Elsewhere(target.url)) as served, trial(remote, tmp_path) as tried:
        tried.system.close()
        tried.system = connect(remote, {"url": served.url, "deadline_s": 2.0})
        for call in calls(tried):
            with suppress(CockpitError):
                call()
        assert away.asked == []


def test_proxies_of_the_environment_are_not_used(
    remote: Specimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Echo()
    with Served(proxy) as between:
        for name in PROXIES:
            monkeypatch.setenv(name, between.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with trial(remote, tmp_path) as tried:
            tried.system.check(soon())
    assert proxy.asked == []
