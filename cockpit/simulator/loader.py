"""Reading scenarios: by name or path, with file and line for everything that is wrong."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cockpit.errors import ScenarioError
from cockpit.simulator.inputs import HINT, input_path
from cockpit.simulator.lint import problems
from cockpit.simulator.schema.scenario import FORMAT, Scenario
from cockpit.yaml import Document, read_text, read_yaml


def folders() -> tuple[Path, ...]:
    """Return where the scenarios that come with the program are: the installed copy, or the source tree's."""
    package = Path(__file__).resolve().parent.parent
    return tuple(path for path in (package / "_scenarios", package.parent / "scenarios") if path.is_dir())


def list_scenarios() -> list[str]:
    """Return the names of the scenarios that come with the program."""
    return sorted({path.stem for folder in folders() for path in folder.glob("*.yaml")})


def scenario_file(path_or_name: str | Path) -> Path:
    """Find a scenario by its name or path. Raises ScenarioError when there is none."""
    text = str(path_or_name)
    if "/" not in text and not text.endswith((".yaml", ".yml")):
        names = list_scenarios()
        if text in names:
            files = (folder / f"{text}.yaml" for folder in folders())
            return next(file for file in files if file.is_file())
        raise ScenarioError(
            f"there is no scenario {text!r}{_near(text, names)}",
            hint=f"There are {', '.join(names)}; or give the path of a .yaml file.",
        )
    return Path(path_or_name)


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Load a scenario by name or path. Raises ScenarioError for the first thing that is wrong with it."""
    path = scenario_file(path_or_name)
    scenario = parse_scenario(read_text(path), str(path))
    absent = _absent(scenario, read_yaml(scenario.text, scenario.file)) if _reads_files(scenario) else []
    if absent:
        raise absent[0]
    return scenario


@lru_cache(maxsize=8)
def parse_scenario(text: str, file: str) -> Scenario:
    """Make a scenario from its text. Raises ScenarioError for the first thing that is wrong with it.

    Nothing of a scenario changes, so that those read last are kept.
    """
    document = read_yaml(text, file)
    scenario, errors = _checked(document)
    if scenario is None or errors:
        raise errors[0]
    return scenario.bound(text, file)


def lint(path_or_name: str | Path) -> list[ScenarioError]:
    """Return everything that is wrong with a scenario file, in order of lines."""
    try:
        path = scenario_file(path_or_name)
        document = read_yaml(read_text(path), str(path))
    except ScenarioError as error:
        return [error]
    scenario, errors = _checked(document)
    return errors or (_absent(scenario, document) if scenario else [])


def _reads_files(scenario: Scenario) -> bool:
    return scenario.traffic.csv is not None or bool(scenario.texts.files)


def _absent(scenario: Scenario, document: Document) -> list[ScenarioError]:
    """Complain about files that a scenario needs and that are not there."""
    needed: dict[tuple[str, ...], str] = {
        ("texts", "files", kind, "path"): source.path for kind, source in scenario.texts.files.items()
    }
    if scenario.traffic.csv is not None:
        needed["traffic", "csv", "path"] = scenario.traffic.csv.path
    folder = Path(document.file).parent
    return [
        ScenarioError(
            f"there is no file {name!r} in {str(folder)!r}",
            file=document.file,
            line=document.line(path),
            hint=HINT,
        )
        for path, name in needed.items()
        if not input_path(document.file, name).is_file()
    ]


def schema_json() -> dict[str, Any]:
    """Return the JSON schema of scenario files."""
    return {"$id": FORMAT, **Scenario.model_json_schema()}


def _checked(document: Document) -> tuple[Scenario | None, list[ScenarioError]]:
    if not isinstance(document.data, dict):
        return None, [ScenarioError("a scenario is a mapping of fields", file=document.file, line=1)]
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        found = [_explained(document, details) for details in error.errors(include_url=False)]
        return None, sorted(found, key=lambda problem: problem.line or 0)
    found = [
        ScenarioError(problem.message, file=document.file, line=document.line(problem.path), hint=problem.hint)
        for problem in problems(scenario)
    ]
    return scenario, sorted(found, key=lambda problem: problem.line or 0)


def _explained(document: Document, details: ErrorDetails) -> ScenarioError:
    path = tuple(details["loc"])
    where = ".".join(str(part) for part in path)
    line = document.line(path)
    if details["type"] == "extra_forbidden":
        known = _fields_at(path[:-1])
        return ScenarioError(
            f"there is no field {str(path[-1])!r}{_near(str(path[-1]), known)}",
            file=document.file,
            line=line,
            hint=f"Fields here are {', '.join(sorted(known))}." if known else "",
        )
    if details["type"] == "missing":
        return ScenarioError(f"the field {where!r} is missing", file=document.file, line=line)
    message = details["msg"].removeprefix("Value error, ")
    return ScenarioError(f"{where}: {message}", file=document.file, line=line)


def _fields_at(path: tuple[str | int, ...]) -> list[str]:
    """Return the names of the fields a part of the file may have."""
    model: Any = Scenario
    for part in path:
        if isinstance(part, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        field = next(
            (item for name, item in model.model_fields.items() if part in (name, item.alias)),
            None,
        )
        if field is None:
            continue
        model = _inner(field.annotation)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner(annotation: Any) -> Any:
    """Return the model inside list[…], dict[…, …] or … | None."""
    for argument in getattr(annotation, "__args__", ()):
        found = _inner(argument)
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    return annotation


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1, 0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
