"""Datasets on real servers: cases go in, are changed in place, and come back as they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from cockpit.domain.cases import Check
from cockpit.golden.export import Place, reader, writer
from cockpit.golden.files import read_set
from tests.cli.command import Cli
from tests.golden.making import leak_case
from tests.systems import RunningSystem


def there_and_back(target: str, place: Place) -> None:
    first, second = leak_case(), leak_case("another-case")
    writer(target)([first, second], place)
    assert reader(target)(place) == [second, first]
    changed = replace(second, checks=(Check("must_refuse"),), bad_output="\u202e{{x}} \x00 'quotes' ünïcode")
    writer(target)([changed], place)
    assert {case.id: case for case in reader(target)(place)} == {first.id: first, changed.id: changed}


def test_phoenix(phoenix: RunningSystem) -> None:
    there_and_back("phoenix", Place(phoenix.url, "golden-there-and-back"))


def test_mlflow(mlflow: RunningSystem) -> None:
    there_and_back("mlflow", Place(mlflow.url, "golden there and back"))


def test_phoenix_keeps_what_others_put_there(phoenix: RunningSystem) -> None:
    body = {"action": "create", "name": "shared", "inputs": [{"q": 1}], "outputs": [{"a": 2}], "metadata": [{}]}
    httpx.post(f"{phoenix.url}/v1/datasets/upload", params={"sync": "true"}, json=body).raise_for_status()
    writer("phoenix")([leak_case()], Place(phoenix.url, "shared"))
    dataset = httpx.get(f"{phoenix.url}/v1/datasets", params={"name": "shared"}).json()["data"][0]
    examples = httpx.get(f"{phoenix.url}/v1/datasets/{dataset['id']}/examples").json()["data"]["examples"]
    assert len(examples) == 2


@pytest.mark.integration
@pytest.mark.xdist_group("traces")
@pytest.mark.parametrize("target", ["phoenix", "mlflow"])
def test_by_the_commands(
    target: str, request: pytest.FixtureRequest, cli: Cli, golden: Path, tmp_path: Path
) -> None:  # fmt: skip
    url = request.getfixturevalue(target).url
    asked = ("--dataset", "by-command", "--golden", str(golden))
    assert cli.plain("fixture", "export", "--to", target, "-o", url, *asked).code == 0
    back = cli.plain("fixture", "import", url, "--from", target, *asked[:2], "--golden", "back", "--json")
    assert back.json["cases"] == [leak_case().id]
    assert [one.case for one in read_set(tmp_path / "back")] == [leak_case()]
    absent = cli.plain("fixture", "import", url, "--from", target, "--dataset", "nobody-made-it")
    assert absent.code == 2
