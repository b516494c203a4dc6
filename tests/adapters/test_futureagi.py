"""Agent Command Center: the document goes back whole, with real keys, and only where levers may reach."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cockpit_adapters.futureagi.document import changed, look, mask
from cockpit_adapters.futureagi.fake import SECTIONS, FakeFutureAGI
from cockpit_adapters.futureagi.fields import STRATEGIES, field_at
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, Moved, Refused, Unsure
from cockpit.world.contract import Capability, Value, Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import Wire, connected, order, pull, soon

ROUTE, KEY = "route:org1/support", "key:key_1a2b3c/models"
ACTION = "org:org1/guardrails/checks/pii-detection/action"
REAL = "tok-secret-0123456789"


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Wire, FakeFutureAGI]:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeFutureAGI()
    return *connected(monkeypatch, "futureagi", fake), fake


def test_a_route_moves_and_everything_else_goes_back_as_it_was(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, wire, fake = gateway
    before = json.loads(json.dumps(fake.org))
    assert pull(system, ROUTE, "up2").value == "up2"
    (write,) = wire.writes
    assert (write.method, write.path) == ("PUT", "/-/orgs/org1/config")
    assert write.json().keys() <= SECTIONS
    assert write.json()["providers"]["up2"]["models"] == ["support-v2", "support"]
    assert pull(system, ROUTE, "up1").value == "up1"
    assert fake.org == before


def test_a_route_is_proven_by_the_header_of_either_name(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, _, fake = gateway
    found = system.expectation(ROUTE, "up2", soon())
    assert (found.carrier, found.allowed) == ("header:x-agentcc-provider", ("up2",))
    fake.prefix = "x-prism-"
    assert system.expectation(ROUTE, "up2", soon()).carrier == "header:x-prism-provider"
    assert system.expectation(ACTION, "block", soon()) is None


def keyed(monkeypatch: pytest.MonkeyPatch, real: str, named: bool) -> tuple[Any, Wire, FakeFutureAGI]:
    """Return a gateway whose first provider has a key, and whether the options name one."""
    fake = FakeFutureAGI()
    fake.org["providers"]["up1"]["api_key"] = real
    options = {"provider_keys": {"up1": "env:UP1"}} if named else {}
    return *connected(monkeypatch, "futureagi", fake, options), fake


def test_the_real_key_goes_back_and_not_its_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    system, wire, fake = keyed(monkeypatch, REAL, True)
    assert system.read(ROUTE, soon()).value == "up1"
    assert pull(system, ACTION, "block").value == "block"
    assert fake.org["providers"]["up1"]["api_key"] == REAL
    assert b"****" not in wire.writes[0].body


@pytest.mark.parametrize(
    ("real", "named", "why"),
    [(REAL, False, "masked, and a change has to send it"), ("sk-another-key-00000", True, "not the one in use")],
)
def test_nothing_is_written_without_the_real_key(
    monkeypatch: pytest.MonkeyPatch, real: str, named: bool, why: str
) -> None:
    system, wire, fake = keyed(monkeypatch, real, named)
    with pytest.raises(Refused, match=why) as refused:
        system.write(order(ACTION, "block", system.read(ACTION, soon())), soon())
    assert wire.writes == []
    assert fake.org["providers"]["up1"]["api_key"] == real
    assert REAL not in f"{refused.value}{refused.value.hint}"


def test_masks_look_as_the_gateways_do() -> None:
    assert (mask("123456789012"), mask("sk-1234567890abcd")) == ("****", "sk-12345****abcd")


@pytest.mark.parametrize(
    "path",
    [
        "providers/up1/api_key",
        "providers/up1",
        "providers",
        "guardrails/checks/pii-detection",
        "guardrails/checks/lakera/config",
        "cache/redis/password",
        "mcp/servers/a/auth",
        "alerting/channels",
    ],
)
def test_no_address_reaches_a_secret(gateway: tuple[Any, Wire, FakeFutureAGI], path: str) -> None:
    system, _, _ = gateway
    with pytest.raises(BadInput):
        system.control(f"org:org1/{path}")


PATHS: list[tuple[str, Value]] = [
    ("guardrails/fail_open", True),
    ("guardrails/checks/topic/enabled", True),
    ("rate_limiting/per_key_rpm", 5),
    ("rate_limiting/global_tpm", 1000),
    ("tool_policy/deny", ["refund"]),
    ("mcp/guardrails/blocked_tools", ["shell"]),
    ("budgets/keys/refunds/limit", 2.5),
    ("routing/strategy", "fastest"),
    ("routing/model_fallbacks/support", ["support-v2"]),
    ("model_map/openai~1gpt-4o", "up1"),
    ("providers/up1/weight", 0.5),
]


@pytest.mark.parametrize(("path", "value"), PATHS)
def test_every_field_is_written_read_back_and_taken_back_exactly(
    gateway: tuple[Any, Wire, FakeFutureAGI], path: str, value: Value
) -> None:
    system, _, fake = gateway
    address = f"org:org1/{path}"
    shown = json.loads(fake.answer_org())
    was = system.read(address, soon())
    assert pull(system, address, value).value == value
    assert pull(system, address, was.value).value == was.value
    assert json.loads(fake.answer_org()) == shown


@given(
    st.sampled_from([path for path, _ in PATHS]), st.dictionaries(st.sampled_from(sorted(SECTIONS)), st.builds(dict))
)
def test_a_change_of_one_field_leaves_the_others(path: str, document: dict[str, Any]) -> None:
    parts = tuple(part.replace("~1", "/") for part in path.split("/"))
    if parts[0] == "providers":
        document = document | {"providers": {"up1": {"enabled": True}}}
    value = dict(PATHS)[path]
    new = changed(document, parts, value)
    assert look(new, parts, field_at(parts)) == value
    assert {name: one for name, one in new.items() if name != parts[0]} == {
        name: one for name, one in document.items() if name != parts[0]
    }


def test_a_field_that_moved_is_left_and_a_repeat_sends_nothing(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, wire, fake = gateway
    write = order(ACTION, "block", system.read(ACTION, soon()))
    system.write(write, soon())
    system.write(write, soon())
    assert len(wire.writes) == fake.applied == 1
    planned = order(ROUTE, "up2", system.read(ROUTE, soon()))
    fake.move("providers", "up1", "models", value=[])
    with pytest.raises(Moved, match=r'was "up1" .* is null now'):
        system.write(planned, soon())


def test_a_keys_models_and_what_an_empty_list_means(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, wire, _ = gateway
    was = system.read(KEY, soon())
    assert (was.value, was.shown) == ([], "every model")
    now = pull(system, KEY, ["none-such"])
    assert (now.value, now.version != was.version) == (["none-such"], True)
    assert wire.writes[0].json() == {"models": ["none-such"]}
    assert pull(system, KEY, system.parse(KEY, "all")).value == []
    assert wire.writes[1].json() == {"models": []}
    with pytest.raises(BadInput):
        system.parse(KEY, "null")


def test_routes_that_can_not_be_told_or_taken_are_refused(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, wire, fake = gateway
    here = system.read(ROUTE, soon())
    with pytest.raises(Refused, match="no provider up9"):
        system.write(order(ROUTE, "up9", here), soon())
    fake.move("providers", "up2", "enabled", value=False)
    with pytest.raises(Refused, match="switched off"):
        system.write(order(ROUTE, "up2", here), soon())
    fake.move("providers", "up2", "models", value=["support"])
    with pytest.raises(Refused, match="listed by"):
        system.read(ROUTE, soon())
    assert wire.writes == []


def test_words_become_values(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, _, _ = gateway
    parsed = {
        ACTION: ("block", "block"),
        "org:org1/routing/strategy": ("least-latency", "least_latency"),
        "org:org1/tool_policy/deny": ("refund, mail", ["refund", "mail"]),
        "org:org1/rate_limiting/per_key_rpm": ("5", 5),
        "org:org1/providers/up1/enabled": ("off", False),
        "org:org1/providers/up1/weight": ("null", None),
        ROUTE: ("up2", "up2"),
    }
    assert {address: system.parse(address, text) for address, (text, _) in parsed.items()} == {
        address: value for address, (_, value) in parsed.items()
    }
    wrong = {ACTION: "mask", "org:org1/routing/strategy": "random", "org:org1/rate_limiting/per_key_rpm": "-1"}
    for address, text in wrong.items():
        with pytest.raises(BadInput, match="does not fit"):
            system.parse(address, text)


def test_there_are_six_strategies_and_their_capabilities_are_told(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, _, _ = gateway
    assert len(set(STRATEGIES)) == 6
    told = {path.split("/")[0]: system.control(f"org:org1/{path}").capability for path, _ in PATHS}
    assert told["guardrails"] is Capability.GUARDRAIL
    assert told["rate_limiting"] is told["budgets"] is Capability.CAPS
    assert told["tool_policy"] is told["mcp"] is Capability.TOOLS


@pytest.mark.parametrize("body", [[], b"<html>", b'{"providers": {"up1"'])
def test_an_answer_of_another_shape_is_no_value(gateway: tuple[Any, Wire, FakeFutureAGI], body: object) -> None:
    system, wire, _ = gateway
    wire.instead = lambda _: Said(200, body)
    with pytest.raises(Unsure):
        system.read(ACTION, soon())


def test_the_doctor_says_that_the_token_may_everything(gateway: tuple[Any, Wire, FakeFutureAGI]) -> None:
    system, wire, _ = gateway
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE, Verdict.WARNING]
    wire.instead = lambda _: Said(401, {"error": "unauthorized"})
    assert [(one.verdict, bool(one.next_step)) for one in system.check(soon())] == [(Verdict.WRONG, True)]
