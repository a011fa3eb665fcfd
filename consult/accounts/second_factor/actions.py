"""What people do with one-time codes and recovery codes; what an administrator resets.

Passkeys: passkeys.py. Who changes something was asked for a factor of theirs a short while ago, if
they have one (queries.check_may_change).
"""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_right
from consult.account_events import FactorChanged, RecoveryCodeUsed
from consult.accounts.models import Person, SignIn
from consult.accounts.second_factor.models import Passkey, RecoveryCode, Totp
from consult.accounts.second_factor.queries import check_may_change, factors_of
from consult.accounts.second_factor.rules import (
    WRONG_CODE,
    clean_recovery_code,
    forbids_last,
    new_recovery_codes,
    new_secret,
    step_of_code,
)
from consult.accounts.second_factor.sealing import code_hash, seal, unseal
from consult.accounts.secrets import token_hash
from consult.audit import actions as audit
from consult.db import affected
from consult.errors import N_, Conflict, Invalid, NotAllowed, NotFound

LAST_ONE = N_("This is your only second factor, and your role asks for one. Add another first.")


def begin_app(
    session: Session, *, actor: Actor, token: str, secret_key: str, now: datetime
) -> None:
    """Make a secret for an app, to be confirmed by its first code; an app before it still works."""
    check_may_change(session, actor, token, now)
    row = session.get(Totp, actor.person_id)
    if row is None:
        row = Totp(person_id=actor.person_id, created_at=now)
    row.waiting = seal(new_secret(), secret_key)
    session.add(row)
    session.flush()


def confirm_app(
    session: Session, *, actor: Actor, token: str, typed: str, secret_key: str, now: datetime
) -> list[str]:
    """The first code of an app takes it into use; returns recovery codes if there were none."""
    factors = check_may_change(session, actor, token, now)
    row = session.get(Totp, actor.person_id, with_for_update=True)
    secret = unseal(row.waiting, secret_key) if row else ""
    step = step_of_code(secret, typed, now=now, last_step=0) if secret else None
    if row is None or step is None:
        raise Invalid(WRONG_CODE, field="code")
    row.secret, row.waiting, row.last_step, row.confirmed_at = row.waiting, "", step, now
    session.add(row)
    session.flush()
    set_up(session, actor, token, "app", now)
    return [] if factors.codes_left else renew_codes(session, actor.person_id, secret_key, now)


def set_up(session: Session, actor: Actor, token: str, kind: str, now: datetime) -> None:
    """From now on the person is asked for a factor; in this browser they have just shown it."""
    session.execute(
        update(Person)
        .where(col(Person.id) == actor.person_id, col(Person.second_factor_since).is_(None))
        .values(second_factor_since=now)
    )
    shown(session, actor, token, now)
    _note(session, "second_factor_set", actor, kind, now)
    outbox.record(session, FactorChanged(actor.person_id, kind, added=True), now)


def shown(session: Session, actor: Actor, token: str, now: datetime) -> None:
    """This browser showed a second factor of the person."""
    session.execute(
        update(SignIn)
        .where(
            col(SignIn.token_hash) == token_hash(token), col(SignIn.person_id) == actor.person_id
        )
        .values(second_factor_at=now)
    )


def use_code(
    session: Session, *, actor: Actor, token: str, typed: str, secret_key: str, now: datetime
) -> None:
    """Show a code of the app; raises Invalid. Of two who send one code at once, one is let in."""
    row = session.get(Totp, actor.person_id)
    secret = unseal(row.secret, secret_key) if row and row.confirmed_at else ""
    last_step = row.last_step if row else 0
    step = step_of_code(secret, typed, now=now, last_step=last_step) if secret else None
    taken = (
        update(Totp)
        .where(col(Totp.person_id) == actor.person_id, col(Totp.last_step) < (step or 0))
        .values(last_step=step)
    )
    if step is None or not affected(session.execute(taken)):
        raise Invalid(WRONG_CODE, field="code")
    shown(session, actor, token, now)


