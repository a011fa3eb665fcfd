"""Table: the comparative table of a version, the customary paper that explains a draft."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class ComparativeRow(SQLModel, table=True):
    """One row of it: the law in force, what is proposed, why.

    `place` says where in the law in force ("Статья 12, часть 2"); a row with only a `place` is a
    heading, such as the name of the law amended. `wid` is the provision of the draft that makes
    the change, if it was told.
    """

    __tablename__ = "comparative_row"
    __table_args__ = (UniqueConstraint("version_id", "lang", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="draft_version.id")
    lang: str = Field(max_length=2)
    position: int
    place: str = ""
    current: str = ""
    proposed: str = ""
    reason: str = ""
    wid: str = ""
