"""What a look at all traces says, written as lines without a screen; never surer than the counts allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.text import fit, line, untrusted
from cockpit.tui.traces.verdicts import TONE_STYLES, tone

if TYPE_CHECKING:
    from cockpit.detect.clusters.groups import Cluster
    from cockpit.detect.clusters.rates import Rate, Shared
    from cockpit.detect.clusters.scope import Layer, Scope
    from cockpit.session.look import Look
    from cockpit.session.proposed import Proposed

BAR = 8
FEW = 5
"""Fewer failing traces than this say nothing about what they share."""
MOSTLY = 0.8
"""When so many are unjudged, it is said: they count as sound."""
TENANTS = 5
FACTS_OF_A_LAYER = 2
PAGES = 2
TRACES = 5
STATUS = {"open": ("? ", WARN), "supported": ("✔ ", GOOD), "refuted": ("✖ ", BAD)}
HOW = {"topic": "by topic only: softer", "rest": "like nothing else: the largest such group is no cause"}
NONE_YET = "No traces have come yet: there is nothing to group."


def headline(look: Look) -> Content:
    """Say how much fails, in one line."""
    failing = look.scope.failing
    of = f"{failing.part:,} of {'the newest ' if look.newest_only else ''}{failing.whole:,} traces fail "
    return line(("Groups  ", "bold"), of, (percent(failing.share), BAD), (f"  looked at {look.at:%H:%M:%S}", DIM))


def warnings(look: Look) -> list[str]:
    """Say in words why the figures may say little."""
    failing, found = look.scope.failing.part, []
    if not look.traces:
        return [NONE_YET]
    if not failing:
        found.append(f"No failing trace among {look.traces:,}.")
    elif failing < FEW:
        found.append(f"Only {failing} failing: too few to say what they share.")
    if look.unjudged > MOSTLY * look.traces:
        found.append(
            f"{look.unjudged:,} of {look.traces:,} are unjudged and count as sound: shares are lower bounds."
        )
    if failing and look.clusters.against == "other failing":
        found.append("Nothing passed: groups are held against the other failing ones, which says less.")
    return found


def group_rows(look: Look, width: int) -> list[Row]:
    """Write one line a group; the keys are their numbers."""
    rows = [row((fit(_head(width), width), DIM))]
    for number, one in enumerate(look.clusters.clusters):
        rows.append(_group(number, one, width))
    return rows if len(rows) > 1 else []


def _head(width: int) -> str:
    return f"  size  share {' ' * BAR} first     name" if width >= 50 else "  size  share name"


def _group(number: int, one: Cluster, width: int) -> Row:
    style = DIM if one.how == "rest" else TONE_STYLES["loud"] if tone(one.verdict) == "loud" else ""
    told = line((f"{one.size:6,} ", "bold"), f"{percent(one.share):>6} ")
    if width >= 50:
        filled = max(1, round(one.share * BAR))
        told += line(("█" * filled, BAD), ("░" * (BAR - filled), DIM), (f" {one.first_seen:%H:%M:%S}  ", DIM))
    soft = "~" if one.how == "topic" else ""
    name = fit(f"{soft}{one.name}", max(8, width - told.cell_length)).rstrip()
    return row(told, (name, style), key=str(number))


def group_detail(one: Cluster, look: Look, width: int) -> list[Row]:
    """Write what one group is, and what its members share."""
    verdicts = ", ".join(f"{name or 'no verdict'} {count:,}" for name, count in one.verdicts[:4])
    rows = paragraph(untrusted(one.name, "bold"), width)
    if one.how in HOW:
        rows += paragraph(line((HOW[one.how], WARN)), width)
    told = f"{one.size:,} of {look.clusters.failing:,} failing ({percent(one.share)})  {verdicts}"
    rows += paragraph(untrusted(told), width)
    rows.append(row((f"{_clock(one.first_seen)} to {_clock(one.last_seen)}", DIM)))
    against = f"Shared, against the {look.clusters.against} ones" if look.clusters.against else "Shared"
    rows += [row(""), *paragraph(line((against, "bold $accent")), width)]
    shared = [made for fact in one.shared for made in shared_rows(fact, width)]
    rows += shared or [row(("nothing that could be compared" if not one.shared else "", DIM))]
    rows += paragraph(
        line(("most like the group: ", DIM), untrusted(", ".join(f"#{e}" for e in one.examples))), width
    )
    return rows


def shared_rows(fact: Shared, width: int) -> list[Row]:
    """Write one fact with both counts and its interval."""
    glyph, style = ("▲ ", WARN) if fact.sure and fact.lift > 1 else ("· ", DIM)
    words = line(
        (glyph, style), (named(fact), "" if fact.sure else DIM), (f"  {among(fact)}", "" if fact.sure else DIM),
        ("" if fact.sure else "  may be chance", DIM),
    )  # fmt: skip
    return paragraph(words, width, hang=4)


def named(fact: Shared) -> str:
    """Name a fact and its value."""
    return f"{fact.fact.replace('_', ' ')} {fact.value}"


def among(fact: Shared) -> str:
    """Write how often a fact holds here and there, and how many times as common it is."""
    low, high = fact.interval
    return (
        f"{percent(fact.among.share)} of {fact.among.whole:,} against {percent(fact.against.share)} of "
        f"{fact.against.whole:,}: ×{fact.lift:.2g} ({low:.2g}–{high:.2g})"
    )


def scope_rows(scope: Scope, harmed: int, width: int) -> list[Row]:
    """Write how far it reaches."""
    rows = [row(("How far it reaches", "bold $accent"))]
    for label, told in _scope(scope, harmed):
        rows += paragraph(line((f"{label:<9}", DIM), untrusted(told, limit=600)), width, hang=9)
    return rows


def _scope(scope: Scope, harmed: int) -> Iterator[tuple[str, str]]:
    if scope.since is not None:
        yield "since", f"{_clock(scope.since)}: the share rose"
    elif scope.first_failing is not None:
        yield "since", f"no clear rise; first failure seen {_clock(scope.first_failing)}"
    if scope.since is not None:
        yield "share", f"{rate(scope.after)} since, {rate(scope.before)} before"
    else:
        yield "share", rate(scope.failing)
    hit = [f"{one.tenant} {percent(one.rate.share)} of {one.rate.whole:,}" for one in scope.tenants[:TENANTS]]
    more = (scope.tenants_hit or 0) - len(hit)
    several = f"{scope.tenants_hit} hit: {', '.join(hit)}" + (f" and {more} more" if more > 0 else "")
    yield "tenants", "not recorded" if scope.tenants_hit is None else several if hit else "none hit"
    yield "sessions", "not recorded" if scope.sessions is None else f"{scope.sessions:,} with a failure"
    yield "users", "not recorded" if scope.users is None else f"{scope.users:,} with a failure"
    yield "harmed", f"{harmed:,} visibly"


def layer_rows(layers: Sequence[Layer], width: int) -> list[Row]:
    """Write what speaks for each layer, side by side; an association says where to look, not what caused it."""
    rows = [row(("Layers", "bold $accent"), ("  where to look first, not what caused it", DIM))]
    for layer in layers:
        speaking = [one for one in layer.facts if one.sure and one.lift > 1][:FACTS_OF_A_LAYER]
        glyph, style = ("▲ ", WARN) if speaking else ("· ", DIM)
        told = "; ".join(f"{named(one)}  {among(one)}" for one in speaking) or _silent(layer)
        text = line((glyph, style), (f"{layer.name:<10}", "bold" if speaking else DIM), untrusted(told, style and ""))
        rows += paragraph(text, width, hang=12)
    return rows


def _silent(layer: Layer) -> str:
    return (
        "nothing surely commoner among the failing" if layer.facts else "nothing recorded, or nothing to hold against"
    )


def change_rows(proposed: Proposed | None, width: int) -> list[Row]:
    """Write the change that lines up with the detectors' pages: a hint, no proof."""
    if proposed is None or not proposed.change:
        return []
    said = untrusted(proposed.change_said or proposed.change, limit=300)
    return [
        row(("Change", "bold $accent"), ("  lines up in time: a hint, no proof", DIM)),
        *paragraph(line(("▲ ", WARN), said), width, hang=2),
        row(""),
    ]


