"""Datasets in Langfuse: what we send is what its own client sends, and each reads what the other wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.golden.export import Place, reader, writer
from cockpit.golden.export.langfuse import item_of
from tests.cli.command import Cli
from tests.golden.langfuse_server import KEYS, LangfuseDatasets
from tests.golden.making import leak_case

if TYPE_CHECKING:
    from langfuse.api.client import LangfuseAPI


@pytest.fixture
def server() -> Iterator[LangfuseDatasets]:
    with LangfuseDatasets() as server:
        yield server


@pytest.fixture
def theirs(server: LangfuseDatasets) -> LangfuseAPI:
    """Langfuse's own client."""
    from langfuse.api.client import LangfuseAPI  # takes long to import

    public, _, secret = KEYS.partition(":")
    return LangfuseAPI(base_url=server.url, username=public, password=secret)


def place(server: LangfuseDatasets) -> Place:
    return Place(server.url, "golden", KEYS)


def test_we_send_what_their_client_sends(server: LangfuseDatasets, theirs: LangfuseAPI) -> None:
    writer("langfuse")([leak_case()], place(server))
    ours, server.sent = server.sent, []
    item = item_of(leak_case(), "golden")
    theirs.datasets.create(name="golden", description="The golden set")
    theirs.dataset_items.create(
        dataset_name="golden", id=item["id"], input=item["input"], expected_output=item["expectedOutput"],
        metadata=item["metadata"],
    )  # fmt: skip
    assert ours == server.sent


def test_their_client_reads_what_we_wrote(server: LangfuseDatasets, theirs: LangfuseAPI) -> None:
    writer("langfuse")([leak_case(), leak_case("another")], place(server))
    listed = theirs.dataset_items.list(dataset_name="golden")
    assert [one.id for one in listed.data] == [f"golden.{leak_case().id}", "golden.another"]
    assert listed.data[0].expected_output == leak_case().wanted
    assert listed.data[0].input["messages"][-1]["role"] == "user"


def test_cases_come_back_page_by_page_and_are_changed_in_place(
    server: LangfuseDatasets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.golden.export.langfuse.PAGE", 2)
    cases = [leak_case(f"case-{number}") for number in range(5)]
    writer("langfuse")(cases, place(server))
    writer("langfuse")(cases, place(server))
    assert reader("langfuse")(place(server)) == cases
    assert len(server.items) == 5


def test_wrong_keys_are_told_and_never_shown(
    server: LangfuseDatasets, cli: Cli, golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGFUSE_KEYS", "pk-lf-1:sk-lf-quite-wrong")
    asked = ("--to", "langfuse", "-o", server.url, "--golden", str(golden), "--key", "env:LANGFUSE_KEYS")
    answer = cli.plain("fixture", "export", *asked)
    assert (answer.code, "refused" in answer.err) == (2, True)
    assert "quite-wrong" not in answer.err
    assert cli.plain("fixture", "export", *asked[:-2]).code == 2
    monkeypatch.setenv("LANGFUSE_KEYS", KEYS)
    assert cli.plain("fixture", "export", *asked).code == 0
    back = cli.plain("fixture", "import", server.url, "--from", "langfuse", "--key", "env:LANGFUSE_KEYS", "--json")
    assert back.json["cases"] == [leak_case().id]


def test_a_dataset_nobody_made_is_told(server: LangfuseDatasets, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGFUSE_KEYS", KEYS)
    answer = cli.plain("fixture", "import", server.url, "--from", "langfuse", "--key", "env:LANGFUSE_KEYS")
    assert (answer.code, "no case" in answer.err) == (2, True)
