"""What people do with their accounts: register, confirm, sign in, reset; staff are added."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Role
from consult.accounts.models import AGENCY_KINDS, Agency, Grant, MailToken, Person, SignIn
from consult.accounts.queries import STALE_LINK, WRONG_ENTRY, holder_of_link
from consult.accounts.rules import check_password, clean_code, clean_email
from consult.accounts.secrets import hash_password, new_token, token_hash
from consult.errors import Conflict, Invalid, NotFound
from consult.events import PasswordResetAsked, PersonRegistered, RegistrationRepeated

MAIL_TOKEN_LIFE = timedelta(hours=48)


def register(
    session: Session,
    *,
    email: str,
    password: str,
    name: str,
    lang: str,
    region: str = "",
    organisation: str = "",
    now: datetime,
) -> None:
    """Make an account and mail a link to confirm it.

    Says nothing about whether the address was known: its owner is told by mail instead.
    """
    email = clean_email(email)
    check_password(password, email=email)
    # Also when known, so that both answers take as long; and before the first statement, which
    # would keep all who write waiting meanwhile.
    hashed = hash_password(password)
    known = session.exec(select(Person).where(Person.email == email)).first()
    if known and known.email_confirmed_at:
        outbox.record(session, RegistrationRepeated(known.id or 0), now)
        return
    person = known or Person(email=email, name=name, lang=lang, password_hash="", created_at=now)
    person.name, person.lang, person.region, person.password_hash = name, lang, region, hashed
    person.organisation = organisation
    person.kind = "organisation" if organisation else "person"
    session.add(person)
    session.flush()
    ask_to_confirm(session, person, now)


def ask_to_confirm(session: Session, person: Person, now: datetime) -> None:
    """Send the link that confirms the address; earlier ones no longer do.

    Else a link asked for by one person could confirm the password chosen by another.
    """
    _forget_links(session, person, "confirm")
    token = _mail_token(session, person, "confirm", now)
    outbox.record(session, PersonRegistered(person.id or 0, f"/confirm/{token}"), now)


def confirm_email(session: Session, token: str, now: datetime) -> Person:
    """Use the link of a mail; raises NotFound if it is unknown, used or too old.

    Ask `registrant` first whether whoever opened it chose the password.
    """
    person = _use_mail_token(session, token, "confirm", now)
    person.email_confirmed_at = person.email_confirmed_at or now
    return person


def sign_in(session: Session, person: Person, *, now: datetime, days: int) -> str:
    """Return the token of a new sign-in of `person`, whose password was checked before.

    Raises Invalid if it was changed since: a new password ends every sign-in, also one to come.
    """
    unchanged = select(Person.id).where(
        Person.id == person.id, Person.password_hash == person.password_hash
    )
    if session.exec(unchanged.with_for_update()).first() is None:
        raise Invalid(WRONG_ENTRY, field="password")
    token = new_token()
    session.execute(
        delete(SignIn).where(col(SignIn.person_id) == person.id, col(SignIn.expires_at) <= now)
    )
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id or 0,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    return token


def sign_out(session: Session, token: str) -> None:
    """Forget one sign-in; nothing happens if it is unknown."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == token_hash(token)))


def ask_for_reset(session: Session, email: str, now: datetime) -> None:
    """Mail a link to choose a new password, if there is such an account and it is confirmed.

    Whoever never confirmed registers again: what a stranger may have entered with the address
    (a name, an organisation) must not become theirs.
    """
    person = session.exec(select(Person).where(Person.email == clean_email(email))).first()
    if person and person.email_confirmed_at:
        token = _mail_token(session, person, "reset", now)
        outbox.record(session, PasswordResetAsked(person.id or 0, f"/reset/{token}"), now)


def new_hash(session: Session, token: str, password: str, now: datetime) -> str:
    """What is to be kept of a new password; raises Invalid, and NotFound for a stale link.

    To be asked before anything is written: it is slow by design, and SQLite has one writer.
    """
    check_password(password, email=holder_of_link(session, token, "reset", now).email or "")
    return hash_password(password)


def reset_password(session: Session, token: str, hashed: str, now: datetime) -> None:
    """Set a new password by a mailed link; every sign-in and other link of the person ends."""
    person = _use_mail_token(session, token, "reset", now)
    person.password_hash = hashed
    session.add(person)
    session.execute(delete(SignIn).where(col(SignIn.person_id) == person.id))
    _forget_links(session, person, "reset")


def change_language(session: Session, person_id: int, lang: str) -> None:
    """Remember the language a person chose, for pages and mails alike."""
    session.execute(update(Person).where(col(Person.id) == person_id).values(lang=lang))


def add_agency(
    session: Session, *, code: str, names: dict[str, str], kind: str, now: datetime
) -> Agency:
    """Add a body; raises Invalid, and Conflict if the code is taken."""
    code = clean_code(code)
    if kind not in AGENCY_KINDS:
        raise Invalid("Please choose one of the options.", field="kind")
    if session.exec(select(Agency).where(Agency.code == code)).first():
        raise Conflict("There is already an agency with the code {code}.", code=code, field="code")
    agency = Agency(code=code, kind=kind, names=names, created_at=now)
    session.add(agency)
    session.flush()
    return agency


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    lang: str,
    region: str = "",
    organisation: str = "",
    now: datetime,
) -> Person:
    """Add a person whose address is known to be theirs (by the operator); raises Conflict."""
    email = clean_email(email)
    if session.exec(select(Person).where(Person.email == email)).first():
        raise Conflict("There is already an account for {email}.", email=email, field="email")
    person = Person(
        email=email,
        name=name,
        kind="organisation" if organisation else "person",
        organisation=organisation,
        region=region,
        lang=lang,
        password_hash=hash_password(password),
        created_at=now,
        email_confirmed_at=now,
    )
    session.add(person)
    session.flush()
    return person


def grant(
    session: Session, person_id: int, role: Role, agency_id: int | None, now: datetime
) -> None:
    """Give a person a role, for one agency or everywhere; giving it twice changes nothing."""
    held = select(Grant).where(
        Grant.person_id == person_id, Grant.role == role.value, Grant.agency_id == agency_id
    )
    if not session.exec(held).first():
        session.add(
            Grant(person_id=person_id, role=role.value, agency_id=agency_id, granted_at=now)
        )


def _mail_token(session: Session, person: Person, purpose: str, now: datetime) -> str:
    token = new_token()
    session.add(
        MailToken(
            token_hash=token_hash(token),
            person_id=person.id or 0,
            purpose=purpose,
            expires_at=now + MAIL_TOKEN_LIFE,
        )
    )
    return token


def _forget_links(session: Session, person: Person, purpose: str) -> None:
    session.execute(
        delete(MailToken).where(
            col(MailToken.person_id) == person.id,
            col(MailToken.purpose) == purpose,
            col(MailToken.used_at).is_(None),
        )
    )


def _use_mail_token(session: Session, token: str, purpose: str, now: datetime) -> Person:
    """Claimed by a conditional update: of two who use a link at once, one does."""
    person_id = session.execute(
        update(MailToken)
        .where(
            col(MailToken.token_hash) == token_hash(token),
            col(MailToken.purpose) == purpose,
            col(MailToken.used_at).is_(None),
            col(MailToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(MailToken.person_id))
    ).scalar_one_or_none()
    if person_id is None:
        raise NotFound(STALE_LINK)
    return session.get_one(Person, person_id)
