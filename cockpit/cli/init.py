"""`cockpit init`: a few questions, and a commented cockpit.toml that holds no secret."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cockpit.cli.output import complain, emit, say
from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit.paths import find_paths, write_private

if TYPE_CHECKING:
    from cockpit.live.interview.questions import Question

OPTIONS = {
    "service": "service.name", "approver": "service.approver", "fallback": "service.fallback",
    "people": "service.people", "gateway": "gateway", "url": "gateway.url", "flags": "flags", "prompts": "prompts",
    "providers": "providers", "probe": "probe.url",
}  # fmt: skip
"""Options that answer a question, by its key; `--answer KEY=VALUE` answers any."""


def write_settings(given: Namespace) -> int:
    """Ask, and write cockpit.toml or print it; nothing is written before everything is answered."""
    from cockpit.live.interview.interview import check, interview, variables

    file = find_paths(os.environ).settings_file
    if file.exists() and not (given.force or given.print):
        raise BadInput(
            f"{file} is there already", hint="--print shows what would be written, --force writes it over that."
        )
    asker = _Asker(_answers(given), yes=given.yes)
    text = interview(asker)
    asker.refuse_unused()
    check(text, file)
    if given.print:
        emit(text.rstrip("\n"))
        return 0
    write_private(file, text)
    say(f"Written: {file}")
    if missing := [name for name in variables(text) if not os.environ.get(name)]:
        say(f"Set in the shell that starts cockpit: {', '.join(missing)}")
    say("Then see what is still missing: cockpit doctor")
    return 0


def _answers(given: Namespace) -> dict[str, str]:
    said = {key: str(getattr(given, option)) for option, key in OPTIONS.items() if getattr(given, option) is not None}
    for pair in given.answer or ():
        key, equals, value = pair.partition("=")
        if not equals:
            raise BadInput("an --answer is KEY=VALUE", hint="For instance: --answer gateway.token=LITELLM_ADMIN_KEY")
        said[key.strip()] = value
    return said


class _Asker:
    """Answers from the command line, else from the keyboard; a wrong one there is asked for again."""

    def __init__(self, said: Mapping[str, str], *, yes: bool) -> None:
        self._said = said
        self._yes = yes
        self._asked: list[str] = []

    def __call__(self, question: Question) -> str:
        from cockpit.live.interview.questions import accept

        self._asked.append(question.key)
        if question.key in self._said:
            return accept(question, self._said[question.key])
        if self._yes:
            return accept(question, "")
        while True:
            try:
                return accept(question, _from_keyboard(question))
            except _NoAnswer:
                raise
            except BadInput as problem:
                complain(str(problem), problem.hint)

    def refuse_unused(self) -> None:
        """Make sure that no answer was given in vain.

        Raises:
            BadInput: one belongs to no question that was asked.
        """
        from difflib import get_close_matches

        for key in self._said:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, 1)
                meant = f"Did you mean {near[0]}? " if near else ""
                raise BadInput(f"nothing asks for {key}", hint=f"{meant}Asked for: {', '.join(self._asked)}.")


def _from_keyboard(question: Question) -> str:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    usual = f" [{question.default}]" if question.default else " [none]" if question.optional else ""
    sys.stderr.write(clean(f"{question.text}{choices}{usual}: ", multiline=False))
    sys.stderr.flush()
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise _NoAnswer(f"no answer to {question.key}", hint="--yes takes what is proposed for all that is not said.")
    return line


class _NoAnswer(BadInput):
    """The keyboard, or what stands for it, has come to its end."""
