"""[pure] Rules of notices: what may be followed, what a message is made of, how a mail is named."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from consult.errors import NotFound

# What can be followed: one of these ("draft:12", "topic:health"), or a whole.
NUMBERED = ("draft", "agency", "plan", "search", "proposal")
CODED = ("topic", "act_type")
WHOLE = ("plan", "all")  # the plan of law-making; everything
FOLLOWED = (*NUMBERED, *CODED, "all")
MOST_FOLLOWED = 100  # things that one person follows
CADENCES = ("at_once", "daily", "weekly")
CATEGORIES = ("answers", "discussions", "plans", "work")
EVERYTHING = "everything"  # what the other button beside "stop these mails" ends
ACCOUNT = "account"  # no category to choose: such mails cannot be switched off
# Kinds of mails to an address that somebody typed, whose reader may have no account at all.
ENTERED = frozenset({"confirm", "address", "follow", "following", "invitation"})
FAREWELL = "forgotten"  # the kind of the last mail to whose account was deleted
DIGESTS = ("daily", "weekly")
DIGEST_AT = time(8)  # on the clock of who reads it; the weekly one on Mondays

# What each kind of message is about, of what a person may choose how often it is mailed. A kind
# that does not stand here is about accounts, and is no notice (actions.queue_mail).
CATEGORY_OF: Mapping[str, str] = {
    kind: category
    for category, kinds in {
        "answers": (
            *("receipt", "reply", "answered", "contest_decided", "still_relevant", "delay"),
            *("hidden", "held", "redacted", "restored", "report_settled", "appeal_decided"),
            *("signed_answered", "signed_contest_decided", "signed_hidden", "signed_restored"),
            *("signed_withdrawn", "commitment", "problem_answered", "problem_hidden"),
            *("proposal_reached", "proposal_answered", "proposal_led", "proposal_joined"),
            *("proposal_withdrawn", "proposal_hidden"),
            *("question_answered", "question_forwarded", "question_hidden"),
        ),
        "discussions": (
            *("consultation_opened", "consultation_extended", "report_published"),
            *("opinion_given", "reading_held", "roll_call"),
            *("adopted", "rejected", "practice_review"),
            *("hearing_announced", "hearing_changed", "hearing_near", "hearing_minutes"),
            "hearing_seat",
        ),
        "plans": ("plan_changed", "plan_published", "plan_started"),
        "work": (
            *("answer_contested", "appealed", "comments_assigned", "reminder", "terms_moved"),
            *("duty_assigned", "duty_corrected", "duty_decided", "duty_proposed", "webhook_off"),
            *("opinion_asked", "opinion_put", "opinion_answered", "opinion_to_answer"),
            *("bill_referred", "problem_reported"),
            *("question_asked", "deputy_asked"),
        ),
    }.items()
    for kind in kinds
}


def slot_before(cadence: str, zone: tzinfo, now: datetime) -> tuple[date, datetime]:
    """The day, on the clock of `zone`, and the instant (UTC) of the newest slot of a digest.

    By the calendar: where the clock is turned, a day may have 23 or 25 hours. An hour that is left
    out there is taken for the one after it, one that comes twice for the first of the two.
    """
    day = now.astimezone(zone).date()
    if cadence == "weekly":
        day -= timedelta(days=day.weekday())
    step = timedelta(days=7 if cadence == "weekly" else 1)
    day += step
    while _slot(day, zone) > now:
        day -= step
    return day, _slot(day, zone)


def slot_after(cadence: str, zone: tzinfo, now: datetime) -> datetime:
    """The instant (UTC) of the next slot of a daily or weekly digest: always later than `now`."""
    day, _ = slot_before(cadence, zone, now)
    step = timedelta(days=7 if cadence == "weekly" else 1)
    while (at := _slot(day, zone)) <= now:
        day += step
    return at


def _slot(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, DIGEST_AT, zone).astimezone(UTC)


def zone_of(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone a person chose; that of the law if none, or one that is not known any more."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


def numbers_in(key: str) -> tuple[int, ...]:
    """(12, 7) of "opened:12:7": what a message is about, by the number of its row."""
    return tuple(int(part) for part in key.split(":") if part.isascii() and part.isdigit())


def mail_key(message_key: str, person_id: int) -> str:
    """The key of the mail that says a message to one of many: "opened:12:7"."""
    return f"{message_key}:{person_id}"


def parts_of(target: str) -> tuple[str, str]:
    """("draft", "12") of "draft:12", ("plan", "") of "plan": the kind and which one of it.

    Raises NotFound for anything that cannot be followed.
    """
    kind, _, key = target.partition(":")
    is_number = key.isascii() and key.isdigit() and len(key) < 10
    is_code = key.isascii() and key.replace("_", "").isalnum() and len(key) <= 40
    if target in WHOLE or (kind in NUMBERED and is_number) or (kind in CODED and is_code):
        return kind, key
    raise NotFound("There is nothing to follow here.")


def unsubscribe_value(person_id: int, target: str) -> str:
    """What the link in a mail stands for: "7:draft:12".

    The person and the thing rather than the row: the number of a deleted row may be given again.
    """
    return f"{person_id}:{target}"


def read_unsubscribe_value(value: str) -> tuple[int, str]:
    """(7, "draft:12") of "7:draft:12"."""
    person_id, _, target = value.partition(":")
    return int(person_id), target


def is_followed(target: str) -> bool:
    """Whether this is something that can be followed."""
    try:
        parts_of(target)
    except NotFound:
        return False
    return True


def parts_of_stopping(target: str) -> tuple[str, str]:
    """("category", "answers") of "category:answers": what the link of a mail ends.

    Beside what can be followed: a category, the mails of a day or a week, everything.
    """
    kind, _, key = target.partition(":")
    return kind, key


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
    """A title or a name as it may stand in the subject of a mail: nothing in it is invisible.

    Marks that turn the direction of writing would make a subject look like another.
    """
    return " ".join("".join(c for c in text if c.isspace() or c.isprintable()).split())


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a mail, the same whenever it is tried again (RFC 5322, 3.6.4)."""
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
