"""Proving a case: what the simulator answers when it is asked again, or what asking an endpoint showed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cockpit.detect.expect import passes
from cockpit.domain.case_plain import from_plain
from cockpit.domain.case_verdict import judge_proof
from cockpit.domain.cases import FLAKY, NOT, CaseProof, Check, Heard, Input, Rate
from cockpit.domain.events import iso
from cockpit.domain.learning import Fixture
from cockpit.errors import BadInput
from cockpit.session.case_making import stand_ins_of
from cockpit.session.rehearsing import Rehearses
from cockpit.world.port import World

RECORDED = "recorded output"
ONE_SIDED = (
    "the bad configuration was not asked; its recorded answer fails the checks, but nobody saw it fail again "
    "(name it by --bad-endpoint, --bad-model or --bad-header, or sign a waiver)"
)


@dataclass(frozen=True, slots=True)
class Replay:
    """A world that can be asked again, the key of its stand-ins, and the moment at which it counts as fixed."""

    world: World
    asked: Rehearses
    key: str
    at: datetime


def rehearsed(how: Replay, fixture: Fixture, samples: int) -> CaseProof:
    """Ask the simulator again, and hold its answers, with the same stand-ins, against the case.

    Raises:
        BadInput: the case's trace is not there any more.
    """
    case, trace = from_plain(fixture.document), int(fixture.trace)
    detail = how.world.trace(trace, how.at)
    if detail is None:
        raise BadInput(f"trace {trace} of {fixture.id} is not there any more")
    heard = how.asked.rehearse(trace, [int(one.trace) for one in case.neighbours], how.at, samples)
    over = stand_ins_of(how.key, how.world, detail, case, how.at, hide=fixture.hide, raw=fixture.raw).over
    near = [
        rate(case.neighbour_checks, answers, one.given, over)
        for answers, one in zip(heard.neighbours, case.neighbours, strict=True)
    ]
    bad, fixed = (rate(case.checks, answers, case.given, over) for answers in (heard.bad, heard.fixed))
    configs = (heard.bad_config, heard.fixed_config)
    return judge_proof("simulator", bad, fixed, total(near), at=iso(how.at), configs=configs)


def told(results: Mapping[str, Any], at: datetime) -> CaseProof:
    """Weigh what asking real endpoints showed."""
    bad, fixed, near = (Rate(results[name]["passed"], results[name]["of"]) for name in ("bad", "fixed", "neighbours"))
    configs = (str(results.get("bad_config", "")), str(results.get("fixed_config", "")))
    proof = judge_proof(str(results.get("how", "endpoint")), bad, fixed, near, at=iso(at), configs=configs)
    if proof.how == RECORDED and proof.verdict == FLAKY:
        proof = replace(proof, verdict=NOT, why=ONE_SIDED)
    return proof


def rate(
    checks: Sequence[Check], answers: Sequence[Heard], given: Input, over: Callable[[str], str] = str
) -> Rate:  # fmt: skip
    """Count the answers that fulfil the checks; the same answer is looked at once."""
    known: dict[Heard, bool] = {}
    for one in answers:
        if one not in known:
            known[one] = passes(checks, Heard(over(one.text), one.tools), given)
    return Rate(sum(known[one] for one in answers), len(answers))


def total(rates: Sequence[Rate]) -> Rate:
    """Add up rates."""
    return Rate(sum(one.passed for one in rates), sum(one.of for one in rates))
