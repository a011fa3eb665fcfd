"""[pure] Mails that come back: the address each is sent from, what a report says, what it weighs.

A mail goes out from an address of its own (VERP), so that whatever comes back names the mail even
where the report of it cannot be read: bounce+12.3f2a…@example.kg. Its signature covers the address
it went to: a report about an address that somebody has left by now is no good, and nobody can
make one up.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

FINAL_POINTS = 3  # what a final failure weighs; one that may pass weighs a third of it
MAILS_AGAIN = "mails_again"  # the purpose of the link that switches mail on again
REPORT_MAX = 1_000_000  # bytes of a report that are looked at
REASON_MAX = 500
PARTS_MAX = 100  # of a report: a hostile one has thousands
_VERP = re.compile(r"\+(\d{1,18})\.([0-9a-f]{20})@")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_WANT_OUT = re.compile(r"\bunsubscribe[ +]([^\s<>\"]{20,200})", re.IGNORECASE)
# Of failures in the 5.x.x class, those that are about the address (RFC 3463): another one is about
# what was sent, or about us, and must not silence a person.
_ABOUT_ADDRESS = {"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.0", "2.1"}


@dataclass(frozen=True, slots=True)
class Report:
    """One mail that came back. `mail` is the address it was sent from, or `recipient` to whom.

    `is_final`: the address does not exist, rather than that its box is full today.
    """

    mail: str = ""
    recipient: str = ""
    is_final: bool = False
    reason: str = ""


def return_path(address: str, secret: str, mail_id: int, recipient: str) -> str:
    """The address a mail is sent from; `address` is that of the installation, "bounce@…"."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{mail_id}.{_signature(secret, mail_id, recipient)}@{domain}"


def mail_of(returned_to: str) -> tuple[int, str] | None:
    """(number of the mail, signature) of such an address, to be checked; None if it is another."""
    found = _VERP.search(returned_to)
    if not found or int(found[1]) >= 2**31:
        return None
    return int(found[1]), found[2]


def is_signed(secret: str, mail_id: int, recipient: str, signature: str) -> bool:
    """Whether this mail was sent from here to this address."""
    return hmac.compare_digest(_signature(secret, mail_id, recipient), signature)


def _signature(secret: str, mail_id: int, recipient: str) -> str:
    value = f"bounce:{mail_id}:{recipient.casefold()}"
    return hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest()[:20]


def again_value(person_id: int, off_at: datetime) -> str:
    """What the link that switches mail on again stands for: once used, it is worth nothing."""
    return f"{person_id}:{off_at.isoformat()}"


def points(*, is_final: bool) -> int:
    """What a mail that came back weighs against its address."""
    return FINAL_POINTS if is_final else 1


def is_too_much(weight: int, limit: int) -> bool:
    """Whether nothing more is mailed to an address; `limit` is so many final failures."""
    return weight >= limit * FINAL_POINTS


def is_about_address(reply: str) -> bool:
    """Whether a mail server that refuses for good (RFC 3463) speaks of the address, not of us."""
    found = _STATUS.search(reply)
    return bool(found) and found[1] == "5" and f"{found[2]}.{found[3]}" in _ABOUT_ADDRESS  # type: ignore[index]


def read_report(raw: bytes) -> Report | None:
    """What a mail to the address for returned mails says (RFC 3464); None if nothing failed.

    It comes from anywhere and may say anything: whatever cannot be read counts as nothing.
    """
    message = message_from_bytes(raw[:REPORT_MAX], policy=compat32)
    mail = _sent_from(message)
    fields = _delivery_fields(message)
    if not fields or fields.get("action", "failed") not in {"failed", ""}:
        return None  # delayed, delivered, or no report at all: an answer from a holiday
    status = fields.get("status", "")
    words = _one_line(f"{status} {fields.get('diagnostic-code', '')}")
    recipient = fields.get("final-recipient", "") or fields.get("original-recipient", "")
    address = recipient.rpartition(";")[2].strip().strip("<>").casefold()
    return Report(mail, address[:254], is_about_address(words), words[:REASON_MAX])


def wish_to_stop(raw: bytes) -> str:
    """The token of a mail that asks to stop ("mailto" of List-Unsubscribe); "" for any other."""
    message = message_from_bytes(raw[:REPORT_MAX], policy=compat32)
    found = _WANT_OUT.search(_one_line(_header(message, "subject")))
    return found[1] if found else ""


def _sent_from(message: Message) -> str:
    """The address it came back to, from whichever header the mail server wrote it into."""
    for name in ("x-original-to", "delivered-to", "envelope-to", "to"):
        for value in message.get_all(name) or ():
            if _VERP.search(str(value)):
                return str(value)[:400]
    return ""


def _delivery_fields(message: Message) -> dict[str, str]:
    """The fields of the first recipient of a message/delivery-status that has failed."""
    for n, part in enumerate(message.walk()):
        if n > PARTS_MAX:
            break
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if not isinstance(block, Message):
                continue
            fields = {name.casefold(): _one_line(_header(block, name)) for name in block}
            if "status" in fields or "action" in fields:
                return fields | {"action": fields.get("action", "").casefold()}
    return {}


def _header(message: Message, name: str) -> str:
    return str(message.get(name, ""))


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
