"""[pure] Rules of comments: what one may hold, until when it may be edited, its receipt."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from consult.errors import Invalid, NotAllowed

KINDS = ("editorial", "substantive", "wording", "question")
STANCES = ("support", "oppose", "neutral")
CHANNELS = ("web", "paper", "mail", "hearing")
CHANGES = ("", "replacement", "insertion", "deletion")  # what a proposed wording does to the text


def clean_body(text: str) -> str:
    """The words as they are kept: composed letters, plain line ends, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def check_words(body: str, proposed: str, *, kind: str, stance: str, most: int) -> None:
    """Refuse an empty or endless comment, and unknown kinds; `most` is in characters."""
    if not any(c.isprintable() and not c.isspace() for c in body):
        raise Invalid("Please write your comment.", field="body")
    for field, text in (("body", body), ("proposed", proposed)):
        if len(text) > most:
            raise Invalid(
                "This is too long: {length} characters, at most {most} are taken. "
                "Your text is kept below; please shorten it or send it as several comments.",
                field=field,
                length=len(text),
                most=most,
            )
    if kind not in KINDS:
        raise Invalid("Please choose the kind of your comment.", field="kind")
    if stance not in STANCES:
        raise Invalid("Please choose one of the options.", field="stance")
    if kind == "wording" and not proposed:
        raise Invalid("Please write the wording you propose.", field="proposed")


def check_own(author_id: int, person_id: int) -> None:
    """Refuse changing somebody else's comment."""
    if author_id != person_id:
        raise NotAllowed("This is not your comment.")


def check_editable(created_at: datetime, now: datetime, window: timedelta) -> None:
    """Refuse editing after the window: from then on the words stand as they are."""
    if now >= created_at + window:
        minutes = int(window.total_seconds() // 60)
        raise NotAllowed(
            "A comment can be changed for {minutes} minutes. "
            "You can still withdraw it, or write another.",
            minutes=minutes,
        )


def receipt_number(comment_id: int, at: datetime) -> str:
    """The number a person is given: "K-2026-004127"."""
    return f"K-{at:%Y}-{comment_id:06d}"


def body_hash(body: str, proposed: str) -> str:
    """The SHA-256 (hexadecimal) printed on the receipt: proof of what was said."""
    return hashlib.sha256(f"{body}\n\x1f\n{proposed}".encode()).hexdigest()
