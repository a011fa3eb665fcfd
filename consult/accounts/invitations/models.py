"""The table of invitations: to work for an agency in a role, or to speak for an organisation."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from consult.access import GRANTED
from consult.db import one_of


class Invitation(SQLModel, table=True):
    """Sent to an address; only a hash of its token is kept. Once accepted or withdrawn it is over.

    It is for a role (everywhere, or for one agency) or for a membership, never for both.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", ("", *(role.value for role in GRANTED))),
        CheckConstraint("(role = '') = (organisation_id IS NOT NULL)", name="for_one_thing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    email: str = Field(max_length=254)
    lang: str = Field(max_length=2)
    role: str = ""
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    mandate: str = Field(default="", max_length=300)
    manages: bool = False
    invited_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: int | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: datetime | None = None
