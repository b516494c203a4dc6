"""Portkey configs: values and orders changed in place, what the gateway would refuse, keys that stay in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.portkey import PortkeyAdapter, PortkeyOptions
from cockpit_adapters.portkey.config import indexes, refuse_broken
from cockpit_adapters.portkey.specimen import CONFIG
from cockpit_adapters.portkey.system import PortkeySystem
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import BadInput, CockpitError, Moved, Refused
from cockpit.world.contract import Capability, Deadline, Place, Value, Verdict, Write
from cockpit.world.saga import carry_out

MODEL = "json:targets.0.override_params.model"


def connected(folder: Path, text: str = CONFIG) -> PortkeySystem:
    """Write a config and connect to it."""
    (folder / "portkey.json").write_text(text, "utf-8")
    options = PortkeyOptions(adapter="portkey", file=str(folder / "portkey.json"))
    system = PortkeyAdapter().connect(options, Place("gateway", lambda _: "", WallClock().now))
    assert isinstance(system, PortkeySystem)
    return system


def pull(system: PortkeySystem, address: str, value: Value) -> Value:
    """Carry out a change and return what was there before."""
    reading = system.read(address, Deadline(5))
    write = Write(address, value, "key", reading.version, reading.value)
    assert carry_out(system, write, 5).stage is Stage.APPLIED
    return reading.value


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (MODEL, "support-v1"), ("json:targets.1.weight", "0.05"), ("json:strategy.mode", "single"),
        ("json:retry", '{"attempts": 3}'), ("target:targets", "backup, primary"), ("json:targets.0.weight", "null"),
    ],
)  # fmt: skip
def test_a_change_is_undone(tmp_path: Path, address: str, text: str) -> None:
    system = connected(tmp_path)
    before = pull(system, address, system.parse(address, text))
    assert (tmp_path / "portkey.json").read_text("utf-8") != CONFIG
    pull(system, address, before)
    assert json.loads((tmp_path / "portkey.json").read_text("utf-8")) == json.loads(CONFIG)


def test_only_the_value_changes(tmp_path: Path) -> None:
    pull(connected(tmp_path), MODEL, "support-v3")
    assert (tmp_path / "portkey.json").read_text("utf-8") == CONFIG.replace("support-v2", "support-v3")


def test_what_is_expected_on_the_wire_is_what_tells_old_from_new(tmp_path: Path) -> None:
    system = connected(tmp_path, CONFIG.replace('"weight": 0', '"weight": 1'))
    expected = system.expectation("json:targets.0.weight", 0, Deadline(5))
    assert expected is not None
    assert (expected.carrier, expected.allowed, expected.forbidden) == (
        "header:x-portkey-last-used-option-index", ("config.targets[1]",), ("config.targets[0]",),
    )  # fmt: skip
    assert system.expectation(MODEL, "support-v1", Deadline(5)) is None
    assert system.expectation("target:targets", ["backup", "primary"], Deadline(5)) is None


@pytest.mark.parametrize(
    ("address", "value", "told"),
    [
        ("json:targets.0.weight", 0, "all weights are 0"),
        ("json:targets.0.weight", "much", "no share"),
        ("json:strategy.mode", "nonsense", "loadbalance"),
        ("json:targets", [], "at least one"),
        ("target:targets", ["backup"], "no order"),
        ("json:targets.7.weight", 1, "there is no"),
        ("json:targets.0.override_params", {"api_key": "sk-x"}, "holds a key"),
    ],
)
def test_what_the_gateway_would_refuse_is_not_written(tmp_path: Path, address: str, value: Value, told: str) -> None:
    with pytest.raises(CockpitError, match=told):
        connected(tmp_path).write(Write(address, value, "key"), Deadline(5))
    assert (tmp_path / "portkey.json").read_text("utf-8") == CONFIG


def test_a_colleague_s_change_is_not_overwritten(tmp_path: Path) -> None:
    system = connected(tmp_path)
    reading = system.read(MODEL, Deadline(5))
    (tmp_path / "portkey.json").write_text(CONFIG.replace("support-v2", "support-v9"), "utf-8")
    with pytest.raises(Moved, match="was support-v2 when this was planned, it is support-v9 now"):
        system.write(Write(MODEL, "support-v1", "key", reading.version, reading.value), Deadline(5))


def test_keys_never_leave_the_file(tmp_path: Path) -> None:
    system = connected(tmp_path, CONFIG.replace('"virtual_key": "openai-main"', '"api_key": "sk-very-secret"'))
    for address in ("json:targets", "json:targets.0"):
        with pytest.raises(Refused, match="holds a key") as caught:
            system.read(address, Deadline(5))
        assert "sk-very" not in str(caught.value)
    with pytest.raises(BadInput, match="names a secret"):
        system.control("json:targets.0.api_key")
    warned = [one for one in system.check(Deadline(5)) if one.verdict is Verdict.WARNING]
    assert "in clear" in warned[0].detail
    assert "sk-very" not in str(warned)
    assert system.read("json:targets.0.override_params", Deadline(5)).value == {"model": "support-v2"}


def test_targets_that_look_alike_have_no_order(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="told apart"):
        connected(tmp_path, CONFIG.replace("backup", "primary")).read("target:targets", Deadline(5))


def test_places_say_what_they_decide(tmp_path: Path) -> None:
    system = connected(tmp_path)
    assert system.control(MODEL).capability is Capability.MODEL_PIN
    assert system.control("json:input_guardrails").capability is Capability.GUARDRAIL
    assert system.control("json:strategy.mode").capability is Capability.ROUTING


WEIGHTS = st.lists(st.sampled_from([0, 0.5, 1]), min_size=1, max_size=5)


@given(WEIGHTS, st.sampled_from(["single", "loadbalance", "fallback"]))
def test_a_target_without_weight_is_never_expected(weights: list[float], mode: str) -> None:
    targets: list[Any] = [{"provider": "openai", "weight": weight} for weight in weights]
    config = {"strategy": {"mode": mode}, "targets": targets}
    if mode == "loadbalance" and not any(weights):
        with pytest.raises(Refused):
            refuse_broken(config)
        return
    refuse_broken(config)
    used = [f"config.targets[{number}]" for number, weight in enumerate(weights) if weight or mode != "loadbalance"]
    assert list(indexes(config)) == (used[:1] if mode == "single" else used)
