"""What leaves: masked, escaped, self-contained."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.dom.minidom import parseString

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Kind
from cockpit.postmortem.html import inline, page
from cockpit.postmortem.mask import customers_of, mask, team_of
from cockpit.postmortem.plots import WIDE, Plot, from_journal, svg
from tests.domain.lines import PAGE, opened

NAMED = re.compile(r"<text x=\"([0-9.]+)\" y=\"(\d+)\" text-anchor=\"middle\"[^>]*>([^<]+)<")


def test_personal_data_and_customers_go_and_the_team_stays() -> None:
    lines = opened()
    mail = {"inject": "m", "channel": "email", "sender": "Zorblatt Quux (acme)", "session": "s-1"}
    lines.add(5, Kind.INJECT_DELIVERED, "Zorblatt Quux (acme)", **mail)
    lines.add(9, Kind.INJECT_DELIVERED, "Priya Raman", inject="c", channel="chat", sender="Priya Raman")
    text = "Zorblatt Quux wrote from jo@example.org about 4111 1111 1111 1111. Priya Raman answered, owner ada."
    masked = mask(text, keep=team_of(lines.events), hide=customers_of(lines.events))
    assert masked == "(name) wrote from (email) about (card). Priya Raman answered, owner ada."


@given(st.text(alphabet="<>&\"'`*\\|#-! ax\0\n", max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    made = inline(text)
    assert not set(re.findall(r"<[^>]*>", made)) - {"<strong>", "</strong>", "<code>", "</code>"}
    assert "<script" not in page(text + "<script>", text + "</title><script>")


def test_a_page_has_tables_lists_and_the_drawings_after_the_impact() -> None:
    text = "# T\n\n## Impact\n\n- **a**\n\n## Timeline\n\n| x | y |\n|---|---|\n| 1 \\| 2 | \\<b\\> |\n"
    made = page(text, "T", ["<figure>drawn</figure>"])
    assert made.index("<h2>Impact") < made.index("<figure>") < made.index("<h2>Timeline")
    assert "<li><strong>a</strong></li>" in made
    assert "<tr><td>1 &#124; 2</td><td>&#60;b&#62;</td></tr>" in made
    assert "default-src 'none'" in made


@pytest.mark.parametrize(
    "values", [[1.0], [0.0, 0.0], [float("nan"), 2.0, float("nan"), 3.0], [1e300, -1e300], [5e-324]]
)
def test_any_values_are_drawn_as_sound_svg(values: list[float]) -> None:
    points = tuple((PAGE + timedelta(seconds=n), value) for n, value in enumerate(values))
    drawn = svg(Plot("<leaks> & more", "/ min", points, 0.5, ((PAGE, "page"),)))
    assert "nan" not in drawn
    assert "inf" not in drawn
    parseString(drawn)


def test_nothing_measured_draws_nothing() -> None:
    assert svg(Plot("x", "", ((PAGE, float("nan")),))) == ""


def test_the_journal_s_own_values_are_drawn_where_there_is_no_simulator() -> None:
    lines = opened(mode="live")
    lines.add(1, Kind.SIGNAL_FIRED, "cockpit", signal="leaks", label="leaks / min", value=2.0, threshold=0.5)
    lines.add(2, Kind.SIGNAL_FIRED, "cockpit", signal="odd", label="odd", value="many")
    (plot,) = from_journal(lines.events)
    assert (plot.label, plot.threshold, plot.joined) == ("leaks / min", 0.5, False)
    assert svg(plot).count("<circle") == 1


def test_names_of_marks_do_not_overlap_and_stay_on_the_paper() -> None:
    minutes = [PAGE + timedelta(minutes=number) for number in (0, 1, 2, 60)]
    marks = tuple(zip(minutes, ("page", "lever", "contained", "all-clear"), strict=True))
    drawn = svg(Plot("p99 × baseline", "×", tuple((at, 1.0) for at in minutes), None, marks))
    places = [(float(x), int(y), len(word)) for x, y, word in NAMED.findall(drawn)]
    assert len(places) == len(marks)
    assert max(x + width * 5.5 / 2 for x, _, width in places) <= WIDE
    rows = {y for x, y, _ in places if x < 200}
    assert len(rows) == 3
    assert "<figcaption>p99 × baseline, UTC</figcaption>" in drawn
