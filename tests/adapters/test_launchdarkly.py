"""LaunchDarkly: our requests are those of the vendor's client, and a share is put back exactly as it was."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.launchdarkly.fake import FakeLaunchDarkly
from cockpit_adapters.launchdarkly.fallthrough import instruction, value_of
from cockpit_adapters.payloads import payload
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, Moved, Refused, Unreachable, Unsure
from cockpit.world.contract import Verdict
from cockpit.world.listening import end_serving
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import TOKEN, Wire, connected, order, pull, soon

FLAG = "flag:shop/llm-answers@production"
SHARE = "share:shop/llm-answers@production"
NEW, OLD = "e432f62b-55f6-49dd-a02f-eb24acf39d05", "a00bf58d-d252-476c-b915-15a74becacb4"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Wire, FakeLaunchDarkly]:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeLaunchDarkly()
    return *connected(monkeypatch, "launchdarkly", fake), fake


def test_the_flag_goes_off_with_a_reason_and_comes_back(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, wire, fake = account
    assert pull(system, FLAG, False).value is False
    assert fake.log[0]["comment"] == "INC-42 by Ada"
    assert pull(system, FLAG, True).value is True
    assert [one.json()["instructions"] for one in wire.writes] == [
        [{"kind": "turnFlagOff"}],
        [{"kind": "turnFlagOn"}],
    ]


def test_a_repeat_of_the_same_change_sends_nothing(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, wire, fake = account
    write = order(FLAG, False, system.read(FLAG, soon()))
    system.write(write, soon())
    system.write(write, soon())
    assert len(wire.writes) == fake.applied == 1


def test_a_change_planned_on_an_older_version_is_refused_with_both_values(
    account: tuple[Any, Wire, FakeLaunchDarkly],
) -> None:
    system, wire, fake = account
    planned = order(SHARE, 5, system.read(SHARE, soon()))
    fake.move({"fallthrough": {"variation": 1}})
    with pytest.raises(Moved, match=r"was 100 .* is 0 now .version 41, now 42"):
        system.write(planned, soon())
    assert wire.writes == []


def test_a_look_that_fails_leaves_no_doubt_that_nothing_was_written(
    account: tuple[Any, Wire, FakeLaunchDarkly],
) -> None:
    system, wire, _ = account
    planned = order(FLAG, False, system.read(FLAG, soon()))
    wire.instead = lambda asked: Said(500, b"oops") if asked.method == "GET" else None
    with pytest.raises(Unreachable, match="not sent"):
        system.write(planned, soon())
    assert wire.writes == []


FALLTHROUGHS = [
    {"variation": 0},
    {"variation": 1},
    {"rollout": {"variations": [{"variation": 0, "weight": 100_000}, {"variation": 1, "weight": 0}]}},
    {
        "rollout": {
            "variations": [{"variation": 0, "weight": 12_345}, {"variation": 1, "weight": 87_655}],
            "contextKind": "organisation",
            "bucketBy": "region",
        }
    },
]


@pytest.mark.parametrize("before", FALLTHROUGHS)
def test_undo_puts_the_very_same_fallthrough_back(
    account: tuple[Any, Wire, FakeLaunchDarkly], before: dict[str, Any]
) -> None:
    system, _, fake = account
    fake.move({"fallthrough": before})
    was = system.read(SHARE, soon())
    assert pull(system, SHARE, 5).value == 5
    assert pull(system, SHARE, was.value).value == was.value
    if "rollout" in before:
        before["rollout"].setdefault("contextKind", "user")
    assert fake.here["fallthrough"] == before


@given(st.integers(0, 100_000))
def test_every_share_that_can_be_written_reads_back_as_itself(thousandths: int) -> None:
    fake = FakeLaunchDarkly()
    share = thousandths / 1000
    told = instruction(fake.flag, fake.here, share, "user")
    fake.here["fallthrough"] = fake._fallthrough(told)
    assert value_of(fake.flag, fake.here, "user") == share
    if "rolloutWeights" in told:
        assert sum(told["rolloutWeights"].values()) == 100_000


def test_an_archived_flag_is_neither_read_nor_touched(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, wire, fake = account
    plan = order(FLAG, False, system.read(FLAG, soon()))
    fake.flag["archived"] = True
    with pytest.raises(Refused, match="archived"):
        system.read(FLAG, soon())
    with pytest.raises(Refused, match="archived"):
        system.write(plan, soon())
    assert wire.writes == []


def test_an_experiment_on_the_fallthrough_is_left_alone(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, wire, fake = account
    parts = [{"variation": 0, "weight": 50_000}, {"variation": 1, "weight": 50_000}]
    fake.move({"fallthrough": {"rollout": {"variations": parts, "experimentAllocation": {"type": "experiment"}}}})
    with pytest.raises(Refused, match="experiment"):
        system.write(order(SHARE, 5, system.read(SHARE, soon())), soon())
    assert wire.writes == []


def test_a_flag_of_three_variations_has_no_share(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, _, fake = account
    fake.flag["variations"].append({"_id": "third", "value": "maybe"})
    with pytest.raises(Refused, match="exactly two"):
        system.read(SHARE, soon())


def test_an_unknown_environment_is_said_to_be_unknown(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, _, _ = account
    with pytest.raises(Refused, match="no environment staging"):
        system.read("flag:shop/llm-answers@staging", soon())


@pytest.mark.parametrize("body", [{"environments": {"production": {}}}, {"environments": []}, {}, []])
def test_an_answer_of_another_shape_is_no_value(account: tuple[Any, Wire, FakeLaunchDarkly], body: object) -> None:
    system, wire, _ = account
    wire.instead = lambda _: Said(200, body)
    with pytest.raises(Unsure):
        system.read(FLAG, soon())


def test_words_become_values(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, _, _ = account
    assert (system.parse(FLAG, "off"), system.parse(SHARE, "2.5 %"), system.parse(SHARE, "5")) == (False, 2.5, 5)
    for address, text in ((FLAG, "5"), (SHARE, "101"), (SHARE, "nan"), (SHARE, "0.0001"), (SHARE, "off")):
        with pytest.raises(BadInput):
            system.parse(address, text)


def test_the_audit_log_is_read_through_all_its_pages(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, wire, fake = account
    start = 1_763_600_000_000
    for number in range(45):
        fake.tell(f"Change {number}", at=start + number // 3)
    found = system.changes(datetime.fromtimestamp(start / 1000 - 1, UTC), soon())
    assert len(found) == 45
    assert found[0].at > found[-1].at
    assert (found[0].by, found[0].kind) == ("Ada Byron", "flag")
    assert len(wire.asked) >= 3


def test_the_audit_log_of_one_project(monkeypatch: pytest.MonkeyPatch) -> None:
    system, wire = connected(monkeypatch, "launchdarkly", FakeLaunchDarkly(), {"project": "shop"})
    system.changes(datetime(2026, 1, 1, tzinfo=UTC), soon())
    assert wire.asked[0].query["spec"] == ["proj/shop:env/*:flag/*"]


def test_the_doctor_warns_of_a_persons_token(account: tuple[Any, Wire, FakeLaunchDarkly]) -> None:
    system, wire, _ = account
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE]
    wire.instead = lambda _: Said(200, payload("launchdarkly", "caller_identity.json") | {"serviceToken": False})
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE, Verdict.WARNING]
    wire.instead = lambda _: Said(401, {"message": "invalid"})
    assert [(one.verdict, bool(one.next_step)) for one in system.check(soon())] == [(Verdict.WRONG, True)]


@contextmanager
def listening(seen: list[Asked], answer: Any) -> Iterator[str]:
    """Serve one answer to everything on a free port, and keep what was asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PATCH(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            path, _, _query = self.path.partition("?")
            seen.append(Asked(self.command, path, {}, headers, self.rfile.read(length)))
            said = Said(200, answer)
            self.send_response(said.status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(said.content())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        end_serving(server)


def vendors(base: str) -> Any:
    """Return the vendor's own client for an address."""
    client = pytest.importorskip("launchdarkly_api")
    configuration = client.Configuration(host=base, api_key={"ApiKey": TOKEN})
    return client.ApiClient(configuration)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("address", "value", "instructions"),
    [
        (FLAG, False, [{"kind": "turnFlagOff"}]),
        (
            SHARE,
            5,
            [
                {
                    "kind": "updateFallthroughVariationOrRollout",
                    "rolloutContextKind": "user",
                    "rolloutWeights": {NEW: 5000, OLD: 95000},
                }
            ],
        ),
    ],
)
def test_our_request_is_the_one_of_the_vendors_client(
    account: tuple[Any, Wire, FakeLaunchDarkly], address: str, value: Any, instructions: list[dict[str, Any]]
) -> None:
    system, wire, fake = account
    system.write(order(address, value, system.read(address, soon())), soon())
    ours = wire.writes[0]
    seen: list[Asked] = []
    with listening(seen, fake.flag) as base:
        client = vendors(base)
        from launchdarkly_api.api.feature_flags_api import FeatureFlagsApi

        body = {"environmentKey": "production", "comment": "INC-42 by Ada", "instructions": instructions}
        serialised = FeatureFlagsApi(client)._patch_feature_flag_serialize(
            project_key="shop",
            feature_flag_key="llm-answers",
            patch_with_comment=body,
            ignore_conflicts=None,
            dry_run=None,
            _request_auth=None,
            _content_type="application/json; domain-model=launchdarkly.semanticpatch",
            _headers=None,
            _host_index=0,
        )
        client.call_api(*serialised).read()
    theirs = seen[0]
    assert (ours.method, ours.path, ours.json()) == (theirs.method, theirs.path, theirs.json())
    for name in ("content-type", "authorization"):
        assert ours.headers[name] == theirs.headers[name]


@pytest.mark.integration
def test_the_fakes_answers_are_those_the_vendors_models_accept(
    account: tuple[Any, Wire, FakeLaunchDarkly],
) -> None:
    system, _, fake = account
    pull(system, SHARE, 5)
    vendors("http://127.0.0.1:1")
    from launchdarkly_api.models.audit_log_entry_listing_rep_collection import AuditLogEntryListingRepCollection
    from launchdarkly_api.models.caller_identity_rep import CallerIdentityRep
    from launchdarkly_api.models.feature_flag import FeatureFlag

    flag = FeatureFlag.from_dict(fake.flag)
    assert flag is not None
    assert flag.environments is not None
    assert flag.environments["production"].version == 42
    log = AuditLogEntryListingRepCollection.from_dict({"items": fake.log, "_links": {}})
    assert log is not None
    assert log.items[0].comment == "INC-42 by Ada"
    assert CallerIdentityRep.from_dict(payload("launchdarkly", "caller_identity.json")) is not None