def use_recovery_code(
    session: Session, *, actor: Actor, token: str, typed: str, secret_key: str, now: datetime
) -> None:
    """Show one of the recovery codes, which is used up by that; raises Invalid."""
    hashed = code_hash(actor.person_id, clean_recovery_code(typed), secret_key)
    used = (
        update(RecoveryCode)
        .where(
            col(RecoveryCode.code_hash) == hashed,
            col(RecoveryCode.person_id) == actor.person_id,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
    )
    if not affected(session.execute(used)):
        raise Invalid(WRONG_CODE, field="recovery")
    shown(session, actor, token, now)
    left = factors_of(session, actor.person_id).codes_left
    outbox.record(session, RecoveryCodeUsed(actor.person_id, left), now)


def make_codes_anew(
    session: Session, *, actor: Actor, token: str, secret_key: str, now: datetime
) -> list[str]:
    """Ten new recovery codes; those before are worth nothing. Raises Conflict without a factor."""
    if not check_may_change(session, actor, token, now).count:
        raise Conflict("Set up a second factor first.")
    codes = renew_codes(session, actor.person_id, secret_key, now)
    _note(session, "second_factor_set", actor, "recovery_codes", now)
    outbox.record(session, FactorChanged(actor.person_id, "recovery_codes", added=True), now)
    return codes


def renew_codes(session: Session, person_id: int, secret_key: str, now: datetime) -> list[str]:
    """The recovery codes of a person from now on, as they are shown, this once."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    codes = new_recovery_codes()
    hashes = (code_hash(person_id, clean_recovery_code(code), secret_key) for code in codes)
    session.add_all(
        RecoveryCode(code_hash=hashed, person_id=person_id, created_at=now) for hashed in hashes
    )
    session.flush()
    return codes


def remove_app(
    session: Session, *, actor: Actor, token: str, staff_must: bool, now: datetime
) -> None:
    """Forget the app; raises NotFound, and Conflict if it is the last factor of staff."""
    check_may_remove(session, actor, token, staff_must=staff_must, now=now)
    gone = delete(Totp).where(col(Totp.person_id) == actor.person_id, col(Totp.secret) != "")
    if not affected(session.execute(gone)):
        raise NotFound("There is no such page.")
    removed(session, actor, "app", now)


def check_may_remove(
    session: Session, actor: Actor, token: str, *, staff_must: bool, now: datetime
) -> None:
    """Raise Conflict if one factor less is none, and there must be one."""
    # Two browsers that remove one each wait for each other: both would leave the last to the other.
    session.get(Person, actor.person_id, with_for_update=True)
    check_may_change(session, actor, token, now)
    factors = factors_of(session, actor.person_id, staff_must=staff_must)
    if forbids_last(factors.count, must_have=factors.must_have):
        raise Conflict(LAST_ONE)


def removed(session: Session, actor: Actor, kind: str, now: datetime) -> None:
    """One factor is gone; with the last one the recovery codes are, and nothing is asked for."""
    if not factors_of(session, actor.person_id).count:
        _forget_all(session, actor.person_id)
    _note(session, "second_factor_reset", actor, kind, now)
    outbox.record(session, FactorChanged(actor.person_id, kind, added=False), now)


def reset_factors(session: Session, *, actor: Actor, person_id: int, now: datetime) -> None:
    """An administrator lets somebody begin anew who lost all of theirs; they sign in again.

    Raises NotFound, and NotAllowed for one's own: whoever sits at an open browser could.
    """
    check_right(actor, "administer")
    if actor.id == person_id:
        raise NotAllowed("Another administrator must do this.")
    if session.get(Person, person_id) is None:
        raise NotFound("There is no such person.")
    _forget_all(session, person_id)
    session.execute(delete(SignIn).where(col(SignIn.person_id) == person_id))
    audit.note(
        session,
        "second_factor_reset",
        actor_id=actor.id,  # none: the operator, at the command line
        subject_id=person_id,
        now=now,
        kind="all",
    )
    outbox.record(session, FactorChanged(person_id, "all", added=False), now)


def forget_since(session: Session, person_id: int, since: datetime) -> None:
    """Take away what somebody else added to the account from then on; without any, none is asked.

    An app that was replaced is gone too: its secret is not kept.
    """
    added = (
        (Totp, col(Totp.confirmed_at)),
        (Passkey, col(Passkey.created_at)),
        (RecoveryCode, col(RecoveryCode.created_at)),
    )
    for table, at in added:
        session.execute(delete(table).where(col(table.person_id) == person_id, at >= since))
    if not factors_of(session, person_id).count:
        _forget_all(session, person_id)


def _forget_all(session: Session, person_id: int) -> None:
    for table in (Totp, Passkey, RecoveryCode):
        session.execute(delete(table).where(col(table.person_id) == person_id))
    session.execute(
        update(Person).where(col(Person.id) == person_id).values(second_factor_since=None)
    )
    session.execute(  # what was shown is worth nothing any more
        update(SignIn).where(col(SignIn.person_id) == person_id).values(second_factor_at=None)
    )


def _note(session: Session, action: str, actor: Actor, kind: str, now: datetime) -> None:
    audit.note(session, action, actor_id=actor.id, subject_id=actor.person_id, now=now, kind=kind)
