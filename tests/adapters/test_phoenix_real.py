"""A real Phoenix: a bad prompt is rolled back, its clients see the old one, and the undo restores exactly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cockpit_adapters.phoenix import PhoenixAdapter, PhoenixOptions
from cockpit_adapters.phoenix.system import Phoenix

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import BadInput, Refused, Unauthorised
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.saga import SagaResult, carry_out
from tests.systems import RunningSystem, start

pytestmark = pytest.mark.integration

PASSWORD = "Only-for-this-test-1"
LATEST_S = 2.0
"""A moved tag is what the very next reading shows; a busy machine gets this long."""


def version(text: str, note: str) -> dict[str, Any]:
    """Return a version of a prompt as Phoenix takes it."""
    return {
        "description": note,
        "model_provider": "OPENAI",
        "model_name": "gpt-4o",
        "template": {"type": "chat", "messages": [{"role": "system", "content": text}]},
        "template_type": "CHAT",
        "template_format": "MUSTACHE",
        "invocation_parameters": {"type": "openai", "openai": {"temperature": 0.0}},
    }


def published(client: httpx.Client, name: str) -> None:
    """Make a prompt with two versions; the tag `production` is on the second."""
    body = {"prompt": {"name": name, "description": "Support"}, "version": version("Be brief.", "Refuses refunds")}
    client.post("/v1/prompts", json=body).raise_for_status()
    newer = {"version": version("Be generous.", "Friendlier"), "tags": [{"name": "production"}]}
    client.post(f"/v1/prompts/{name}/versions", json=newer).raise_for_status()


def served(client: httpx.Client, name: str) -> str:
    """Return the text that whoever asks for the tag gets."""
    row = client.get(f"/v1/prompts/{name}/tags/production").raise_for_status().json()["data"]
    return str(row["template"]["messages"][0]["content"])


def connect(url: str, token: str = "") -> Phoenix:
    """Return the adapter's system."""
    options = PhoenixOptions(adapter="phoenix", url=url, token="env:T" if token else "")
    return PhoenixAdapter().connect(options, Place("registry", lambda ref: token if ref else "", WallClock().now))


def soon() -> Deadline:
    """Return a deadline that a busy machine keeps."""
    return Deadline(10)


def pull(system: Phoenix, address: str, value: Any, key: str) -> SagaResult:
    """Carry a change out as the cockpit does."""
    reading = system.read(address, soon())
    write = Write(address, value, key, reading.version, reading.value, "INC-2041 roll the prompt back")
    return carry_out(system, write, 20.0, call_s=10.0)


@pytest.fixture
def client(phoenix: RunningSystem) -> Iterator[httpx.Client]:
    """Return the application's way to Phoenix."""
    with httpx.Client(base_url=phoenix.url, trust_env=False) as made:
        yield made


def test_a_rollback_is_what_applications_see_and_the_undo_restores_exactly(
    phoenix: RunningSystem, client: httpx.Client
) -> None:
    published(client, "rolled-back")
    address, system = "tag:rolled-back@production", connect(phoenix.url)
    before = system.read(address, soon())
    assert before.shown == "v2 (Friendlier)"
    newest, oldest = system.versions(address, soon())
    assert (newest.current, newest.value, oldest.shown) == (True, before.value, "v1")

    began = time.monotonic()
    done = pull(system, address, oldest.value, "k1")
    assert (done.stage, done.sends) == (Stage.APPLIED, 1), done.reason
    assert served(client, "rolled-back") == "Be brief."
    assert time.monotonic() - began < LATEST_S
    tags = client.get(f"/v1/prompt_versions/{oldest.value}/tags").json()["data"]
    assert [tag["description"] for tag in tags] == ["INC-2041 roll the prompt back"]

    undone = pull(system, address, before.value, "k2")
    assert undone.stage is Stage.APPLIED
    assert system.read(address, soon()) == before
    assert served(client, "rolled-back") == "Be generous."


