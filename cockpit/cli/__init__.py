"""The same powers without a screen, and the way to the screen.

Exit codes: 0 fine, 1 what was checked does not hold, 2 wrong use or bad input.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code; errors are told in one message, never a traceback."""
    from cockpit.cli.parser import build_parser
    from cockpit.errors import CockpitError

    parser = build_parser()
    given = parser.parse_args(list(arguments))
    try:
        return int(given.run(given))
    except CockpitError as problem:
        _tell(problem)
        return problem.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except RecursionError:
        print("cockpit: that is nested too deeply to be read", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("cockpit: stopped", file=sys.stderr)
        return 130
    except Exception as problem:  # told in one message; where it happened is kept in a file
        _tell_unexpected(given, problem)
        return 1


def _tell(problem: Exception) -> None:
    from cockpit.domain.text import clean

    title = getattr(problem, "title", "Something went wrong")
    hint = getattr(problem, "hint", "")
    print(f"cockpit: {title}: {clean(str(problem))}", file=sys.stderr)
    if hint:
        print(f"  {clean(hint)}", file=sys.stderr)


def _tell_unexpected(given: Namespace, problem: Exception) -> None:
    from cockpit.cli.places import state_folder
    from cockpit.tui import crash

    kept = crash.keep(problem, state_folder(given))
    print(f"cockpit: An error of its own: {type(problem).__name__}. What was recorded is intact.", file=sys.stderr)
    if kept:
        print(f"  Where it happened is written in {kept}.", file=sys.stderr)
