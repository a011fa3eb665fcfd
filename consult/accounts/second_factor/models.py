"""Tables of the second factor: one-time codes (TOTP), passkeys, codes for the day both are lost."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Totp(SQLModel, table=True):
    """The secret a person's app shares with the site (RFC 6238), encrypted with the secret key.

    `last_step` is the number of the last half-minute whose code was taken: each is taken once.
    `waiting` is the secret of an app being set up, until its first code confirms it: meanwhile the
    app before it still works. Without `confirmed_at` there is none before it.
    """

    __tablename__ = "totp"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    secret: str = ""
    waiting: str = ""
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """A code that opens the account once; only a hash of it is kept."""

    __tablename__ = "recovery_code"

    code_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime
    used_at: datetime | None = None


class Passkey(SQLModel, table=True):
    """A key of a device (W3C Web Authentication, level 3); binary values as base64url.

    `sign_count` only grows, where the device counts at all: a copy of it would be behind.
    """

    __tablename__ = "passkey"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    credential_id: str = Field(unique=True)
    public_key: str
    sign_count: int = 0
    name: str = Field(max_length=60)
    created_at: datetime
    used_at: datetime | None = None
