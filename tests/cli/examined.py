"""Calling the doctor, and finding one's way in what it says."""

from __future__ import annotations

from tests.cli.command import Answer, Cli
from tests.cli.toy_team import Team

GRADES = {"fine", "note", "warning", "wrong"}


def examined(cli: Cli, team: Team) -> Answer:
    """Write the settings and call the doctor."""
    team.write()
    return cli("doctor", "--json")


def lines(answer: Answer, verdict: str) -> list[dict[str, str]]:
    """Return the findings of one verdict."""
    return [one for one in answer.json["findings"] if one["verdict"] == verdict]


def wrong(answer: Answer) -> list[tuple[str, str, str]]:
    """Return what is wrong: area, subject and what; every one of them has a next step."""
    found = lines(answer, "wrong")
    assert all(one["next_step"] and one["detail"] for one in found)
    assert (answer.code, answer.json["ready"]) == ((1, False) if found else (0, True))
    return [(one["area"], one["subject"], one["what"]) for one in found]


def about(answer: Answer, area: str, subject: str, what: str) -> dict[str, str]:
    """Return one finding."""
    (found,) = [one for one in answer.json["findings"] if (one["area"], one["subject"], one["what"]) ==
                (area, subject, what)]  # fmt: skip
    return dict(found)
