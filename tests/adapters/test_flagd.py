"""flagd files: kills that hold against targeting, canaries, exact undo, and no other byte touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.flagd import FlagdAdapter, FlagdOptions
from cockpit_adapters.flagd.flags import Flag, where
from cockpit_adapters.flagd.specimen import FLAGS
from cockpit_adapters.flagd.system import FlagdSystem
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.domain.levers import Stage
from cockpit.errors import BadInput, Moved, Refused
from cockpit.world.contract import Deadline, Place, Value, Verdict, Write
from cockpit.world.saga import carry_out

RULE = {"if": [{"==": [{"var": "tier"}, "internal"]}, "on", "off"]}


def connected(folder: Path, text: str = FLAGS, name: str = "flags.json") -> FlagdSystem:
    """Write a file and connect to it."""
    file = folder / name
    file.write_text(text, "utf-8")
    options = FlagdOptions(adapter="flagd", file=str(file))
    system = FlagdAdapter().connect(options, Place("flags", lambda _: "", WallClock().now))
    assert isinstance(system, FlagdSystem)
    return system


def pull(system: FlagdSystem, address: str, value: Value) -> Value:
    """Carry out a change and return what was there before."""
    reading = system.read(address, Deadline(5))
    write = Write(address, value, "key", reading.version, reading.value)
    assert carry_out(system, write, 5).stage is Stage.APPLIED
    return reading.value


def entry(folder: Path) -> dict[str, Any]:
    """Return the flag as the file has it."""
    found: dict[str, Any] = json.loads((folder / "flags.json").read_text("utf-8"))["flags"]["answers"]
    return found


def with_targeting(text: str = FLAGS) -> str:
    """Return the file with a rule that opens the flag for some."""
    rule = json.dumps(RULE)
    return text.replace('"defaultVariant": "on"', f'"defaultVariant": "on",\n      "targeting": {rule}')


@pytest.mark.parametrize("text", [FLAGS, with_targeting(), with_targeting().replace("ENABLED", "DISABLED", 1)])
def test_a_kill_holds_against_targeting_and_is_undone_to_the_byte(tmp_path: Path, text: str) -> None:
    system = connected(tmp_path, text)
    before = pull(system, "flag:answers", False)
    killed = entry(tmp_path)
    assert (killed["defaultVariant"], killed["state"], "targeting" in killed) == ("off", "ENABLED", False)
    assert system.read("flag:answers", Deadline(5)).shown == "off"
    pull(system, "flag:answers", before)
    assert (tmp_path / "flags.json").read_text("utf-8") == text


@pytest.mark.parametrize("address", ["flag:answers", "share:answers"])
def test_a_canary_is_a_fraction_and_goes_back_exactly(tmp_path: Path, address: str) -> None:
    system = connected(tmp_path)
    pull(system, address, system.parse(address, "off" if address[0] == "f" else "0"))
    off = (tmp_path / "flags.json").read_text("utf-8")
    before = pull(system, "share:answers", 5)
    assert entry(tmp_path)["targeting"] == {"fractional": [["on", 5], ["off", 95]]}
    assert system.read("share:answers", Deadline(5)).shown == "5 %"
    pull(system, "share:answers", 25)
    pull(system, "share:answers", before)
    assert (tmp_path / "flags.json").read_text("utf-8") == off
    pull(system, "share:answers", 100)
    assert (tmp_path / "flags.json").read_text("utf-8") == FLAGS


def test_a_colleague_s_change_is_not_overwritten_but_one_to_another_flag_is_no_matter(tmp_path: Path) -> None:
    system = connected(tmp_path)
    file = tmp_path / "flags.json"
    reading = system.read("flag:answers", Deadline(5))
    write = Write("flag:answers", False, "key", reading.version, True)
    file.write_text(FLAGS.replace('"defaultVariant": "off"', '"defaultVariant": "on"'), "utf-8")
    system.write(write, Deadline(5))
    file.write_text(with_targeting(), "utf-8")
    with pytest.raises(Moved, match="on, with targeting now"):
        system.write(write, Deadline(5))
    assert file.read_text("utf-8") == with_targeting()


def test_yaml_keeps_its_comments_or_is_left_alone(tmp_path: Path) -> None:
    text = (
        "flags:\n  answers: # the kill switch\n    state: ENABLED\n    variants: {'on': true, 'off': false}\n"
        "    defaultVariant: 'on'\n"
    )
    system = connected(tmp_path, text, "flags.yaml")
    pull(system, "flag:answers", False)
    assert (tmp_path / "flags.yaml").read_text("utf-8") == text.replace("Variant: 'on'", 'Variant: "off"')
    with pytest.raises(Refused, match="comments"):
        system.write(Write("share:answers", 5, "key"), Deadline(5))
    pull(connected(tmp_path, text.replace(" # the kill switch", ""), "flags.yaml"), "share:answers", 5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no table of flags"),
        ('{"flags": {"other": {}}}', "no flag answers"),
        ('{"flags": {"answers": {"variants": {"a": 1, "b": 2}}}}', "no two variants"),
        ("{", "no readable JSON"),
    ],
)
def test_files_that_hold_no_such_flag_are_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        connected(tmp_path, text).read("flag:answers", Deadline(5))


def test_the_doctor_warns_of_disabled_flags_and_missing_rights(tmp_path: Path) -> None:
    system = connected(tmp_path, FLAGS.replace("ENABLED", "DISABLED", 1))
    found = {one.what: one for one in system.check(Deadline(5))}
    assert (found["state"].verdict, "answers" in found["state"].detail) == (Verdict.WARNING, True)
    (tmp_path / "flags.json").unlink()
    assert [one.verdict for one in system.check(Deadline(5))] == [Verdict.WRONG]


def test_what_is_no_target_or_no_file_is_said(tmp_path: Path) -> None:
    system = connected(tmp_path)
    for address, text in (("flag:answers", "maybe"), ("share:answers", "5.5"), ("share:answers", "101")):
        with pytest.raises(BadInput):
            system.parse(address, text)
    for file in ("", "flags.txt"):
        with pytest.raises(BadInput):
            FlagdAdapter().connect(FlagdOptions(adapter="flagd", file=file), Place("f", str, WallClock().now))


@given(
    st.sampled_from(["flag", "share"]), st.integers(0, 100), st.booleans(), st.none() | st.just(RULE) | st.just({})
)
def test_every_value_reads_back_as_it_was_written(kind: str, percent: int, on: bool, targeting: Any) -> None:
    rest = {} if targeting is None else {"targeting": targeting}
    found = {"variants": {"on": True, "off": False}, "defaultVariant": "on" if on else "off", **rest}
    flag = Flag(where(f"{kind}:answers"), found)
    value = bool(percent % 2) if kind == "flag" else percent
    written = Flag(flag.at, {"variants": found["variants"], **flag.fields(value)})
    assert written.value() == value
    assert Flag(flag.at, {"variants": found["variants"], **written.fields(flag.value())}).entry == found
