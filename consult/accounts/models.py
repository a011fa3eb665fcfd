"""Tables: agencies, people, what they were granted, how they are signed in."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.access import GRANTED
from consult.db import one_of

AGENCY_KINDS = ("ministry", "agency", "akimat", "kenesh", "oversight", "parliament")
PERSON_KINDS = ("person", "organisation")
TOKEN_PURPOSES = ("confirm", "reset")


class Agency(SQLModel, table=True):
    """A body that publishes drafts or watches over those who do. `names` is {lang: name}."""

    __tablename__ = "agency"
    __table_args__ = (one_of("kind", AGENCY_KINDS),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=20)
    kind: str = "ministry"
    names: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime


class Person(SQLModel, table=True):
    """A person or an organisation. `email` is stored casefolded.

    Without one they have no account: an officer entered what they said on paper or at a hearing.
    """

    __tablename__ = "person"
    __table_args__ = (one_of("kind", PERSON_KINDS),)

    id: int | None = Field(default=None, primary_key=True)
    email: str | None = Field(default=None, unique=True, max_length=254)
    name: str = Field(max_length=120)
    kind: str = "person"
    organisation: str = Field(default="", max_length=200)
    region: str = Field(default="", max_length=120)
    lang: str = Field(max_length=2)
    password_hash: str
    created_at: datetime
    email_confirmed_at: datetime | None = None


class Grant(SQLModel, table=True):
    """A role given to a person, for one agency or (agency_id empty) everywhere."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", tuple(role.value for role in GRANTED)),
        UniqueConstraint("person_id", "role", "agency_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    granted_at: datetime


class SignIn(SQLModel, table=True):
    """One signed-in browser. Only a hash of its token is kept."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime
    expires_at: datetime


class MailToken(SQLModel, table=True):
    """A link in a mail that may be used once. Only a hash of its token is kept."""

    __tablename__ = "mail_token"
    __table_args__ = (one_of("purpose", TOKEN_PURPOSES),)

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str
    expires_at: datetime
    used_at: datetime | None = None
