"""[pure] Rules of notices: what may be followed, what a message is made of, how a mail is named."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from consult.errors import NotFound

FOLLOWED = ("draft", "agency", "plan")
ABOUT_ACCOUNTS = ("confirm", "reset", "known_address")


def read_target(target: str) -> tuple[str, int]:
    """("draft", 12) of "draft:12"; raises NotFound for anything that cannot be followed."""
    kind, _, number = target.partition(":")
    if kind not in FOLLOWED or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound("There is nothing to follow here.")
    return kind, int(number)


def unsubscribe_value(person_id: int, target: str) -> str:
    """What the link in a mail stands for: "7:draft:12".

    The person and the thing rather than the row: the number of a deleted row may be given again.
    """
    return f"{person_id}:{target}"


def read_unsubscribe_value(value: str) -> tuple[int, str]:
    """(7, "draft:12") of "7:draft:12"."""
    person_id, _, target = value.partition(":")
    return int(person_id), target


def spoken(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a notice as templates say them: `*_at` an instant again, `*_on` a day.

    In a list of such values, each of them.
    """
    return {name: _spoken(name, value) for name, value in values.items()}


def _spoken(name: str, value: Any) -> Any:
    kinds = {"_at": datetime, "_on": date}
    if isinstance(value, list):
        return [spoken(one) if isinstance(one, dict) else one for one in value]
    return kinds[name[-3:]].fromisoformat(value) if value and name[-3:] in kinds else value


def one_line(text: str) -> str:
    """A title or a name as it may stand in the subject of a mail."""
    return " ".join(text.split())


def is_about_account(key: str) -> bool:
    """Whether the mail with this key may hold a link that opens an account."""
    return key.partition(":")[0] in ABOUT_ACCOUNTS


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a mail, the same whenever it is tried again (RFC 5322, 3.6.4)."""
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
