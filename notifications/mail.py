"""Sending mail: takes what is waiting in the queue to the mail server, and keeps what became of it.

What a mail says: rendering.py; how it looks on the wire: headers.py; the server: smtp.py.
"""

import logging
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import func, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from consult.db import Database, affected
from consult.platform import Platform
from notifications.bounces.actions import count_failure
from notifications.bounces.rules import Report, is_about_address, return_path
from notifications.headers import compose, in_ascii
from notifications.models import Mail, Message
from notifications.queries import waiting
from notifications.relevance import UnwantedError
from notifications.rendering import letter
from notifications.rules import ACCOUNT, FAREWELL
from notifications.smtp import BrokenOffError, NoServerError, Post, RefusedError

log = logging.getLogger(__name__)
BATCH = 50
ATTEMPTS = 8
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
NO_SERVER_PAUSE = timedelta(minutes=1)
MINUTE = timedelta(minutes=1)
ERROR_MAX = 500
NOTINGS = 6  # each waits ten seconds for SQLite: in all less than the lease

# Until when no server is looked for, in the memory of this process: however many mails wait for
# one, not one of them is written to. By database, for that is what an installation has one of.
_no_server_until: WeakKeyDictionary[Database, datetime] = WeakKeyDictionary()


def send_waiting(platform: Platform, now: datetime) -> int:
    """Send the mails that are due, over one connection; returns how many were tried.

    A mail is marked sent after the server took it: after a crash, or a connection that breaks off,
    between the two it may go out twice (with the same Message-ID), but is never lost. While there
    is no server all wait, and none of their attempts is used up.
    """
    if now < _no_server_until.get(platform.database, now):
        return 0
    due = _due(platform, now)
    broken_off = 0
    with Post(platform.settings) as post:
        for tried, mail in enumerate(due, start=1):
            if not _claim(platform, mail, now):
                continue
            try:
                _send(post, platform, mail, now)
                broken_off = 0
            except NoServerError as failure:
                log.warning("there is no mail server: %s", failure)
                _wait(platform, mail, str(failure), now)
                return tried
            except BrokenOffError as failure:
                _put_off(platform, mail, failure, now)
                broken_off += 1
                if broken_off > 1:  # it is not this one mail: fifty silences would take minutes
                    return tried
    return len(due)


def _due(platform: Platform, now: datetime) -> list[Mail]:
    """The mails that may go out now, those to one person before those to many."""
    most = platform.settings.mail_per_minute
    with platform.database.reading() as session:
        sent = select(func.count()).where(col(Mail.sent_at) > now - MINUTE)
        room = max(most - session.exec(sent).one(), 0) if most else BATCH
        query = select(Mail).where(*waiting(), Mail.due_at <= now)
        in_turn = query.order_by(col(Mail.is_bulk), col(Mail.id)).limit(min(room, BATCH))
        return list(session.exec(in_turn).all()) if room else []


def _claim(platform: Platform, mail: Mail, now: datetime) -> bool:
    with platform.database.writing() as session:
        claimed = session.execute(
            update(Mail)
            .where(col(Mail.id) == mail.id, col(Mail.due_at) == mail.due_at, *waiting())
            .values(due_at=now + LEASE, attempts=Mail.attempts + 1)
        )
        return affected(claimed) == 1


def _send(post: Post, platform: Platform, mail: Mail, now: datetime) -> None:
    """Write a mail and hand it over; raises NoServerError and BrokenOffError, and nothing else."""
    try:
        with platform.database.reading() as session:
            written = letter(session, platform, mail, now)
        message = compose(platform.settings, mail, written, now)
        sender = _return_path(platform, mail, written.recipient)
        post.hand_over(mail.id or 0, sender or message["From"].addresses[0].addr_spec, message)
    except UnwantedError as reason:
        _end(platform, mail, skipped_at=now, error=str(reason))
    except RefusedError as refusal:
        _refused(platform, mail, refusal, now)
    except (NoServerError, BrokenOffError):
        raise
    except Exception as failure:  # whatever it is, the mails behind this one must go out
        _put_off(platform, mail, failure, now)
    else:
        _end(platform, mail, sent_at=now, error="")


