#!/usr/bin/env python3
"""Everything that is done with this checkout, with nothing installed but Python 3.11: run `python3 dev.py help`.

The first use makes a virtual environment in `.venv` and installs the project into it; later uses find it there
and start at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
PROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "constraints.txt"
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", "dist", "build")
NEEDED = (3, 11)
NEWER = ("python3.11", "python3.12", "python3.13", "python3.14")


class Stop(Exception):
    """Something is missing: what it is, and the next step."""


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)


def with_newer_python() -> None:
    """Go on under a newer Python where this one is too old.

    Raises:
        Stop: there is none.
    """
    if sys.version_info >= NEEDED:
        return
    found = next((path for path in map(shutil.which, NEWER) if path), None)
    if found:
        os.execv(found, [found, *sys.argv])
    raise Stop(
        f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
        "Next step: install it (Debian, Ubuntu: apt install python3.11 python3.11-venv), then: "
        f"python3.11 dev.py {' '.join(sys.argv[1:])}"
    )


# ── installing ──────────────────────────────────────────────────────────────────────────────────────────────────


def fingerprint() -> str:
    """Name what the environment was made from, so that it is made anew only when that has changed."""
    digest = hashlib.sha256(str(ROOT).encode())
    for file in (PROJECT, CONSTRAINTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def dev_requirements() -> list[str]:
    """Return the development requirements (older pips can't read dependency groups by themselves)."""
    import tomllib

    groups: dict[str, list[str]] = tomllib.loads(PROJECT.read_text("utf-8"))["dependency-groups"]
    return groups["dev"]


def ensure(level: str) -> None:
    """Make `.venv` hold the project, and for level `dev` its tools too; does nothing when it does already."""
    mark = fingerprint()
    stamps = [VENV / f".installed-{name}" for name in ("dev", *([level] if level != "dev" else []))]
    if PYTHON.exists() and any(stamp.exists() and stamp.read_text("utf-8") == mark for stamp in stamps):
        return
    pip = make_environment()
    tools = dev_requirements() if level == "dev" else []
    say(f"Installing the cockpit{' and its tools' if tools else ''} into {VENV} (once; a minute or two) …")
    install([*pip, "install", "--editable", str(ROOT), *tools, "-c", str(CONSTRAINTS)])
    compile_sources()
    (VENV / f".installed-{level}").write_text(mark, "utf-8")
    say("Installed.")


def make_environment() -> list[str]:
    """Make the virtual environment where there is none, and return the command that is its pip.

    Raises:
        Stop: this Python can make none.
    """
    if not PYTHON.exists():
        if find_spec("venv") is None:
            raise Stop(no_venv())
        say(f"Making a virtual environment in {VENV} …")
        quietly([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    if works([str(PYTHON), "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip"]
    if find_spec("ensurepip") and works([str(PYTHON), "-m", "ensurepip", "--upgrade", "--default-pip"]):
        return [str(PYTHON), "-m", "pip"]
    if works([sys.executable, "-m", "pip", "--python", str(PYTHON), "--version"]):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    raise Stop(no_venv())


def no_venv() -> str:
    """Say how this Python gets what it needs to make virtual environments."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        f"{sys.executable} comes without venv or pip, so nothing can be installed beside it.\n"
        f"Next step: Debian, Ubuntu: apt install python{version}-venv · Fedora: dnf install python3-pip · "
        "then the same command again."
    )


def works(command: list[str]) -> bool:
    """Tell whether a command can be run and ends well."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def quietly(command: list[str]) -> None:
    """Run a command whose output matters only when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def install(command: list[str]) -> None:
    """Run pip, showing on one line how far it is, and everything it said when it fails."""
    heard: list[str] = []
    line = OneLine()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for text in pip.stdout or ():
            heard.append(text)
            line.show(progress(text))
    line.end()
    if pip.returncode:
        raise Stop(
            "".join(heard[-30:])
            + "\npip could not install what is needed (its last words are above).\n"
            + "Next step: check the network or pip's configuration (`pip config list`), then the same command again."
        )


def progress(text: str) -> str:
    """Return what a line of pip's means for the person who waits; empty for what does not matter."""
    words = text.split()
    if len(words) > 1 and words[0] in ("Collecting", "Obtaining"):
        return "preparing the cockpit" if "file://" in text else f"fetching {words[1]}"
    if text.startswith("Installing collected packages"):
        return f"unpacking {text.count(',') + 1} packages"
    return ""


class OneLine:
    """A line on stderr that is written over again and again on a terminal; plain lines elsewhere."""

    def __init__(self) -> None:
        self._steps = 0
        self._terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Show a step; an empty text is none."""
        if not text:
            return
        self._steps += 1
        shown = f"  {self._steps:>3}  {text}"[:78]
        if self._terminal:
            print(f"\r\x1b[2K{shown}", end="", file=sys.stderr, flush=True)
        else:
            say(shown)

    def end(self) -> None:
        """Leave the line."""
        if self._terminal and self._steps:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def compile_sources() -> None:
    """Compile the project to bytecode, so that the first start is as quick as every other."""
    folders = [str(ROOT / name) for name in ("cockpit", "adapters")]
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", "-j", "0", *folders], check=False)


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────


def become(command: list[str]) -> int:
    """Turn this process into another one: it gets the terminal and every signal at first hand."""
    os.execv(command[0], command)


def run(*commands: list[str]) -> int:
    """Run commands in turn from the checkout's root and return the first exit code that is not 0."""
    for command in commands:
        say("$ " + " ".join(Path(command[0]).name if number == 0 else part for number, part in enumerate(command)))
        code = subprocess.run(command, cwd=ROOT, env=compiling(), check=False).returncode
        if code:
            return code
    return 0


def compiling() -> dict[str, str]:
    """Return an environment in which Python keeps what it has compiled: tests start the cockpit many times."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def workers(each: int = 1) -> str:
    """Return how many processes run tests: so many for each core, and one more, since tests often wait."""
    return str(min(9, each * (os.cpu_count() or 2) + 1))


def module(name: str, *arguments: str) -> list[str]:
    """Return the command that runs a tool of the virtual environment, wherever the checkout was moved to."""
    return [str(PYTHON), "-m", name, *arguments]


def cockpit(arguments: list[str]) -> int:
    """any command of the cockpit: `dev.py cockpit scenario list`"""
    ensure("run")
    return become([str(PYTHON), "-m", "cockpit", *arguments])


def drill(arguments: list[str]) -> int:
    """play a drill: `dev.py drill injection-leak`"""
    return cockpit(["drill", *arguments])


def test(arguments: list[str]) -> int:
    """the tests, except slow ones and measurements; further arguments go to pytest"""
    ensure("dev")
    return run(module("pytest", "-n", workers(2), "--dist", "worksteal", *arguments))


def integration(arguments: list[str]) -> int:
    """the slow tests: real installs, kills, power cuts, other programs, and properties on many examples"""
    ensure("dev")
    chosen = ["-vv", "-m", "integration or hypothesis", "--hypothesis-profile", "thorough"]
    return run(
        module("pytest", *chosen, "-n", workers(), "--dist", "loadgroup", "--no-loadscope-reorder", *arguments)
    )


def lint(arguments: list[str]) -> int:
    """style, formatting, and which module may import which"""
    ensure("dev")
    return run(module("ruff", "check", *arguments), module("ruff", "format", "--check"), [str(BIN / "lint-imports")])


def types(arguments: list[str]) -> int:
    """the type checker, strict, over sources and tests"""
    ensure("dev")
    return run(module("mypy", *arguments))


def check(arguments: list[str]) -> int:
    """lint, types and test: what has to pass before a change goes in"""
    return lint([]) or types([]) or test(arguments)


def bench(arguments: list[str]) -> int:
    """the measurements, each beside its yardstick; name some to run only those"""
    ensure("dev")
    return run([str(PYTHON), "tests/bench", *arguments])


def picture(arguments: list[str]) -> int:
    """take the pictures of the documentation anew from the running cockpit"""
    ensure("dev")
    own = [[str(PYTHON), f"docs/make_{kind}_pictures.py"] for kind in ("live", "learn")]
    return run([str(PYTHON), "docs/make_pictures.py", *arguments], *own)


def tables(arguments: list[str]) -> int:
    """write the documentation's tables of keys and of scenario fields anew"""
    ensure("dev")
    return run(*([str(PYTHON), f"docs/{name}.py"] for name in ("make_tables", "make_scenario_reference")))


def systems(arguments: list[str]) -> int:
    """real systems to try levers on: `dev.py systems up unleash`, `… down`, `… status`, `… install phoenix`"""
    ensure("dev")
    os.chdir(ROOT)
    return become(module("tests.systems", *arguments))


def clean(arguments: list[str]) -> int:
    """throw away caches and builds; `--all` takes .venv too"""
    for path in leftovers(whole="--all" in arguments):
        shutil.rmtree(path, ignore_errors=True)
    return 0


def leftovers(*, whole: bool) -> Iterator[Path]:
    """Find what can be made again."""
    yield from (ROOT / name for name in CACHES)
    for folder in ("cockpit", "adapters", "tests", "docs"):
        yield from (ROOT / folder).rglob("__pycache__")
    if whole:
        yield VENV


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    made.__name__: made
    for made in (drill, cockpit, check, test, lint, types, integration, systems, bench, picture, tables, clean)
}  # fmt: skip


def usage() -> str:
    """List the commands."""
    lines = [f"  {name:<12} {(made.__doc__ or '').strip()}" for name, made in COMMANDS.items()]
    return "usage: python3 dev.py COMMAND [ARGUMENTS]\n\n" + "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit code."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(usage())
        return 0
    if arguments[0] not in COMMANDS:
        say(f"There is no command {arguments[0]!r}.\n\n{usage()}")
        return 2
    try:
        with_newer_python()
        return COMMANDS[arguments[0]](arguments[1:])
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs here ends with it
    raise SystemExit(main(sys.argv[1:]))
