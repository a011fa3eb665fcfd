"""A real mail server (aiosmtpd) that takes mails, or does what a bad one does."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from consult.platform import Platform


class Server:
    """Keeps what it is sent, unless it has been told what to answer instead.

    `answer`: to the words of every mail; `answers`: to a recipient; `silent`: it hangs up in the
    middle of the next so many mails; `greeting`: what it says instead of a welcome.
    """

    def __init__(self) -> None:
        self.answer = ""
        self.answers: dict[str, str] = {}
        self.silent = 0
        self.sender_answer = ""
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.connections = 0
        self.signed_in: list[bytes] = []

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += session.host_name is None
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.silent:
            self.silent -= 1
            server.transport.abort()
            return "250 Nobody hears this"
        self.raw.append(envelope.content)
        self.senders.append(envelope.mail_from)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        if not self.answer:
            self.taken.append(message)
        return self.answer or "250 Taken"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(handler: Server, **options: Any) -> Iterator[int]:
    """The server on a port of its own, for as long as this lasts."""
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context, and the file of the certificate that whoever trusts it needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    held, trusted = folder / "server.pem", folder / "trusted.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    held.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + trusted.read_bytes()
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(held)
    return context, trusted


def with_smtp(platform: Platform, port: int, **more: Any) -> Platform:
    """The installation with a mail server instead of a folder."""
    changes: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False}
    changes |= {"base_url": "https://kenesh.example.kg/", "mail_from": "no-reply@example.kg"}
    settings = platform.settings.model_copy(update=changes | more)
    return replace(platform, settings=settings)


def body_of(mail: EmailMessage, kind: str) -> str:
    """The plain or html part of a mail, with the line ends of this side of the wire."""
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")
