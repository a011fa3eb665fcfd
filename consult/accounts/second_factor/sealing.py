"""Secrets at rest: what apps share with the site is encrypted, recovery codes are hashed.

Both by keys derived from the secret key (RFC 5869), which is not in the database: a stolen copy of
the tables opens nothing. With another secret key both are of no use; passkeys are.
"""

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=8)
def _derived(secret_key: str, purpose: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"kenesh {purpose}".encode())
    return derive.derive(secret_key.encode())


def _box(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret_key, "one-time codes")))


def seal(secret: str, secret_key: str) -> str:
    return _box(secret_key).encrypt(secret.encode()).decode()


def unseal(sealed: str, secret_key: str) -> str:
    """What was sealed; empty if it was under another secret key, or tampered with."""
    try:
        return _box(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def code_hash(person_id: int, code: str, secret_key: str) -> str:
    """What is kept of a recovery code: of this person, and useless without the secret key."""
    key = _derived(secret_key, "recovery codes")
    return hmac.digest(key, f"{person_id}:{code}".encode(), "sha256").hex()
