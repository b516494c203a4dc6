"""LiteLLM's levers against recorded answers: what is sent, what is refused, what is never asked for."""

from __future__ import annotations

from typing import Any

import pytest
from cockpit_adapters.litellm.addresses import EXAMPLES, lever_at
from cockpit_adapters.litellm.fake import FakeLiteLLM
from cockpit_adapters.litellm.meter import Gauge, quantile, read_page
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, Moved, Refused, Unsure
from cockpit.world.contract import Capability, Verdict, Write
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import Wire, connected, order, pull, soon

SEVERAL = {"workers": 2}


@pytest.fixture
def fake() -> FakeLiteLLM:
    return FakeLiteLLM()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, fake: FakeLiteLLM) -> tuple[Any, Wire]:
    return connected(monkeypatch, "litellm", fake)


ADDRESSES = (
    "alias:support", "key_alias:agent-refunds/support", "model:dep-support", "blocked:model/dep-support",
    "blocked:key/agent-refunds", "blocked:team/team-a", "fallback:broken", "cap:key/agent-refunds/max_budget",
    "cap:team/team-a/tpm_limit", "cap:budget/inc-cap/rpm_limit", "guardrail:inc-42/default_on",
    "guardrail:inc-42/mode",
    "policy:incident-42@key/agent-refunds", "policy:incident-42@model/support", "prompt:support-sys",
)  # fmt: skip
TARGETS = (
    "support-v1", "support-v1", "openai/x @ http://h/v1", "blocked", "on", "blocked", "support-v1,support-v2", "0.5",
    "100", "7", "on", "logging_only", "detached", "attached", "v1",
)  # fmt: skip


@pytest.mark.parametrize(("address", "text"), zip(ADDRESSES, TARGETS, strict=True))
def test_every_lever_is_undone_exactly_and_spares_everything_else(
    world: tuple[Any, Wire], fake: FakeLiteLLM, address: str, text: str
) -> None:
    system, _ = world
    before, kept = system.read(address, soon()), repr(fake.kept)
    wanted = system.parse(address, text)
    assert wanted != before.value
    assert pull(system, address, wanted).value == wanted
    assert fake.applied == 1
    assert repr(fake.kept) != kept
    assert pull(system, address, before.value).value == before.value
    if not address.startswith(("policy:", "prompt:", "fallback:")):  # these get a new number or place
        assert {str(one) for one in flat(fake.kept)} == {str(one) for one in flat(FakeLiteLLM().kept)}


def flat(kept: Any) -> list[Any]:
    """Return every value that says something: LiteLLM tells none from nothing by leaving it out, or not."""
    if isinstance(kept, dict):
        return [one for value in kept.values() for one in flat(value)]
    if isinstance(kept, list):
        return [one for value in kept for one in flat(value)]
    return [] if kept is None else [kept]


