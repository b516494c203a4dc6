"""Likeness: found where it is, explained, never surer than what is known, and not found where nothing is alike."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from cockpit.domain.events import Event, Kind
from cockpit.domain.portrait import Portrait, from_plain, portrait_of, to_plain, words_of
from cockpit.domain.similar import Likeness, Memory
from tests.domain.lines import Lines, opened
from tests.domain.strategies import journals


def incident(
    name: str, mode: str = "live", page: str = "", answers: str = "", **traits: str | tuple[str, ...]
) -> Portrait:
    held = {key.replace("_", " "): (value,) if isinstance(value, str) else value for key, value in traits.items()}
    named = {"class" if key == "kind" else key: value for key, value in held.items()}
    told, wrong = words_of([page]), words_of([answers])
    return Portrait(name, "incident", f"title of {name}", mode=mode, traits=named, page=told, answers=wrong)


LEAK = incident(
    "INC-0001", kind="pii_leak", layer="retrieval", change="index:shared-3", route="/support", signal="leaks_per_min",
    page="three answers quote another tenant's order history", answers="Retrieved context: order history of delta",
)  # fmt: skip
RUNAWAY = incident(
    "INC-0002", kind="cost_runaway", layer="tool", change="tool:crawler", route="/research", signal="cost_ratio",
    page="spend doubled overnight, loops never end",
)  # fmt: skip
REFUSALS = incident(
    "INC-0003", kind="refusal_spike", layer="prompt", change="prompt:p8", route="/support", signal="refusal_pct",
    page="every fourth question is refused",
)  # fmt: skip
OLD = (LEAK, RUNAWAY, REFUSALS)


def likes(new: Portrait, *old: Portrait) -> tuple[Likeness, ...]:
    return Memory(old or OLD, live=new.live).like(new)


def test_a_page_alone_is_alike_by_its_words_and_says_so() -> None:
    new = incident("INC-9", signal="leaks_per_min", page="judge: answers contain another tenant's order history")
    (found,) = likes(new)
    assert found.other is LEAK
    assert {clue.name for clue in found.clues} == {"signal", "words of the page"}
    assert any("tenant" in why and "history" in why for why in found.why)
    assert found.score < 0.6


def test_the_more_is_known_the_surer_and_never_sure() -> None:
    page = incident("INC-9", signal="leaks_per_min", page="answers contain another tenant's order history")
    classed = replace(page, traits={**page.traits, "class": ("pii_leak",)})
    whole = replace(classed, traits={**LEAK.traits}, page=LEAK.page, answers=LEAK.answers)
    scores = [likes(one)[0].score for one in (page, classed, whole)]
    assert scores == sorted(scores)
    assert scores[-1] < 0.9


def test_what_differs_takes_away() -> None:
    same = incident(
        "INC-9", kind="pii_leak", signal="leaks_per_min", page="another tenant's order history", layer="retrieval"
    )
    other = replace(same, traits={**same.traits, "layer": ("model",)})
    first, second = likes(same)[0], likes(other)[0]
    assert second.score < first.score
    assert "layer model, was retrieval" in second.why


def test_the_same_route_and_signal_alone_are_no_likeness() -> None:
    assert likes(incident("INC-9", route="/support", signal="refusal_pct", layer="prompt")) == ()


def test_unrelated_incidents_do_not_match() -> None:
    for one in OLD:
        assert likes(one, *(other for other in OLD if other is not one)) == ()


def test_what_all_share_says_little() -> None:
    common = {"signal": ("s",), "prompt": ("main",), "route": ("/chat",)}
    many = [replace(REFUSALS, id=f"INC-{number:04}", traits=common, page=()) for number in range(40)]
    new = incident("INC-9999", signal="s", prompt="main", route="/chat")
    assert likes(new, *many) == ()
    assert likes(new, many[0])[0].score > 0.5


def test_a_class_counts_however_common_it_is() -> None:
    many = [replace(LEAK, id=f"INC-{number:04}") for number in range(40)]
    found = likes(replace(LEAK, id="INC-9999"), *many)
    assert len(found) == 5
    assert found[0].score > 0.5


def test_exercises_come_after_what_was_live_and_count_in_no_statistic() -> None:
    drill = replace(LEAK, id="INC-0000", mode="drill")
    assert [one.other.mode for one in likes(replace(LEAK, id="INC-9"), drill, LEAK)] == ["live", "drill"]
    alone = Memory([LEAK], live=True).like(replace(LEAK, id="INC-9"))
    flooded = Memory([LEAK, *(replace(drill, id=f"D{n}") for n in range(50))], live=True).like(
        replace(LEAK, id="INC-9")
    )
    assert flooded[0].score == alone[0].score


def drawn() -> Lines:
    lines = opened(service="support")
    lines.add(0, Kind.SIGNAL_FIRED, "world", signal="leaks", text="leaks / min 2")
    lines.add(
        1, Kind.PAGED, "watch", text="answers quote another tenant", signal="leaks",
        page={"about": {"route": "/support", "tenant": "acme"}, "change": {"ref": "index:shared-3", "what": "moved"}},
    )  # fmt: skip
    lines.add(60, Kind.CLASS_SET, **{"class": "pii_leak"})
    lines.add(70, Kind.INJECT_DELIVERED, channel="chat", text="unimportant gossip")
    return lines


def test_a_portrait_holds_what_the_journal_says() -> None:
    portrait = portrait_of(drawn().events, ["Retrieved context: Ivan"])
    assert portrait.traits["route"] == ("/support",)
    assert portrait.traits["change"] == ("index:shared-3",)
    assert portrait.traits["kind of change"] == ("index",)
    assert portrait.traits["class"] == ("pii_leak",)
    assert "tenant" in portrait.page
    assert "gossip" not in portrait.page
    assert "retrieved" in portrait.answers


def test_what_a_person_named_stands_above_what_a_page_guessed() -> None:
    lines = drawn()
    lines.add(80, Kind.LAYER_SET, layer="prompt", change="prompt:v41")
    assert portrait_of(lines.events).traits["change"] == ("prompt:v41",)


@given(journals())
def test_any_journal_has_a_portrait_that_can_be_kept(events: list[Event]) -> None:
    portrait = portrait_of(events)
    assert from_plain(to_plain(portrait)) == portrait
    Memory([portrait], live=False).like(portrait)
