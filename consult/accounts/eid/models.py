"""Tables: who was identified, how, and the attempts to do so that are under way."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Identity(SQLModel, table=True):
    """A person was identified by a national eID (`issuer` is its address), at a desk or by signing.

    `issuer` is then "desk" or "esign". Of what identifies them (the subject of an eID, the number
    of a document or in a certificate) only a keyed hash is kept: enough that nobody counts twice.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    issuer: str = Field(max_length=300)
    subject_hash: str = Field(max_length=64)
    identified_at: datetime
    identified_by: int | None = Field(default=None, foreign_key="person.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    document: str = Field(default="", max_length=40)


class EidAttempt(SQLModel, table=True):
    """Somebody was sent to the eID and is to come back: once, in the same browser, in time.

    RFC 9700 and RFC 7636: `state` and the browser tie the answer to the question, `verifier` is
    that of PKCE, `nonce` is asked back in the ID token (OpenID Connect Core, 3.1.2.1).
    """

    __tablename__ = "eid_attempt"

    state_hash: str = Field(primary_key=True)
    browser_hash: str
    verifier: str
    nonce: str
    next: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    expires_at: datetime
