"""Settings: who wins, and what a wrong one is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.errors import BadInput, SettingsError
from cockpit.paths import find_paths, private, write_private
from cockpit.settings import Settings, load_settings


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment whose folders are the test's own."""
    return {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}


def write(env: dict[str, str], text: str) -> Path:
    """Write cockpit.toml where the environment looks for it."""
    return write_private(find_paths(env).settings_file, text)


def test_nothing_set_gives_the_defaults(env: dict[str, str]) -> None:
    settings = load_settings(env)
    assert (settings.profile, settings.theme, settings.speed, settings.keys) == ("default", "cockpit-dark", 1.0, {})
    assert settings.responder
    assert settings.data_dir is None


def test_option_beats_variable_beats_file(env: dict[str, str]) -> None:
    write(env, 'theme = "ansi-dark"\nprofile = "s2"\nspeed = 4\n[keys]\nnote = "n"\npull_lever = "l"\n')
    env |= {"COCKPIT_PROFILE": "s3", "COCKPIT_SPEED": "8", "COCKPIT_KEYS__note": "ctrl+n"}
    settings = load_settings(env, {"speed": 16.0, "profile": None})
    assert (settings.theme, settings.profile, settings.speed) == ("ansi-dark", "s3", 16.0)
    assert settings.keys == {"note": "ctrl+n", "pull_lever": "l"}


def test_an_empty_variable_is_not_set(env: dict[str, str]) -> None:
    assert load_settings(env | {"COCKPIT_PROFILE": ""}).profile == "default"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('profile = "s2"\n\nthem = "x"\n', ("cockpit.toml:3", "'them'", "Did you mean theme?")),
        ("# speed\nspeed = 'fast'\n", ("cockpit.toml:2", "speed", "number")),
        ('[keys]\nnote = "n"\npull_lever = 7\n', ("cockpit.toml:3", "keys.pull_lever", "string")),
        ("speed = 1\nspeed = \n", ("cockpit.toml:2", "", "looks like")),
        ("theme = 'pink'\n", ("cockpit.toml:1", "theme", "cockpit-light")),
        ("speed = 1000\n", ("cockpit.toml:1", "speed", "60")),
        (
            '[systems.a]\nadapter = "x"\ncontrol = "y"\n\n[levers.kill_switch]\nsystem = "a"\n'
            '[levers.revert_prompt]\nsystem = "a"\ncontrol = 7\n',
            ("cockpit.toml:5", "levers.kill_switch.control is missing", "adapter's own words"),
        ),
        (
            '[levers.kill_switch]\nsystem = "a"\ncontrol = "x"\nshare = 0.5\n\n'
            '[levers."revert_prompt"]\nsystem = "a"\ncontrol = "x"\nshare = 2\n',
            ("cockpit.toml:9", "levers.revert_prompt.share", "0 to 1"),
        ),
        (
            '[probes.chat]\nurl = "https://a"\nbody.text = """\n[levers.kill_switch]\nshare = 3\n"""\n'
            '[levers.kill_switch]\nsystem = "a"\ncontrol = "x"\nshare = 3\n',
            ("cockpit.toml:10", "levers.kill_switch.share", ""),
        ),
        (
            '[levers.kill_switch]\r\nsystem = "a"\r\ncontrol = "x"\r\nproof = { answers = 0 }\r\n',
            ("cockpit.toml:4", "levers.kill_switch.proof.answers", ""),
        ),
        (
            '[levers.kill_switch]\nsystem = "a"\ncontrol = "x"\n[levers.kill_switch.proof]\nanswers = 0\n',
            ("cockpit.toml:5", "levers.kill_switch.proof.answers", "consecutive"),
        ),
        (
            '[levers.kill_switch]\nsystem = "a"\ncontol = "x"\n',
            ("cockpit.toml:3", "'levers.kill_switch.contol'", "Did you mean control?"),
        ),
        (
            '[levers]\nkill_switch = { system = "a", control = "x" }\nkil_switch = { system = "a", control = "x" }\n',
            ("cockpit.toml:3", "'kil_switch'", "Did you mean kill_switch?"),
        ),
        ('[service]\napprovr = "ada"\n', ("cockpit.toml:2", "'service.approvr'", "Did you mean approver?")),
        ('[probes.chat]\nurl = "https://a"\ntoken = "hunter2"\n', ("cockpit.toml:3", "named, not written", "")),
    ],
)
def test_a_wrong_file_names_line_and_way_out(env: dict[str, str], text: str, told: tuple[str, str, str]) -> None:
    write(env, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(env)
    said = f"{caught.value} {caught.value.hint}"
    assert all(part in said for part in told), said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("COCKPIT_PROFIL", "s2", "COCKPIT_PROFILE"),
        ("COCKPIT_SPEED", "fast", "COCKPIT_SPEED"),
        ("COCKPIT_KEYS", "no json", "COCKPIT_"),
        ("COCKPIT_LEVERS", '{"kil_switch": {"system": "a", "control": "x"}}', "COCKPIT_LEVERS: there is no lever"),
    ],
)
def test_a_wrong_variable_is_named(env: dict[str, str], name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(env | {name: value})
    assert told in f"{caught.value} {caught.value.hint}"


def test_a_wrong_option_is_named_as_option(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="--speed"):
        load_settings(env, {"speed": "fast"})


def test_a_file_that_is_no_text_is_refused(env: dict[str, str]) -> None:
    write(env, "").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(env)


@pytest.mark.parametrize("text", ["seed = " + "9" * 5000, "seed = " + "[" * 20_000])
def test_a_file_beyond_the_librarys_limits_is_refused(env: dict[str, str], text: str) -> None:
    write(env, text)
    with pytest.raises(SettingsError, match="beyond all measure"):
        load_settings(env)


def test_a_secret_is_never_shown(env: dict[str, str]) -> None:
    env["COCKPIT_DATABASE_URL"] = "postgresql://ada:hunter2@db/cockpit"
    settings = load_settings(env)
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.database_url is not None
    assert "hunter2" in settings.database_url.get_secret_value()


def test_every_field_is_documented() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_named_data_folder_wins_over_variable_and_xdg(env: dict[str, str], tmp_path: Path) -> None:
    assert find_paths(env).data == tmp_path / "data" / "cockpit"
    env["COCKPIT_DATA_DIR"] = str(tmp_path / "b")
    assert find_paths(env).journal == tmp_path / "b" / "journal.db"
    named = find_paths(env, tmp_path / "a")
    assert named.traces("INC-0001") == tmp_path / "a" / "traces" / "INC-0001.db"
    assert named.config == tmp_path / "config" / "cockpit"


@pytest.mark.parametrize("incident", ["../x", "", "/etc/passwd", "a/b", ".hidden", "x" * 65])
def test_an_incident_id_cannot_lead_out_of_the_folder(env: dict[str, str], incident: str) -> None:
    with pytest.raises(BadInput):
        find_paths(env).traces(incident)


def test_new_folders_and_files_are_private_and_old_ones_keep_their_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    file = write_private(tmp_path / "a" / "b" / "x.txt", "text\udc80")
    assert [oct(place.stat().st_mode & 0o777) for place in (tmp_path, tmp_path / "a", file.parent, file)] == [
        "0o755",
        "0o700",
        "0o700",
        "0o600",
    ]


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(BadInput):
        private(tmp_path / "x" / "y")
    with pytest.raises(BadInput, match="no folder"):
        private(tmp_path / "x")


def test_paths_import_nothing_heavy() -> None:
    code = "import sys, cockpit.paths; sys.exit(bool({'platformdirs', 'pydantic', 'sqlmodel'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
