"""Where the journal's database is: by variable or file, written out or as a reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.database import database_url
from cockpit.errors import BadInput, SettingsError
from cockpit.journal.postgres.address import address_of
from cockpit.settings import read_settings

URL = "postgresql://ada:hunter2@db.example:6432/cockpit?sslmode=require"


@pytest.mark.parametrize("reference", [URL, "env:MINE", "file:{folder}/secret"])
def test_an_address_is_written_out_or_named(tmp_path: Path, reference: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(URL + "\n", "utf-8")
    secret.chmod(0o600)
    told = reference.format(folder=tmp_path)
    file = tmp_path / "cockpit.toml"
    assert database_url({"MINE": URL, "COCKPIT_DATABASE_URL": told}, file) == URL
    file.write_text(f'database_url = "{told}"\n', "utf-8")
    assert database_url({"MINE": URL}, file) == URL
    assert database_url({"COCKPIT_DATABASE_URL": "postgresql://other/x"}, file) == "postgresql://other/x"


def test_without_a_setting_the_journal_is_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cockpit.toml"
    assert database_url({}, file) == ""
    file.write_text('theme = "ansi-dark"\n', "utf-8")
    assert database_url({"COCKPIT_DATABASE_URL": ""}, file) == ""


def test_what_is_named_and_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="MINE is not set"):
        database_url({"COCKPIT_DATABASE_URL": "env:MINE"}, tmp_path / "none")
    broken = tmp_path / "cockpit.toml"
    broken.write_text("database_url = ", "utf-8")
    with pytest.raises(SettingsError, match="can't be read"):
        database_url({}, broken)


def test_the_address_is_known_by_a_label_without_its_secret() -> None:
    address = address_of(URL)
    assert address.label == "db.example:6432/cockpit"
    assert "hunter2" not in f"{address!r} {address} {address.fingerprint}"
    assert address.fingerprint == address_of(URL.replace("hunter2", "other")).fingerprint
    assert address.fingerprint != address_of(URL.replace("/cockpit", "/x")).fingerprint


@pytest.mark.parametrize("url", ["", "sqlite:///x", "mysql://ada:hunter2@db/x", "postgresql://ada:hunter2@db/x?no=1"])
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        address_of(url)
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"
    assert "postgresql://USER" in caught.value.hint


def test_the_settings_never_show_it(tmp_path: Path) -> None:
    settings = read_settings("", tmp_path / "cockpit.toml", {"COCKPIT_DATABASE_URL": URL})
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
