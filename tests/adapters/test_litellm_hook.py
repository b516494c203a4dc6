"""The hook's file and levers: what may be set, by whom first, and what survives repeats, races and damage."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.litellm_hook import HOOK, HookOptions, LiteLLMHookAdapter
from cockpit_adapters.litellm_hook.fake import FakeHook, move
from cockpit_adapters.litellm_hook.hook import cockpit_levers_state as kept
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput, Moved, Refused, Unreachable, Unsure
from cockpit.world.contract import Capability, Place, Verdict, Write
from tests.adapters.hosted import Wire, connected, order, soon

LEVERS = (
    ("route:support", "support-v1"), ("killed:support", "on"), ("share:support", "5 %"),
    ("max_tokens:support", "200"), ("temperature:support", "0.2"), ("tools:team/support/search", "off"),
    ("blocked_words:input", "refund all, wire"), ("blocked_words:output", "secret"),
)  # fmt: skip


@pytest.fixture
def fake() -> FakeHook:
    return FakeHook()


@pytest.fixture(params=["http", "file"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, fake: FakeHook) -> Any:
    if request.param == "http":
        return connected(monkeypatch, "litellm_hook", fake)[0]
    return by_file(fake.path)


def by_file(path: Path) -> Any:
    place = Place("gateway", lambda _: "", WallClock().now)
    return LiteLLMHookAdapter().connect(HookOptions(adapter="litellm_hook", file=str(path)), place)


@pytest.mark.parametrize(("address", "text"), LEVERS)
def test_a_lever_is_set_and_taken_back_and_no_other_moves(
    system: Any, fake: FakeHook, address: str, text: str
) -> None:
    move(fake.path, "route:bystander", "x")
    bystander = system.read("route:bystander", soon())
    before, wanted = system.read(address, soon()).value, system.parse(address, text)
    assert wanted != before
    for key, value in (("pull", wanted), ("undo", before)):
        system.write(order(address, value, system.read(address, soon()), key=key), soon())
        assert system.read(address, soon()).value == value
    assert system.read("route:bystander", soon()) == bystander


def test_another_lever_pulled_meanwhile_is_no_reason_to_refuse(system: Any, fake: FakeHook) -> None:
    reading = system.read("route:support", soon())
    move(fake.path, "killed:refunds", True)
    system.write(order("route:support", "support-v1", reading), soon())
    with pytest.raises(Moved, match="support-v1"):
        system.write(order("route:support", "support-v2", reading, key="k2"), soon())


def test_a_repeat_is_answered_as_before_even_after_others_wrote(system: Any, fake: FakeHook) -> None:
    write = order("route:support", "support-v1", system.read("route:support", soon()))
    system.write(write, soon())
    move(fake.path, "route:support", "support-v3")
    system.write(write, soon())
    assert system.read("route:support", soon()).value == "support-v3"


def test_a_value_written_by_hand_has_another_version(system: Any, fake: FakeHook) -> None:
    move(fake.path, "route:support", "support-v1")
    reading = system.read("route:support", soon())
    fake.path.write_text(fake.path.read_text("utf-8").replace("support-v1", "by-hand"), "utf-8")
    with pytest.raises(Moved, match="by-hand"):
        system.write(order("route:support", "support-v2", reading), soon())


def test_without_a_version_the_value_decides(system: Any, fake: FakeHook) -> None:
    move(fake.path, "route:support", "support-v1")
    with pytest.raises(Moved):
        system.write(Write("route:support", "x", "k", "", "support-v2"), soon())
    system.write(Write("route:support", "x", "k", "", "support-v1"), soon())
    assert system.read("route:support", soon()).value == "x"


def test_a_damaged_file_is_not_guessed_at_and_not_written_over(system: Any, fake: FakeHook) -> None:
    fake.path.write_text('{"levers": {"route:support": {"value": 5}}}', "utf-8")
    with pytest.raises((Unsure, Refused)):
        system.read("route:support", soon())
    with pytest.raises(kept.Problem):
        move(fake.path, "route:support", "x")
    assert json.loads(fake.path.read_text("utf-8"))["levers"]["route:support"]["value"] == 5


def test_a_missing_folder_is_found_by_reading_and_by_the_doctor(tmp_path: Path) -> None:
    system = by_file(tmp_path / "nowhere" / "levers.json")
    with pytest.raises(Unreachable, match="no folder"):
        system.read("route:support", soon())
    assert [finding.verdict for finding in system.check(soon())] == [Verdict.WRONG]


def test_the_wire_tells_each_lever_by_itself(system: Any) -> None:
    one = system.expectation("route:support", "support-v1", soon())
    other = system.expectation("route:refunds", "support-v1", soon())
    assert one.carrier != other.carrier
    assert one.allowed == other.allowed == (kept.digest("support-v1"),)
    stopped = system.expectation("killed:support", True, soon())
    assert (stopped.carrier, stopped.allowed) == ("status", ("503",))


def test_capabilities_are_those_of_its_levers(system: Any) -> None:
    controls = {system.control(address).capability for address, _ in LEVERS}
    assert controls | {Capability.CHANGES} == LiteLLMHookAdapter.capabilities
    assert all(system.control(address).fenced for address, _ in LEVERS)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("killed:a", "perhaps"), ("share:a", "101"), ("share:a", "nan"), ("max_tokens:a", "0"),
        ("temperature:a", "2.1"), ("max_tokens:a", "1e3"), ("tools:a/b", "maybe"), ("route:a", "two\nlines"),
        ("blocked_words:input", "x" * 300),
    ],
)  # fmt: skip
def test_odd_targets_are_refused(system: Any, address: str, text: str) -> None:
    with pytest.raises(BadInput):
        system.parse(address, text)


@pytest.mark.parametrize("given", [{}, {"url": "https://x", "file": "y"}, {"url": "https://x"}])
def test_it_has_to_be_clear_how_levers_are_reached(given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        LiteLLMHookAdapter().connect(
            HookOptions(adapter="litellm_hook", **given),  # type: ignore[arg-type]
            Place("gateway", lambda _: "", WallClock().now),
        )


def racing(path: str, number: int) -> None:
    """Set a lever of one's own, and one that everybody wants."""
    kept.change(Path(path), f"route:racer-{number}", "x", key=f"k{number}", version="0")


