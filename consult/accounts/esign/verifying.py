"""[pure] The reference verifier: a signature in CMS by a certificate of a trusted issuer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from consult.accounts.esign.certificates import (
    Trusted,
    certificate_of,
    chain_of,
    check_not_revoked,
    check_time,
    check_use,
    signer_in,
)
from consult.accounts.esign.checking import check_key, check_text, method_of, signed_at
from consult.accounts.esign.cms import UNREADABLE, Signed, read
from consult.accounts.esign.rules import FIELD, Signer, check_size
from consult.errors import DomainError, Invalid

# What `cryptography` raises over a certificate that is not as it must be, when it is looked into.
GARBLED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class CmsVerifier:
    """Signatures as people's own tools make them (CAdES, PKCS#7), checked with nobody's help.

    `methods` are taken, by their names in JOSE ("PS256"); `subject_oid` is the attribute of a
    certificate's subject that holds the number of its owner.
    """

    trusted: Trusted
    methods: Collection[str]
    subject_oid: str

    def signer_of(self, signed: bytes, signature: bytes, at: datetime) -> Signer:
        """Who signed these bytes, at an instant; raises Invalid with what is wrong (rules.py)."""
        check_size(len(signature))
        try:
            return self._signer_of(signed, read(signature), at)
        except DomainError:
            raise
        except GARBLED:
            raise Invalid(UNREADABLE, field=FIELD) from None

    def _signer_of(self, text: bytes, signed: Signed, at: datetime) -> Signer:
        method = method_of(signed, self.methods)
        check_text(signed, text, method)
        certificate = certificate_of(signed.signer, signed.certificates)
        check_key(signed, method, certificate.public_key())
        check_use(certificate)
        for instant in {at, signed_at(signed) or at}:
            check_time(certificate, instant)
        chain = chain_of(certificate, signed.certificates, self.trusted, at)
        check_not_revoked(chain, self.trusted, at)
        return signer_in(certificate, self.subject_oid)
