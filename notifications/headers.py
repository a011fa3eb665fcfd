"""A mail on the wire: its headers, its text and its HTML in one message. Sending it: mail.py."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from consult.config import Settings
from notifications.models import Mail
from notifications.rendering import Letter
from notifications.rules import message_id

ONE_CLICK = "List-Unsubscribe=One-Click"


class _Policy(EmailPolicy):
    """Leaves an address in a header in one piece: the library folds a long one by encoding it."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy()


def compose(settings: Settings, mail: Mail, written: Letter, now: datetime) -> EmailMessage:
    """The mail as it goes out, in plain text and HTML; raises ValueError for broken headers."""
    message = EmailMessage(POLICY)
    message["Subject"] = written.subject
    message["From"] = settings.mail_from
    message["To"] = in_ascii(written.recipient)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(mail.key, settings.mail_from)
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday answers it (RFC 3834)
    if written.thread:
        # The first of a thread need not exist: programs put together what refers to the same one.
        first = message_id(f"{written.thread}:{mail.person_id}", settings.mail_from)
        message["In-Reply-To"] = message["References"] = first
    if written.unsubscribe_path:
        _add_ways_to_stop(message, settings, mail, written.unsubscribe_path)
    # The lines are broken as format=flowed already (plain.py).
    message.set_content(written.text, params={"format": "flowed"})
    message.add_alternative(written.html, subtype="html")
    message["Content-Language"] = written.lang  # last: setting the content forgets such headers
    return message


def _add_ways_to_stop(message: EmailMessage, settings: Settings, mail: Mail, path: str) -> None:
    """One click where the mail program knows it (RFC 8058: by https alone), else a mail."""
    base = settings.base_url.rstrip("/")
    ways = [f"<{base}{path}>"]
    if settings.mail_unsubscribe_address:
        subject = quote(f"unsubscribe {path.rpartition('/')[2]}", safe=":")
        ways.append(f"<mailto:{in_ascii(settings.mail_unsubscribe_address)}?subject={subject}>")
    message["List-Unsubscribe"] = ", ".join(ways)
    if base.startswith("https://"):
        message["List-Unsubscribe-Post"] = ONE_CLICK
    host = urlsplit(base).hostname or "localhost"
    name = (mail.target or "notices").replace(":", "-").replace("_", "-")
    message["List-Id"] = f"<{name}.{_domain_in_ascii(host)}>"  # RFC 2919


def in_ascii(address: str) -> str:
    """The address as every mail server takes it: a domain such as почта.қаз in Punycode."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_domain_in_ascii(domain)}"


def _domain_in_ascii(domain: str) -> str:
    return domain.encode("idna").decode("ascii")
