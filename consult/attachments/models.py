"""The table of attachments. Their bytes lie in files outside the web root: storing.py."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Attachment(SQLModel, table=True):
    """A file that came with a comment; `sha256` (hexadecimal) of its bytes names the stored file.

    `is_source`: the scan of a paper or the minutes of a hearing, which only staff may open, for
    it shows the name and the address of who wrote.
    """

    __tablename__ = "attachment"

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64, index=True)
    is_source: bool = False
    added_by: int = Field(foreign_key="person.id")
    added_at: datetime
