"""Taking turns: readers together, a commit alone."""

from __future__ import annotations

import threading

import pytest

from cockpit.journal.traces import gate as trace_gate
from cockpit.journal.traces.gate import Gate


def test_a_commit_waits_until_nobody_reads() -> None:
    gate, order = Gate(), list[str]()
    reading, done = threading.Event(), threading.Event()

    def commit() -> None:
        reading.wait(5)
        with gate.alone():
            order.append("commit")
        done.set()

    thread = threading.Thread(target=commit)
    thread.start()
    with gate.reading(), gate.reading():
        reading.set()
        assert not done.wait(0.1)
        order.append("read")
    thread.join(5)
    assert order == ["read", "commit"]


def test_a_reader_that_never_ends_does_not_stop_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_gate, "PATIENCE_S", 0.01)
    gate, committed = Gate(), threading.Event()

    def commit() -> None:
        with gate.alone():
            committed.set()

    with gate.reading():
        thread = threading.Thread(target=commit)
        thread.start()
        assert committed.wait(5)
    thread.join(5)
