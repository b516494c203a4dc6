"""`cockpit profile list|diff|lint`: the profiles there are, where two differ, a team's own folder looked through."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cockpit.cli.output import complain, print_json, say, table
from cockpit.errors import BadInput


def show_list(given: Namespace) -> int:
    """Print every profile with its title and its file."""
    from cockpit.playbooks.loader import load_profile, profile_names, profile_path

    rows = [(name, load_profile(name).title, str(profile_path(name))) for name in profile_names()]
    if given.json:
        print_json([{"name": name, "title": title, "file": file} for name, title, file in rows])
    else:
        table(("profile", "title", "file"), rows)
    return 0


def diff(given: Namespace) -> int:
    """Print where two profiles differ, one line each; 1 when they do."""
    from cockpit.playbooks.loader import diff_profiles, load_profile

    lines = diff_profiles(load_profile(given.one), load_profile(given.other))
    if given.json:
        print_json(lines)
    else:
        for line in lines or [f"{given.one} and {given.other} say the same."]:
            say(line)
    return 1 if lines else 0


def lint(given: Namespace) -> int:
    """Read every file of a folder of one's own; 2 when one is not right."""
    from cockpit.cli.own import checked
    from cockpit.playbooks import own
    from cockpit.playbooks.checking import check_folder

    folder = checked(Path(given.folder)) if given.folder else own.folder()
    if folder is None:
        raise BadInput("no folder of your own is set", hint="Name one, or set `playbooks` in cockpit.toml.")
    found = check_folder(folder)
    if given.json:
        print_json([{"file": str(one.file), "problem": one.problem or None} for one in found])
        if wrong := sum(bool(one.problem) for one in found):
            complain(f"cockpit: {wrong} of {len(found)} files are not right")
    else:
        for one in found:
            (complain if one.problem else say)(_line(one.file, one.problem))
        if not found:
            say(f"{folder} holds no file of a playbook: what is shipped stays in force.")
    return 2 if any(one.problem for one in found) else 0


def _line(file: Path, problem: str) -> str:
    if not problem:
        return f"{file}: fine"
    return problem if problem.startswith(str(file)) else f"{file}: {problem}"
