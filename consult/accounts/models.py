"""Tables: agencies, organisations, people, what they were granted, how they are signed in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.access import GRANTED
from consult.db import one_of

AGENCY_KINDS = ("ministry", "agency", "akimat", "kenesh", "oversight", "parliament", "council")
TOKEN_PURPOSES = ("confirm", "reset", "address", "undo_address")
SHOWN = ("name", "pseudonym", "nothing")


class Agency(SQLModel, table=True):
    """A body that publishes drafts or watches over those who do. `names` is {lang: name}.

    `parent_id` is the body it belongs to; earlier names and successors have tables of their own.
    """

    __tablename__ = "agency"
    __table_args__ = (one_of("kind", AGENCY_KINDS),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=20)
    kind: str = "ministry"
    names: dict[str, Any] = Field(sa_type=JSON)
    parent_id: int | None = Field(default=None, foreign_key="agency.id")
    created_at: datetime
    closed_on: date | None = None


class AgencyName(SQLModel, table=True):
    """The names {lang: name} an agency had until a day; those it has now stand in its own row."""

    __tablename__ = "agency_name"
    __table_args__ = (Index("ix_agency_name_agency", "agency_id", "until_on"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    names: dict[str, Any] = Field(sa_type=JSON)
    until_on: date
    basis: str = Field(default="", max_length=300)


class AgencySuccession(SQLModel, table=True):
    """An agency that was closed, merged or split, and one that took over from it.

    Its drafts and duties stay its own; whoever works for the successor works on them (queries.py).
    """

    __tablename__ = "agency_succession"

    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    successor_id: int = Field(foreign_key="agency.id", primary_key=True, index=True)
    since_on: date
    basis: str = Field(default="", max_length=300)


class Organisation(SQLModel, table=True):
    """A union, a firm, a fund that takes part. `number` is that of its registration, if any."""

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    number: str = Field(default="", max_length=40)
    created_at: datetime


class Membership(SQLModel, table=True):
    """A person may speak for an organisation, by a `mandate` (a decision, a power of attorney).

    Ended, not deleted: what was said in its name stays said in its name. A manager invites others.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_organisation", "organisation_id", "ended_at"),
        Index("ix_membership_person", "person_id", "ended_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    mandate: str = Field(default="", max_length=300)
    manages: bool = False
    added_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id")


class Person(SQLModel, table=True):
    """A person. `email` is stored casefolded.

    Without one they have no account: an officer entered what they said on paper or at a hearing.
    Without a password they follow by mail only. `shown` is what the public sees of them; who
    answers their comments sees the name. `pseudonym_key` is what all pseudonyms that look like it
    have in common. `verified_at`: since when it is known who they are (accounts/eid, esign);
    `second_factor_since`: since when they are asked for a second factor.
    `acts_for_id` is the organisation they speak for until they say otherwise.
    `zone` is that of their digests; empty is that of the law.
    """

    __tablename__ = "person"
    __table_args__ = (one_of("shown", SHOWN),)

    id: int | None = Field(default=None, primary_key=True)
    email: str | None = Field(default=None, unique=True, max_length=254)
    name: str = Field(max_length=120)
    region: str = Field(default="", max_length=120)
    lang: str = Field(max_length=2)
    password_hash: str
    created_at: datetime
    email_confirmed_at: datetime | None = None
    verified_at: datetime | None = None
    second_factor_since: datetime | None = None
    shown: str = "name"
    pseudonym: str = Field(default="", max_length=60)
    pseudonym_key: str | None = Field(default=None, unique=True, max_length=200)
    acts_for_id: int | None = Field(default=None, foreign_key="organisation.id")
    zone: str = Field(default="", max_length=60)
    bounces_n: int = 0
    mail_off_at: datetime | None = None
    forgotten_at: datetime | None = None


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
    """One signed-in browser. Only a hash of its token is kept.

    `agent` is what the browser says it is, for its owner to know it again; `seen_on` the last day
    something was sent from it. `challenge` is the one a passkey is being asked to sign.
    """

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime
    expires_at: datetime
    agent: str = Field(default="", max_length=200)
    seen_on: date | None = None
    second_factor_at: datetime | None = None
    challenge: str = ""


class MailToken(SQLModel, table=True):
    """A link in a mail that may be used once. Only a hash of its token is kept.

    `email` is the address to be confirmed, or to go back to, where it is not the person's own.
    `entered` is what becomes of the account of who only followed by mail, once they confirm it.
    """

    __tablename__ = "mail_token"
    __table_args__ = (one_of("purpose", TOKEN_PURPOSES),)

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str
    expires_at: datetime
    used_at: datetime | None = None
    email: str = Field(default="", max_length=254)
    entered: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