def page_rows(proposed: Proposed | None, width: int) -> list[Row]:
    """Write what the detectors' pages say: the newest in words, the others as a number."""
    if proposed is None:
        return []
    rows = [row(("Detectors' pages", "bold $accent"), (f"  {proposed.certainty:.0%} certain at most", DIM))]
    for why in proposed.why[:PAGES]:
        rows += paragraph(line(("▲ ", WARN), untrusted(why, limit=400)), width, hang=2)
    if (more := len(proposed.why) - PAGES) > 0:
        rows.append(row((f"and {more} earlier", DIM)))
    if proposed.traces:
        shown = ", ".join(f"#{one}" for one in proposed.traces[:TRACES])
        rows += paragraph(line(("shown by ", DIM), shown), width)
    return [*rows, row("")]


def hypothesis_rows(hypotheses: Mapping[str, str], width: int) -> list[Row]:
    """Write the guesses and how each stands."""
    rows = [row(("Hypotheses", "bold $accent"))]
    for text, status in hypotheses.items():
        mark = STATUS.get(status, STATUS["open"])
        rows += paragraph(line(mark, untrusted(text), (f"  {status}", mark[1])), width, hang=2)
    return rows if hypotheses else [*rows, row(("none yet (h writes one down)", DIM))]


def rate(found: Rate) -> str:
    """Write a share with its interval."""
    low, high = found.interval
    return f"{percent(found.share)} ({percent(low)} to {percent(high)})" if found.whole else "nothing"


def percent(share: float) -> str:
    """Write a share in at most six cells, small ones with a decimal."""
    points = share * 100
    if 1e-6 < points < 0.1:
        return "<0.1 %"
    return f"{points:.1f} %" if 1e-6 < points < 9.95 else f"{points:.0f} %"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"
