"""Adapters are found by their announcement, described by their contract, and fail with a reason."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput
from cockpit.world import registry
from cockpit.world.contract import Adapter, Place
from cockpit.world.options import SystemOptions
from cockpit.world.registry import BUILT_IN, GROUP, adapter_names, load_adapter


def announce(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Let one adapter be announced, and no other."""
    monkeypatch.setattr(registry, "_announced", lambda: (EntryPoint(name, value, GROUP),))


def test_the_simulator_is_there_even_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_announced", lambda: ())
    assert adapter_names() == tuple(sorted(BUILT_IN))
    assert load_adapter("simulator").name == "simulator"


def test_the_simulator_reaches_nobody() -> None:
    simulator = load_adapter("simulator")
    assert isinstance(simulator, Adapter)
    with pytest.raises(BadInput, match="no system to configure"):
        simulator.connect(SystemOptions(adapter="simulator"), Place("sim", lambda _: "", WallClock().now))


def test_an_unknown_adapter_is_named_with_what_lists_those_there_are() -> None:
    with pytest.raises(BadInput, match="cockpit adapters"):
        load_adapter("gateway")


def test_names_are_told_without_importing(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(monkeypatch, "broken", "no_such_module:Nothing")
    assert adapter_names() == tuple(sorted({"broken", *BUILT_IN}))


@pytest.mark.parametrize("value", ["no_such_module:Nothing", "cockpit.errors:Nothing", "math:sqrt"])
def test_a_broken_adapter_is_an_error_with_its_place(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    announce(monkeypatch, "broken", value)
    with pytest.raises(BadInput, match=value):
        load_adapter("broken")


def test_an_adapter_without_the_contract_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EntryPoint, "load", lambda _: SimpleNamespace)
    announce(monkeypatch, "halfway", "somewhere:Halfway")
    with pytest.raises(BadInput, match="lacks"):
        load_adapter("halfway")
