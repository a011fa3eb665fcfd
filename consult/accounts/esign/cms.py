"""[pure] The syntax of a signature in CMS (RFC 5652): bytes → Signed. If it holds: checking.py.

The classes are the structures of the standard, by its names, as far as they are read here.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1

from consult.accounts.esign.ber import contents, definite
from consult.accounts.esign.rules import FIELD
from consult.errors import N_, Invalid

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
ENCRYPTED = frozenset(
    {"1.2.840.113549.1.7.3", "1.2.840.113549.1.7.6", "1.2.840.113549.1.9.16.1.23"}
)
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
ARMOUR = re.compile(rb"\s*-----BEGIN [A-Z0-9 ]+-----(.*?)-----END [A-Z0-9 ]+-----\s*", re.DOTALL)
BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")
UNREADABLE = N_("This file is not an electronic signature (CMS: .p7s, .cms, .sig).")


@asn1.sequence
class ContentInfo:
    content_type: x509.ObjectIdentifier
    content: Annotated[asn1.TLV, asn1.Explicit(0)]


@asn1.sequence
class AlgorithmIdentifier:
    algorithm: x509.ObjectIdentifier
    parameters: asn1.TLV


@asn1.sequence
class BareAlgorithmIdentifier:
    algorithm: x509.ObjectIdentifier


@asn1.sequence
class Attribute:
    type: x509.ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class SignedAttributes:
    attributes: asn1.SetOf[Attribute]


@asn1.sequence
class IssuerAndSerialNumber:
    issuer: asn1.TLV
    serial_number: int


@asn1.sequence
class SignerInfo:
    version: int
    sid: IssuerAndSerialNumber | Annotated[bytes, asn1.Implicit(0)]
    digest_algorithm: asn1.TLV
    signed_attrs: Annotated[list[Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: asn1.TLV
    signature: bytes
    unsigned_attrs: Annotated[list[Attribute] | None, asn1.Implicit(1)]


@asn1.sequence
class EncapsulatedContentInfo:
    content_type: x509.ObjectIdentifier
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class SignedData:
    version: int
    digest_algorithms: asn1.TLV
    content: EncapsulatedContentInfo
    certificates: Annotated[list[x509.Certificate] | None, asn1.Implicit(0)]
    crls: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[SignerInfo]


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A method by its number; `parameters` as they stand, None where there are none."""

    oid: str
    parameters: asn1.TLV | None


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature by one signer, taken apart; nothing of it is checked.

    `attributes` are what was signed in place of the text, in DER; `said` maps the number of each to
    its values. `enclosed` is the text itself, where the signature holds it. `signer` says which of
    the `certificates` it is made with: (issuer, serial number), or the identifier of a key.
    """

    content_type: str
    enclosed: bytes | None
    certificates: Sequence[x509.Certificate]
    signer: tuple[x509.Name, int] | bytes
    digest: Algorithm
    method: Algorithm
    attributes: bytes
    said: Mapping[str, Sequence[asn1.TLV]]
    signature: bytes


def read(sent: bytes) -> Signed:
    """A signature in DER, BER, PEM or base64; raises Invalid unless it is one by one signer."""
    try:
        info = asn1.decode_der(ContentInfo, definite(_unarmoured(sent)))
        kind = info.content_type.dotted_string
        data = info.content.parse(SignedData) if kind == SIGNED_DATA else None
    except ValueError:
        raise Invalid(UNREADABLE, field=FIELD) from None
    if kind in ENCRYPTED:
        raise Invalid("This file is encrypted. A signature is needed.", field=FIELD)
    if data is None:
        raise Invalid(UNREADABLE, field=FIELD)
    signers = data.signers.as_list()
    if len(signers) != 1:
        raise Invalid(
            "One person must have signed this, not {count}.", field=FIELD, count=len(signers)
        )
    try:
        return _signed(data, signers[0])
    except ValueError:
        raise Invalid(UNREADABLE, field=FIELD) from None


def algorithm(said: asn1.TLV) -> Algorithm:
    """A method with its parameters, if it has any; raises ValueError."""
    try:
        found = said.parse(AlgorithmIdentifier)
    except ValueError:
        return Algorithm(said.parse(BareAlgorithmIdentifier).algorithm.dotted_string, None)
    return Algorithm(found.algorithm.dotted_string, found.parameters)


def _signed(data: SignedData, info: SignerInfo) -> Signed:
    """Raises ValueError where an attribute stands twice, or a name cannot be read."""
    attributes = info.signed_attrs or []
    said = {one.type.dotted_string: one.values.as_list() for one in attributes}
    if len(said) != len(attributes):
        raise ValueError("an attribute twice")
    sid = info.sid
    return Signed(
        content_type=data.content.content_type.dotted_string,
        enclosed=data.content.content,
        certificates=tuple(data.certificates or ()),
        signer=sid
        if isinstance(sid, bytes)
        else (x509.Name.from_bytes(asn1.encode_der(sid.issuer)), sid.serial_number),
        digest=algorithm(info.digest_algorithm),
        method=algorithm(info.signature_algorithm),
        attributes=_in_der(attributes),
        said=said,
        signature=info.signature,
    )


def _in_der(attributes: Sequence[Attribute]) -> bytes:
    """What is signed: the attributes as a SET OF in DER, however they came (RFC 5652, 5.4)."""
    whole = SignedAttributes(attributes=asn1.SetOf(list(attributes)))
    return contents(asn1.encode_der(whole))


def _unarmoured(sent: bytes) -> bytes:
    """The bytes of what may be PEM or base64; raises ValueError."""
    if armoured := ARMOUR.fullmatch(sent):
        return base64.b64decode(armoured[1])
    return base64.b64decode(sent) if BASE64.fullmatch(sent) else sent
