"""The same powers without a screen, and the way to the screen.

Exit codes: 0 fine, 1 what was checked does not hold, 2 wrong use or bad input.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code; errors are told in one message, never a traceback."""
    from cockpit.cli.output import OutputLost, complain, deliver, speak_plainly
    from cockpit.errors import CockpitError, Stumbled

    speak_plainly()
    given = Namespace()
    try:
        code = _carry_out(arguments, given)
        deliver()
        return code
    except Stumbled as problem:
        _tell_unexpected(given, problem.problem)
        return problem.exit_code
    except CockpitError as problem:
        complain(f"cockpit: {problem.title}: {problem}", problem.hint)
        return problem.exit_code
    except OutputLost as lost:
        return lost.exit_code
    except RecursionError:
        complain("cockpit: that is nested too deeply to be read")
        return 2
    except KeyboardInterrupt:
        complain("cockpit: stopped")
        return 130
    except Exception as problem:  # told in one message; where it happened is kept in a file
        _tell_unexpected(given, problem)
        return 1


def _carry_out(arguments: Sequence[str], given: Namespace) -> int:
    """Read the command line into `given` and do what it says."""
    from cockpit.cli.parser.whole import build_parser

    try:
        build_parser().parse_args(list(arguments), given)
    except SystemExit as ended:  # the parser has said what is wrong, or printed the help
        return ended.code if isinstance(ended.code, int) else 2
    from cockpit.cli.own import own_folder
    from cockpit.playbooks import own

    with own.found_in(own_folder(given)):
        return int(given.run(given))


def _tell_unexpected(given: Namespace, problem: Exception) -> None:
    from cockpit.cli.output import complain
    from cockpit.cli.places import state_folder
    from cockpit.tui import crash

    kept = crash.keep(problem, state_folder(given))
    complain(
        f"cockpit: An error of its own: {type(problem).__name__}. What was recorded is intact.",
        f"Where it happened is written in {kept}." if kept else "",
    )
