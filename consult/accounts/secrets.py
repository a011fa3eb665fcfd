"""Passwords and tokens: made, hashed, compared. Keeps nothing and asks nobody."""

import hashlib
import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


@cache
def _hasher() -> PasswordHash:
    # OWASP's minimum for Argon2id: 19 MiB, two passes, one lane; about 20 ms.
    return PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))


def hash_password(password: str) -> str:
    return _hasher().hash(password)


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe())


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password fits. Without a hash (no such account) it takes as long to say no."""
    fits = _hasher().verify(password, password_hash or _nobodys_hash())
    return fits and password_hash is not None


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: a stolen table signs nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()
