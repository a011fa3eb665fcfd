"""Reads of the second factor: what a person has set up, whether they may change it now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Grant, Person, SignIn
from consult.accounts.second_factor.models import Passkey, RecoveryCode, Totp
from consult.accounts.second_factor.rules import app_address, is_fresh
from consult.accounts.second_factor.sealing import unseal
from consult.accounts.secrets import token_hash
from consult.errors import NotFound, SecondFactorNeeded


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person may be asked for. `codes_left` are recovery codes, which alone are no factor.

    `must_have`: they hold a role, and the installation asks staff for a second factor.
    """

    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int
    must_have: bool = False

    @property
    def count(self) -> int:
        return len(self.passkeys) + (self.app_since is not None)


def factors_of(session: Session, person_id: int, *, staff_must: bool = False) -> Factors:
    """All factors of a person, the passkeys in the order they were added."""
    app_since = session.exec(
        select(Totp.confirmed_at).where(Totp.person_id == person_id)
    ).one_or_none()
    passkeys = session.exec(
        select(Passkey).where(Passkey.person_id == person_id).order_by(col(Passkey.id))
    ).all()
    left = session.exec(
        select(func.count()).where(
            RecoveryCode.person_id == person_id, col(RecoveryCode.used_at).is_(None)
        )
    ).one()
    must = staff_must and holds_role(session, person_id)
    return Factors(app_since, tuple(passkeys), left, must)


def holds_role(session: Session, person_id: int) -> bool:
    """Whether the person is staff, be it that they were not let in yet."""
    return session.exec(select(Grant.id).where(Grant.person_id == person_id)).first() is not None


def check_may_change(session: Session, actor: Actor, token: str, now: datetime) -> Factors:
    """The factors of whoever may change them in this browser now; raises SecondFactorNeeded.

    Who has some showed one a short while ago: a browser left open, or a stolen password, adds none.
    """
    factors = factors_of(session, actor.person_id)
    if not factors.count:
        return factors
    asked_at = session.exec(
        select(SignIn.second_factor_at).where(SignIn.token_hash == token_hash(token))
    ).one_or_none()
    if not is_fresh(asked_at, now):
        raise SecondFactorNeeded("Please show your second factor first.")
    return factors


def app_to_set_up(
    session: Session, person_id: int, *, secret_key: str, site: str
) -> tuple[str, str]:
    """(secret, address for the QR code) of the app being set up; raises NotFound if none is."""
    found = session.exec(
        select(Totp.waiting, Person.email, Person.name)
        .join(Person, col(Person.id) == col(Totp.person_id))
        .where(Totp.person_id == person_id)
    ).one_or_none()
    secret = unseal(found[0], secret_key) if found else ""
    if not found or not secret:
        raise NotFound("There is no such page.")
    return secret, app_address(secret, account=found[1] or found[2], site=site)


def holder_of(session: Session, email: str) -> int:
    """Whose account has this address; raises NotFound."""
    held = select(Person.id).where(Person.email == email.strip().casefold())
    person_id = session.exec(held).one_or_none()
    if person_id is None:
        raise NotFound("There is no such person.")
    return person_id
