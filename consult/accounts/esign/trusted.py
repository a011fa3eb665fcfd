"""Certificates of trusted issuers and lists of what they revoked, read from folders."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from cryptography import x509

from consult.accounts.esign.certificates import Trusted
from consult.errors import Invalid

T = TypeVar("T")
CERTIFICATES = {".pem", ".crt", ".cer", ".der"}
LISTS = {".pem", ".crl"}
PEM = b"-----BEGIN"


def read_trusted(roots: Path, lists: Path | None) -> Trusted:
    """What stands in the folders; `lists` None: nobody is asked what was revoked.

    Raises Invalid naming the folder without a certificate, or the file that cannot be read.
    """
    found = [one for file in _files(roots, CERTIFICATES) for one in _read(file, _certificates)]
    if not found:
        raise Invalid("{folder} holds no certificates.", folder=str(roots))
    if lists is None:
        return Trusted(found)
    return Trusted(found, [one for file in _files(lists, LISTS) for one in _read(file, _revoked)])


def _files(folder: Path, endings: set[str]) -> Iterator[Path]:
    try:
        yield from sorted(one for one in folder.iterdir() if one.suffix.lower() in endings)
    except OSError:
        raise Invalid("{folder} is no folder that can be read.", folder=str(folder)) from None


def _read(file: Path, how: Callable[[bytes], list[T]]) -> list[T]:
    try:
        return how(file.read_bytes())
    except (OSError, ValueError):
        raise Invalid("{file} cannot be read.", file=str(file)) from None


def _certificates(data: bytes) -> list[x509.Certificate]:
    if PEM in data:
        return x509.load_pem_x509_certificates(data)
    return [x509.load_der_x509_certificate(data)]


def _revoked(data: bytes) -> list[x509.CertificateRevocationList]:
    return [x509.load_pem_x509_crl(data) if PEM in data else x509.load_der_x509_crl(data)]
