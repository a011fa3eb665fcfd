"""[pure] Whether a signature in CMS is of a text, and was made by a key (RFC 5652, 5.4 and 5.6).

Whose key it is, and whether to believe it: certificates.py.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from consult.accounts.esign.cms import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SIGNING_TIME,
    Algorithm,
    Signed,
    algorithm,
)
from consult.accounts.esign.rules import FIELD, refused
from consult.errors import N_, Invalid

DIGESTS: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
# The kind of a method, and the digest where its number says which (RFC 3370, 4056, 5754).
RSA, RSA_PSS, ECDSA = "RS", "PS", "ES"
METHODS = {
    "1.2.840.113549.1.1.1": (RSA, ""),
    "1.2.840.113549.1.1.10": (RSA_PSS, ""),
    "1.2.840.113549.1.1.11": (RSA, "256"),
    "1.2.840.113549.1.1.12": (RSA, "384"),
    "1.2.840.113549.1.1.13": (RSA, "512"),
    "1.2.840.10045.4.3.2": (ECDSA, "256"),
    "1.2.840.10045.4.3.3": (ECDSA, "384"),
    "1.2.840.10045.4.3.4": (ECDSA, "512"),
}
NAMES = {  # of what is met with and never taken
    "1.2.840.113549.2.5": "MD5",
    "1.3.14.3.2.26": "SHA-1",
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.2.840.10045.4.1": "SHA-1",
    "1.2.643.7.1.1.2.2": "GOST R 34.11-2012",
    "1.2.398.3.10.1.3.3": "GOST R 34.11-2015",
}
MGF1 = "1.2.840.113549.1.1.8"
RSA_BITS = 2048  # at least
OTHER_TEXT = N_("This is a signature of another text.")
SPOILT = N_("The signature does not hold: the file was changed, or was not made as it must be.")


@asn1.sequence
class PssParameters:
    """RFC 4055, 3.1; what is left out would mean SHA-1, so nothing may be."""

    digest: Annotated[asn1.TLV, asn1.Explicit(0)]
    mask: Annotated[asn1.TLV, asn1.Explicit(1)]
    salt_length: Annotated[int, asn1.Explicit(2), asn1.Default(20)]
    trailer: Annotated[int, asn1.Explicit(3), asn1.Default(1)]


@dataclass(frozen=True, slots=True)
class Method:
    """How a signature was made: its name as JOSE has it ("PS256"), and what checking it takes."""

    name: str
    digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512
    salt_length: int = 0  # of PSS


def method_of(signed: Signed, allowed: Collection[str]) -> Method:
    """How it was made; raises Invalid for a method that is not one of `allowed` ("ES256")."""
    digest = DIGESTS.get(signed.digest.oid)
    if digest is None:
        raise _unsafe(signed.digest)
    kind, bits = METHODS.get(signed.method.oid, ("", ""))
    name = f"{kind}{bits or digest.name.removeprefix('sha')}"
    if name not in allowed:
        raise _unsafe(signed.method, name if kind else "")
    if bits and not digest.name.endswith(bits):
        raise Invalid(SPOILT, field=FIELD)
    return Method(name, digest(), _salt(signed) if kind == RSA_PSS else 0)


def check_text(signed: Signed, text: bytes, method: Method) -> None:
    """Raises Invalid unless these are the bytes that were signed."""
    try:
        (digest,), (content_type,) = signed.said[MESSAGE_DIGEST], signed.said[CONTENT_TYPE]
        said = digest.parse(bytes)
        of = content_type.parse(x509.ObjectIdentifier).dotted_string
    except (KeyError, ValueError):
        raise Invalid(SPOILT, field=FIELD) from None
    if not of == signed.content_type == DATA:
        raise Invalid(SPOILT, field=FIELD)
    summed = hashes.Hash(method.digest)
    summed.update(text)
    other = signed.enclosed is not None and signed.enclosed != text
    if other or not hmac.compare_digest(summed.finalize(), said):
        raise Invalid(OTHER_TEXT, field=FIELD)


def check_key(signed: Signed, method: Method, key: CertificatePublicKeyTypes) -> None:
    """Raises Invalid unless the owner of a key signed what `check_text` looked at."""
    digest, kind = method.digest, method.name[:2]
    said = signed.signature, signed.attributes
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS:
        raise refused(f"RSA {key.key_size}")
    try:
        if isinstance(key, rsa.RSAPublicKey) and kind == RSA:
            return key.verify(*said, padding.PKCS1v15(), digest)
        if isinstance(key, rsa.RSAPublicKey) and kind == RSA_PSS:
            return key.verify(*said, padding.PSS(padding.MGF1(digest), method.salt_length), digest)
        if isinstance(key, ec.EllipticCurvePublicKey) and kind == ECDSA:
            return key.verify(*said, ec.ECDSA(digest))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        pass
    raise Invalid(SPOILT, field=FIELD)


def signed_at(signed: Signed) -> datetime | None:
    """When it was signed, as the signer says, if they do; raises Invalid for what is no time."""
    said = signed.said.get(SIGNING_TIME)
    if said is None:
        return None
    for form in (asn1.UTCTime, asn1.GeneralizedTime):
        try:
            (time,) = said
            at: datetime = time.parse(form).as_datetime()
        except ValueError:
            continue
        return at
    raise Invalid(SPOILT, field=FIELD)


def _salt(signed: Signed) -> int:
    """The salt of RSASSA-PSS in bytes, if its digests are that of the text; raises Invalid."""
    said = signed.method.parameters
    try:
        found: PssParameters | None = said.parse(PssParameters) if said else None
        mask = found and algorithm(found.mask)
        if found and mask and mask.parameters and mask.oid == MGF1 and found.trailer == 1:
            digests = {algorithm(one).oid for one in (found.digest, mask.parameters)}
            if digests == {signed.digest.oid} and found.salt_length >= 0:
                return found.salt_length
    except ValueError:
        pass
    raise Invalid(SPOILT, field=FIELD)


def _unsafe(method: Algorithm, name: str = "") -> Invalid:
    return refused(name or NAMES.get(method.oid, method.oid))
