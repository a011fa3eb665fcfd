"""The table of statements that people took to sign, and have not sent back yet."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class EsignStatement(SQLModel, table=True):
    """What one person is to sign so that it is known who they are: once, and in time.

    The text itself is kept, for a signature is of its every byte. A new one takes its place.
    """

    __tablename__ = "esign_statement"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    text: str
    created_at: datetime
    expires_at: datetime
