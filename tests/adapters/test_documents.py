"""Documents edited in place: only the value changes, whatever stands around it, or the edit is refused."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.documents import MISSING, Format, at, edit, format_of, load, parse_path
from cockpit_adapters.documents.files import change, read_text
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, Refused, Throttled, Unreachable
from cockpit.world.contract import Deadline

JSON = '{\n  "a": 1,   "list": [ {"m" : "x"}, 2 ],\n  "b": {"c": "old", "d": null}\n}\n'
YAML = "# routes\nroutes:\n  - model: gpt-4 # pinned\n    weight: 1\ncaps: {rpm: 10, tpm: 20}\n"
TOML = '# caps\ntop = "x#y" # note\n[caps]\nrpm = 10  # a minute\n"odd key" = [1, 2]\n[[many]]\nrpm = 1\n'


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("b.c", "new", '"old"', '"new"'),
        ("list.0.m", "y", '"x"', '"y"'),
        ("list.1", [1, 2], " 2 ", " [1, 2] "),
        ("a", MISSING, '"a": 1,   "list"', '"list"'),
        ("b.d", MISSING, ', "d": null', ""),
        ("b.e", True, '"d": null', '"d": null, "e": true'),
    ],
)
def test_json_keeps_every_other_character(path: str, value: Any, old: str, new: str) -> None:
    assert edit(JSON, Format.JSON, "f.json", [(parse_path(path), value)]) == JSON.replace(old, new)


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("routes.0.model", "gpt-5", "gpt-4", "gpt-5"),
        ("routes.0.model", "yes", "gpt-4", '"yes"'),
        ("caps", {"rpm": 1}, "{rpm: 10, tpm: 20}", '{"rpm": 1}'),
        ("caps.rpm", None, "10", "null"),
    ],
)
def test_yaml_keeps_its_comments(path: str, value: Any, old: str, new: str) -> None:
    assert edit(YAML, Format.YAML, "f.yaml", [(parse_path(path), value)]) == YAML.replace(old, new)


def test_yaml_is_written_anew_only_where_no_comment_is_lost() -> None:
    with pytest.raises(Refused, match="comments"):
        edit(YAML, Format.YAML, "f.yaml", [(("routes",), [])])
    plain = "a:\n  - 1\nb: 2\n"
    assert edit(plain, Format.YAML, "f.yaml", [(("a",), MISSING)]) == "b: 2\n"


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("top", "z", '"x#y"', '"z"'),
        ("caps.rpm", 5, "rpm = 10", "rpm = 5"),
        ("caps.odd key", ["a"], "[1, 2]", '["a"]'),
    ],
)
def test_toml_keeps_its_comments(path: str, value: Any, old: str, new: str) -> None:
    assert edit(TOML, Format.TOML, "f.toml", [(parse_path(path), value)]) == TOML.replace(old, new, 1)


@pytest.mark.parametrize("path", ["many.0.rpm", "caps.new"])
def test_toml_refuses_what_it_can_t_place(path: str) -> None:
    with pytest.raises(Refused, match="line of its own"):
        edit(TOML, Format.TOML, "f.toml", [(parse_path(path), 2)])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", Format.JSON), ('{"a": 1, "a": 2}', Format.JSON), ("[" * 100_000, Format.JSON), ("a: [", Format.YAML),
        ("a: &x 1\nb: *x\n", Format.YAML), ("a: 1\na: 2\n", Format.YAML), ("a = ", Format.TOML),
        ("!!python/object:os.system {}", Format.YAML),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_refused_with_its_name(text: str, kind: Format) -> None:
    with pytest.raises(Refused, match=r"f\.x is no readable"):
        load(text, kind, "f.x")


@pytest.mark.parametrize("kind", list(Format))
def test_what_can_t_be_read_is_not_repeated(kind: Format) -> None:
    with pytest.raises(Refused) as caught:
        load('{"api_key": "sk-secret": [', kind, "f.x")
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize("path", ["nowhere.a", "list.7", "a.b"])
def test_a_place_that_is_not_there_is_named(path: str) -> None:
    with pytest.raises(BadInput, match=path):
        edit(JSON, Format.JSON, "f.json", [(parse_path(path), 1)])


def test_paths_and_endings() -> None:
    assert parse_path(r"a.b\.c.0") == ("a", "b.c", "0")
    assert at({"a": {"b.c": [5]}}, ("a", "b.c", "0")) == 5
    assert format_of("x/y.YML") is Format.YAML
    for wrong in ("a..b", ""):
        with pytest.raises(BadInput):
            parse_path(wrong)
    with pytest.raises(BadInput, match="by its name"):
        format_of("prompt.txt")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(st.text(min_size=1), VALUES, min_size=1, max_size=5),
    VALUES | st.just(MISSING),
    st.data(),
    st.sampled_from([None, 2, "\t"]),
)
def test_json_is_edited_exactly_and_back(document: dict[str, Any], value: Any, data: Any, indent: Any) -> None:
    key = data.draw(st.sampled_from(sorted(document)))
    text = json.dumps(document, indent=indent)
    changed = edit(text, Format.JSON, "f.json", [((key,), value)])
    loaded = json.loads(changed)
    assert loaded == (
        {**document, key: value} if value is not MISSING else {k: v for k, v in document.items() if k != key}
    )
    assert json.loads(edit(changed, Format.JSON, "f.json", [((key,), document[key])])) == document


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), VALUES, min_size=1, max_size=4), VALUES, st.data()
)
def test_yaml_is_edited_exactly_or_refused(document: dict[str, Any], value: Any, data: Any) -> None:
    import yaml

    key = data.draw(st.sampled_from(sorted(document)))
    text = yaml.safe_dump(document, sort_keys=False)
    try:
        changed = edit(text, Format.YAML, "f.yaml", [((key,), value)])
    except Refused:
        return
    assert yaml.safe_load(changed) == {**document, key: value}


def test_a_file_changes_whole_keeps_its_rights_and_grows_newer(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_text("old", "utf-8")
    file.chmod(0o640)
    ahead = 4_000_000_000_000_000_000
    os.utime(file, ns=(ahead, ahead))
    link = tmp_path / "link"
    link.symlink_to(file)
    change(link, Deadline(5), lambda text: text + "+new")
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == ("old+new", 0o640)
    assert file.stat().st_mtime_ns > ahead
    assert link.is_symlink()
    assert {one.name for one in tmp_path.iterdir()} == {"f.json", "link"}


def test_writers_take_turns(tmp_path: Path) -> None:
    file = tmp_path / "count"
    file.write_text("0", "utf-8")

    def count() -> None:
        for _ in range(10):
            change(file, Deadline(30), lambda text: str(int(text) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read_text("utf-8") == "40"


def test_a_lock_that_is_held_is_waited_for_no_longer_than_allowed(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("x", "utf-8")

    def meanwhile(text: str) -> str:
        with pytest.raises(Throttled, match="another cockpit"):
            change(file, Deadline(0.1), lambda inner: inner + "!")
        return text + "?"

    change(file, Deadline(5), meanwhile)
    assert file.read_text("utf-8") == "x?"


def test_what_can_t_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="No such file"):
        read_text(tmp_path / "none")
    os.mkfifo(tmp_path / "pipe")
    for name, told in (("pipe", "ordinary"), ("raw", "UTF-8")):
        (tmp_path / "raw").write_bytes(b"\xff")
        with pytest.raises(Refused, match=told):
            read_text(tmp_path / name)
    with pytest.raises((Unreachable, Refused)):
        read_text(tmp_path)
