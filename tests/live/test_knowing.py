"""What a team says of itself, in cockpit.toml, in a file beside it, or in a file named to a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.detect.answer.signs import Known, signs_of
from cockpit.errors import BadInput
from cockpit.live.knowing import known_from, known_in
from cockpit.world.options import KnownOptions
from tests.live.recorded import answer
from tests.live.sources import NOON

SAID = "Write to help@shop.example, Acme GmbH, owl-of-the-night."


def found(known: Known | None) -> set[str]:
    """Return which detectors see something in an answer to another tenant."""
    return {sign.detector for sign in signs_of(answer(1, NOON, SAID, tenant="beta"), known)}


def test_nothing_said_is_nothing_known(tmp_path: Path) -> None:
    assert known_from(KnownOptions(), tmp_path) is None
    assert found(None) == {"personal_data"}


def test_settings_and_their_file_count_together(tmp_path: Path) -> None:
    (tmp_path / "known.yaml").write_text("tenants: {acme: [Acme GmbH]}\ncanaries: [owl-of-the-night]\n", "utf-8")
    options = KnownOptions(own=["help@shop.example"], tenants={"gamma": ["Gamma AG"]}, file="known.yaml")
    assert found(known_from(options, tmp_path)) == {"other_tenant", "injection"}
    assert found(known_in(tmp_path / "known.yaml")) == {"personal_data", "other_tenant", "injection"}


@pytest.mark.parametrize("text", ["", "tenants: [acme]", "own: help@shop.example", "others: [x]", "- x"])
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "known.yaml").write_text(text, "utf-8")
    with pytest.raises(BadInput):
        known_from(KnownOptions(file="known.yaml"), tmp_path)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.yaml"):
        known_from(KnownOptions(file="gone.yaml"), tmp_path)
