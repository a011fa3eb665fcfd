"""Sending mail: takes what is waiting in the queue to SMTP, or to files in development."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col, select

from consult.config import Settings
from consult.db import affected
from consult.platform import Platform
from notifications.models import Mail
from notifications.rules import is_about_account, message_id

log = logging.getLogger(__name__)
BATCH = 50
ATTEMPTS = 8
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
TIMEOUT_SECONDS = 20
REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)  # the server answered


class _Policy(EmailPolicy):
    """Leaves an address in a header in one piece: the library folds a long one by encoding it."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy()


def send_waiting(platform: Platform, now: datetime) -> int:
    """Send the mails that are due; returns how many were tried.

    A mail is marked sent after the server took it: after a crash between the two it may go out
    twice (with the same Message-ID), but is never lost. While the server cannot be reached, the
    others wait for the next time: fifty of its silences would delay all other work by minutes.
    """
    with platform.database.reading() as session:
        due = session.exec(
            select(Mail)
            .where(col(Mail.sent_at).is_(None), col(Mail.parked_at).is_(None), Mail.due_at <= now)
            .order_by(col(Mail.id))
            .limit(BATCH)
        ).all()
    for tried, mail in enumerate(due, start=1):
        if _claim(platform, mail, now) and not _send(platform, mail, now):
            return tried
    return len(due)


def _claim(platform: Platform, mail: Mail, now: datetime) -> bool:
    with platform.database.writing() as session:
        claimed = session.execute(
            update(Mail)
            .where(col(Mail.id) == mail.id, col(Mail.due_at) == mail.due_at)
            .values(due_at=now + LEASE, attempts=Mail.attempts + 1)
        )
        return affected(claimed) == 1


def _send(platform: Platform, mail: Mail, now: datetime) -> bool:
    """Whether there was a server to speak to, whatever it said of this mail."""
    error, reached = "", True
    try:
        deliver(platform.settings, mail.id or 0, compose(platform.settings, mail))
    except Exception as failure:  # whatever it is, the mails behind this one must go out
        log.warning("mail %s was not sent: %s", mail.id, failure)
        error = f"{type(failure).__name__}: {failure}"[:500]
        reached = isinstance(failure, REFUSED) or not isinstance(failure, OSError)
    with platform.database.writing() as session:
        row = session.get_one(Mail, mail.id)
        row.error = error
        if not error:
            row.sent_at = now
            if is_about_account(row.key) and not platform.settings.keeps_mails:
                row.text = row.html = ""  # a stolen table must open no account
        else:
            row.due_at = now + FIRST_PAUSE * 2**row.attempts
            row.parked_at = now if row.attempts >= ATTEMPTS else None
        session.add(row)
    return reached


def compose(settings: Settings, mail: Mail) -> EmailMessage:
    """The mail as it goes out, in plain text and HTML; raises ValueError for broken headers."""
    base = settings.base_url.rstrip("/")
    message = EmailMessage(POLICY)
    message["Subject"] = mail.subject
    message["From"] = settings.mail_from
    message["To"] = _in_ascii(mail.recipient)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail.key, settings.mail_from)
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_path:
        message["List-Unsubscribe"] = f"<{base}{mail.unsubscribe_path}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Templates hold paths, so that a mail waiting in the queue outlives a change of address.
    message.set_content(mail.text.replace("{base}", base))
    message.add_alternative(mail.html.replace("{base}", base), subtype="html")
    message["Content-Language"] = mail.lang  # last: setting the content forgets Content-* headers
    return message


def _in_ascii(address: str) -> str:
    """The address as every mail server takes it: a domain such as почта.қаз in Punycode."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def deliver(settings: Settings, mail_id: int, message: EmailMessage) -> None:
    """Hand a mail to the SMTP server; without one, write it to a file in the data folder."""
    if not settings.smtp_host:
        folder = mail_folder(settings)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail_id:06d}.eml").write_bytes(bytes(message))
        return
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def mail_folder(settings: Settings) -> Path:
    """Where mails are written when there is no SMTP server."""
    return settings.data_dir / "mail"
