"""Tables: comments, and the wordings they had before they were edited."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from consult.comments.rules import CHANGES, CHANNELS, KINDS, STANCES, body_hash
from consult.db import one_of

FOR_ONE = text("organisation_id IS NOT NULL")
SHOWN = text("parent_id IS NULL AND withdrawn_at IS NULL AND hidden_at IS NULL AND held_at IS NULL")


class Comment(SQLModel, table=True):
    """What a person says about a draft (`wid` ""), a provision, or a quoted passage of it.

    The anchor (version, wid, quote, 32 characters around it, offsets) never changes.
    `lang` is the language the comment is written in, `anchor_lang` that of the quoted text.
    A reply knows what it replies to (`parent_id`), the comment its thread begins with
    (`root_id`) and how deep it stands (`depth`, 0 for a comment that is no reply). A reply to one
    that stands deepest stands beside it, and `reply_to_id` is that one; else it is None.
    `replies_n` counts, at the comment a thread begins with and nowhere else, every reply of the
    thread, however deep, those that are shown as a gap too.

    `organisation_id` is the one the author spoke for, if for one: then it said this.
    `mandate` says on whose behalf it speaks (the length is the rules' to keep: a mark
    may be longer than the words it stands for). `change` is what is proposed to do to
    the text, `proposed` the words for it: none for a deletion.

    Withdrawn: taken back by its author, or (`disavowed_at` too) said by them not to be theirs.
    Held: not shown until a moderator has looked. Hidden: not shown, for a public reason. Redacted:
    shown without somebody's personal data. `answered_at`: since when the answer is public.
    `disputed_n` is the smaller of `for_n` and `against_n`.
    """

    __tablename__ = "comment"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("stance", STANCES),
        one_of("channel", CHANNELS),
        one_of("change", CHANGES),
        CheckConstraint("length(body) > 0", name="body_not_empty"),
        Index("ix_comment_place", "draft_id", "wid", "parent_id", "id"),
        Index("ix_comment_consultation", "consultation_id", "id"),
        Index("ix_comment_of_person", "consultation_id", "author_id"),
        Index("ix_comment_thread", "draft_id", "parent_id", "id"),
        Index("ix_comment_author", "author_id", "id"),
        Index("ix_comment_created", "created_at", "draft_id", "author_id"),  # signals of abuse
        Index("ix_comment_root", "root_id", "id"),
        Index("ix_comment_supported", "draft_id", "for_n", "id"),
        Index("ix_comment_disputed", "draft_id", "disputed_n", "id"),
        Index(
            "ix_comment_organisation",
            *("organisation_id", "id"),
            sqlite_where=FOR_ONE,
            postgresql_where=FOR_ONE,
        ),
        # Kinds are counted on every page of a discussion: from this index alone.
        Index(
            "ix_comment_kind", "draft_id", "kind", "id", sqlite_where=SHOWN, postgresql_where=SHOWN
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    receipt: str = Field(unique=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    draft_id: int = Field(foreign_key="draft.id")
    version_id: int = Field(foreign_key="draft_version.id")
    wid: str = ""
    anchor_lang: str = Field(default="", max_length=2)
    quote: str = ""
    quote_prefix: str = ""
    quote_suffix: str = ""
    quote_start: int | None = None
    parent_id: int | None = Field(default=None, foreign_key="comment.id")
    root_id: int | None = Field(default=None, foreign_key="comment.id")
    depth: int = 0
    reply_to_id: int | None = Field(default=None, foreign_key="comment.id")
    paper_id: int | None = Field(default=None, foreign_key="paper.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    kind: str
    stance: str
    lang: str = Field(max_length=2)
    channel: str = "web"
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    mandate: str = ""
    body: str
    change: str = ""
    proposed: str = ""
    body_hash: str = Field(max_length=64)
    created_at: datetime
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    disavowed_at: datetime | None = None
    held_at: datetime | None = None
    hidden_at: datetime | None = None
    redacted_at: datetime | None = None
    answered_at: datetime | None = None
    for_n: int = 0
    against_n: int = 0
    identified_for_n: int = 0
    identified_against_n: int = 0
    disputed_n: int = 0
    signed_n: int = 0
    files_n: int = 0
    replies_n: int = 0

    @property
    def is_public(self) -> bool:
        """Whether its words may be shown."""
        return self.withdrawn_at is None and self.hidden_at is None and self.held_at is None

    @property
    def shown_hash(self) -> str:
        """The fingerprint of the words as they read now; `body_hash` is of those that were sent.

        Of redacted words nobody but the author is given that: who guesses the words that are gone
        (a telephone number) could test it.
        """
        return body_hash(self.body, self.proposed, self.change)


class CommentRevision(SQLModel, table=True):
    """A wording a comment had until it was edited."""

    __tablename__ = "comment_revision"
    __table_args__ = (one_of("change", CHANGES),)

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    body: str
    change: str = ""
    proposed: str = ""
    mandate: str = ""
    kind: str
    stance: str
    replaced_at: datetime
