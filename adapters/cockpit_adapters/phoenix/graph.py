"""What Phoenix tells of versions only over GraphQL: when they were made, by whom, and their numbers.

Its GraphQL is made for its own screens and promises nothing, so no change of a tag depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import Unsure
from cockpit.world.contract import Deadline
from cockpit_adapters.answers import moment, part, words
from cockpit_adapters.pointers import MOST_PAGES

if TYPE_CHECKING:
    from cockpit.world.http import Answer, Line

_VERSION = "id createdAt sequenceNumber description user{username} tags{name description user{username}}"
_VERSIONS = f"edges{{node{{{_VERSION}}}}} pageInfo{{hasNextPage endCursor}}"

ONE = f"query($id:ID!){{node(id:$id){{... on PromptVersion{{{_VERSION}}}}}}}"
NAMED = (
    "query($name:String!){prompts(first:100,filter:{col:name,value:$name})"
    f"{{edges{{node{{name promptVersions(first:100){{{_VERSIONS}}}}}}} pageInfo{{hasNextPage endCursor}}}}}}"
)
OF_PROMPT = (
    "query($id:ID!,$after:String){node(id:$id)"
    f"{{... on Prompt{{promptVersions(first:100,after:$after){{{_VERSIONS}}}}}}}}}"
)
ALL = (
    "query($after:String){prompts(first:50,after:$after)"
    f"{{edges{{node{{id name promptVersions(first:20){{{_VERSIONS}}}}}}} pageInfo{{hasNextPage endCursor}}}}}}"
)


@dataclass(frozen=True, slots=True)
class Made:
    """How one version came to be; `tagged` says who put which tag on it, and why."""

    id: str
    number: int
    at: datetime | None
    by: str
    note: str
    tagged: tuple[tuple[str, str, str], ...]


def ask(line: Line, query: str, deadline: Deadline, **variables: str | None) -> dict[str, Any]:
    """Ask once and return `data`; raises Unsure when the answer holds errors instead."""
    return _data(line.ask("POST", "/graphql", deadline, json={"query": query, "variables": variables}))


def ask_again(line: Line, query: str, deadline: Deadline, **variables: str | None) -> dict[str, Any]:
    """Ask for something, trying again within the deadline."""
    return _data(line.repeat("POST", "/graphql", deadline, json={"query": query, "variables": variables}))


def _data(answer: Answer) -> dict[str, Any]:
    found = answer.table()
    if found.get("errors") or not isinstance(found.get("data"), dict):
        first = next(iter(found.get("errors") or ()), None)
        raise Unsure(f"Phoenix's GraphQL does not tell: {words(first, 'message')[:200] or 'no data'}")
    return part(found, "data", dict)


def made(row: Any) -> Made:
    """Read one version; raises Unsure when it is none."""
    tags = tuple((words(tag, "name"), _user(tag), words(tag, "description")) for tag in row.get("tags") or ())
    return Made(
        part(row, "id", str),
        part(row, "sequenceNumber", int),
        moment(words(row, "createdAt")),
        _user(row),
        words(row, "description"),
        tags,
    )


def _user(row: Any) -> str:
    return words(row.get("user") if isinstance(row, dict) else None, "username")


def page_of(found: Any) -> tuple[list[Any], str | None]:
    """Return the nodes of one page, and the cursor of the next one if there is one."""
    nodes = [part(edge, "node", dict) for edge in part(found, "edges", list)]
    info = part(found, "pageInfo", dict)
    return nodes, words(info, "endCursor") or None if info.get("hasNextPage") else None


def of_prompt(line: Line, name: str, deadline: Deadline) -> dict[str, Made]:
    """Return the newest hundred versions of a prompt by id; raises Unsure when Phoenix does not tell."""
    prompts, _ = page_of(part(ask(line, NAMED, deadline, name=name), "prompts", dict))
    of_that_name = [prompt for prompt in prompts if words(prompt, "name") == name]  # the filter takes any part of it
    nodes = [node for prompt in of_that_name for node in page_of(part(prompt, "promptVersions", dict))[0]]
    return {one.id: one for one in map(made, nodes)}


def all_versions(line: Line, deadline: Deadline, since: datetime) -> Iterator[tuple[str, Made]]:
    """Yield (prompt, version) of every version made since a moment, prompt by prompt, each newest first."""
    after: str | None = None
    for _ in range(MOST_PAGES):
        prompts, after = page_of(part(ask_again(line, ALL, deadline, after=after), "prompts", dict))
        for prompt in prompts:
            for one in _young(line, prompt, deadline, since):
                yield part(prompt, "name", str), one
        if after is None:
            return


def _young(line: Line, prompt: Any, deadline: Deadline, since: datetime) -> Iterator[Made]:
    page = part(prompt, "promptVersions", dict)
    for _ in range(MOST_PAGES):
        nodes, after = page_of(page)
        for one in map(made, nodes):
            if one.at is None or one.at < since:
                return
            yield one
        if after is None:
            return
        found = ask_again(line, OF_PROMPT, deadline, id=part(prompt, "id", str), after=after)
        page = part(part(found, "node", dict), "promptVersions", dict)
