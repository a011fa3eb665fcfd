"""[pure] Whose certificate it is, and whether to believe it: issuers, time, use, revocation.

Chains are built and checked by `cryptography` (RFC 5280, with the algorithms of the web's
certificates); that lists of what was revoked are asked as well is done here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.verification import (
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from consult.accounts.esign.rules import FIELD, Signer, refused
from consult.errors import N_, Invalid

LONGEST = 200  # letters shown of a name that anybody may have chosen
READ = (  # what of a signer's certificate is looked at, or says nothing against a signature
    x509.BasicConstraints,
    x509.KeyUsage,
    x509.ExtendedKeyUsage,
    x509.CertificatePolicies,
    x509.SubjectAlternativeName,
)
OF_MACHINES = {  # a key for these alone is no person's to sign with (RFC 5280, 4.2.1.12)
    *(Purpose.SERVER_AUTH, Purpose.CODE_SIGNING, Purpose.TIME_STAMPING, Purpose.OCSP_SIGNING),
}
SIGNING = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)
WEAK = {"md5": "MD5", "sha1": "SHA-1"}
NOT_MEANT = N_("This certificate is not meant for signatures.")
NOT_KNOWN = N_(
    "It cannot be seen just now whether the certificate was revoked. Please try again later."
)


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whom an installation believes, and what they took back; `lists` None: nobody is asked."""

    roots: Sequence[x509.Certificate]
    lists: Sequence[x509.CertificateRevocationList] | None = None


def certificate_of(
    signer: tuple[x509.Name, int] | bytes, certificates: Sequence[x509.Certificate]
) -> x509.Certificate:
    """The one a signature names; raises Invalid where it is not among those sent along."""
    for one in certificates:
        if signer in ((one.issuer, one.serial_number), _key_identifier(one)):
            return one
    raise Invalid("The signature does not hold the certificate of who signed.", field=FIELD)


def check_time(certificate: x509.Certificate, at: datetime) -> None:
    """Raises Invalid where a certificate is not good yet at an instant, or no longer."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < begins:
        raise Invalid(
            "The certificate is not good yet: it begins on {date}.", field=FIELD, date=begins.date()
        )
    if at > ends:
        raise Invalid(
            "The certificate has expired: it was good until {date}.", field=FIELD, date=ends.date()
        )


def check_use(certificate: x509.Certificate) -> None:
    """Raises Invalid unless it says that its owner signs with it, and is no issuer."""
    found: dict[type, x509.Extension[Any]] = {
        type(one.value): one for one in certificate.extensions
    }
    usage, basic = found.get(x509.KeyUsage), found.get(x509.BasicConstraints)
    signs = usage and (usage.value.digital_signature or usage.value.content_commitment)
    strange = any(one.critical and not isinstance(one.value, READ) for one in found.values())
    purposes = set(found[x509.ExtendedKeyUsage].value) if x509.ExtendedKeyUsage in found else set()
    of_machine = purposes & OF_MACHINES and purposes <= OF_MACHINES | {Purpose.CLIENT_AUTH}
    if not signs or strange or of_machine or (basic and basic.value.ca):
        raise Invalid(NOT_MEANT, field=FIELD)


def chain_of(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    trusted: Trusted,
    at: datetime,
) -> Sequence[x509.Certificate]:
    """From the signer's certificate to a trusted one; raises Invalid where none leads there."""
    digest = certificate.signature_hash_algorithm
    if digest is not None and digest.name in WEAK:
        raise refused(WEAK[digest.name])
    builder = PolicyBuilder().store(Store(list(trusted.roots))).time(at)
    policy = builder.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
    )
    try:
        return policy.build_client_verifier().verify(certificate, list(others)).chain
    except (VerificationError, UnsupportedAlgorithm, ValueError):
        raise Invalid(
            "The certificate is by an issuer who is not trusted here: {issuer}.",
            field=FIELD,
            issuer=shown(certificate.issuer),
        ) from None


def check_not_revoked(chain: Sequence[x509.Certificate], trusted: Trusted, at: datetime) -> None:
    """Raises Invalid where one of a chain was taken back, or nobody can say of the signer's.

    A list that is out of date still tells what was revoked, but not that nothing was since.
    """
    if trusted.lists is None:
        return
    for certificate, issuer in pairwise(chain):
        lists = [one for one in trusted.lists if _is_by(one, issuer)]
        for one in lists:
            revoked = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if revoked is not None:
                raise Invalid(
                    "The certificate was revoked on {date}.",
                    field=FIELD,
                    date=revoked.revocation_date_utc.date(),
                )
        if certificate is chain[0] and not any(
            _is_fresh(one, at) and _covers(one, certificate) for one in lists
        ):
            raise Invalid(NOT_KNOWN, field=FIELD)


def signer_in(certificate: x509.Certificate, subject_oid: str) -> Signer:
    """Who its owner is, by the attribute of the subject with this number ("2.5.4.5").

    Raises Invalid where that says nothing, or more than one thing.
    """
    subject = certificate.subject
    numbers = subject.get_attributes_for_oid(x509.ObjectIdentifier(subject_oid))
    names = subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    number = str(numbers[0].value).strip() if len(numbers) == 1 else ""
    if not number:
        raise Invalid("The certificate does not say who its owner is by a number.", field=FIELD)
    return Signer(
        subject=number,
        called=str(names[0].value)[:LONGEST] if names else "",
        issuer=shown(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
    )


def shown(name: x509.Name) -> str:
    """A name as people read it, cut where it is too long."""
    return name.rfc4514_string()[:LONGEST]


def _is_by(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    if one.issuer != issuer.subject:
        return False
    key = issuer.public_key()
    return isinstance(key, SIGNING) and one.is_signature_valid(key)


def _is_fresh(one: x509.CertificateRevocationList, at: datetime) -> bool:
    ends = one.next_update_utc
    return one.last_update_utc <= at and (ends is None or at <= ends)


def _covers(one: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether a certificate that is not on a list was not revoked: some lists tell only of others,
    of changes, or of a part of what an issuer made (RFC 5280, 6.3.3)."""
    for extension in one.extensions:
        said = extension.value
        if isinstance(said, x509.IssuingDistributionPoint):
            others = said.only_contains_ca_certs or said.only_contains_attribute_certs
            part = said.full_name or said.relative_name
            if others or said.only_some_reasons or (part and not _is_at(said, certificate)):
                return False
        unread = extension.critical and isinstance(said, x509.UnrecognizedExtension)
        if unread or isinstance(said, x509.DeltaCRLIndicator):
            return False
    return True


def _is_at(said: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """Whether a certificate says that this part of the lists is where it would stand."""
    points = [one.value for one in certificate.extensions]
    named = (
        point for one in points if isinstance(one, x509.CRLDistributionPoints) for point in one
    )
    return any(name in (said.full_name or ()) for point in named for name in point.full_name or ())


def _key_identifier(certificate: x509.Certificate) -> bytes | None:
    for one in certificate.extensions:
        if isinstance(one.value, x509.SubjectKeyIdentifier):
            return one.value.digest
    return None
