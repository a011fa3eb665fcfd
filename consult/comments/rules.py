"""[pure] Rules of comments: what one may hold, where a reply stands, until when it may be edited.

How a proposed wording changes the text is drafts/versions/proposing.py.
"""

import hashlib
import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

from consult.errors import Invalid, NotAllowed

KINDS = ("editorial", "substantive", "wording", "question")
STANCES = ("support", "oppose", "neutral")
OWN_CHANNELS = ("web", "api")  # sent by its author, on a page or by a program
CHANNELS = (*OWN_CHANNELS, "paper", "mail", "hearing")
CHANGES = ("", "replacement", "insertion", "deletion")  # what a proposed wording does to the text
MAX_DEPTH = 3  # how deep a reply may stand; the comment that begins a thread stands at 0
MANDATE_MAX = 300  # characters


def clean_body(text: str) -> str:
    """The words as they are kept: composed letters, plain line ends, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


class Spot(NamedTuple):
    """Where a reply stands: beneath what, in which thread, how deep.

    `reply_to_id` is the comment it replies to where that is not the one it stands beneath.
    """

    parent_id: int
    root_id: int
    depth: int
    reply_to_id: int | None = None


def spot_of_reply(
    comment_id: int, parent_id: int | None = None, root_id: int | None = None, depth: int = 0
) -> Spot:
    """Where a reply to this comment stands: beneath it, or beside it when it stands deepest."""
    if parent_id is not None and depth >= MAX_DEPTH:
        return Spot(parent_id, root_id or parent_id, depth, comment_id)
    return Spot(comment_id, root_id or comment_id, depth + 1)


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


def change_of(change: str, proposed: str) -> str:
    """What is proposed, "" when nothing is: words without more are to replace those there are."""
    return change or ("replacement" if proposed else "")


def kind_of(kind: str, change: str) -> str:
    """Whatever proposes a change is about wording, unless its author calls it editorial."""
    return "wording" if change and kind in ("substantive", "question") else kind


def check_change(change: str, proposed: str, *, kind: str, wid: str) -> None:
    """Refuse a proposal that does not say what is to become of which words."""
    if change not in CHANGES:
        raise Invalid("Please choose one of the options.", field="change")
    if not proposed and change != "deletion" and (change or kind == "wording"):
        raise Invalid("Please write the wording you propose.", field="proposed")
    if change == "deletion" and proposed:
        raise Invalid(
            "You propose to delete these words: please leave the new wording empty, "
            "or choose that it replaces them.",
            field="proposed",
        )
    if change == "deletion" and not wid:
        raise Invalid(
            "To propose a deletion, please comment on the provision or on words of it.",
            field="change",
        )


def check_differs(text: str, changed: str) -> None:
    """Refuse a proposal that leaves the text as it reads already."""
    if text.split() == changed.split():
        raise Invalid(
            "The text reads so already: please write what should be different.", field="proposed"
        )


def check_mandate(mandate: str, *, is_organisation: bool) -> None:
    """Only an organisation speaks on somebody's behalf, and says so in a line."""
    if mandate and not is_organisation:
        raise Invalid("Only an organisation can say on whose behalf it speaks.", field="mandate")
    if len(mandate) > MANDATE_MAX:
        raise Invalid(
            "This is too long: at most {most} characters.", field="mandate", most=MANDATE_MAX
        )


def check_own(author_id: int, person_id: int) -> None:
    """Refuse changing somebody else's comment."""
    if author_id != person_id:
        raise NotAllowed("This is not your comment.")


def check_not_own(author_id: int, person_id: int) -> None:
    """Refuse whoever would decide about a comment of their own."""
    if author_id == person_id:
        raise NotAllowed("This is about your own comment: somebody else has to decide.")


def check_editable(created_at: datetime, now: datetime, window: timedelta) -> None:
    """Refuse editing after the window: from then on the words stand as they are."""
    if now >= created_at + window:
        minutes = int(window.total_seconds() // 60)
        raise NotAllowed(
            "A comment can be changed for {minutes} minutes. "
            "You can still withdraw it, or write another.",
            minutes=minutes,
        )


def check_unsigned(signed_n: int) -> None:
    """Refuse editing words that others have signed: what they signed must stand."""
    if signed_n > 0:
        raise NotAllowed(
            "Others have signed these words, so they can no longer be changed. "
            "You can still withdraw them, or write another comment."
        )


def receipt_number(comment_id: int, at: datetime) -> str:
    """The number a person is given: "K-2026-004127"."""
    return f"K-{at:%Y}-{comment_id:06d}"


def body_hash(body: str, proposed: str, change: str = "") -> str:
    """The SHA-256 (hexadecimal) printed on the receipt: proof of what was said.

    A replacement is not named in it, so that receipts hold that are older than the other changes.
    """
    said = [body, proposed]
    if change not in ("", "replacement"):
        said.append(change)
    return hashlib.sha256("\n\x1f\n".join(said).encode()).hexdigest()
