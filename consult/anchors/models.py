"""Table: where the words a comment is about stand in each later version of the text."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from consult.db import one_of

STATES = ("exact", "shifted", "weak", "provision_only", "text_deleted", "orphan")
RELEVANCE = ("", "relevant", "settled")


class AnchorResolution(SQLModel, table=True):
    """What became of a comment's words in one later version (see drafts/anchoring.py).

    `wid` is the provision where they stand now, "" for an orphan; `start` and `end` are offsets
    in its text, if the comment quotes words that are still there. `relevance` is what the author
    said when asked whether the comment still matters: nothing is concluded without them.
    """

    __tablename__ = "anchor_resolution"
    __table_args__ = (
        one_of("state", STATES),
        one_of("relevance", RELEVANCE),
        Index("ix_anchor_place", "version_id", "wid"),
        Index("ix_anchor_state", "version_id", "state"),
    )

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    version_id: int = Field(foreign_key="draft_version.id", primary_key=True)
    wid: str = ""
    state: str
    start: int | None = None
    end: int | None = None
    resolved_at: datetime
    relevance: str = ""
    relevance_at: datetime | None = None
