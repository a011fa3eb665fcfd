"""[pure] What a national eID must prove, and the little that is kept of whom it identified."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.core import CodeIDToken

from consult.access import Actor, Role
from consult.errors import N_, Conflict, DomainError, Invalid, NotAllowed

ATTEMPT_LIFE = timedelta(minutes=10)
DESK = "desk"  # the issuer of those whom an officer identified
SIGNED = "esign"  # and of those who signed a statement, whoever vouches for their certificate
DESK_CODE_LIFE = timedelta(minutes=15)  # at least; twice as long at most
DESK_CODE_DIGITS = 8
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"  # which keyboards put for a hyphen
ID_DIGITS = 10  # of the largest that an INTEGER column holds
NUMBER_MIN = 4  # letters and digits of a document's number
LEEWAY = 60  # seconds two clocks may differ by
SUBJECT_MAX = 255  # OpenID Connect Core, 2: "sub"
# Signatures by a key that only the eID has. With a secret that we share (HS256), or with none at
# all, anybody who knows the secret, or anybody, could be anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
UNCONFIRMED = N_(
    "The answer of the eID could not be confirmed, so nothing was kept. Please begin again."
)


class Unreachable(DomainError):
    """The eID does not answer, or not in time, or not as an eID does."""

    status = 503

    def __init__(self) -> None:
        super().__init__(N_("The eID does not answer just now. Nothing was changed."))


class Document(StrEnum):
    """By which document somebody was identified at a desk."""

    PASSPORT = "passport"
    CARD = "identity_card"
    PERMIT = "residence_permit"


@dataclass(frozen=True, slots=True)
class Question:
    """The three secrets of one attempt, of which only `state` and a nonce leave with the person."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of what an eID says of itself (OpenID Connect Discovery, 3): what is used here."""

    authorization: str
    token: str
    jwks: str
    names_itself: bool  # in its answers, by RFC 9207
    by_header: bool  # takes the client's secret in a header, else in the form


def read_metadata(said: Mapping[str, Any], issuer: str) -> Metadata:
    """Raises Unreachable unless it is of this issuer, to the letter, and as safely reached.

    OpenID Connect Discovery, 4.3: else one issuer could speak for another.
    """
    authorization, token, jwks = (
        str(said.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )
    schemes = {"https", urlsplit(issuer).scheme}
    if said.get("issuer") != issuer or not all(
        urlsplit(at).scheme in schemes for at in (authorization, token, jwks)
    ):
        raise Unreachable
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Metadata(
        authorization,
        token,
        jwks,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        by_header="client_secret_basic" in methods,
    )


def check_sender(said: str, issuer: str, *, names_itself: bool) -> None:
    """RFC 9207, 2.4: an answer says whose it is where the eID promised so; raises NotAllowed."""
    if (said or names_itself) and said != issuer:
        raise NotAllowed(UNCONFIRMED)


def subject_of(
    claims: Mapping[str, Any],
    header: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
    levels: tuple[str, ...] = (),
    now: datetime,
) -> str:
    """Whom an ID token is about, whose signature was checked (OpenID Connect Core, 3.1.3.7).

    `levels` of assurance ("acr") are enough; any is where none is named. Raises joserfc's JoseError
    for a claim that is not what it must be, NotAllowed for an audience beside us, a level that is
    too low or a subject of no use.
    """
    if levels and claims.get("acr") not in levels:
        raise NotAllowed(UNCONFIRMED)
    token = CodeIDToken(
        dict(claims),
        dict(header),
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    try:
        token.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (TypeError, KeyError, AttributeError) as stumbled:  # over a claim of another shape
        raise NotAllowed(UNCONFIRMED) from stumbled
    subject = claims["sub"]
    good = isinstance(subject, str) and 0 < len(subject) <= SUBJECT_MAX
    if not good or claims["aud"] not in (client_id, [client_id]):
        raise NotAllowed(UNCONFIRMED)
    return str(subject)


def subject_hash(secret_key: str, issuer: str, subject: str) -> str:
    """What is kept of a subject: without the secret key nobody can try out whose it is."""
    said = f"eid\0{issuer}\0{subject}".encode()
    return hmac.new(secret_key.encode(), said, hashlib.sha256).hexdigest()


def may_be_identified(actor: Actor) -> bool:
    """A person is identified, whomever they speak for; not an office."""
    return not actor.roles.isdisjoint({Role.CITIZEN, Role.ORGANISATION})


def check_standing(actor: Actor) -> None:
    """Raises NotAllowed for whom `may_be_identified` is false."""
    if not may_be_identified(actor):
        raise NotAllowed("Only the account of a person can be identified.")


def check_same(asked_id: int | None, actor_id: int | None) -> None:
    """Whoever comes back is who left, signed in or not; raises Conflict."""
    if asked_id != actor_id:
        raise Conflict("Meanwhile somebody signed in or out in this browser. Please begin again.")


def desk_code(secret_key: str, person_id: int, now: datetime) -> str:
    """What a person tells at the desk, so that the account is theirs: "17-12345678"."""
    return _code_of(secret_key, person_id, int(now.timestamp() // DESK_CODE_LIFE.total_seconds()))


def person_of_code(secret_key: str, typed: str, now: datetime) -> int:
    """Whose code this is, in this quarter of an hour or the one before; raises Invalid.

    Told aloud and typed on a phone, it comes with any dash, with spaces, or with neither.
    """
    digits = "".join(c for c in typed if c not in DASHES and not c.isspace())
    number, check = digits[:-DESK_CODE_DIGITS], digits[-DESK_CODE_DIGITS:]
    code = f"{number}-{check}"
    window = int(now.timestamp() // DESK_CODE_LIFE.total_seconds())
    if number.isascii() and number.isdecimal() and len(number) <= ID_DIGITS:
        for then in (window, window - 1):
            right = _code_of(secret_key, int(number), then)
            if hmac.compare_digest(right.encode(), code.encode()):
                return int(number)
    raise Invalid("This code is not right, or too old. Please ask for a new one.", field="code")


def _code_of(secret_key: str, person_id: int, window: int) -> str:
    said = f"desk\0{person_id}\0{window}".encode()
    digest = hmac.new(secret_key.encode(), said, hashlib.sha256).digest()
    digits = int.from_bytes(digest[:8], "big") % 10**DESK_CODE_DIGITS
    return f"{person_id}-{digits:0{DESK_CODE_DIGITS}}"


def document_subject(kind: Document, number: str) -> str:
    """A document as it is hashed, however its number was spaced; raises Invalid."""
    signs = "".join(c for c in number.upper() if c.isalnum())
    if len(signs) < NUMBER_MIN:
        raise Invalid("Please enter the whole number of the document.", field="number")
    return f"{kind}:{signs}"
