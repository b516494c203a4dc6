"""Reads playbooks: the ones shipped, and a team's own folder that replaces them file by file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from cockpit.domain.playbook import Playbook, Profile
from cockpit.errors import BadInput
from cockpit.playbooks import own
from cockpit.playbooks.diff import diff_profiles
from cockpit.playbooks.legal import ClocksFile
from cockpit.playbooks.models import LAYERS, LeversFile, ProfileFile, SymptomsFile, TemplatesFile, TreeFile
from cockpit.playbooks.reading import read_model, read_text, suggest

__all__ = [
    "FILES",
    "diff_profiles",
    "lever_names",
    "load_playbook",
    "load_profile",
    "parse_profile",
    "playbook_with",
    "profile_names",
    "profile_path",
    "profile_text",
]

FILES: Mapping[str, type[BaseModel]] = {
    "levers.yaml": LeversFile,
    "tree.yaml": TreeFile,
    "symptoms.yaml": SymptomsFile,
    "templates.yaml": TemplatesFile,
    "clocks.yaml": ClocksFile,
}
"""What a folder may hold besides `profiles/NAME.yaml`."""

SHIPPED = Path(__file__).parent
"""Where the shipped files are."""


def load_playbook(profile: str | Path = "default", folder: Path | None = None) -> Playbook:
    """Read a whole playbook; `profile` is a name or a file, `folder` a team's own files that come first.

    Where nobody names a folder, it is the one that is set.
    Raises BadInput for an unknown profile and ScenarioError, with file and line, for a file that is wrong.
    """
    return playbook_with(load_profile(profile, folder), folder)


def playbook_with(profile: Profile, folder: Path | None = None) -> Playbook:
    """Read everything but the profile, and put it together with this one."""
    folder = folder or own.folder()
    levers = _find("levers.yaml", folder)
    tree = _find("tree.yaml", folder)
    symptoms = _find("symptoms.yaml", folder)
    templates = _find("templates.yaml", folder)
    clocks = _find("clocks.yaml", folder)
    nodes = read_model(read_text(tree), str(tree), TreeFile)
    return Playbook(
        profile=profile,
        questions={question.id: question.value() for question in nodes.questions},
        root=nodes.root,
        symptoms=read_model(read_text(symptoms), str(symptoms), SymptomsFile).value(),
        levers=read_model(read_text(levers), str(levers), LeversFile).value(),
        templates=read_model(read_text(templates), str(templates), TemplatesFile).value(),
        layers=LAYERS,
        clocks=read_model(read_text(clocks), str(clocks), ClocksFile).value(),
    )


def load_profile(profile: str | Path = "default", folder: Path | None = None) -> Profile:
    """Read one profile by name or file."""
    path = profile_path(profile, folder)
    return parse_profile(read_text(path), str(path))


def parse_profile(text: str, file: str = "<journal>") -> Profile:
    """Read a profile from its text, such as the one that a journal carries."""
    return read_model(text, file, ProfileFile).value()


def profile_text(profile: str | Path = "default", folder: Path | None = None) -> str:
    """Return a profile as it is written, so that a journal can carry it."""
    return read_text(profile_path(profile, folder))


@cache
def lever_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all levers, the ladder's first."""
    file = _find("levers.yaml", folder)
    return tuple(spec.name for spec in read_model(read_text(file), str(file), LeversFile).value())


def profile_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all profiles, the default first."""
    folder = folder or own.folder()
    folders = [SHIPPED] if folder is None else [SHIPPED, folder]
    found = {path.stem for one in folders for path in (one / "profiles").glob("*.yaml")}
    return tuple(sorted(found, key=lambda name: (name != "default", name)))


def profile_path(profile: str | Path, folder: Path | None = None) -> Path:
    """Find the file of a profile; a path or a name that ends in .yaml is taken as it is."""
    folder = folder or own.folder()
    if isinstance(profile, Path) or profile.endswith((".yaml", ".yml")):
        return Path(profile)
    known = profile_names(folder)
    if profile not in known:
        raise BadInput(f"there is no profile {profile!r}; {suggest(profile, known)}")
    return _find(f"profiles/{profile}.yaml", folder)


def _find(name: str, folder: Path | None) -> Path:
    own = folder / name if folder is not None else None
    return own if own is not None and own.is_file() else SHIPPED / name
