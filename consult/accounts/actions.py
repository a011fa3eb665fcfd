"""What people do with their accounts: register, confirm, sign in, reset; staff are added."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Role
from consult.account_events import (
    PasswordChanged,
    PasswordResetAsked,
    PersonRegistered,
    RegistrationAsked,
    RegistrationRepeated,
    StrangeBrowser,
)
from consult.accounts.founding import forget_founded, found
from consult.accounts.keys.actions import end_keys_of
from consult.accounts.models import AGENCY_KINDS, Agency, Grant, MailToken, Person, SignIn
from consult.accounts.queries import STALE_LINK, WRONG_ENTRY, holder_of_link, kept_for
from consult.accounts.reserved import check_organisation_name, check_person_name
from consult.accounts.rules import (
    AGENT_MAX,
    check_agency_open,
    check_password,
    clean_code,
    clean_email,
    clean_line,
)
from consult.accounts.secrets import hash_password, new_token, token_hash
from consult.audit.actions import note
from consult.errors import Conflict, Invalid, NotFound

MAIL_TOKEN_LIFE = timedelta(hours=48)


def ask_to_register(
    session: Session,
    *,
    email: str,
    password: str,
    name: str,
    lang: str,
    region: str = "",
    organisation: str = "",
    shown: str = "name",
    now: datetime,
) -> None:
    """Take what was entered for a new account; what becomes of it is found out later (`register`).

    So neither the answer nor its time tells whether the address was known.
    """
    email = clean_email(email)
    check_password(password, email=email)
    # Before the first statement, which would keep all who write waiting meanwhile.
    hashed = hash_password(password)
    check_person_name(session, name)
    if organisation:
        check_organisation_name(session, organisation, field="organisation")
    asked = RegistrationAsked(email, name, lang, region, organisation, hashed, shown)
    outbox.record(session, asked, now)


def register(
    session: Session,
    *,
    email: str,
    password_hash: str,
    name: str,
    lang: str,
    region: str = "",
    organisation: str = "",
    shown: str = "name",
    now: datetime,
) -> None:
    """Make an account and mail a link to confirm it; the owner of a known address is told instead.

    Who writes for an organisation makes it, with themselves as its manager.
    An address that somebody left may be theirs again soon (accounts/signins): so long it is known.
    """
    known = session.exec(select(Person).where(Person.email == email)).first()
    is_account = known and known.email_confirmed_at and known.password_hash
    owner = known.id if known and is_account else kept_for(session, email, now)
    if owner is not None:
        outbox.record(session, RegistrationRepeated(owner), now)
        return
    entered = {"name": name, "lang": lang, "region": region}
    entered |= {"password_hash": password_hash, "shown": shown}
    if known and known.email_confirmed_at:  # they follow by mail: nothing is theirs unconfirmed
        ask_to_confirm(session, known, now, entered | {"organisation": organisation})
        return
    person = known or Person(email=email, name=name, lang=lang, password_hash="", created_at=now)
    person.sqlmodel_update(entered)
    person.created_at = now  # what was entered first would be forgotten the sooner
    session.add(person)
    session.flush()
    if known:
        forget_founded(session, person)
    if organisation:
        found(session, person, name=organisation, now=now)
    ask_to_confirm(session, person, now, {})


def ask_to_confirm(
    session: Session, person: Person, now: datetime, entered: dict[str, str]
) -> None:
    """Send the link that confirms the address, and what was entered; earlier ones no longer do.

    Else a link asked for by one person could confirm the password chosen by another.
    """
    forget_links(session, person, "confirm")
    token = new_link(session, person, "confirm", now, entered=entered)
    outbox.record(session, PersonRegistered(person.id or 0, f"/confirm/{token}"), now)


def confirm_email(session: Session, token: str, now: datetime) -> Person:
    """Use the link of a mail; raises NotFound if it is unknown, used or too old.

    Ask `registrant` first whether whoever opened it chose the password.
    """
    link = use_link(session, token, "confirm", now)
    person = session.get_one(Person, link.person_id)
    person.email_confirmed_at = person.email_confirmed_at or now
    entered = dict(link.entered)
    organisation = entered.pop("organisation", "")
    person.sqlmodel_update(entered)
    session.add(person)
    session.flush()
    if organisation:
        found(session, person, name=organisation, now=now)
    link.entered = {}
    session.add(link)
    return person


def sign_in(
    session: Session,
    person: Person,
    *,
    now: datetime,
    days: int,
    agent: str = "",
    today: date | None = None,
) -> str:
    """Return the token of a new sign-in of `person`, whose password was checked before.

    `agent` is what the browser says it is; `today` the day it is where the law is.

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
            agent=clean_line(agent)[:AGENT_MAX],
            seen_on=today,
        )
    )
    return token


def notice_browser(session: Session, person: Person, agent: str, now: datetime) -> None:
    """Somebody signed in with a browser that is not known: the person will be told."""
    outbox.record(session, StrangeBrowser(person.id or 0, clean_line(agent)[:AGENT_MAX]), now)


def see(session: Session, token: str, today: date) -> None:
    """Note that a browser is in use; written once a day."""
    session.execute(
        update(SignIn)
        .where(
            col(SignIn.token_hash) == token_hash(token),
            or_(col(SignIn.seen_on).is_(None), col(SignIn.seen_on) < today),
        )
        .values(seen_on=today)
    )


