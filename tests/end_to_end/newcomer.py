"""Somebody who has never seen the cockpit: reads the screen, and presses only keys that it names."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from tests.terminal import Terminal

NEXT = re.compile(r"Next ▸ press (\S+)  (.*)")
CODE = re.compile(r"type\s+([A-Z]) ([A-Z]) ([A-Z]) ([A-Z])\b")
HINT = re.compile(r"╰.*\besc\b")
LEVER = re.compile(r"(?:Pull|Undo) (.+?)\.")
CHOSEN = re.compile(r"▸(\d.*)")
STEPS = "enter the step under"
OWN_WORDS = {"rule": ("answers that went wrong", "any in one minute")}
"""What a newcomer writes where words are asked for: an alert's name, and its rule."""

MOST_LEVERS = 20
PATIENCE = 4
"""How often a newcomer does the same thing in vain before leaving the dialog."""

PAUSE_S = 0.5


class Newcomer:
    """Follows the line Next, and answers each dialog by the keys in its frame."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.pressed: list[str] = []
        self._started = time.monotonic()
        self._asked = ""
        self._in_vain = 0

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return time.monotonic() - self._started

    def play(self, over: Callable[[str], bool], limit: float) -> None:
        """Go on until the screen shows that it is over.

        Raises:
            TimeoutError: it never did; the message is the screen and what was pressed.
        """
        while not over(text := self._read()):
            if self.seconds > limit:
                raise TimeoutError(f"after {' '.join(self.pressed)}:\n{text}")
            self._one_step(text)

    def _read(self) -> str:
        self.terminal.listen(PAUSE_S)
        return self.terminal.text()

    def _press(self, *keys: str) -> None:
        self.pressed += keys
        self.terminal.press(*keys, pause=0.12)

    def _stuck(self, text: str) -> bool:
        """Tell whether the same has been asked for too often."""
        asked = " ".join([*HINT.findall(text), *(words for _, words in NEXT.findall(text))])
        self._in_vain = self._in_vain + 1 if asked and asked == self._asked else 0
        self._asked = asked
        return self._in_vain > PATIENCE

    def _one_step(self, text: str) -> None:
        if self._stuck(text):
            self._in_vain = 0
            self._press("escape")
        elif code := CODE.search(text):
            self._press(*"".join(code.groups()).lower(), "enter")
        elif "escape stay" in text:
            self._press("enter")
        elif "s sign" in text and "Postmortem INC" in text:
            self._press("escape" if "signed by" in text else "s")
        elif "L learn" in text and "Score by part" in text:
            self._press("L")
        elif hints := HINT.findall(text):
            # A form stands over the steps of learning, whose frame goes on below it.
            self._dialog(text, next((one for one in hints if STEPS not in one), hints[-1]))
        elif found := NEXT.findall(text):
            self._advice(*found[-1])

    def _dialog(self, text: str, hint: str) -> None:
        """Do what a dialog asks for; the dialog of learning names its next key itself."""
        named = NEXT.findall(text)
        if STEPS in hint and named:
            self._press(named[-1][0])
            self.terminal.listen(PAUSE_S)
        elif "mark and go on" in hint:
            self._press("enter", "enter", "enter", "ctrl+s")
        elif "turn a choice" in hint:
            self._press("tab", "3", "tab", "right", "tab", "right", "tab", "right", "ctrl+s")
        elif "ctrl+s" in hint:
            self._press("ctrl+s")
        elif re.search(r"│ rule\b", text):
            name, rule = OWN_WORDS["rule"]
            self._press(*name, "tab", *rule, "enter")
        else:
            self._press("enter")

    def _advice(self, key: str, words: str) -> None:
        """Press the key; in a pane, choose what the advice names."""
        self._press(key)
        if key == "l" and (lever := LEVER.search(words)):
            self._press("home")
            for _ in range(MOST_LEVERS):
                here = CHOSEN.search(self._read())
                if here and lever[1] in here[1]:
                    break
                self._press("down")
        if key in ("l", "t"):
            self._press("enter")
