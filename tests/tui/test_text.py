"""The neutralising door, and Content made of what passed it."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content

from cockpit.domain.text import MAX_MARKS, clean, markdown
from cockpit.tui.text import Plain, fit, line, template, untrusted


def test_plain_text_passes_unchanged() -> None:
    assert clean("It's “fine” – 3 × 4 → 12 €, 日本語, naïve") == "It's “fine” – 3 × 4 → 12 €, 日本語, naïve"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b2J", "‹U+009B›2J"),
        ("abc\u202ecba", "abc‹U+202E›cba"),
        ("a\u200bb\ufeff", "a‹U+200B›b‹U+FEFF›"),
        ("hi\U000e0069\U000e0067\U000e006e", "hi‹TAGS:ign›"),
        ("a\tb", "a    b"),
        ("a\r\nb\rc", "a\nb␍c"),
        ("\ud800x", "‹U+D800›x"),
        ("\u2800", "‹U+2800›"),
    ],
)
def test_dangerous_code_points_become_visible(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_line_has_no_newline() -> None:
    assert clean("a\nb", multiline=False) == "a␤b"


@pytest.mark.parametrize("mark", ["\u0301", "\u0e47", "\u0951", "\U0001e8d0", "\u20e0"])
def test_stacks_of_marks_are_capped(mark: str) -> None:
    shown = clean("e" + mark * 2_000)
    assert shown.count(mark) == MAX_MARKS
    assert shown.endswith("‹+1996 marks›")


def test_living_scripts_keep_their_marks() -> None:
    thai, hindi, arabic = "ที่นี่ไม่มีใครอยู่", "क्षत्रिय हिन्दी", "مُحَمَّدٌ"
    assert [clean(word) for word in (thai, hindi, arabic)] == [thai, hindi, arabic]


def test_length_and_lines_are_capped_and_said() -> None:
    assert clean("x" * 30, limit=10) == "x" * 10 + "‹+20 chars›"
    assert clean("1\n2\n3\n4", lines=2) == "1\n2\n‹+2 lines›"


def test_spelling_out_can_not_flood() -> None:
    assert len(clean("\u202e" * 100, limit=100)) < 250
    assert len(clean("\t" * 100, limit=100)) < 250


@given(st.text(alphabet=st.characters(), max_size=200))
def test_nothing_that_commands_a_terminal_survives(raw: str) -> None:
    for character in clean(raw):
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


def test_twenty_thousand_plain_characters_are_fast() -> None:
    text = "The quick brown fox. " * 950
    start = time.perf_counter()
    for _ in range(100):
        clean(text)
    assert (time.perf_counter() - start) / 100 < 0.002


def test_markdown_has_no_markup_of_its_own() -> None:
    assert markdown("[x](http://e) <b># *hi*\x1b") == r"\[x\]\(http://e\) \<b\>\# \*hi\*␛"


def test_untrusted_text_is_never_parsed() -> None:
    payload = "[@click=app.quit]x[/] [/] [b]"
    assert untrusted(payload, "bold $error").plain == payload
    assert line("a ", (payload, "dim"), Content("!")).plain == f"a {payload}!"
    assert template("[b]$who[/b] said $what", who="ada", what=payload).plain == f"ada said {payload}"


@pytest.mark.parametrize(
    ("raw", "width", "shown"),
    [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("日本語", 4, "日 …"), ("", 2, "  "), ("x\ny", 3, "x␤y")],
)
def test_fit_is_exact_in_cells(raw: str, width: int, shown: str) -> None:
    assert fit(raw, width) == shown
    assert Content(fit(raw, width)).cell_length == width


async def test_plain_draws_markup_as_text() -> None:
    class Small(App[None]):
        def compose(self) -> ComposeResult:
            yield Plain("[/] [@click=app.quit]x[/]\x1b[2J", id="one")

    app = Small()
    async with app.run_test() as pilot:
        plain = app.query_one("#one", Plain)
        assert str(plain.visual) == "[/] [@click=app.quit]x[/]␛[2J"
        plain.update("[/nosuch]")
        await pilot.pause()
        assert str(plain.visual) == "[/nosuch]"
