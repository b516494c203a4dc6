"""Secrets are found where they are named, and what is wrong is told without telling them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput
from cockpit.world.secrets import secret_reader

SECRET = "s3cr3t-t0ken"


def kept(folder: Path, content: bytes = SECRET.encode(), mode: int = 0o600) -> Path:
    """Write a secret into a file."""
    path = folder / "token"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_secret_is_read_from_where_it_is_named(tmp_path: Path) -> None:
    read = secret_reader({"TOKEN": f" {SECRET}\n"})
    assert read("env:TOKEN") == SECRET
    assert read(f"file:{kept(tmp_path)}") == SECRET
    assert read("") == ""


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="others may read") as caught:
        secret_reader({})(f"file:{kept(tmp_path, mode=0o640)}")
    assert "chmod 600" in caught.value.hint
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x00"])
def test_a_file_without_a_secret_is_told_of(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match=r"is empty|can't be read"):
        secret_reader({})(f"file:{kept(tmp_path, content)}")


def test_what_is_no_file_or_no_secret_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(BadInput, match="no file"):
        secret_reader({})(f"file:{tmp_path / 'pipe'}")
    with pytest.raises(BadInput, match="too long"):
        secret_reader({})(f"file:{kept(tmp_path, b'x' * 100_000)}")


def test_a_file_that_is_not_there_or_a_folder_is_told_of(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BadInput, match="can't be read"):
            secret_reader({})(f"file:{path}")


@given(st.text(max_size=30))
def test_what_names_nothing_is_bad_input_and_is_not_repeated(text: str) -> None:
    if text.startswith(("file:", "keyring:")) or not text:
        return
    with pytest.raises(BadInput) as caught:
        secret_reader({})(text)
    if ":" not in text and len(text) > 6:
        assert text not in caught.value.message
