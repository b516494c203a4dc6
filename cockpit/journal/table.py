"""The one table of the journal as a model; its DDL is in `migrations`, which never changes once released."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class EventRow(SQLModel, table=True):
    """One line, with its columns exactly as the texts that are hashed."""

    __tablename__ = "event"

    incident: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: str
    recorded_at: str
    actor: str
    source: str
    kind: str
    payload: str
    prev: str
    hash: str = Field(unique=True)
