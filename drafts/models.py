"""Tables of the text: dossiers, immutable versions, provisions, what changed between versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.procedure.stages import Stage
from drafts.tree import KINDS
from drafts.versions.aligning import is_doubtful
from drafts.versions.pairing import Decision

STAGES = tuple(stage.value for stage in Stage)


class Draft(SQLModel, table=True):
    """A dossier: one proposed act. `titles` and `summaries` are {lang: text}.

    `attributes` are codes of the rule pack (such as urgency) that a term of law may depend on.
    """

    __tablename__ = "draft"
    __table_args__ = (
        one_of("stage", STAGES),
        Index("ix_draft_listing", "stage", "published_at", "id"),
        Index("ix_draft_of_type", "act_type", "published_at", "id"),
        Index("ix_draft_of_topic", "topic", "published_at", "id"),
        Index("ix_draft_of_agency", "agency_id", "published_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    act_type: str = Field(max_length=40)
    topic: str = Field(default="", max_length=40)
    attributes: list[str] = Field(default_factory=list, sa_type=JSON)
    titles: dict[str, Any] = Field(sa_type=JSON)
    summaries: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    stage: str = Stage.DRAFT.value
    created_at: datetime
    published_at: datetime | None = None


class StageChange(SQLModel, table=True):
    """One row for each change of stage: the history, and what figures are counted from."""

    __tablename__ = "stage_change"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    old: str
    new: str
    changed_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")


class DraftVersion(SQLModel, table=True):
    """An immutable text in one or more languages. `note` is {lang: text}: why it was changed.

    `titles` and `summaries` are those the draft takes when this version becomes public.
    """

    __tablename__ = "draft_version"
    __table_args__ = (UniqueConstraint("draft_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    n: int
    note: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    titles: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    summaries: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    langs: list[str] = Field(sa_type=JSON)
    created_at: datetime
    published_at: datetime | None = None


class Provision(SQLModel, table=True):
    """A node of a version's text in one language; `position` is its place in reading order."""

    __tablename__ = "provision"
    __table_args__ = (
        one_of("kind", KINDS),
        UniqueConstraint("version_id", "lang", "wid"),
        UniqueConstraint("version_id", "lang", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="draft_version.id")
    lang: str = Field(max_length=2)
    wid: str
    eid: str
    parent_eid: str = ""
    position: int
    depth: int
    kind: str
    number: str = ""
    label: str = ""
    heading: str = ""
    text: str = ""
    text_hash: str = Field(max_length=64)


class ProvisionChange(SQLModel, table=True):
    """What became of a provision from the version before to this one.

    A doubtful one is `confirmed_at` by a person before the version may become public. `words_hash`
    is of both wordings, so that nothing is taken for confirmed that was said of others; and no id
    is ever given again, so that nobody confirms by an old page what they have not seen.
    """

    __tablename__ = "provision_change"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="draft_version.id", index=True)
    kind: str
    old_wid: str = ""
    new_wid: str = ""
    similarity: float = 1.0
    words_hash: str = Field(default="", max_length=64)
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None

    @property
    def needs_confirmation(self) -> bool:
        return is_doubtful(self.kind, self.similarity)


class AlignmentDecision(SQLModel, table=True):
    """What an officer decided about a pair before publication; the alignment is made anew by it.

    `old_wid` of the version before is `new_eid` of this one. An empty `new_eid` says that the
    provision was deleted, an empty `old_wid` that it was added. Nobody decided what the file says.
    It is void where the wordings are not those of which it was decided (`words_hash`).
    """

    __tablename__ = "alignment_decision"

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="draft_version.id", index=True)
    old_wid: str = ""
    new_eid: str = ""
    words_hash: str = Field(max_length=64)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime

    @property
    def pair(self) -> Decision:
        return Decision(self.old_wid, self.new_eid)


class ImportPreview(SQLModel, table=True):
    """A text that was read but not yet taken over; the person who imports looks at it first.

    `nodes` are as read; `edits` are what the person corrected, in order, and are applied to them.
    `own_wids`: the file itself says which provision is which (Akoma Ntoso).
    """

    __tablename__ = "import_preview"

    id: str = Field(primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id")
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(index=True)
    filename: str
    lang: str
    tracked: str = "accepted"
    act_type: str
    topic: str = ""
    title: str
    summary: str = ""
    nodes: list[Any] = Field(sa_type=JSON)
    edits: list[Any] = Field(default_factory=list, sa_type=JSON)
    own_wids: bool = False
    warnings: list[Any] = Field(sa_type=JSON)
    coverage: float


class ImportFile(SQLModel, table=True):
    """The file a preview was read from, kept until then so that it can be read again otherwise."""

    __tablename__ = "import_file"

    preview_id: str = Field(foreign_key="import_preview.id", primary_key=True)
    data: bytes
