"""The receiver by HTTP: who is let in, what is answered, and what is recorded of it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit.domain.events import Kind
from cockpit.errors import JournalReadOnly, SettingsError
from cockpit.intake.alerts.signatures import signature
from cockpit.live.alerts.desk import AlertDesk
from cockpit.settings import read_settings
from tests.cli.command import Cli
from tests.cli.webhooks import BEARER, SECRET, SETTINGS, TOKEN, Receiver, receiving
from tests.intake.alert_bodies import alertmanager, leak, pagerduty, unleash


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver with five sources, three of them open."""
    monkeypatch.setenv("AM_TOKEN", TOKEN)
    monkeypatch.setenv("PD_SECRET", SECRET)
    with receiving(tmp_path / "data") as found:
        yield found


def test_an_alert_opens_an_incident_that_nobody_has_seen_yet(receiver: Receiver) -> None:
    assert receiver.alert(alertmanager())["incidents"] == ["INC-0001"]
    events = receiver.events("INC-0001")
    assert [event.kind for event in events] == [Kind.INCIDENT_OPENED, Kind.PAGED, Kind.ALERT_RECEIVED]
    assert (events[0].get("mode"), events[0].get("opened_by"), events[0].actor) == ("live", "am", "am")
    state = receiver.state("INC-0001")
    assert (state.title, state.service, state.present) == ("answers leak", "answers", ())
    assert state.page_at
    assert "ack" not in state.milestones
    assert state.alerts["am/a1b2c3d4e5f60718"].status == "firing"


def test_told_again_it_is_one_and_resolved_it_is_noted(receiver: Receiver) -> None:
    receiver.alert(alertmanager())
    assert receiver.alert(alertmanager())["repeated"] == 1
    assert receiver.alert(alertmanager(leak("resolved")))["incidents"] == ["INC-0001"]
    assert receiver.alert(alertmanager(leak("resolved")))["repeated"] == 1
    assert receiver.incidents() == ["INC-0001"]
    assert receiver.state("INC-0001").alerts["am/a1b2c3d4e5f60718"].status == "resolved"
    assert len(receiver.events("INC-0001")) == 4


def test_a_restart_forgets_nothing(receiver: Receiver, tmp_path: Path) -> None:
    receiver.alert(alertmanager())
    receiver.server.close()
    with receiving(tmp_path / "data") as again:
        assert again.alert(alertmanager())["repeated"] == 1
        assert again.alert(alertmanager(leak(fingerprint="another")))["incidents"] == ["INC-0001"]


def test_an_end_without_a_beginning_opens_nothing(receiver: Receiver) -> None:
    assert receiver.alert(alertmanager(leak("resolved")))["ignored"] == 1
    assert receiver.incidents() == []


def test_many_senders_at_once_open_one_incident(receiver: Receiver, tmp_path: Path) -> None:
    with receiving(tmp_path / "data") as second, ThreadPoolExecutor(8) as pool:
        bodies = [alertmanager(leak(fingerprint=f"f{turn % 6}")) for turn in range(24)]
        told = list(pool.map(lambda pair: pair[0].alert(pair[1]), zip([receiver, second] * 12, bodies, strict=True)))
    assert receiver.incidents() == ["INC-0001"]
    assert sum(one["accepted"] for one in told) == 6
    assert sum(one["repeated"] for one in told) == 18
    assert len(receiver.state("INC-0001").alerts) == 6


def test_pagerduty_signs_what_it_sends(receiver: Receiver) -> None:
    body = json.dumps(pagerduty()).encode()
    right = {"X-PagerDuty-Signature": f"v1={'0' * 64},v1={signature(SECRET, body)}"}
    assert receiver.send("/pd", body, right).status == 202
    assert receiver.send("/pd", body, right).body["repeated"] == 1, "a replay is no news"
    changed = body.replace(b"Answers leak", b"Answers fine")
    assert receiver.send("/pd", changed, right).status == 401
    assert receiver.send("/pd", body).status == 401
    assert receiver.incidents() == ["INC-0001"]
    assert receiver.state("INC-0001").service == "answers"