def _return_path(platform: Platform, mail: Mail, recipient: str) -> str:
    """Where the mail comes back to if it cannot be delivered (VERP); "": to its sender."""
    settings = platform.settings
    if not settings.mail_bounce_address:
        return ""
    address = in_ascii(settings.mail_bounce_address)
    return return_path(address, settings.secret_key, mail.id or 0, recipient)


def _end(platform: Platform, mail: Mail, **became: object) -> None:
    """It is sent, or not wanted any more.

    Noting it is tried again where the database is held up: not noted, it would go out twice.
    """
    for tries_left in reversed(range(NOTINGS)):
        try:
            _note(platform, mail, became)
        except OperationalError:
            if not tries_left:
                raise
            log.warning("what became of mail %s is not noted yet; it is tried again", mail.id)
        else:
            return


def _note(platform: Platform, mail: Mail, became: dict[str, object]) -> None:
    with platform.database.writing() as session:
        row = session.get_one(Mail, mail.id)
        row.sqlmodel_update(became)
        forgot = _forget_address(row)
        session.add(row)
        _forget_links(session, platform, row)
    if forgot:
        platform.database.overwrite()


def _refused(platform: Platform, mail: Mail, refusal: RefusedError, now: datetime) -> None:
    """For good: given up at once, and if it is the address that is refused, that is counted."""
    log.warning("mail %s was refused: %s", mail.id, refusal.code)  # the words name the address
    with platform.database.writing() as session:
        row = session.get_one(Mail, mail.id)
        given_up = _postpone(session, row, str(refusal), now, is_final=refusal.is_final)
        about_address = is_about_address(str(refusal)) or not refusal.is_final
        if given_up and about_address:
            report = Report(is_final=refusal.is_final, reason=row.error)
            count_failure(session, platform, row, report, now)


def _put_off(platform: Platform, mail: Mail, failure: Exception, now: datetime) -> None:
    log.warning("mail %s was not sent: %s", mail.id, type(failure).__name__)
    is_known = isinstance(failure, BrokenOffError)
    error = str(failure) if is_known else f"{type(failure).__name__}: {failure}"
    with platform.database.writing() as session:
        _postpone(session, session.get_one(Mail, mail.id), error, now, is_final=False)


def _postpone(session: Session, row: Mail, error: str, now: datetime, *, is_final: bool) -> bool:
    """Try again after a pause that doubles; True if it is given up, with the reason."""
    row.error = error[:ERROR_MAX]
    row.due_at = now + FIRST_PAUSE * 2**row.attempts
    if is_final or row.attempts >= ATTEMPTS:
        row.parked_at = now
        _forget_address(row)
    session.add(row)
    return row.parked_at is not None


def _wait(platform: Platform, mail: Mail, error: str, now: datetime) -> None:
    """All wait for a server; the mail that found none there keeps its attempt and its turn."""
    _no_server_until[platform.database] = now + NO_SERVER_PAUSE
    with platform.database.writing() as session:
        session.execute(
            update(Mail)
            .where(col(Mail.id) == mail.id)
            .values(attempts=Mail.attempts - 1, error=error[:ERROR_MAX], due_at=now)
        )


def _forget_address(row: Mail) -> bool:
    """The last mail to whose account was deleted is all that was left of their address."""
    is_last = row.key.startswith(f"{FAREWELL}:")
    if is_last:
        row.recipient = row.error = ""
    return is_last


def _forget_links(session: Session, platform: Platform, mail: Mail) -> None:
    """A stolen table must open no account."""
    message = session.get(Message, mail.message_id) if mail.message_id else None
    if message and message.category == ACCOUNT and not platform.settings.keeps_mails:
        message.values, message.path = {}, ""
        session.add(message)
