"""However a drill's terminal ends, the journal is sound, the process is gone, and starting again goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.domain.events import Kind
from tests.end_to_end.player import INCIDENT, Player, check_sound, kinds, last_of, lines

SPEED = 4.0
DRILL = ("drill", "injection-leak", "--speed", f"{SPEED:g}")


def check_goes_on(data: Path, *, acknowledged: int = 1) -> None:
    """Start again, and check that the drill goes on where it was and is left soundly by its key."""
    check_sound(data)
    before = lines(data)
    with Player(data, *DRILL) as player:
        player.until(lambda: Kind.DRILL_REATTACHED in kinds(data)[len(before) :])
        back = last_of(data, Kind.DRILL_REATTACHED)
        assert back >= before[-1].at
        player.see(INCIDENT, "T+")
        if acknowledged:
            assert "Acknowledge the page" not in player.text()
        player.signal(signal.SIGTERM)
        assert player.gone() is not None
    check_sound(data)
    assert kinds(data).count(Kind.PAGED) <= 1
    assert kinds(data).count(Kind.ACKNOWLEDGED) == acknowledged
    assert kinds(data).count(Kind.INCIDENT_OPENED) == 1


@pytest.mark.integration
def test_killed_the_drill_goes_on_where_it_was(tmp_path: Path) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.acknowledge()
        started = time.monotonic()
        player.pump(2.0)
        player.kill()
        lived = time.monotonic() - started
    at = last_of(tmp_path, Kind.ACKNOWLEDGED)
    check_goes_on(tmp_path)
    back = last_of(tmp_path, Kind.DRILL_REATTACHED)
    # What passed before the kill counts but for the last second or so; what passed after it does not.
    assert timedelta(seconds=(lived - 1.6) * SPEED) <= back - at <= timedelta(seconds=(lived + 0.5) * SPEED)


@pytest.mark.integration
def test_sigterm_and_a_second_terminal(tmp_path: Path) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.acknowledge()
        with Player(tmp_path, *DRILL) as second:
            assert second.gone(15) == 2
            told = second.raw.decode("utf-8", "replace")
            assert "is being played in another terminal" in told
            assert str(player.pid) in told
            assert "Traceback" not in told
            assert second.restored()
        assert player.alive
        player.signal(signal.SIGTERM)
        assert player.gone() == 128 + signal.SIGTERM
        assert player.restored()
        assert b"Traceback" not in player.raw
    check_sound(tmp_path)


@pytest.mark.integration
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_puts_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.acknowledge()
        player.signal(number)
        assert player.gone() not in (None, 0)
        assert player.restored()
        assert b"Traceback" not in player.raw
    check_goes_on(tmp_path)


@pytest.mark.integration
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
@pytest.mark.parametrize("wait", [0.05, 0.3, 0.6, 1.0, 1.5])
def test_a_signal_while_it_starts(tmp_path: Path, number: signal.Signals, wait: float) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.pump(wait)
        player.signal(number)
        assert player.gone() not in (None, 0)
        assert b"Traceback" not in player.raw
        assert b"\x1b[?1049h" not in player.raw or player.restored()
    if lines(tmp_path):
        check_goes_on(tmp_path, acknowledged=0)


@pytest.mark.integration
def test_leaving_by_keys(tmp_path: Path) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.acknowledge()
        player.send("q")
        player.see("Leave?")
        player.send("q")
        player.pump(0.5)
        if player.alive:
            player.see("going on", INCIDENT) if "Drills" in player.text() else None
            player.send("q")
            player.pump(0.5)
            player.send("q")
        assert player.gone() == 0
        assert player.restored()
    check_goes_on(tmp_path)


@pytest.mark.integration
def test_ctrl_c_pressed_loses_nothing(tmp_path: Path) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.acknowledge()
        player.send("\x03")
        player.pump(1.0)
        assert b"Traceback" not in player.raw
        player.signal(signal.SIGTERM)
        assert player.gone() is not None
    check_goes_on(tmp_path)


@pytest.mark.integration
def test_the_connection_is_lost(tmp_path: Path) -> None:
    """The other end of the terminal goes away, as when ssh breaks: SIGHUP comes, and nobody reads any more."""
    player = Player(tmp_path, *DRILL)
    try:
        player.acknowledge()
        os.close(player.fd)
        assert player.gone_unread(), "a process was left behind"
    finally:
        player.fd = os.open(os.devnull, os.O_RDWR)
        player.close()
    check_goes_on(tmp_path)


@pytest.mark.integration
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_stalled_terminal_can_be_ended(tmp_path: Path, number: signal.Signals) -> None:
    with Player(tmp_path, *DRILL) as player:
        player.acknowledge()
        time.sleep(6)  # nobody reads: the terminal's buffer is full, and drawing stands still
        seen = len(lines(tmp_path))
        player.signal(number)
        assert player.gone_unread(), "a process was left behind"
        assert len(lines(tmp_path)) >= seen
    check_goes_on(tmp_path)


@pytest.mark.integration
def test_a_stalled_terminal_does_not_stop_the_drill(tmp_path: Path) -> None:
    with Player(tmp_path, "drill", "injection-leak", "--speed", "30") as player:
        player.acknowledge()
        page = last_of(tmp_path, Kind.PAGED)
        time.sleep(10)
        assert lines(tmp_path)[-1].at - page > timedelta(minutes=2), "nothing happened while nobody read"
        player.pump(1.0)
        player.signal(signal.SIGTERM)
        assert player.gone() is not None
    check_sound(tmp_path)


@pytest.mark.integration
def test_random_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rng = random.Random(5)
    for round_ in range(12):
        before = lines(tmp_path)
        with Player(tmp_path, *DRILL) as player:
            if round_ == 0:
                player.acknowledge()
            player.pump(rng.uniform(0.3, 4.0))
            player.kill()
        check_sound(tmp_path)
        after = lines(tmp_path)
        assert after[: len(before)] == before
        # A signal that had fired before anybody sat down is told at the opening, with its own earlier moment.
        moments = [event.at for event in after if event.kind is not Kind.SIGNAL_FIRED]
        assert moments == sorted(moments)
    assert kinds(tmp_path).count(Kind.ACKNOWLEDGED) == kinds(tmp_path).count(Kind.PAGED) == 1