def test_a_version_is_named_as_people_say_it(phoenix: RunningSystem, client: httpx.Client) -> None:
    published(client, "named")
    published(client, "other")
    system = connect(phoenix.url)
    newest, oldest = system.versions("tag:named@production", soon())
    assert system.parse("tag:named@production", "v1") == oldest.value
    assert system.parse("tag:named@production", "2") == newest.value
    with pytest.raises(BadInput):
        system.parse("tag:other@production", str(oldest.value))


def test_what_changed_names_the_versions_with_date(phoenix: RunningSystem, client: httpx.Client) -> None:
    since = datetime.now(UTC) - timedelta(seconds=2)  # Phoenix keeps whole seconds
    published(client, "changed")
    found = [one for one in connect(phoenix.url).changes(since, soon()) if "changed" in one.ref]
    assert [(one.before, one.after, one.note) for one in found] == [
        ("v1", "v2", "Friendlier"),
        ("", "v1", "Refuses refunds"),
    ]
    assert all(since <= one.at <= datetime.now(UTC) for one in found)
    assert connect(phoenix.url).changes(datetime.now(UTC) + timedelta(seconds=2), soon()) == []


def test_a_tag_or_a_version_that_is_not_there_is_refused(phoenix: RunningSystem, client: httpx.Client) -> None:
    published(client, "missing")
    system = connect(phoenix.url)
    with pytest.raises(Refused, match="no prompt missing with the tag staging"):
        system.read("tag:missing@staging", soon())
    done = pull(system, "tag:missing@production", "UHJvbXB0VmVyc2lvbjo5OTk5", "k")
    assert done.stage is Stage.REFUSED
    assert served(client, "missing") == "Be generous."


def test_an_open_server_is_reached_and_warned_of(phoenix: RunningSystem) -> None:
    reached, token = connect(phoenix.url).check(soon())
    assert reached.detail == "Phoenix 20.26.1, prompts can be read"
    assert (token.verdict, "whoever reaches it" in token.detail) == (Verdict.WARNING, True)


def key_of(admin: httpx.Client, role: str) -> str:
    """Make a user with a role, and a key of theirs."""
    mail = f"{role.lower()}@example.org"
    user = {"email": mail, "username": role.lower(), "role": role, "auth_method": "LOCAL", "password": PASSWORD}
    admin.post("/v1/users", json={"user": user, "send_welcome_email": False}).raise_for_status()
    with httpx.Client(base_url=admin.base_url, trust_env=False) as own:
        own.post("/auth/login", json={"email": mail, "password": PASSWORD}).raise_for_status()
        made = own.post("/v1/user/api_keys", json={"data": {"name": "cockpit"}}).raise_for_status()
        return str(made.json()["data"]["key"])


def test_with_authentication_the_doctor_tells_what_each_key_may_do(tmp_path: Path) -> None:
    with start("phoenix", folder=tmp_path, auth=True) as phoenix:
        bearer = {"authorization": f"Bearer {phoenix.tokens['admin']}"}
        with httpx.Client(base_url=phoenix.url, headers=bearer, trust_env=False) as admin:
            published(admin, "guarded")
            keys = {"MEMBER": key_of(admin, "MEMBER"), "VIEWER": key_of(admin, "VIEWER")}
        keys |= {"ADMIN": phoenix.tokens["admin"], "nobody": "wrong-token"}
        found = {role: connect(phoenix.url, key).check(soon())[-1] for role, key in keys.items()}
        assert {role: one.verdict for role, one in found.items()} == {
            "MEMBER": Verdict.FINE,
            "VIEWER": Verdict.WRONG,
            "ADMIN": Verdict.WARNING,
            "nobody": Verdict.WRONG,
        }
        address = "tag:guarded@production"
        member, viewer = connect(phoenix.url, keys["MEMBER"]), connect(phoenix.url, keys["VIEWER"])
        oldest = member.versions(address, soon())[-1]
        with pytest.raises(Unauthorised):
            viewer.write(Write(address, oldest.value, "k"), soon())
        assert pull(member, address, oldest.value, "k").stage is Stage.APPLIED
        assert viewer.read(address, soon()).by == "member"