def test_what_is_not_believed_is_counted_with_its_reason_and_never_shown(receiver: Receiver) -> None:
    for _ in range(3):
        assert receiver.send("/am", {"secret-body": 1}, {"Authorization": "Bearer guess-77"}).status == 401
    assert [line["count"] for line in receiver.lines] == [1, 2, 3]
    assert {line["why"] for line in receiver.lines} == {"wrong token"}
    told = json.dumps([dict(line) for line in receiver.lines])
    assert not any(word in told for word in ("guess-77", "secret-body", TOKEN))


def test_who_guesses_is_slowed_down_and_who_knows_is_not(receiver: Receiver) -> None:
    answers = [receiver.send("/am", {}, {"Authorization": "Bearer guess"}).status for _ in range(36)]
    assert set(answers[:30]) == {401}
    assert answers[-1] == 429
    assert receiver.door.counts["am: wrong token"] == 36
    assert len(receiver.lines) < 36
    assert receiver.alert(alertmanager())["accepted"] == 1


def test_a_complaint_opens_an_incident_and_names_the_conversation(receiver: Receiver) -> None:
    told = {"who": "Ada of Acme", "session": "s-17", "text": "I see somebody else's invoice"}
    assert receiver.send("/escalation", told).body["incidents"] == ["INC-0001"]
    assert receiver.send("/escalation", told).body["repeated"] == 1
    assert receiver.send("/escalation", {**told, "text": "and again"}).body["incidents"] == ["INC-0001"]
    assert receiver.send("/escalation", {**told, "session": "s-18"}).body["incidents"] == ["INC-0002"]
    (page,) = [event for event in receiver.events("INC-0001") if event.kind is Kind.PAGED]
    assert page.get("text") == "Ada of Acme: I see somebody else's invoice (pull the trace of session s-17)"
    assert {alert.session for alert in receiver.state("INC-0001").alerts.values()} == {"s-17"}


def test_a_changed_flag_is_news_on_what_is_open_and_opens_nothing(receiver: Receiver) -> None:
    assert receiver.send("/flags", unleash()).body["ignored"] == 1
    receiver.alert(alertmanager())
    assert receiver.send("/flags", unleash()).body["incidents"] == ["INC-0001"]
    assert receiver.state("INC-0001").alerts["flags/llm-answers@production"].status == "news"


def test_alerts_that_belong_together_share_an_incident_and_others_do_not(receiver: Receiver) -> None:
    receiver.alert(alertmanager(leak(), leak(fingerprint="b"), leak(fingerprint="c", service="search")))
    assert receiver.incidents() == ["INC-0001", "INC-0002"]
    assert len(receiver.state("INC-0001").alerts) == 2
    other = alertmanager(leak(fingerprint="d", alertname="TooSlow"), groupKey="another")
    assert receiver.alert(other)["incidents"] == ["INC-0003"]
    same_name = alertmanager(leak(fingerprint="e"), groupKey="a third one")
    assert receiver.alert(same_name)["incidents"] == ["INC-0001"]


@pytest.mark.parametrize(
    ("path", "headers", "body", "method", "status"),
    [
        ("/am", {}, b"{", "POST", 401), ("/am", BEARER, b"{", "POST", 400), ("/am", BEARER, b"[]", "POST", 400),
        ("/nothing", BEARER, b"{}", "POST", 404), ("/", BEARER, b"{}", "POST", 404),
        ("/am/x", {}, b"{}", "POST", 404),
        ("/am", BEARER, b"", "GET", 405), ("/am", BEARER, b"{}", "PUT", 405), ("/healthz", {}, b"", "GET", 200),
        ("/am", {**BEARER, "Content-Type": "text/plain"}, b"{}", "POST", 415),
        ("/am", {**BEARER, "Content-Type": ""}, b"{}", "POST", 415),
        ("/am", BEARER, b"[" * 65_000, "POST", 400), ("/am", BEARER, b" " * 65_537, "POST", 413),
        ("/am", BEARER, b" " * 3_000_000, "POST", 413),
        ("/am", {**BEARER, "Transfer-Encoding": "chunked"}, b"0\r\n\r\n", "POST", 411),
    ],
)  # fmt: skip
def test_statuses(
    receiver: Receiver, path: str, headers: dict[str, str], body: bytes, method: str, status: int
) -> None:
    assert receiver.send(path, body, headers, method).status == status
    assert receiver.incidents() == []


