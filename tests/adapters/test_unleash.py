"""Unleash: what is asked of it, what its answers mean, and what is refused; against answers recorded from it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from cockpit_adapters.unleash import UnleashAdapter, UnleashOptions
from cockpit_adapters.unleash.fake import FakeUnleash, payload
from cockpit_adapters.unleash.state import BEFORE, FlagState, patch, patch_back, where
from cockpit_adapters.unleash.system import UnleashSystem
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import BadInput, Moved, Refused, Unauthorised
from cockpit.live.doctor.findings import Grade, look_at_all
from cockpit.live.doctor.levers import lever_looks
from cockpit.live.doctor.wire import Wire
from cockpit.world.contract import Deadline, Place, Verdict, Write
from cockpit.world.fleet import connect
from cockpit.world.options import LiveOptions
from cockpit.world.planner import Planner
from cockpit.world.saga import carry_out
from cockpit.world.specimen import Asked, Said

FLAG, SHARE = "flag:answers@development", "share:answers@development"
TOKEN = "user:a-token-that-must-not-be-seen"


@contextmanager
def connected(fake: FakeUnleash) -> Iterator[UnleashSystem]:
    """Serve a fake and connect to it."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.say(fake.answer(Asked(self.command, parts.path, parse_qs(parts.query), headers, body)))

        def say(self, said: Said) -> None:
            content = said.content()
            self.send_response(said.status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = serve  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    options = UnleashOptions(adapter="unleash", url=f"http://127.0.0.1:{server.server_port}", token="env:T")
    system = UnleashAdapter().connect(options, Place("flags", lambda _: TOKEN, WallClock().now))
    assert isinstance(system, UnleashSystem)
    try:
        yield system
    finally:
        system.close()
        server.shutdown()
        server.server_close()


def soon() -> Deadline:
    return Deadline(5.0)


def planned(system: UnleashSystem, address: str, value: bool | int) -> Write:
    """Plan a write on what is there now."""
    reading = system.read(address, soon())
    return Write(address, value, "key-1", reading.version, reading.value, "INC-1, ann")


def test_a_kill_is_sent_once_and_undone_exactly() -> None:
    fake = FakeUnleash()
    before = json.dumps(fake.state)
    with connected(fake) as system:
        kill = planned(system, FLAG, False)
        assert carry_out(system, kill, 5).stage is Stage.APPLIED
        system.write(kill, soon())
        assert (fake.applied, fake.state["enabled"]) == (1, False)
        assert carry_out(system, planned(system, FLAG, True), 5).stage is Stage.APPLIED
    assert json.dumps(fake.state) == before


def test_a_canary_from_off_opens_for_no_more_than_its_share_and_leaves_nothing_behind() -> None:
    fake = FakeUnleash()
    fake.put(enabled=False)
    before = json.dumps(fake.state)
    with connected(fake) as system:
        assert carry_out(system, planned(system, SHARE, 5), 5).stage is Stage.APPLIED
        assert [event["type"] for event in fake.events[:2]] == [
            "feature-environment-enabled",
            "feature-strategy-update",
        ]
        assert system.read(SHARE, soon()).shown == "5 %"
        assert carry_out(system, planned(system, SHARE, 25), 5).stage is Stage.APPLIED
        assert carry_out(system, planned(system, SHARE, 0), 5).stage is Stage.APPLIED
    assert json.dumps(fake.state) == before


def test_the_full_share_restores_what_was_there_before_the_kill() -> None:
    fake = FakeUnleash()
    before = json.dumps(fake.state)
    with connected(fake) as system:
        for address, value in ((FLAG, False), (SHARE, 5), (SHARE, 100)):
            assert carry_out(system, planned(system, address, value), 5).stage is Stage.APPLIED
    assert json.dumps(fake.state) == before


def test_a_canary_that_was_cut_after_its_first_half_is_finished_by_a_repeat() -> None:
    fake = FakeUnleash()
    fake.put(enabled=False)
    with connected(fake) as system:
        write = planned(system, SHARE, 5)
        half = system._state(where(SHARE), soon())
        system._patch(half.at, half.only(), patch(half.only(), 5, was_off=True), soon())
        again = system.read(SHARE, soon())
        assert (again.value, again.version) == (0, write.version)
        assert carry_out(system, write, 5, repeat=True).stage is Stage.APPLIED
        assert system.read(SHARE, soon()).value == 5


def test_a_colleague_s_change_is_not_overwritten() -> None:
    fake = FakeUnleash()
    with connected(fake) as system:
        stale = planned(system, SHARE, 5)
        fake.put(rollout=50)
        with pytest.raises(Moved, match="was 100 % when this was planned, it is 50 % now"):
            system.write(stale, soon())
        fresh = replace(planned(system, SHARE, 5), version="")
        strategy = {**fake.state["strategies"][0], "parameters": {"rollout": "77"}}
        with pytest.raises(Moved, match="just now"):
            system._patch(where(SHARE), strategy, patch(strategy, 5, was_off=False), soon())
        system.write(fresh, soon())
    assert fake.state["strategies"][0]["parameters"]["rollout"] == "5"


def test_two_strategies_have_no_share_and_none_is_not_turned_on() -> None:
    fake = FakeUnleash()
    fake.state["strategies"] *= 2
    with connected(fake) as system:
        with pytest.raises(Refused, match="2 active strategies"):
            system.read(SHARE, soon())
        assert system.read(FLAG, soon()).shown == "on, by 2 strategies"
        fake.put(enabled=False)
        for strategy in fake.state["strategies"]:
            strategy["disabled"] = True
        with pytest.raises(Refused, match="no active strategy"):
            system.write(planned(system, FLAG, True), soon())
    assert fake.state["enabled"] is False


def test_the_log_tells_who_moved_what() -> None:
    fake = FakeUnleash()
    with connected(fake) as system:
        fake.put(rollout=5, by="bob")
        fake.put(enabled=False, by="eve")
        newest, update, first = system.changes(datetime(2026, 11, 20, tzinfo=UTC), soon())
        assert (newest.by, newest.before, newest.after) == ("eve", "on", "off")
        assert (update.by, update.before, update.after) == ("bob", "100 %", "5 %")
        assert system.changes(update.at, soon()) == [newest, update]
        assert first.what == "flag answers in development: environment enabled"
        reading = system.read(FLAG, soon())
        assert (reading.by, reading.at) == ("eve", newest.at)
        assert [(one.value, one.current) for one in system.versions(FLAG, soon())] == [(False, True), (True, False)]
        assert [one.shown for one in system.versions(SHARE, soon())] == ["off", "5 %", "off"]


def test_the_log_is_read_through_all_pages() -> None:
    fake = FakeUnleash()
    for number in range(230):
        fake.put(rollout=number % 100 + 1)
    with connected(fake) as system:
        assert len(system.changes(datetime(2026, 11, 20, tzinfo=UTC), soon())) == len(fake.events) > 200


@pytest.mark.parametrize(("user", "warned"), [("user-admin", "nobody's"), ("user-editor", "projects")])
def test_the_doctor_names_what_a_token_may_too_much(user: str, warned: str) -> None:
    with connected(FakeUnleash(user)) as system:
        found = system.check(soon())
    warning = next(one for one in found if one.verdict is Verdict.WARNING)
    assert warned in warning.detail
    assert warning.next_step
    assert not any(one.verdict is Verdict.WRONG for one in found)
    assert "development, production" in [one.detail for one in found]


def test_the_doctor_finds_a_token_that_may_nothing_or_is_for_sdks() -> None:
    class Viewer(FakeUnleash):
        def answer(self, asked: Asked) -> Said:
            said = super().answer(asked)
            return Said(200, {**said.body, "permissions": []}) if asked.path == "/api/admin/user" else said

    class Sdk(FakeUnleash):
        def answer(self, asked: Asked) -> Said:
            return Said(403, payload("wrong-kind"))

    for fake, told in ((Viewer(), "may not turn flags"), (Sdk(), "different token type")):
        with connected(fake) as system:
            wrong = [one for one in system.check(soon()) if one.verdict is Verdict.WRONG]
        assert told in wrong[0].detail
        assert all(one.next_step and TOKEN not in str(one) for one in wrong)


def test_what_unleash_refuses_is_told_in_its_words() -> None:
    class Forbidding(FakeUnleash):
        def answer(self, asked: Asked) -> Said:
            return super().answer(asked) if asked.method == "GET" else Said(403, payload("forbidden"))

    with connected(Forbidding()) as system:
        with pytest.raises(Unauthorised, match="required permissions"):
            system.write(planned(system, FLAG, False), soon())
        with pytest.raises(Refused, match="there is no flag nope in the project default"):
            system.read("flag:nope@development", soon())
        with pytest.raises(Refused, match="not in the environment nope"):
            system.read("flag:answers@nope", soon())


@pytest.mark.parametrize("text", ["", "maybe", "101", "-1", "5.5", "٥"])
def test_shares_are_whole_percents(text: str) -> None:
    with connected(FakeUnleash()) as system, pytest.raises(BadInput):
        system.parse(SHARE, text)


@given(st.integers(0, 100), st.integers(1, 100))
def test_going_back_undoes_every_patch(found: int, share: int) -> None:
    strategy = {"name": "flexibleRollout", "parameters": {"rollout": str(found), "stickiness": "default"}}
    opened = carried(strategy, patch(strategy, share, was_off=True))
    assert opened["parameters"]["rollout"] == str(share)
    assert opened["parameters"].get(BEFORE, str(share)) == str(found)
    assert carried(opened, patch_back(opened))["parameters"] == strategy["parameters"]


@given(st.integers(1, 100), st.integers(0, 100))
def test_while_a_flag_is_off_its_rollout_is_no_version(one: int, other: int) -> None:
    def off(rollout: int) -> FlagState:
        strategy = {"name": "flexibleRollout", "parameters": {"rollout": str(rollout)}}
        return FlagState(where(SHARE), False, [strategy], [{"id": 7, "type": "feature-environment-disabled"}])

    assert off(one).version() == off(other).version()
    assert off(one).value() == 0


def carried(strategy: Mapping[str, object], steps: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Carry out a JSON Patch of parameters."""
    parameters = dict(strategy["parameters"])  # type: ignore[call-overload]
    for step in steps:
        name = step["path"].rpartition("/")[2]
        if step["op"] == "remove":
            del parameters[name]
        elif step["op"] == "test":
            assert parameters[name] == step["value"]
        else:
            parameters[name] = step["value"]
    return {"parameters": parameters}


def test_an_archived_flag_is_no_switch_though_its_environment_still_answers() -> None:
    fake = FakeUnleash()
    with connected(fake) as system:
        plan = planned(system, FLAG, False)
        fake.archive()
        with pytest.raises(
            Refused, match="answers is archived: applications use the default in their own code"
        ) as caught:
            system.read(FLAG, soon())
        assert "Revive it" in caught.value.hint
        assert carry_out(system, plan, 3).stage is Stage.REFUSED
        assert fake.applied == 0


def test_a_plan_on_an_archived_flag_is_refused_and_the_doctor_calls_it_wrong() -> None:
    fake = FakeUnleash()
    fake.archive()
    with connected(fake) as system:
        table = {"adapter": "unleash", "url": system._line.base, "token": "env:T"}
        lever = {"system": "flags", "control": FLAG, "target": "off"}
        live = LiveOptions.model_validate({"systems": {"flags": table}, "levers": {"kill_switch": lever}})
        with closing(connect(live, lambda _: TOKEN, WallClock().now)) as fleet:
            with pytest.raises(Refused, match="archived"):
                Planner(live, fleet).pull("kill_switch", "", {})
            found = look_at_all(lever_looks(live, fleet, Wire(), lambda _: "cockpit.toml", {}), lambda _: None)
    assert [(one.what, one.grade) for one in found] == [("value", Grade.WRONG)]
    assert "Revive it in Unleash" in found[0].next_step


def test_a_flag_that_is_not_in_an_environment_is_told_apart_from_one_that_is_off() -> None:
    with connected(FakeUnleash()) as system, pytest.raises(Refused, match="not in the environment staging") as caught:
        system.read("flag:answers@staging", soon())
    assert "development, production" in caught.value.hint
