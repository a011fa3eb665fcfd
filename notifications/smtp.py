"""Handing mails over to a mail server: one connection for many, and what its refusals mean.

Without a server, mails are written to files in the data folder. Which mails, when again: mail.py.
"""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from consult.config import Settings

TIMEOUT_SECONDS = 20
TOO_LARGE = 552  # of a sender that is refused, the one code that is about the mail


class NoServerError(Exception):
    """There is no server to speak to, or none that takes anything from us: the mails wait."""


class BrokenOffError(Exception):
    """It fell silent in the middle of a mail, which it may have taken or not."""


class RefusedError(Exception):
    """The server refused this mail: for good (`is_final`, 5xx) or for now (4xx)."""

    def __init__(self, code: int, said: bytes | str) -> None:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        super().__init__(f"{code} {' '.join(words.split())}")
        self.code = code
        self.is_final = code >= 500


class Post:
    """A connection to the mail server, opened for the first mail and anew after it broke off."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.server is not None:
            try:
                self.server.quit()
            except (smtplib.SMTPException, OSError):
                self._hang_up()

    def hand_over(self, mail_id: int, sender: str, message: EmailMessage) -> None:
        """Hand one mail over, sent from `sender`, which is where it comes back to.

        Raises NoServerError, BrokenOffError, RefusedError.
        """
        if not self.settings.smtp_host:
            self._keep(mail_id, message)
            return
        server = self.server or self._connect()
        try:
            server.send_message(message, from_addr=sender)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise RefusedError(*next(iter(refusal.recipients.values()))) from refusal
        except smtplib.SMTPSenderRefused as refusal:
            if 400 <= refusal.smtp_code < 500 or refusal.smtp_code == TOO_LARGE:
                raise RefusedError(refusal.smtp_code, refusal.smtp_error) from refusal
            raise NoServerError(f"{refusal.smtp_code} {refusal.smtp_error!r}") from refusal
        except smtplib.SMTPResponseException as refusal:
            raise RefusedError(refusal.smtp_code, refusal.smtp_error) from refusal
        except smtplib.SMTPNotSupportedError as refusal:  # letters this server does not know
            raise RefusedError(550, str(refusal)) from refusal
        except (smtplib.SMTPServerDisconnected, OSError) as failure:
            self._hang_up()
            raise BrokenOffError(f"{type(failure).__name__}: {failure}") from failure
        if server.sock is None:  # it said goodbye (421) after this mail
            self.server = None

    def _connect(self) -> smtplib.SMTP:
        """Speak to the server as far as a mail may begin; never without the TLS that is wished."""
        settings = self.settings
        server = None
        try:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except (smtplib.SMTPException, OSError) as failure:
            if server is not None:
                server.close()
            raise NoServerError(f"{type(failure).__name__}: {failure}") from failure
        self.server = server
        return server

    def _hang_up(self) -> None:
        if self.server is not None:
            self.server.close()
        self.server = None

    def _keep(self, mail_id: int, message: EmailMessage) -> None:
        folder = mail_folder(self.settings)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail_id:06d}.eml").write_bytes(bytes(message))


def mail_folder(settings: Settings) -> Path:
    """Where mails are written when there is no SMTP server."""
    return settings.data_dir / "mail"
