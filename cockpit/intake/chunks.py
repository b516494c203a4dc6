"""Retrieved documents, as retrievers and vector stores write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.calls import Chunk
from cockpit.intake import names
from cockpit.intake.attributes import Attributes
from cockpit.intake.values import number, opened, text, word

MAX_CHUNKS = 1_000

_SOURCE = ("source", "id", "document_id", "doc_id", "url", "uri", "file", "path", "title", "name")
_TEXT = ("content", "page_content", "text", "document", "chunk", "body", "snippet")
_SCORE = ("score", "relevance_score", "similarity", "relevance", "distance")


def chunks_of(attributes: Attributes, retriever: bool, output: Any) -> tuple[tuple[Chunk, ...], bool]:
    """Return what was retrieved, and whether anything was asked for: with no chunks, an empty retrieval.

    Args:
        retriever: whether the span is a retriever's, so that its plain output is a list of documents.
    """
    listed = opened(attributes.take(names.DOCUMENTS))
    if listed is None:
        listed = attributes.indexed(names.INDEXED_DOCUMENTS) or None
    if listed is None and retriever:
        listed = _documents_in(opened(output))
    found = read_chunks(listed)
    return found, bool(found) or listed is not None or retriever


def read_chunks(listed: Any) -> tuple[Chunk, ...]:
    """Read a list of documents; what is no document is left out."""
    listed = opened(listed)
    if isinstance(listed, dict):
        listed = _documents_in(listed)
    if not isinstance(listed, list):
        return ()
    return tuple(chunk for one in listed[:MAX_CHUNKS] if (chunk := _chunk(opened(one))) is not None)


def _documents_in(value: Any) -> Any:
    if isinstance(value, dict):
        for key in ("documents", "results", "matches", "chunks", "output", "source_nodes", "data", "hits"):
            if isinstance(opened(value.get(key)), list):
                return opened(value[key])
    return value


def _chunk(value: Any) -> Chunk | None:
    if isinstance(value, str):
        return Chunk("", text(value)) if value.strip() else None
    if not isinstance(value, dict):
        return None
    inner = next((value[key] for key in ("document", "node", "kwargs") if isinstance(value.get(key), dict)), value)
    metadata = opened(inner.get("metadata", value.get("metadata")))
    places: list[Mapping[str, Any]] = [inner, metadata] if isinstance(metadata, dict) else [inner]
    told = _first([inner, value], _TEXT)
    source = word(_first(places, _SOURCE)) or word(value.get("id"))
    score = number(_first([value, *places], _SCORE))
    return Chunk(source, text(told), score) if told or source else None


def _first(places: list[Mapping[str, Any]], keys: tuple[str, ...]) -> Any:
    for place in places:
        for key in keys:
            if place.get(key) not in (None, "") and not isinstance(place[key], dict):
                return place[key]
    return None