def sign_out(session: Session, token: str) -> None:
    """Forget one sign-in; nothing happens if it is unknown."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == token_hash(token)))


def ask_for_reset(session: Session, email: str, now: datetime) -> None:
    """Somebody forgot the password for this address; whether there is an account is seen later."""
    outbox.record(session, PasswordResetAsked(clean_email(email)), now)


def reset_link(session: Session, email: str, now: datetime) -> tuple[Person, str] | None:
    """Whom to mail a link to choose a new password, and its path; nobody if there is no account.

    Whoever never confirmed registers again: what a stranger may have entered with the address
    (a name, an organisation) must not become theirs.
    """
    person = session.exec(select(Person).where(Person.email == email)).first()
    if person is None or person.email_confirmed_at is None or not person.password_hash:
        return None
    return person, f"/reset/{new_link(session, person, 'reset', now)}"


def new_hash(session: Session, token: str, password: str, now: datetime) -> str:
    """What is to be kept of a new password; raises Invalid, and NotFound for a stale link.

    To be asked before anything is written: it is slow by design, and SQLite has one writer.
    """
    check_password(password, email=holder_of_link(session, token, "reset", now).email or "")
    return hash_password(password)


def reset_password(session: Session, token: str, hashed: str, now: datetime) -> None:
    """Set a new password by a mailed link; every sign-in and other link of the person ends."""
    person = session.get_one(Person, use_link(session, token, "reset", now).person_id)
    person.password_hash = hashed
    session.add(person)
    session.execute(delete(SignIn).where(col(SignIn.person_id) == person.id))
    end_keys_of(session, person.id or 0, now)
    forget_links(session, person, "reset", "address")
    note(session, "password_changed", actor_id=person.id, subject_id=person.id, now=now)
    outbox.record(session, PasswordChanged(person.id or 0), now)


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
    """Add a person whose address is known to be theirs (by the operator); raises Conflict.

    With an `organisation`, that is made too, and they manage it.
    """
    email = clean_email(email)
    if session.exec(select(Person).where(Person.email == email)).first():
        raise Conflict("There is already an account for {email}.", email=email, field="email")
    person = Person(
        email=email,
        name=name,
        region=region,
        lang=lang,
        password_hash=hash_password(password),
        created_at=now,
        email_confirmed_at=now,
    )
    session.add(person)
    session.flush()
    if organisation:
        found(session, person, name=organisation, now=now)
    return person


def grant(
    session: Session,
    person_id: int,
    role: Role,
    agency_id: int | None,
    now: datetime,
    *,
    by: int | None = None,
) -> None:
    """Give a person a role, for one agency or everywhere; giving it twice changes nothing.

    `by` is who gave it, for the audit log; without it, the operator did. Raises Invalid.
    """
    if agency_id is not None:
        check_agency_open(session.get_one(Agency, agency_id).closed_on)
    held = select(Grant).where(
        Grant.person_id == person_id, Grant.role == role.value, Grant.agency_id == agency_id
    )
    if not session.exec(held).first():
        if session.exec(select(Grant.id).where(Grant.person_id == person_id)).first() is None:
            # What they showed as a citizen, maybe weeks ago, opens no desk.
            session.execute(
                update(SignIn)
                .where(col(SignIn.person_id) == person_id)
                .values(second_factor_at=None)
            )
        session.add(
            Grant(person_id=person_id, role=role.value, agency_id=agency_id, granted_at=now)
        )
        note(
            session,
            "role_given",
            actor_id=by,
            subject_id=person_id,
            agency_id=agency_id,
            now=now,
            role=role.value,
        )


def new_link(
    session: Session,
    person: Person,
    purpose: str,
    now: datetime,
    *,
    email: str = "",
    entered: dict[str, str] | None = None,
    life: timedelta = MAIL_TOKEN_LIFE,
) -> str:
    """The token of a new link for a mail; `email` is the address it is about, if another one.

    `entered` is kept until the link is used.
    """
    token = new_token()
    session.add(
        MailToken(
            token_hash=token_hash(token),
            person_id=person.id or 0,
            purpose=purpose,
            expires_at=now + life,
            email=email,
            entered=entered or {},
        )
    )
    return token


def forget_links(session: Session, person: Person, *purposes: str) -> None:
    """The links of these kinds that were mailed to a person and not used are of no use any more."""
    session.execute(
        delete(MailToken).where(
            col(MailToken.person_id) == person.id,
            col(MailToken.purpose).in_(purposes),
            col(MailToken.used_at).is_(None),
        )
    )


def use_link(session: Session, token: str, purpose: str, now: datetime) -> MailToken:
    """Claimed by a conditional update: of two who use a link at once, one does.

    Raises NotFound if it is unknown, used, too old, or for something else.
    """
    claimed = session.execute(
        update(MailToken)
        .where(
            col(MailToken.token_hash) == token_hash(token),
            col(MailToken.purpose) == purpose,
            col(MailToken.used_at).is_(None),
            col(MailToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(MailToken.token_hash))
    ).scalar_one_or_none()
    if claimed is None:
        raise NotFound(STALE_LINK)
    return session.get_one(MailToken, claimed)
