"""[pure] Signed links that work without signing in, such as "stop these mails" (RFC 8058)."""

import hashlib
import hmac


def sign(secret: str, purpose: str, value: int) -> str:
    """`value` with a signature that only this installation can make, for one purpose."""
    text = f"{purpose}:{value}"
    return f"{value}.{_digest(secret, text)}"


def unsign(secret: str, purpose: str, token: str) -> int | None:
    """The value of a token, or None if it was not signed here for this purpose."""
    value, _, digest = token.partition(".")
    if not value.isascii() or not value.isdigit():
        return None
    expected = _digest(secret, f"{purpose}:{int(value)}")
    return int(value) if hmac.compare_digest(digest.encode(), expected.encode()) else None


def _digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
