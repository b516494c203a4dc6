"""Nothing that a person wrote is lost when the draft is refreshed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.postmortem.document import Section, find, parse, render
from cockpit.postmortem.merge import CONFLICT, merge, merge_lines

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "| d |"]), max_size=8)
OWN = st.lists(st.sampled_from(["a", "b", "mine 1", "mine 2", "<!-- cockpit:section two -->", "## x"]), max_size=10)


def document(**sections: list[str]) -> str:
    return render(Section(name, tuple(lines)) for name, lines in sections.items())


@given(LINES, LINES, OWN)
def test_every_line_that_a_person_wrote_is_kept(base: list[str], new: list[str], mine: list[str]) -> None:
    merged, _ = merge_lines(base, new, mine)
    kept = [line for line in merged if line in mine]
    for line in {one for one in mine if one not in base}:
        assert kept.count(line) >= mine.count(line)


@given(LINES, LINES, OWN)
def test_documents_keep_what_was_written_anywhere(base: list[str], new: list[str], mine: list[str]) -> None:
    was, now = document(one=base, two=base), document(one=new, two=new)
    own = was + "\n".join(mine) + "\n"
    merged = merge(was, now, own).text
    for line in mine:
        if line.startswith("mine"):
            assert merged.count(line) >= mine.count(line)


@given(LINES, LINES)
def test_a_document_nobody_touched_becomes_the_new_draft(base: list[str], new: list[str]) -> None:
    was, now = document(one=base), document(one=new)
    assert parse(merge(was, now, was).text) == parse(now)


@given(LINES, LINES, OWN)
def test_merging_again_changes_nothing(base: list[str], new: list[str], mine: list[str]) -> None:
    now = document(one=new)
    once = merge(document(one=base), now, document(one=mine)).text
    again = merge(now, now, once)
    assert (again.text, again.conflicts) == (render(parse(once)), ())


def test_changes_in_different_lines_are_both_taken() -> None:
    merged = merge(document(one=["a", "b", "c"]), document(one=["a", "b", "new"]), document(one=["mine", "b", "c"]))
    assert merged.conflicts == ()
    section = find(parse(merged.text), "one")
    assert section is not None
    assert section.lines == ("mine", "b", "new")


def test_the_same_line_changed_by_both_shows_both() -> None:
    merged = merge(document(one=["a"]), document(one=["new"]), document(one=["mine"]))
    assert merged.conflicts == ("one",)
    assert merged.text.index("mine") < merged.text.index(CONFLICT) < merged.text.index("> new")


def test_a_section_that_was_taken_out_stays_out_and_a_new_one_comes() -> None:
    merged = merge(document(one=["a"], two=["b"]), document(one=["a"], two=["c"], three=["d"]), document(one=["a"]))
    assert [one.id for one in parse(merged.text)] == ["one", "three"]