def test_a_repeat_changes_nothing_twice(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world
    for address, text in zip(ADDRESSES, TARGETS, strict=True):
        write = order(address, system.parse(address, text), system.read(address, soon()))
        applied = fake.applied
        system.write(write, soon())
        system.write(write, soon())
        assert fake.applied == applied + 1, address


def test_other_aliases_and_fallbacks_stay(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world
    fake.aliases["other"] = "support-v2"
    pull(system, "alias:support", "support-v1")
    assert fake.aliases == {"other": "support-v2", "support": "support-v1"}
    pull(system, "fallback:support", ["support-v1"])
    pull(system, "fallback:broken", ["support-v1"])
    pull(system, "fallback:support", [])
    assert fake.kept["router_settings"]["current_values"]["fallbacks"] == [{"broken": ["support-v1"]}]


@pytest.mark.parametrize(
    ("address", "value", "before", "told"),
    [
        ("alias:support", "nowhere", None, "no model group"),
        ("model:cfg-support", "openai/x", "openai/support", "config.yaml"),
        ("model:dep-support", "openai/x", "openai/support-v1 @ http://127.0.0.1:19101/v1/v1", "could not be undone"),
        ("blocked:model/cfg-support", True, False, "config.yaml"),
        ("blocked:key/nobody", True, False, "no key"),
        ("blocked:team/nobody", True, False, "Team not found"),
        ("cap:budget/nothing/rpm_limit", 1, None, "no budget"),
        ("guardrail:nothing/mode", "pre_call", None, "no guardrail"),
        ("policy:nothing@key/x", True, False, "not found"),
        ("prompt:support-sys", 9, 2, "no version 9"),
        ("prompt:nothing", 1, 1, "No versions found"),
    ],
)
def test_what_can_not_be_is_refused_before_anything_changes(
    world: tuple[Any, Wire], fake: FakeLiteLLM, address: str, value: Any, before: Any, told: str
) -> None:
    system, _ = world
    with pytest.raises(Refused, match=told):
        system.write(Write(address, value, "k", "", before), soon())
    assert fake.applied == 0


def test_a_key_keeps_to_the_models_it_may_use(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world
    fake.kept["key_list"]["keys"][0]["models"] = ["support"]
    with pytest.raises(Refused, match="may not use support-v1"):
        system.write(Write("key_alias:agent-refunds/support", "support-v1", "k"), soon())
    assert fake.applied == 0


def test_an_alias_map_of_the_file_is_not_fought_over(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, wire = world
    fake.kept["router_settings"]["source"]["model_group_alias"] = "config"
    with pytest.raises(Refused, match=r"config\.yaml"):
        system.write(Write("alias:support", "support-v1", "k"), soon())
    assert wire.writes == []
    assert Verdict.WRONG in {finding.verdict for finding in system.check(soon())}


def test_what_moved_is_left_alone_and_both_values_are_told(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world
    reading = system.read("alias:support", soon())
    fake.aliases["support"] = "support-v2"
    with pytest.raises(Moved, match="support-v2, and was none"):
        system.write(order("alias:support", "support-v1", reading), soon())
    newest = system.read("prompt:support-sys", soon())
    pull(system, "prompt:support-sys", 1)
    pull(system, "prompt:support-sys", 2)
    with pytest.raises(Moved, match="version 4 now, and was at 2"):
        system.write(order("prompt:support-sys", 1, newest), soon())


def two_workers(fake: FakeLiteLLM, stale: dict[str, str]) -> Any:
    """Answer every second look at the router as a worker would that has not read the last change yet."""
    looks = iter(range(10_000))

    def answer(asked: Asked) -> Said | None:
        if asked.path != "/router/settings" or next(looks) % 2:
            return None
        settings = fake.kept["router_settings"]
        return Said(200, {**settings, "current_values": {**settings["current_values"], "model_group_alias": stale}})

    return answer


def test_workers_that_disagree_are_not_believed(monkeypatch: pytest.MonkeyPatch, fake: FakeLiteLLM) -> None:
    system, wire = connected(monkeypatch, "litellm", fake, SEVERAL)
    fake.aliases["support"] = "support-v1"
    wire.instead = two_workers(fake, {})
    with pytest.raises(Unsure, match="disagree"):
        system.read("alias:support", soon())


def test_an_undo_is_not_taken_for_done_by_a_worker_that_has_not_heard(
    monkeypatch: pytest.MonkeyPatch, fake: FakeLiteLLM
) -> None:
    system, wire = connected(monkeypatch, "litellm", fake, SEVERAL)
    pull(system, "alias:support", "support-v1")
    wire.instead = two_workers(fake, {})
    for _ in range(5):
        assert system.read("alias:support", soon()).value == "support-v1"
    wire.instead = lambda asked: None
    assert pull(system, "alias:support", None).value is None


def test_an_alias_that_one_worker_has_not_read_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, fake: FakeLiteLLM
) -> None:
    system, wire = connected(monkeypatch, "litellm", fake, SEVERAL)
    pull(system, "alias:other", "support-v2")
    wire.instead = two_workers(fake, {})
    pull(system, "alias:support", "support-v1")
    assert fake.aliases == {"other": "support-v2", "support": "support-v1"}
    fake.aliases["colleague"] = "support-v2"
    with pytest.raises(Moved, match="where colleague goes"):
        system.write(Write("alias:third", "support-v1", "k"), soon())
    assert "colleague" in fake.aliases


NEVER = ("/team/block", "/customer/block", "/model/delete", "/key/delete", "/global/spend/reset", "/cache/flushall")


def test_what_an_alias_leads_to_proves_nothing_about_its_end(world: tuple[Any, Wire]) -> None:
    system, _ = world
    pull(system, "alias:support", "support-v1")
    back, there = (system.expectation("alias:support", value, soon()) for value in (None, "support-v1"))
    assert (back.allowed, there.allowed) == (("cfg-support",), ("cfg-support-v1",))


def test_an_alias_of_nothing_else_has_no_deployments_of_its_own(world: tuple[Any, Wire]) -> None:
    system, _ = world
    pull(system, "alias:brand-new", "support-v1")
    assert system.expectation("alias:brand-new", None, soon()).carrier == "status"
    with pytest.raises(Refused, match="would only give errors"):
        pull(system, "alias:support", "brand-new")


def test_dangerous_endpoints_are_never_called(world: tuple[Any, Wire]) -> None:
    system, wire = world
    for address, text in zip(ADDRESSES, TARGETS, strict=True):
        before = system.read(address, soon()).value
        pull(system, address, system.parse(address, text))
        pull(system, address, before)
    sent = {(asked.method, asked.path) for asked in wire.writes}
    assert not [path for _, path in sent if path.startswith(NEVER)]
    assert not [path for method, path in sent if method == "DELETE" and path.startswith("/prompts")]


def test_the_wire_is_told_what_to_look_for(world: tuple[Any, Wire]) -> None:
    system, _ = world

    def looks(address: str, value: Any) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
        found = system.expectation(address, value, soon())
        return (found.carrier, found.allowed, found.forbidden) if found else None

    model_id = "header:x-litellm-model-id"
    assert looks("alias:support", "support-v1") == (model_id, ("cfg-support-v1",), ())
    assert looks("alias:support", None) == (model_id, ("cfg-support",), ())
    assert looks("alias:brand-new", None) == ("status", ("400",), ())
    assert looks("blocked:key/agent-refunds", True) == ("status", ("401",), ())
    assert looks("blocked:model/dep-support", False) == ("status", (), ("403",))
    assert looks("cap:key/agent-refunds/max_budget", 0.0) == ("status", ("422",), ())
    assert looks("cap:key/agent-refunds/rpm_limit", 0) == ("status", ("429",), ())
    assert looks("cap:key/agent-refunds/rpm_limit", 5) is None
    assert looks("guardrail:inc-42/default_on", True) == ("header:x-litellm-applied-guardrails", ("inc-42",), ())
    assert looks("guardrail:inc-42/mode", "pre_call") is None  # it is not on for everybody, so nothing shows
    assert looks("prompt:support-sys", 1) is None


def test_a_change_takes_longer_with_several_workers(monkeypatch: pytest.MonkeyPatch, fake: FakeLiteLLM) -> None:
    with monkeypatch.context() as patch:
        one, _ = connected(patch, "litellm", fake)
    two, _ = connected(monkeypatch, "litellm", fake, {**SEVERAL, "reload_s": 2})
    assert one.control("alias:support").effect_s[1] < 1
    assert two.control("alias:support").effect_s[1] == pytest.approx(2.6)
    assert two.control("blocked:key/x").effect_s[1] > 60


def test_the_doctor_tells_keys_apart(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world

    def writing() -> Verdict:
        found: dict[str, Verdict] = {finding.what: finding.verdict for finding in system.check(soon())}
        return found["writing"]

    assert writing() is Verdict.FINE
    fake.role = "proxy_admin_viewer"
    assert writing() is Verdict.WRONG
    fake.master = True
    assert writing() is Verdict.WARNING


def test_the_doctor_counts_the_workers(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, wire = world
    other = fake.page.replace(b"process_start_time_seconds 1", b"process_start_time_seconds 2")
    turns = iter(range(100))
    wire.instead = lambda asked: Said(200, other) if asked.path == "/metrics/" and next(turns) % 2 else None
    found = {finding.what: finding for finding in system.check(soon())}["workers"]
    assert found.verdict is Verdict.WRONG
    assert "2 workers answer" in found.detail
    wire.instead = lambda asked: Said(200, b"litellm_up 1\n") if asked.path == "/metrics/" else None
    shared = {finding.what: finding for finding in system.check(soon())}["workers"]
    assert "2 workers answer" in shared.detail


def test_a_proxy_without_a_database_is_sent_to_the_hook(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world
    fake.kept["readiness"] = {"status": "healthy", "db": "Not connected"}
    found = {finding.what: finding for finding in system.check(soon())}["database"]
    assert (found.verdict, "litellm_hook" in found.next_step) == (Verdict.WRONG, True)


def page(fake: FakeLiteLLM, calls: int, start: int = 1) -> str:
    """Return the page of a worker that has served so many calls."""
    row = 'litellm_proxy_total_requests_metric_total{{requested_model="support",status_code="{}"}} {}'
    rows = [f"process_start_time_seconds {start}.0", row.format(200, calls), row.format(500, calls / 4)]
    return "\n".join([*rows, f'litellm_spend_metric_total{{model="x"}} {calls / 100}'])


def test_the_meter_counts_from_look_to_look_and_worker_by_worker(fake: FakeLiteLLM) -> None:
    now = [0.0]
    gauge = Gauge(lambda: now[0])
    assert gauge.take(page(fake, 100)) == {}
    assert gauge.take(page(fake, 1000, start=2)) == {}
    now[0] = 30.0
    found = gauge.take(page(fake, 140))
    assert found["requests_per_min"] == pytest.approx(100)
    assert found["error_pct"] == pytest.approx(20)
    assert found["cost_per_min"] == pytest.approx(0.8)
    assert gauge.take(page(fake, 1040, start=2))["requests_per_min"] == pytest.approx(200)
    assert gauge.take(page(fake, 10, start=2)) == found | gauge.take(page(fake, 10, start=2))
    now[0] = 200.0
    assert gauge.take(page(fake, 10, start=3)) == {}


def test_a_recorded_page_is_read(fake: FakeLiteLLM) -> None:
    process, totals = read_page(fake.page.decode())
    assert process
    assert (totals.calls, totals.errors, totals.rejected) == (12.0, 0.0, 5.0)
    assert totals.cost == pytest.approx(0.00175)
    assert max(totals.buckets.values()) == totals.calls - totals.rejected


def test_a_proxy_that_counts_nothing_says_what_to_add(world: tuple[Any, Wire], fake: FakeLiteLLM) -> None:
    system, _ = world
    fake.page = b"python_info 1.0\n"
    with pytest.raises(Refused, match="counts nothing"):
        system.measure(soon())


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.floats(0.01, 0.99))
def test_a_quantile_lies_between_its_edges(counts: list[int], share: float) -> None:
    buckets = {float(edge): float(sum(counts[:edge])) for edge in range(1, len(counts) + 1)}
    found = quantile(buckets, share)
    assert (found is None) == (not any(counts))
    if found is not None:
        assert 0 <= found <= len(counts)
        assert quantile(buckets, min(0.999, share + 0.005)) >= found - 1e-9  # type: ignore[operator]


@given(st.one_of(st.text(max_size=40), st.builds(str.__add__, st.sampled_from(ADDRESSES), st.text(max_size=9))))
def test_odd_addresses_are_refused_or_understood(text: str) -> None:
    try:
        understood, said = bool(lever_at(text)), ""
    except BadInput as problem:
        understood, said = False, problem.message + problem.hint
    assert understood != (EXAMPLES in said)
    assert "\n" not in said


@pytest.mark.parametrize(("address", "text"), [
    ("cap:key/a/rpm_limit", "-1"), ("cap:key/a/rpm_limit", "many"), ("cap:key/a/max_budget", "nan"),
    ("cap:key/a/max_budget", "inf"), ("blocked:key/a", "perhaps"), ("prompt:a", "0"), ("prompt:a", "latest"),
    ("guardrail:a/mode", "pre_call,sometimes"), ("model:a", "two words"),
])  # fmt: skip
def test_odd_targets_are_refused(world: tuple[Any, Wire], address: str, text: str) -> None:
    with pytest.raises(BadInput):
        world[0].parse(address, text)


def test_capabilities_are_those_of_its_levers(world: tuple[Any, Wire]) -> None:
    from cockpit_adapters.litellm import LiteLLMAdapter

    controls = {world[0].control(address).capability for address in ADDRESSES}
    assert controls | {Capability.CHANGES, Capability.SIGNALS} == LiteLLMAdapter.capabilities
