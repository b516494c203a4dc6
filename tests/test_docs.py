"""The documentation says what the program does: commands parse, links lead somewhere, tables equal their sources."""

from __future__ import annotations

import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.cli.parser.whole import build_parser
from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.drill.script import read_script
from cockpit.errors import BadInput
from cockpit.session.actions import ACTIONS
from cockpit.tui.actions import COMMANDS, NAMES, Command
from cockpit.world.contract import Controls, Deadline, Place, Verdict, Write
from cockpit.world.registry import BUILT_IN, load_adapter
from cockpit.world.saga import carry_out
from cockpit.world.secrets import secret_reader
from cockpit.yaml import read_yaml
from tests.adapters.served import Served

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"\s(?:[|>]|&&|;|#\s)")
"""Where a command for the shell goes on after the cockpit's own part."""
DEV = re.compile(r"^python3 dev\.py (?:cockpit (.*)|(?=drill\b))")
"""How the cockpit is called in a checkout."""
KEY_ROW = re.compile(r"\| `[^`]{1,9}`(?: `[^`]+`)* \| ")

ADAPTERS = re.compile(r"<!-- adapters -->\n(.*?)<!-- /adapters -->", re.DOTALL)

KEY_PAGES = ("README.md", "docs/working-a-drill.md")


def blocks(page: Path, language: str) -> Iterator[str]:
    """Return the fenced blocks of a language."""
    return (body for found, body in FENCE.findall(page.read_text("utf-8")) if found == language)


def commands() -> list[str]:
    """Return every cockpit command shown in a console block, without what the shell adds."""
    found = set()
    for line in (line for page in PAGES for block in blocks(page, "console") for line in block.splitlines()):
        command = DEV.sub(r"cockpit \1", line.strip().removeprefix("$ "))
        if re.match(r"cockpit\b", command):
            found.add(SHELL.split(command)[0].strip())
    return sorted(found)


def anchors(page: Path) -> set[str]:
    """Return the names by which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def key_row(command: Command) -> str:
    """Write one line of the table of keys."""
    keys = " ".join(f"`{NAMES.get(key, key)}`" for key in command.keys)
    return f"| {keys} | {command.label} | {command.help} |"


def key_table() -> list[str]:
    """Write the table of keys; the panes' numbers and the pane before are told in words around it."""
    left_out = {"previous_pane", *(command.id for command in COMMANDS if command.id.startswith("pane"))}
    return [key_row(command) for command in COMMANDS if command.id not in left_out]


def adapter_table() -> list[str]:
    """Write the table of adapters, from what they say of themselves."""
    rows = ["| adapter | can | tested against |", "|---|---|---|"]
    for name in sorted(set(BUILT_IN) - {"simulator"}):
        adapter = load_adapter(name)
        tested = "; ".join(f"*{one.how}*: {one.against}" for one in adapter.tested)
        can = ", ".join(sorted(adapter.capabilities)).replace("_", " ")
        rows.append(f"| [{name}](../adapters/cockpit_adapters/{name}/README.md) | {can} | {tested} |")
    return rows


@pytest.mark.parametrize("command", commands())
def test_a_shown_command_parses(command: str) -> None:
    arguments = shlex.split(command)[1:]
    if {"--help", "--version"} & set(arguments):
        with pytest.raises(SystemExit, match="0"):
            build_parser().parse_args(arguments)
    else:
        build_parser().parse_args(arguments)


def test_commands_are_shown_at_all() -> None:
    verbs = {command.split()[1] for command in commands() if len(command.split()) > 1}
    assert {"drill", "scenario", "status", "log", "score", "actions"} <= verbs


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if target.startswith(("https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", KEY_PAGES)
def test_the_table_of_keys_is_the_registry(page: str) -> None:
    rows = [line for line in (ROOT / page).read_text("utf-8").splitlines() if KEY_ROW.match(line)]
    assert rows == key_table(), "the table should be:\n" + "\n".join(key_table())


def test_the_table_of_adapters_is_what_they_say() -> None:
    told = ADAPTERS.search((ROOT / "docs/adapters.md").read_text("utf-8"))
    assert told
    assert told[1].strip().splitlines() == adapter_table(), "`python3 dev.py tables` writes it anew"


def test_the_adapter_that_is_built_keeps_the_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in blocks(ROOT / "docs/adapters.md", "python"):
        file = tmp_path / text.splitlines()[0].removeprefix("# ")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("SPECIMEN_TOKEN", "specimen-token")
    specimen = importlib.import_module("switchboard.specimen").specimens()[0]
    adapter = importlib.import_module("switchboard").SwitchboardAdapter()
    fake = specimen.fake()
    with Served(fake) as server:
        url = server.url
        options = adapter.options.model_validate({"adapter": adapter.name, "url": url, **specimen.options})
        system = adapter.connect(options, Place("switches", secret_reader(), WallClock().now))
        assert isinstance(system, Controls)
        assert [finding.verdict for finding in system.check(Deadline(5))] == [Verdict.FINE]
        before = system.read(specimen.address, Deadline(5))
        wanted = system.parse(specimen.address, specimen.text)
        write = Write(specimen.address, wanted, "key-1", before.version, before.value, "a test")
        assert [carry_out(system, write, 5).stage for _ in range(2)] == [Stage.APPLIED, Stage.APPLIED]
        assert (fake.on, fake.applied) == (False, 1)
        late = Write(specimen.address, True, "key-2", before.version, before.value, "a test")
        assert carry_out(system, late, 5).stage is Stage.REFUSED
        for text in specimen.bad_addresses:
            with pytest.raises(BadInput):
                system.control(text)


def test_every_key_of_an_action_is_in_the_table() -> None:
    known = {key for command in COMMANDS for key in command.keys}
    assert {key for action in ACTIONS.values() for key in action.keys} <= known


def test_every_action_is_explained() -> None:
    told = (ROOT / "docs/training.md").read_text("utf-8")
    assert [name for name in ACTIONS if f"`{name}`" not in told] == []


def test_every_setting_is_explained() -> None:
    from cockpit.settings import Settings

    told = (ROOT / "docs/configuration.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"`{name}`" not in told] == []
    assert [name for name in Settings.model_fields if f"`COCKPIT_{name.upper()}" not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_shown_scripts_can_be_played(page: Path) -> None:
    for text in blocks(page, "yaml"):
        if "steps:" in text and "responder:" in text:
            assert read_script(read_yaml(text, page.name)).steps
