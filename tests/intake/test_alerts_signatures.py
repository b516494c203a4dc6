"""Whom to believe: the vectors of the systems themselves, and everything that is nearly right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.intake.alerts.allowance import Allowance
from cockpit.intake.alerts.signatures import BEARER, HMAC, OPEN, PAGERDUTY, Lock, refusal, signature

SECRET = "s3cr3t"
BODY = b'{"event":{"id":"5ac64822","event_type":"incident.triggered"}}'
PLAIN = "eff37c196be580afec00b245349ceafbe18730189a940cf8e4592d42ebf57fed"
TIMED = "fe9970a77cd5e0d6db64ee62df3e827acae64331e13e75d228cedec8216023d1"
WHEN = 1795219071
NOW = datetime.fromtimestamp(WHEN + 3, UTC)
HEADER, TIME = "X-Grafana-Alerting-Signature", "X-Grafana-Alerting-Timestamp"
DUTY = Lock(PAGERDUTY, SECRET)
GRAFANA = Lock(HMAC, SECRET, HEADER)
DATED = Lock(HMAC, SECRET, HEADER, TIME)


def said(lock: Lock, body: bytes = BODY, now: datetime = NOW, /, **headers: str) -> str:
    """Ask, with headers named in Python's way."""
    return refusal(lock, {name.replace("_", "-"): value for name, value in headers.items()}, body, now)


@pytest.mark.parametrize(
    ("header", "why"),
    [(f"v1={PLAIN}", ""), (f"v1={'0' * 64},v1={PLAIN}", ""), (f"v1={PLAIN}, v1={'0' * 64}", ""),
     (f"v0={PLAIN}", "no signature"), (PLAIN, "no signature"), ("", "no signature"),
     (f"v1={PLAIN[:-1]}", "wrong signature"), (f"v1={'0' * 64}", "wrong signature"), ("v1=é", "wrong signature"),
     (",".join([f"v1={'0' * 64}"] * 8 + [f"v1={PLAIN}"]), "wrong signature")],
)  # fmt: skip
def test_pagerduty(header: str, why: str) -> None:
    assert said(DUTY, x_pagerduty_signature=header) == why


def test_grafana_signs_the_body_or_the_time_and_the_body() -> None:
    assert said(GRAFANA, x_grafana_alerting_signature=PLAIN) == ""
    assert said(DATED, x_grafana_alerting_signature=TIMED, x_grafana_alerting_timestamp=str(WHEN)) == ""
    assert said(GRAFANA, x_grafana_alerting_signature=TIMED) == "wrong signature"
    assert said(GRAFANA) == "no signature"
    assert said(GRAFANA, x_grafana_alerting_signature=f"sha256={PLAIN}") == "", "as GitHub writes it"


@pytest.mark.parametrize("when", ["", "x", "-5", "٣", "1" * 40])
def test_a_time_that_is_none(when: str) -> None:
    assert said(DATED, x_grafana_alerting_signature=TIMED, x_grafana_alerting_timestamp=when) == "no time in it"


@pytest.mark.parametrize("off", [-301, 301])
def test_what_was_signed_long_ago_is_not_taken_again(off: int) -> None:
    headers = {"x_grafana_alerting_signature": TIMED, "x_grafana_alerting_timestamp": str(WHEN)}
    assert "too old" in said(DATED, BODY, datetime.fromtimestamp(WHEN + off, UTC), **headers)


def test_another_time_is_another_signature() -> None:
    headers = {"x_grafana_alerting_signature": TIMED, "x_grafana_alerting_timestamp": str(WHEN + 1)}
    assert said(DATED, **headers) == "wrong signature"


@pytest.mark.parametrize(
    ("header", "why"),
    [("Bearer s3cr3t", ""), ("bearer  s3cr3t", ""), ("s3cr3t", ""), ("", "no token"), ("Bearer ", "wrong token"),
     ("Basic s3cr3t", "wrong token"), ("Bearer s3cr3", "wrong token"), ("Bearer s3cr3té", "wrong token")],
)  # fmt: skip
def test_a_token(header: str, why: str) -> None:
    assert said(Lock(BEARER, SECRET), authorization=header) == why


def test_a_token_beyond_ascii_is_compared_by_its_bytes() -> None:
    sent = "schlüssel".encode().decode("latin-1")
    assert said(Lock(BEARER, "schlüssel"), authorization=f"Bearer {sent}") == ""


def test_without_a_secret_only_what_is_open_is_believed() -> None:
    assert said(Lock(OPEN), host="127.0.0.1:9200") == ""
    assert said(Lock(OPEN), host="localhost") == ""
    for host in ("", "rebound.example.org:9200", "127.0.0.1.example.org", "192.0.2.1:9200"):
        assert said(Lock(OPEN), host=host) == "not addressed to this machine"
    for scheme in (BEARER, PAGERDUTY, HMAC):
        assert said(Lock(scheme, "", HEADER), authorization="", x_pagerduty_signature="v1=") != ""


def test_a_lock_never_shows_its_secret() -> None:
    assert SECRET not in repr(DUTY)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_a_signature_is_of_one_body(body: bytes, other: bytes) -> None:
    signed = signature(SECRET, body)
    assert (said(DUTY, other, x_pagerduty_signature=f"v1={signed}") == "") == (body == other)


@given(st.text(max_size=60))
def test_no_header_makes_it_stumble(value: str) -> None:
    for lock in (DUTY, GRAFANA, DATED, Lock(BEARER, SECRET)):
        headers = {"x_pagerduty_signature": value, "x_grafana_alerting_signature": value,
                   "x_grafana_alerting_timestamp": value, "authorization": value}  # fmt: skip
        assert said(lock, **headers)


@given(st.lists(st.floats(0, 30), max_size=80))
def test_no_more_than_allowed(pauses: list[float]) -> None:
    now = [0.0]
    allowance = Allowance(10, lambda: now[0])
    taken: list[float] = []
    for pause in pauses:
        now[0] += pause
        if wait := allowance.take():
            assert 0 < wait <= 6.001
        else:
            taken.append(now[0])
    for at in taken:
        assert len([one for one in taken if at - 60 < one <= at]) <= 20
