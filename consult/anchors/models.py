"""Table: where the words a comment is about stand in each later version of the text."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from consult.anchors.rules import RELEVANCE
from consult.db import one_of
from drafts.versions.anchoring import STATES


class AnchorResolution(SQLModel, table=True):
    """What became of a comment's words in one later version (see drafts/versions/anchoring.py).

    `wid` is the provision where they stand now, "" for an orphan; `start` and `end` are offsets
    in its text, if the comment quotes words that are still there. `elsewhere`: that is another
    provision than the one it was made on. `changed`: the text under the comment changed with this
    very version, so that its author is asked whether it still matters; `relevance` is what they
    said. Nothing is concluded without them.
    """

    __tablename__ = "anchor_resolution"
    __table_args__ = (
        one_of("state", STATES),
        one_of("relevance", RELEVANCE),
        Index("ix_anchor_place", "version_id", "elsewhere", "wid"),
        Index("ix_anchor_state", "version_id", "state"),
    )

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    version_id: int = Field(foreign_key="draft_version.id", primary_key=True)
    wid: str = ""
    state: str
    start: int | None = None
    end: int | None = None
    elsewhere: bool = False
    changed: bool = False
    resolved_at: datetime
    relevance: str = ""
    relevance_at: datetime | None = None
