"""A postmortem as one HTML page that prints well: no scripts, nothing loaded, everything from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#|~&+=.)-])")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_CELL = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"\d+\. (.*)")
_HEADING = re.compile(r"(#{1,6}) (.*)")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { border-bottom: 1px solid #d0d7de; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
td, th { border: 1px solid #d0d7de; padding: .25rem .5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 4.5rem; } th { background: #f6f8fa; }
blockquote { border-left: 4px solid #bf8700; margin: 0; padding: .1rem 1rem; background: #fff8e5; }
figure { margin: 1rem 0; break-inside: avoid; } svg { width: 100%; height: auto; } figcaption { font-size: 13px; }
@page { size: A4; margin: 18mm 15mm; }
@media print { body { font-size: 10.5pt; margin: 0; max-width: none; } h2, h3 { break-after: avoid; }
  tr, li { break-inside: avoid; } thead { display: table-header-group; } }
"""


def page(markdown: str, title: str, figures: Sequence[str] = ()) -> str:
    """Return the whole page; `figures` are drawings made here, put in after the impact."""
    body = list(_blocks(markdown.splitlines()))
    place = next((number + 1 for number, one in enumerate(body) if one == "<h2>Impact</h2>"), len(body))
    while place < len(body) and not body[place].startswith("<h2>"):
        place += 1
    body[place:place] = figures
    inside = "\n".join(body)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{inside}\n</body>\n</html>\n"
    )


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        stop = place + 1
        kind = _kind(lines[place])
        while kind != "heading" and stop < len(lines) and _kind(lines[stop]) == kind:
            stop += 1
        if made := _MAKE[kind](lines[place:stop]):
            yield made
        place = stop


def _kind(line: str) -> str:
    text = line.strip()
    if not text or text.startswith("<!--"):
        return "nothing"
    if _HEADING.fullmatch(text):
        return "heading"
    if text.startswith("|"):
        return "table"
    if text.startswith(("- ", "* ")):
        return "list"
    if text.startswith(">"):
        return "quote"
    return "numbers" if _NUMBER.fullmatch(text) else "text"


def _heading(lines: Sequence[str]) -> str:
    found = _HEADING.fullmatch(lines[0].strip())
    assert found
    return f"<h{len(found[1])}>{inline(found[2])}</h{len(found[1])}>"


def _table(lines: Sequence[str]) -> str:
    rows = [
        [cell.strip() for cell in _CELL.split(line.strip().strip("|"))] for line in lines if not _RULE.fullmatch(line)
    ]
    head, *body = [[inline(cell) for cell in row] for row in rows] or [[]]
    first = "".join(f"<th>{cell}</th>" for cell in head)
    rest = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in body)
    return f"<table>\n<thead><tr>{first}</tr></thead>\n<tbody>\n{rest}</tbody>\n</table>"


def _list(lines: Sequence[str]) -> str:
    return "<ul>\n" + "".join(f"<li>{inline(line.strip()[2:])}</li>\n" for line in lines) + "</ul>"


def _numbers(lines: Sequence[str]) -> str:
    found = [_NUMBER.fullmatch(line.strip()) for line in lines]
    return "<ol>\n" + "".join(f"<li>{inline(one[1])}</li>\n" for one in found if one) + "</ol>"


def _quote(lines: Sequence[str]) -> str:
    return "<blockquote>" + "<br>\n".join(inline(line.strip()[1:].strip()) for line in lines) + "</blockquote>"


def _text(lines: Sequence[str]) -> str:
    return "<p>" + "\n".join(inline(line.strip()) for line in lines) + "</p>"


_MAKE = {
    "nothing": lambda lines: "", "heading": _heading, "table": _table, "list": _list, "numbers": _numbers,
    "quote": _quote, "text": _text,
}  # fmt: skip


def inline(text: str) -> str:
    """Write one line: bold and code are all the markup there is; a link stays the text it is."""
    # What a backslash protects is put aside as a character reference before anything is read as markup.
    shielded = _ESCAPED.sub(lambda hit: f"\0{ord(hit[1])}\0", text.replace("\0", ""))
    made = _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", escape(shielded)))
    return re.sub("\0(\\d+)\0", lambda hit: f"&#{hit[1]};", made)
