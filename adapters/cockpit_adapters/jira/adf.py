"""Texts as Jira takes them: Atlassian's document format, in which no text is ever markup."""

from __future__ import annotations

from typing import Any


def document(text: str) -> dict[str, Any]:
    """Return a text as a document: a paragraph for each block, a break for each line in it."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return {"type": "doc", "version": 1, "content": [_paragraph(block) for block in blocks]}


def _paragraph(block: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in filter(None, block.split("\n")):
        content += [*([{"type": "hardBreak"}] if content else []), {"type": "text", "text": line}]
    return {"type": "paragraph", "content": content}
