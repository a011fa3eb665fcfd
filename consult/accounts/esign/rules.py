"""[pure] What an electronic signature must prove: the interface a national provider fills in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from consult.errors import N_, DomainError, Invalid, TooLarge

FIELD = "signature"  # the input that errors belong to
SIGNATURE_MAX = 200_000  # bytes; a signature with its whole chain of certificates takes a tenth
NOTHING_TO_SIGN = N_(
    "There is no statement to sign, or its time is over. Please take a new one and sign that."
)
LEVEL = "signature"  # what the audit log says of somebody who was identified so


class Unusable(DomainError):
    """This installation cannot check signatures as it is set up: nobody's fault who signed."""

    status = 503

    def __init__(self) -> None:
        super().__init__(N_("Signatures cannot be checked just now. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as the issuer of their certificate says.

    `subject` is a number that stays theirs whichever certificate they have: of it only a keyed hash
    is kept. `serial` is the certificate's number in hexadecimal, `level` a word of the audit log.
    """

    subject: str
    called: str
    issuer: str
    serial: str
    level: str = LEVEL


class Verifier(Protocol):
    """One way to check signatures. A national provider is one of these (see verifiers.py)."""

    def signer_of(self, signed: bytes, signature: bytes, at: datetime) -> Signer:
        """Who put `signature` under the bytes `signed`, if that holds at an instant.

        Raises Invalid naming what is wrong with the signature or its certificate, Unusable if it
        cannot be checked at all.
        """


def check_size(size: int) -> None:
    """Refuse, before it is read, a file larger than any signature (`size` in bytes)."""
    if size > SIGNATURE_MAX:
        raise TooLarge("This file is larger than a signature can be.", field=FIELD)


def refused(method: str) -> Invalid:
    """That a signature or certificate was made by a method ("SHA-1") that is not enough."""
    return Invalid(
        "The signature was made by a method that is not safe enough, or not taken here: {method}.",
        field=FIELD,
        method=method,
    )


def as_signed(text: str) -> str:
    """A text with the ends of lines that mail programs sign (CRLF, RFC 8551, 3.1.1).

    So a tool that takes the file for a mail, and one that takes it as it is, sign the same bytes.
    """
    return "\r\n".join(text.strip().splitlines()) + "\r\n"
