"""[pure] Signed links that work without signing in, such as "stop these mails" (RFC 8058)."""

import hashlib
import hmac

FOLLOW = "follow"  # "yes, tell me": person, until when the link is good, target
MANAGE = "following"  # all that a person follows, to be changed without an account: their id
UNSUBSCRIBE = "unsubscribe"  # what the link of a mail stops: person, target
DISAVOW = "disavow"  # "I did not write this": the value is the id of the comment


def sign(secret: str, purpose: str, value: str) -> str:
    """`value` with a signature that only this installation can make, for one purpose."""
    return f"{value}.{_digest(secret, purpose, value)}"


def unsign(secret: str, purpose: str, token: str) -> str | None:
    """The value of a token, or None if it was not signed here for this purpose."""
    value, _, digest = token.rpartition(".")
    expected = _digest(secret, purpose, value)
    return value if hmac.compare_digest(digest.encode(), expected.encode()) else None


def manage_path(secret: str, person_id: int) -> str:
    """Where whoever reads this person's mail sees and changes what they follow."""
    return f"/following/{sign(secret, MANAGE, str(person_id))}"


def read_managing(secret: str, token: str) -> int | None:
    """The person of such a path's token, or None if it was not made here."""
    value = unsign(secret, MANAGE, token)
    return int(value) if value else None


def _digest(secret: str, purpose: str, value: str) -> str:
    text = f"{purpose}:{value}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
