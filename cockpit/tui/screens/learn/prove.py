"""Proving a case of a real incident: which endpoint answers for the fixed configuration, which for the bad one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from cockpit.domain.case_plain import from_plain
from cockpit.domain.cases import Case
from cockpit.errors import CockpitError
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import DIM
from cockpit.tui.runner import in_words
from cockpit.tui.screens.confirm import note
from cockpit.tui.screens.fields import Cycle, Field, text_field
from cockpit.tui.screens.learn.forms import Form
from cockpit.tui.text import Plain, line

if TYPE_CHECKING:
    from cockpit.golden.named import Named

USUAL_SAMPLES, MOST_SAMPLES = 5, 2_000
TICK_S = 0.25

_typed_before: dict[str, str] = {}
"""What was typed last in this process: a second case is asked at the same endpoint. It holds no secret."""


class ProveForm(Form):
    """The endpoints; enter asks them, and what they answer proves the case or does not."""

    HEADING = "Prove the case: ask your endpoint"
    HINT: ClassVar[str] = "tab next field · enter ask · esc back"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self._fixture = snapshot.state.learning.fixtures[-1]
        self._case: Case = from_plain(self._fixture.document)
        self._since = 0.0
        self._ticker: Timer | None = None

    def body(self) -> ComposeResult:
        """Both sides, the key's name, and how often."""
        before = _typed_before
        model = str(self._case.parameters.get("model", ""))
        yield note((f"{self._case.id}: asked of the fixed configuration and of the bad one.", DIM))
        yield text_field("endpoint", before.get("url", ""), "such as http://127.0.0.1:4000/v1", id="learn-url")
        yield text_field("model", before.get("model", model), "the fixed configuration's", id="learn-model")
        yield text_field("key", before.get("key", ""), "where it is: env:NAME, file:PATH; or empty", id="learn-key")
        yield note(("What is other about the bad configuration (one of these):", DIM))
        yield text_field("bad model", before.get("bad_model", ""), "its name", id="learn-bad_model")
        yield text_field("bad header", before.get("bad_header", ""), "NAME=VALUE", id="learn-bad_header")
        yield text_field("bad endpoint", before.get("bad_url", ""), "if it answers elsewhere", id="learn-bad_url")
        yield text_field("samples", before.get("samples", str(USUAL_SAMPLES)), "of each", id="learn-samples")
        plain = [("", "encrypted, or on this machine"), ("yes", "plain http beyond this machine")]
        yield Field("network", Cycle(plain, id="learn-http"))
        yield Plain("", id="learn-trouble")

    def submit(self) -> None:
        """Ask, in a thread."""
        names = ("url", "model", "key", "bad_model", "bad_header", "bad_url", "samples")
        typed = {name: self.typed(name) for name in names}
        samples = typed["samples"]
        if self._ticker:
            self.trouble("still asking: esc gives up")
        elif not typed["url"]:
            self.trouble("which endpoint answers?", "url")
        elif not typed["model"]:
            self.trouble("which model is asked?", "model")
        elif not samples.isdecimal() or not 1 <= int(samples) <= MOST_SAMPLES:
            self.trouble(f"1 to {MOST_SAMPLES} samples", "samples")
        else:
            _typed_before.update(typed)
            self._ask(typed, int(samples))

    def _ask(self, typed: dict[str, str], samples: int) -> None:
        from cockpit.golden.named import Named

        named = Named(
            typed["url"], typed["model"], typed["key"], (), typed["bad_url"], typed["bad_model"],
            (typed["bad_header"],) if typed["bad_header"] else (),
            bool(self.query_one("#learn-http", Cycle).value),
        )  # fmt: skip
        self._since = time.monotonic()
        self._ticker = self.set_interval(TICK_S, self._tick)
        self._tick()
        self.run_worker(partial(self._work, named, samples), thread=True, group="prove", description="ask endpoints")

    def _tick(self) -> None:
        words = f"◌ asking both sides … {time.monotonic() - self._since:.0f} s; esc gives up"
        self.query_one("#learn-trouble", Plain).update(line((words, DIM)))

    def _work(self, named: Named, samples: int) -> None:
        from cockpit.golden.named import sides_of
        from cockpit.golden.proof import ask_both

        try:
            results = ask_both(self._case, sides_of(named), samples)
        except CockpitError as problem:
            self.app.call_from_thread(self._failed, in_words(problem))
        else:
            self.app.call_from_thread(self._answered, results)

    def _failed(self, words: str) -> None:
        if self.is_mounted:
            self._stop()
            self.trouble(words)

    def _answered(self, results: dict[str, Any]) -> None:
        if self.is_mounted:
            self._stop()
            self.dismiss((Wish("prove_fixture", {"case": self._fixture.id, "results": results}),))

    def _stop(self) -> None:
        if self._ticker:
            self._ticker.stop()
        self._ticker = None
