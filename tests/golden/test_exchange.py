"""Cases for other runners and back: nothing is lost on the way, and what is wrong is told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from cockpit.domain.cases import Check, Input, Turn
from cockpit.golden.export import Place, reader, writer
from cockpit.golden.files import read_set, write_case
from tests.cli.command import Cli
from tests.golden.making import leak_case

FILES = ("jsonl", "pytest", "promptfoo", "inspect")
HOSTILE = "{{env.PATH}} {% raw %} \u202e ünïcode \x1b[31m 'quotes' \"and\" \u2028 `more`\r\nnew"


@pytest.mark.parametrize("target", FILES)
def test_cases_come_back_as_they_were(target: str, tmp_path: Path) -> None:
    hostile = replace(
        leak_case("hostile"), given=Input((Turn("user", HOSTILE),)), bad_output=HOSTILE, route=HOSTILE,
        checks=(Check("must_not_contain", HOSTILE), Check("must_not_quote_context", 9)), runs=3,
    )  # fmt: skip
    place = Place(str(tmp_path / "suite"))
    writer(target)([leak_case(), hostile], place)
    assert reader(target)(place) == [leak_case(), hostile]


@pytest.mark.parametrize("target", FILES)
def test_the_commands_go_there_and_back(target: str, cli: Cli, golden: Path, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    out = cli.plain("fixture", "export", "--to", target, "-o", str(suite), "--golden", str(golden), "--json")
    assert out.json["cases"] == [leak_case().id]
    assert all(Path(file).is_file() for file in out.json["files"])
    back = ("fixture", "import", str(suite), "--from", target, "--golden", str(tmp_path / "back"))
    assert cli.plain(*back).code == 0
    assert [one.case for one in read_set(tmp_path / "back")] == [one.case for one in read_set(golden)]
    assert leak_case().id in cli.plain(*back, "--json").json["written_over"]


def test_only_what_is_named_goes_out(cli: Cli, golden: Path, tmp_path: Path) -> None:
    write_case(golden, leak_case("another"))
    asked = ("--to", "jsonl", "-o", str(tmp_path / "one.jsonl"), "--golden", str(golden))
    assert cli.plain("fixture", "export", "another", *asked, "--json").json["cases"] == ["another"]
    assert cli.plain("fixture", "export", "no-such-case", *asked).code == 2


def test_no_template_of_promptfoo_sees_what_somebody_said(tmp_path: Path) -> None:
    writer("promptfoo")([replace(leak_case(), route=HOSTILE)], Place(str(tmp_path)))
    config = yaml.safe_load((tmp_path / "promptfooconfig.yaml").read_text())
    texts = json.dumps(config["tests"])
    assert "{{" not in texts
    assert "{%" not in texts
    assert "Ignore previous" not in texts


def test_a_suite_stands_on_its_own(tmp_path: Path) -> None:
    """The judge beside the cases is found and works where no cockpit is installed."""
    writer("pytest")([leak_case()], Place(str(tmp_path)))
    program = (
        "import sys, json; sys.path.insert(0, '.'); sys.modules['cockpit'] = None\n"
        "from golden_judge import case_plain, expect\n"
        "case = case_plain.from_plain(json.loads(open('golden.jsonl').readline()))\n"
        "from golden_judge.cases import Heard\n"
        "print(len(expect.failures(case.checks, Heard(case.bad_output), case.given)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == ("3", "")


@pytest.mark.parametrize(
    ("name", "content", "target", "words"),
    [
        ("golden.jsonl", "{}\n", "jsonl", "golden.jsonl:1"),
        ("golden.jsonl", '{"format": "cockpit.case/1"}\nnonsense', "jsonl", "golden.jsonl:1"),
        ("golden.jsonl", "\n\nnonsense", "pytest", "golden.jsonl:3: this line is no JSON"),
        ("promptfooconfig.yaml", "tests:\n  - {vars: {a: b}}\n", "promptfoo", "promptfooconfig.yaml:2"),
        ("promptfooconfig.yaml", "prompts: []\n", "promptfoo", "no list of tests"),
        ("nothing.txt", "", "inspect", "can't be read"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    cli: Cli, tmp_path: Path, name: str, content: str, target: str, words: str
) -> None:
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / name).write_text(content)
    answer = cli.plain("fixture", "import", str(folder), "--from", target)
    assert answer.code == 2
    assert words in answer.err


def test_the_same_case_twice_in_one_file_is_told(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "golden.jsonl"
    writer("jsonl")([leak_case()], Place(str(file)))
    file.write_text(file.read_text() * 2)
    answer = cli.plain("fixture", "import", str(file), "--from", "jsonl")
    assert (answer.code, "golden.jsonl:2" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("target", "where"), [("phoenix", "somewhere"), ("mlflow", "/tmp/x"), ("pytest", "http://127.0.0.1:1")]
)
def test_a_server_has_an_address_and_a_suite_a_path(cli: Cli, golden: Path, target: str, where: str) -> None:
    assert cli.plain("fixture", "export", "--to", target, "-o", where, "--golden", str(golden)).code == 2
