"""Write the field reference in writing-scenarios.md from the schema itself.

Run: python docs/make_scenario_reference.py
The text between the two markers is replaced; a test holds that it is up to date.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

from cockpit.simulator import vocabulary
from cockpit.simulator.schema import scenario as schema
from cockpit.simulator.schema import service as schema_service
from cockpit.simulator.schema import story as schema_story
from cockpit.simulator.schema.base import Part

PAGE = Path(__file__).resolve().parent / "writing-scenarios.md"
BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"
PLAIN = {"Name": "name", "Text": "text", "Span": "span", "Moment": "moment", "Share": "0…1", "Positive": "number > 0"}
PLAIN |= {"Condition": "conditions", "Count": "whole number", "bool": "true/false", "str": "text", "float": "number"}
PLAIN |= {"int": "whole number", "Channel": "pager, email, chat, status or phone", "Any": "anything"}
PLAIN |= {"Credit": "best, acceptable, inert or harmful", "ToolMode": "on, approval or off"}
PLAIN |= {"GuardMode": "off, warn or block", "Outcome": "outcome"}


def sources(module: ModuleType) -> dict[str, ast.ClassDef]:
    """Return the parsed classes of a module by name."""
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def notes(node: ast.ClassDef) -> dict[str, tuple[str, str]]:
    """Return (type as written, text below it) for each field of a class."""
    found: dict[str, tuple[str, str]] = {}
    for place, statement in enumerate(node.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        after = node.body[place + 1] if place + 1 < len(node.body) else None
        text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
        found[statement.target.id] = (words(statement.annotation), " ".join(str(text).split()))
    return found


def words(kind: ast.expr) -> str:
    """Write a type the way people say it."""
    if isinstance(kind, ast.Name):
        return PLAIN.get(kind.id, kind.id)
    if isinstance(kind, ast.BinOp):
        return words(kind.left)
    if isinstance(kind, ast.Subscript) and isinstance(kind.value, ast.Name):
        inner = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
        if kind.value.id == "Annotated":
            return words(inner[0])
        if kind.value.id == "Literal":
            return " or ".join(f"`{item.value!s}`" for item in inner if isinstance(item, ast.Constant))
        if kind.value.id == "list":
            return f"list of {words(inner[0])}"
        if kind.value.id == "dict":
            return f"{words(inner[0])} → {words(inner[1])}"
    return ast.unparse(kind)


def table(model: type[BaseModel], node: ast.ClassDef) -> list[str]:
    """Return the heading and the table of one part."""
    about = notes(node)
    lines = [f"### {model.__name__}", "", inspect.cleandoc(model.__doc__ or "").split("\n")[0], ""]
    lines += ["| field | what it holds | without it | |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        kind, text = about[name]
        default = "needed" if field.is_required() else shown(field.get_default(call_default_factory=True))
        default += "s" if kind == "span" and default[-1].isdigit() else ""
        lines.append(f"| `{field.alias or name}` | {kind} | {default} | {text} |")
    return [*lines, ""]


def shown(value: object) -> str:
    """Write a default."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, BaseModel):
        return "the defaults"
    return f"{value:g}" if isinstance(value, float) else str(value)


def reference() -> str:
    """Return the whole reference as Markdown."""
    lines: list[str] = []
    for module in (schema, schema_service, schema_story):
        for name, node in sources(module).items():
            model = getattr(module, name)
            if isinstance(model, type) and issubclass(model, Part):
                lines += table(model, node)
    for title, entries in (("Metrics", vocabulary.METRICS), ("Facts", vocabulary.FACTS)):
        lines += [f"### {title}", "", "| name | meaning |", "|---|---|"]
        lines += [f"| `{name}` | {meaning} |" for name, meaning in entries.items()] + [""]
    for title, names in (
        ("Outcomes", vocabulary.OUTCOMES),
        ("Verdicts", vocabulary.VERDICTS),
        (
            "Conditions of an effect",
            (*vocabulary.SLOT_KEYS, *vocabulary.CONFIG_KEYS, "tool.NAME", "tool_version.NAME"),
        ),
        ("Actions", vocabulary.ACTIONS),
    ):
        lines += [f"### {title}", "", ", ".join(f"`{name}`" for name in names), ""]
    return "\n".join(lines)


def page(text: str) -> str:
    """Return the page with the reference in its place."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
