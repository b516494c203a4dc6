"""Cloudflare: an older version is deployed by the request the specification names, and never twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cockpit_adapters.cloudflare.fake import ROUTE, FakeCloudflare

from cockpit.errors import BadInput, Moved, Refused, Unsure
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import TOKEN, Wire, connected, order, pull, soon

ADDRESS = "route:0d37909e38d3e99c29fa2cd343ac421a/shop/54442216"

# What the vendor's specification says, as cloudflare-python carries it.
OPERATIONS = {
    ("GET", r"/accounts/[^/]+/ai-gateway/gateways/[^/]+/routes/[^/]+"),
    ("GET", r"/accounts/[^/]+/ai-gateway/gateways/[^/]+/routes/[^/]+/versions"),
    ("POST", r"/accounts/[^/]+/ai-gateway/gateways/[^/]+/routes/[^/]+/deployments"),
    ("GET", r"/user/tokens/verify"),
}
ROUTE_NEEDS = {
    "id",
    "account_tag",
    "created_at",
    "deployment",
    "elements",
    "gateway_id",
    "modified_at",
    "name",
    "version",
}
VERSION_NEEDS = {"active", "created_at", "data", "version_id"}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Wire, FakeCloudflare]:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeCloudflare()
    return *connected(monkeypatch, "cloudflare", fake), fake


def known(asked: Asked) -> bool:
    """Say whether the specification has this operation."""
    return any(asked.method == method and re.fullmatch(path, asked.path) for method, path in OPERATIONS)


def test_every_request_is_one_of_the_specification(account: tuple[Any, Wire, FakeCloudflare]) -> None:
    system, wire, _ = account
    assert pull(system, ADDRESS, "ver-1").value == "ver-1"
    system.versions(ADDRESS, soon())
    system.check(soon())
    assert all(known(one) for one in wire.asked)
    (write,) = wire.writes
    assert (write.path, write.json()) == (f"{ROUTE}/deployments", {"version_id": "ver-1"})
    assert write.headers["authorization"] == f"Bearer {TOKEN}"


def test_the_fakes_answers_fit_the_specification() -> None:
    fake = FakeCloudflare()
    assert fake.route["result"].keys() >= ROUTE_NEEDS
    assert fake.deployed.keys() >= {"created_at", "deployment_id", "version_id"}
    assert all(one.keys() >= VERSION_NEEDS for one in fake.listed["data"]["versions"])


def test_a_repeat_makes_no_second_deployment(account: tuple[Any, Wire, FakeCloudflare]) -> None:
    system, wire, fake = account
    write = order(ADDRESS, "ver-1", system.read(ADDRESS, soon()))
    system.write(write, soon())
    system.write(write, soon())
    assert len(wire.writes) == fake.applied == 1
    assert fake.deployed["deployment_id"] == "dep-3"


def test_a_deployment_in_between_is_noticed_even_of_the_same_version(
    account: tuple[Any, Wire, FakeCloudflare],
) -> None:
    system, wire, fake = account
    planned = order(ADDRESS, "ver-1", system.read(ADDRESS, soon()))
    fake.move("ver-2")
    with pytest.raises(Moved, match="version dep-2, now dep-3"):
        system.write(planned, soon())
    assert wire.writes == []


def test_versions_come_newest_first_and_tell_which_is_deployed(account: tuple[Any, Wire, FakeCloudflare]) -> None:
    system, _, _ = account
    found = system.versions(ADDRESS, soon())
    assert [(one.value, one.current) for one in found] == [("ver-2", True), ("ver-1", False)]
    assert found[1].note == "first"


@pytest.mark.parametrize("pages_are_known", [True, False])
def test_versions_come_from_all_pages(account: tuple[Any, Wire, FakeCloudflare], pages_are_known: bool) -> None:
    system, wire, fake = account
    rows = [fake.listed["data"]["versions"][0] | {"version_id": f"v{number}"} for number in range(5)]

    def page(asked: Asked) -> Said | None:
        if not asked.path.endswith("/versions"):
            return None
        number = int(asked.query.get("page", ["1"])[0]) if pages_are_known else 1
        some = rows[(number - 1) * 2 : number * 2]
        return Said(200, {"success": True, "data": {"versions": some, "per_page": 2, "page": number}})

    wire.instead = page
    assert len(system.versions(ADDRESS, soon())) == (5 if pages_are_known else 2)


def test_two_hundred_that_says_no_is_unsure(account: tuple[Any, Wire, FakeCloudflare]) -> None:
    system, wire, _ = account
    planned = order(ADDRESS, "ver-1", system.read(ADDRESS, soon()))
    said = Said(200, {"success": False, "errors": [{"message": "try later"}], "result": None})
    wire.instead = lambda asked: said if asked.method == "POST" else None
    with pytest.raises(Unsure, match="try later"):
        system.write(planned, soon())


def test_a_version_that_is_not_there_is_refused(account: tuple[Any, Wire, FakeCloudflare]) -> None:
    system, _, fake = account
    with pytest.raises(Refused, match="Version not found"):
        system.write(order(ADDRESS, "ver-9", system.read(ADDRESS, soon())), soon())
    assert fake.applied == 0
    with pytest.raises(BadInput, match="no id"):
        system.parse(ADDRESS, "ver 1/../2")


def test_the_doctor_tells_a_dead_token(account: tuple[Any, Wire, FakeCloudflare]) -> None:
    system, wire, _ = account
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE]
    wire.instead = lambda _: Said(200, {"success": True, "result": {"status": "expired"}})
    assert [(one.verdict, bool(one.next_step)) for one in system.check(soon())] == [(Verdict.WRONG, True)]