def test_too_many_are_told_when_to_come_again(receiver: Receiver) -> None:
    answers = [receiver.send("/slow", {"who": "a", "text": f"{turn}", "session": "s"}) for turn in range(3)]
    assert [one.status for one in answers] == [202, 202, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 31


def test_what_could_not_be_recorded_is_to_be_sent_again(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise JournalReadOnly("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(AlertDesk, "place", full)
        assert receiver.send("/am", alertmanager(), BEARER).status == 503
    assert "the disk is full" in str(receiver.lines[-1]["why"])
    assert receiver.alert(alertmanager())["accepted"] == 1


def test_who_dawdles_is_cut_off_and_holds_up_nobody(receiver: Receiver) -> None:
    host, port = receiver.server.url.removeprefix("http://").split(":")
    head = b"POST /am HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
    slow = socket.create_connection((host, int(port)), timeout=20)
    begun = time.monotonic()
    slow.sendall(head)
    assert receiver.alert(alertmanager())["accepted"] == 1
    assert time.monotonic() - begun < 3
    assert slow.recv(100) == b""
    slow.close()


def test_control_characters_reach_the_journal_and_no_terminal(
    receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = leak(alertname="x\x1b[2J\u202e\x07", session_id="s\x1b]0;x\x07")
    evil["annotations"] = {"summary": "\x1b[31mred\ud800\x00"}
    body = alertmanager(evil)
    receiver.alert(body)
    assert receiver.state("INC-0001").title == "\x1b[31mred\ud800\x00"
    cli = Cli(capsys, Path(receiver.given.data))
    for command in (("alerts", "list"), ("alerts", "list", "--json"), ("status",), ("log", "show", "INC-0001")):
        assert cli(*command).code == 0


def settings_error(text: str, listen: str = "127.0.0.1:9200") -> str:
    """Return what is wrong with some settings."""
    from cockpit.cli.alerts.gates import gates_of

    with pytest.raises(SettingsError) as told:
        gates_of(read_settings(text, Path("cockpit.toml")), listen)
    return str(told.value)


def test_a_source_proves_who_it_is_or_is_open_to_this_machine_alone() -> None:
    table = '[webhooks.sources.x]\nkind = "alertmanager"\n'
    assert "no secret" in settings_error(table)
    for listen in ("0.0.0.0:9200", "192.0.2.1:9200", "example.org:9200"):
        assert "can be reached" in settings_error(table + "open = true", listen)
    assert "no [webhooks.sources.NAME]" in settings_error("")


WRONG = ("nonsense", "127.0.0.1", ":9200", "http://127.0.0.1:9200", "::1:99", "127.0.0.1:999999")


@pytest.mark.parametrize("listen", WRONG)
def test_an_address_that_is_none_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch, listen: str) -> None:
    monkeypatch.setenv("COCKPIT_WEBHOOKS", '{"sources": {"x": {"kind": "unleash", "open": true}}}')
    answer = cli("serve-webhooks", "--listen", listen)
    assert answer.code == 2
    assert "listen" in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [('[webhooks.sources.x]\nkind = "json"\nopen = true', "fields.title"),
     ('[webhooks.sources."a/b"]\nkind = "unleash"\nopen = true', "no path"),
     ('[webhooks.sources.healthz]\nkind = "unleash"\nopen = true', "no path"),
     ('[webhooks.sources.x]\nkind = "json"\nfields = { titel = "a" }', "no 'titel' in an alert"),
     ('[webhooks.sources.x]\nkind = "smoke"', "cockpit.toml:2"),
     ('[webhooks.sources.x]\nkind = "json"\nsecret = "hunter2"', "named, not written"),
     ('[webhooks]\nlisten = "here"', "cockpit.toml:2")],
)  # fmt: skip
def test_settings_that_are_wrong_say_where(text: str, said: str) -> None:
    told = settings_error(text)
    assert said in told
    assert "hunter2" not in told


def test_a_receiver_ends_what_it_has_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AM_TOKEN", TOKEN)
    monkeypatch.setenv("PD_SECRET", SECRET)
    with receiving(tmp_path / "data", SETTINGS) as receiver:
        waiting = threading.Thread(target=receiver.server.wait)
        waiting.start()
    waiting.join(5)
    assert not waiting.is_alive()
