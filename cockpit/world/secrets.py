"""Secrets by reference: where they are is written in cockpit.toml, what they are is read when it is needed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from cockpit.errors import BadInput
from cockpit.world.intime import in_time

LONGEST = 64 * 1024
"""No secret is longer, in bytes."""

KEYRING_S = 20.0
"""How long a keyring may take, its owner's typing included, in seconds."""


def secret_reader(env: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """Return a function that turns a reference into the secret it names.

    It raises BadInput, which names the reference and never the secret, when there is nothing to be found there.
    """
    variables = os.environ if env is None else env

    def read(reference: str) -> str:
        if not reference:
            return ""
        kind, _, rest = reference.partition(":")
        if kind == "env":
            return _from_env(variables, rest)
        if kind == "file":
            return _from_file(Path(rest).expanduser())
        if kind == "keyring":
            return _from_keyring(rest)
        raise BadInput("a secret is named, not written", hint="Use env:NAME, file:PATH or keyring:SERVICE/NAME.")

    return read


def _from_env(variables: Mapping[str, str], name: str) -> str:
    if not variables.get(name):
        raise BadInput(
            f"the variable {name} is not set", hint=f"Set it in the shell that starts cockpit: export {name}=…"
        )
    return variables[name].strip()


def _from_file(path: Path) -> str:
    try:
        content = _own_text(path)
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is no text"
        raise BadInput(
            f"the secret in {path} can't be read: {reason}", hint="Correct the path in cockpit.toml."
        ) from None
    if not content:
        raise BadInput(f"the secret in {path} is empty", hint="Write the token into it, and nothing else.")
    return content


def _own_text(path: Path) -> str:
    """Return what is in a file that nobody else may read; what was opened is judged, not what has its name."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise BadInput(f"the secret in {path} can't be read: it is no file", hint="Name a file in cockpit.toml.")
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BadInput(f"others may read the secret in {path}", hint=f"Keep it to yourself: chmod 600 {path}")
        if found.st_size > LONGEST:
            raise BadInput(
                f"the secret in {path} is too long to be one", hint="Write the token into it, nothing else."
            )
        return file.read().decode("utf-8").strip()


def _from_keyring(rest: str) -> str:
    service, _, name = rest.partition("/")
    try:
        import keyring
    except ImportError:
        raise BadInput(
            "the keyring can't be read: its library is not installed", hint="pip install 'llm-cockpit[keyring]'"
        ) from None
    try:
        # A keyring that is locked may ask on a screen that nobody looks at.
        found = in_time(lambda: keyring.get_password(service, name), KEYRING_S, "asking the keyring")
    except Exception as problem:  # every backend has errors of its own
        raise BadInput(
            f"the keyring can't be read ({type(problem).__name__})", hint="Use env:NAME instead."
        ) from None
    if not found:
        raise BadInput(f"the keyring has no {name} of {service}", hint=f"Set it: keyring set {service} {name}")
    return str(found)
