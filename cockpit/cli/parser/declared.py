"""Commands that are declared in one place and made when they are asked for: a command line uses one of ninety."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any, NoReturn

EVERYWHERE = {
    "--json": "as JSON, for programs",
    "--model": "the model to ask for",
    "incident": "its id, such as INC-0001",
    "lever": "its name, as `cockpit lever list` says it",
    "scenario": "a scenario by name, or a file of your own",
    "folder": "the golden set; ./golden if left out",
    "item": "its id, as `cockpit actions-due` says it",
}
"""What is said of an argument wherever it is declared without words of its own."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints quote nothing that a terminal would obey, and say what might have been meant."""

    def __init__(self, *, dashed_words: bool = False, **options: Any) -> None:
        super().__init__(**options)
        if dashed_words:  # argparse lets words with a dash through where they look like numbers
            self._negative_number_matcher = re.compile(r"-\w{2,}")

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """Declare an argument; what is in nearly every command is worded here."""
        if not names[0].startswith("-"):
            options.setdefault("metavar", names[0].upper())
        if names[0] in EVERYWHERE:
            options.setdefault("help", EVERYWHERE[names[0]])
        return super().add_argument(*names, **options)

    def add_subparsers(self, **options: Any) -> Any:
        """Begin a list of commands; each of them is made when it is asked for."""
        return super().add_subparsers(**{"parser_class": Declared, **options})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line and leave with 2."""
        from cockpit.cli.output import complain

        if message.endswith(("required: VERB", "required: COMMAND")):
            message = f"say which: {', '.join(self._words())}"
        complain(f"{self.format_usage()}{self.prog}: error: {message}", f"`{self.prog} --help` says more.")
        raise SystemExit(2)

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> Any:
        """Read a command line; whoever finds something unknown in it says so with its own usage."""
        given, unknown = super().parse_known_args(args, namespace)
        if unknown:
            meant = _meant(unknown[0].partition("=")[0], list(self._option_string_actions))
            self.error(f"unrecognized arguments: {' '.join(unknown)}{meant}")
        return given, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            words = self._words()
            told = _meant(value, words) or f"; there are {', '.join(words)}"
            raise argparse.ArgumentError(None, f"there is no {value!r} here{told}")
        super()._check_value(action, value)

    def _words(self) -> list[str]:
        """Return what can be said next: the commands, or a command's verbs."""
        groups = [action for action in self._actions if isinstance(action, argparse._SubParsersAction)]
        return [word for group in groups for word in group.choices]


def _meant(said: str, known: Sequence[str]) -> str:
    """Return a question with what is nearest to what was said, or nothing."""
    near = get_close_matches(said[:80], known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


class Said:
    """What is said to a part of a parser, kept until that part is there."""

    def __init__(self) -> None:
        self._said: list[Callable[[Any], None]] = []

    def add_argument(self, *names: Any, **options: Any) -> None:
        """Declare an argument."""
        self._said.append(lambda made: made.add_argument(*names, **options))

    def set_defaults(self, **values: Any) -> None:
        """Set what is not said on the command line."""
        self._said.append(lambda made: made.set_defaults(**values))

    def add_mutually_exclusive_group(self, **options: Any) -> Said:
        """Begin a group of arguments of which one at most may be given."""
        return self._part(lambda made: made.add_mutually_exclusive_group(**options))

    def add_subparsers(self, **options: Any) -> Said:
        """Begin a list of verbs."""
        return self._part(lambda made: made.add_subparsers(**options))

    def add_parser(self, name: str, **options: Any) -> Said:
        """Declare a verb of the list."""
        return self._part(lambda made: made.add_parser(name, **options))

    def repeat_to(self, made: Any) -> None:
        """Say it all to the part, which is there now."""
        for saying in self._said:
            saying(made)

    def _part(self, make: Callable[[Any], Any]) -> Said:
        part = Said()
        self._said.append(lambda made: part.repeat_to(make(made)))
        return part


class Declared(Said):
    """A command as it was declared."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._options = options

    @cached_property
    def parser(self) -> Parser:
        """Return the parser of the command, which is made at the first use."""
        made = Parser(**self._options)
        self.repeat_to(made)
        return made

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> Any:
        """Read what stands behind the command's name, as argparse asks it to."""
        return self.parser.parse_known_args(args, namespace)