def test_processes_that_race_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "levers.json"
    context = multiprocessing.get_context("fork")
    racers = [context.Process(target=racing, args=(str(path), number)) for number in range(12)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(20)
    assert len(kept.load(path)["levers"]) == 12
    assert {name.name for name in tmp_path.iterdir()} == {"levers.json", "levers.json.copy", "levers.json.lock"}


@given(st.lists(st.tuples(st.sampled_from(["route:a", "route:b"]), st.sampled_from(["x", "y", None])), max_size=12))
def test_versions_never_come_back(changes: list[tuple[str, str | None]]) -> None:
    fake = FakeHook()
    seen = {"route:a": {"0"}, "route:b": {"0"}}
    for address, value in changes:
        move(fake.path, address, value)
        version = kept.version_of(kept.load(fake.path), address)
        assert version not in seen[address]
        seen[address].add(version)


def test_the_hook_needs_nothing_of_ours() -> None:
    for file in sorted(HOOK.glob("*.py")):
        assert "import cockpit\n" not in file.read_text("utf-8")
        assert "from cockpit." not in file.read_text("utf-8")
        assert "cockpit_adapters" not in file.read_text("utf-8")


def test_the_key_travels_with_the_version(monkeypatch: pytest.MonkeyPatch, fake: FakeHook) -> None:
    system, wire = connected(monkeypatch, "litellm_hook", fake)
    assert isinstance(wire, Wire)
    reading = system.read("tools:a/b", soon())
    system.write(order("tools:a/b", "off", reading, key="op-1"), soon())
    sent = wire.writes[-1]
    assert (sent.headers["if-match"], sent.headers["idempotency-key"]) == ('"0"', "op-1")
    assert sent.path == "/levers/tools%3Aa%2Fb"
