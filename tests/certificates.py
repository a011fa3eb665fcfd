"""Issuers, certificates and signatures for tests; keys are made once, for they take time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

from consult.accounts.esign.certificates import Trusted
from consult.accounts.esign.verifying import CmsVerifier
from consult.config import Settings
from tests.conftest import START

LONG = timedelta(days=20 * 365)  # tools write into a signature when it really was
YEAR = timedelta(days=365)
PIN = "10101199000015"
DETACHED = (PKCS7Options.DetachedSignature, PKCS7Options.Binary)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str = "", bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of its own for each name."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(name: str = "") -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Owner:
    """Somebody with a key and a certificate: a person or an issuer."""

    key: Key
    certificate: x509.Certificate


def name_of(common: str, number: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, number))
    return x509.Name(parts)


def usage(**yes: bool) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: yes.get(name, False) for name in names})


def _builder(subject: x509.Name, key: Key, begins: datetime, ends: datetime) -> Any:
    named = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    return (
        named.serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def issuer_named(
    common: str, by: Owner | None = None, key: Key | None = None, ends: datetime = START + LONG
) -> Owner:
    """An issuer, signed by itself or by another."""
    own = key or ec_key(common)
    built = _builder(name_of(common), own, START - LONG, ends)
    above = by.key.public_key() if by else own.public_key()
    for extension, critical in (
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (usage(key_cert_sign=True, crl_sign=True), True),
        (x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(above), False),
    ):
        built = built.add_extension(extension, critical)
    built = built.issuer_name(by.certificate.subject if by else name_of(common))
    return Owner(own, built.sign(by.key if by else own, hashes.SHA256()))


def person_named(
    common: str,
    by: Owner,
    *,
    number: str = PIN,
    key: Key | None = None,
    begins: datetime = START - LONG,
    ends: datetime = START + LONG,
    use: x509.KeyUsage | None = None,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    digest: Any = None,
) -> Owner:
    """A person whom an issuer certified."""
    own = key or ec_key(common)
    built = _builder(name_of(common, number), own, begins, ends)
    built = built.issuer_name(by.certificate.subject)
    for extension, critical in (
        (use or usage(digital_signature=True), True),
        (x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), False),
        *extra,
    ):
        built = built.add_extension(extension, critical)
    return Owner(own, built.sign(by.key, digest or hashes.SHA256()))


@cache
def root() -> Owner:
    return issuer_named("Root of trust")


@cache
def aizada() -> Owner:
    return person_named("AIZADA", root())


def signature_by(
    owner: Owner,
    text: bytes,
    *,
    digest: Any = None,
    pss: bool = False,
    options: tuple[PKCS7Options, ...] = DETACHED,
    others: tuple[x509.Certificate, ...] = (),
    encoding: Encoding = Encoding.DER,
    also: Owner | None = None,
) -> bytes:
    """A signature in CMS, as a person's own tool would make it."""
    digest = digest or hashes.SHA256()
    pad = padding.PSS(padding.MGF1(digest), digest.digest_size) if pss else None
    builder = PKCS7SignatureBuilder().set_data(text)
    builder = builder.add_signer(owner.certificate, owner.key, digest, rsa_padding=pad)
    if also:
        builder = builder.add_signer(also.certificate, also.key, digest)
    for certificate in others:
        builder = builder.add_certificate(certificate)
    return builder.sign(encoding, options)


def list_by(
    issuer: Owner,
    *revoked: Owner,
    ends: datetime = START + YEAR,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> x509.CertificateRevocationList:
    """The certificates that an issuer took back a day ago."""
    built = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    built = built.last_update(START - YEAR).next_update(ends)
    for extension, critical in extra:
        built = built.add_extension(extension, critical)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        built = built.add_revoked_certificate(
            entry.revocation_date(START - timedelta(days=1)).build()
        )
    return built.sign(issuer.key, hashes.SHA256())


def verifier(*roots: Owner, lists: Any = None) -> CmsVerifier:
    """The reference verifier, as it is when nothing is set."""
    trusted = Trusted([one.certificate for one in roots or (root(),)], lists)
    settings = Settings()
    return CmsVerifier(trusted, settings.esign_algorithms.split(), settings.esign_subject)
