"""Looking through a team's own folder: every file is read, and what is no file of a playbook is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.playbooks.loader import FILES, load_playbook, load_profile
from cockpit.playbooks.reading import read_model, read_text, suggest

PROFILES = "profiles"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file of a folder, and what is wrong with it; empty where nothing is."""

    file: Path
    problem: str = ""


def check_folder(folder: Path) -> list[Checked]:
    """Read every file of a folder as a playbook would."""
    found = [_checked(file, folder) for file in sorted(folder.rglob("*")) if file.is_file() and _ours(file, folder)]
    if found and not any(one.problem for one in found):
        whole = _problem(lambda: load_playbook("default", folder))
        found += [Checked(folder, whole)] if whole else []
    return found


def _ours(file: Path, folder: Path) -> bool:
    """Leave out what editors and git keep beside it, and what people wrote about it."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and file.suffix.lower() not in (".md", ".txt")


def _checked(file: Path, folder: Path) -> Checked:
    name = file.relative_to(folder)
    if len(name.parts) == 2 and name.parts[0] == PROFILES and file.suffix == ".yaml":
        return Checked(file, _problem(lambda: _read_profile(file)))
    model = FILES.get(str(name))
    if model is None:
        return Checked(file, f"is no file of a playbook; {suggest(str(name), [*FILES, f'{PROFILES}/NAME.yaml'])}")
    return Checked(file, _problem(lambda: read_model(read_text(file), str(file), model)))


def _read_profile(file: Path) -> None:
    profile = load_profile(file)
    if profile.name != file.stem:
        raise CockpitError(f"{file}: it calls itself {profile.name!r}: a profile is called as its file")


def _problem(read: Callable[[], object]) -> str:
    try:
        read()
    except CockpitError as problem:
        return str(problem)
    return ""
