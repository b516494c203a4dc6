"""The filter between every widget and the terminal."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from cockpit.tui.guard import TerminalGuard

BLACK = Color(0, 0, 0)


def through(*segments: Segment, actions: tuple[str, ...] = ()) -> list[Segment]:
    return TerminalGuard(actions).apply(list(segments), BLACK)


@pytest.mark.parametrize(
    "text", ["\x1b]52;c;AAAA\x07", "\x9b2J", "\x00\x0e\x7f", "\u202e\u2066", "\U000e0041", "\ud800"]
)
def test_control_characters_are_stripped(text: str) -> None:
    [only] = through(Segment(f"a{text}b"))
    assert only.text.startswith("a")
    assert not set(only.text) & set("\x1b\x9b\x07\x00\x0e\x7f\u202e\u2066\U000e0041\ud800")


def test_own_plots_and_box_drawing_pass() -> None:
    art = "⠀⢀⣀⡠⠔⠉ ╭─┤├─╯ ▁▂▃▄▅▆▇█ → ‹U+001B›"
    assert through(Segment(art))[0].text == art


def test_stacked_marks_are_capped() -> None:
    assert through(Segment("e" + "\u0301" * 2_000))[0].text == "e" + "\u0301" * 4


def test_terminal_links_are_dropped_and_colours_kept() -> None:
    [only] = through(Segment("x", Style(color="red", link="http://evil")))
    assert only.style is not None
    assert only.style.link is None
    assert only.style.color == Style(color="red").color


def test_actions_need_an_allow_list_and_other_meta_stays() -> None:
    style = Style.from_meta({"@click": "app.quit", "offset": (1, 2)})
    [blocked] = through(Segment("x", style))
    [allowed] = through(Segment("x", style), actions=("app.quit",))
    assert blocked.style is not None
    assert blocked.style.meta == {"offset": (1, 2)}
    assert allowed.style is not None
    assert allowed.style.meta["@click"] == "app.quit"


def test_an_action_given_as_a_tuple_is_blocked() -> None:
    [only] = through(Segment("x", Style.from_meta({"@click": ("app.quit", ["a"])})))
    assert only.style is not None
    assert "@click" not in only.style.meta


def test_the_private_attributes_still_exist() -> None:
    style = Style(link="http://a", meta={"k": 1})
    assert style._link == "http://a"
    assert isinstance(style._meta, bytes)
    assert Style()._link is None
    assert Style()._meta is None
