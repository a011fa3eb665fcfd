"""What a mail says: its subject, text and HTML, made when it goes out, in the reader's language.

Whether it is to go out at all is asked in relevance.py.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.platform import Platform
from consult.templating import environment
from notifications.followed import followed
from notifications.links import UNSUBSCRIBE, manage_path, sign
from notifications.models import Mail, Message, Notice
from notifications.plain import laid_out, subject_line
from notifications.relevance import UnwantedError, why_not
from notifications.rules import ACCOUNT, ENTERED, spoken, unsubscribe_value

LISTED = 100  # messages in a digest; the others are counted, and stand in the cabinet


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is read. `unsubscribe_path` is "" where there is nothing to stop.

    Mails of one `thread` ("draft:12") belong together.
    """

    recipient: str
    lang: str
    subject: str
    text: str
    html: str
    unsubscribe_path: str
    thread: str = ""


def letter(session: Session, platform: Platform, mail: Mail, now: datetime) -> Letter:
    """The mail as it goes out. Raises UnwantedError if it is not wanted, or not true any more."""
    person = session.get(Person, mail.person_id) if mail.person_id else None
    if mail.message_id is None:
        return _digest(session, platform, mail, person, now)
    message = session.get_one(Message, mail.message_id)
    reason = why_not(session, platform, message, person, mail.target, now)
    if reason:
        raise UnwantedError(reason)
    return letter_of(session, platform, mail)


def letter_of(session: Session, platform: Platform, mail: Mail) -> Letter:
    """The same without asking whether it still is to go out."""
    person = session.get(Person, mail.person_id) if mail.person_id else None
    if mail.message_id is None:
        return _digest(session, platform, mail, person, None)
    message = session.get_one(Message, mail.message_id)
    things = followed(session, platform.pack, [mail.target]) if mail.target else []
    context = {
        "values": spoken(message.values),
        "path": message.path,
        "follows": things[0].names if things else {},
        "why": _why(mail, message),
    }
    stops = mail.target or ("" if message.category == ACCOUNT else f"category:{message.category}")
    draft_id = message.values.get("draft_id")
    thread = f"draft:{draft_id}" if draft_id else ""
    return _written(platform, mail, person, message.kind, context, stops, thread)


def _why(mail: Mail, message: Message) -> str:
    """Why they get it, as mail/_why.html has it."""
    if message.kind in ENTERED:
        return "entered"
    return "follows" if mail.target else message.category


def _written(
    platform: Platform,
    mail: Mail,
    person: Person | None,
    kind: str,
    context: dict[str, Any],
    stops: str,
    thread: str = "",
) -> Letter:
    """`stops` is what its link ends (stopping.py); "" if it cannot be stopped."""
    lang = mail.lang or (person.lang if person else platform.settings.default_lang)
    secret, person_id = platform.settings.secret_key, mail.person_id
    unsubscribe = ""
    if stops and person_id is not None:
        unsubscribe = (
            f"/unsubscribe/{sign(secret, UNSUBSCRIBE, unsubscribe_value(person_id, stops))}"
        )
        context |= {"manage": manage_path(secret, person_id)}
    context |= {
        "person": person,
        "base": platform.settings.base_url.rstrip("/"),
        "unsubscribe": unsubscribe,
    }
    said = triple(lang, platform.pack.tz, kind, context)
    recipient = mail.recipient or (person.email if person else "") or ""
    return Letter(recipient, lang, *said, unsubscribe, thread)


def triple(
    lang: str, zone: ZoneInfo, kind: str, context: Mapping[str, Any]
) -> tuple[str, str, str]:
    """(subject, text, HTML). The first line of a template in text is the subject.

    `context`: values, path, person, base, unsubscribe; why, follows and manage (mail/layout.txt).
    """
    env = environment(lang, zone)
    first, _, text = env.get_template(f"mail/{kind}.txt").render(context).partition("\n")
    subject = subject_line(first)
    html = env.get_template("mail/layout.html").render(
        context, subject=subject, fragment=f"notices/{kind}.html"
    )
    return subject, laid_out(text), html


def _digest(
    session: Session, platform: Platform, mail: Mail, person: Person | None, now: datetime | None
) -> Letter:
    """What is still true of what its notices say, in sections by what is followed."""
    rows = session.exec(
        select(Notice, Message)
        .join(Message, col(Message.id) == col(Notice.message_id))
        .where(Notice.mail_id == mail.id)
        .order_by(col(Notice.id))
    ).all()
    said = [
        (notice.target, message)
        for notice, message in rows
        if now is None or not why_not(session, platform, message, person, notice.target, now)
    ]
    if person is None or not said:
        raise UnwantedError("nothing of it is wanted, or true any more")
    env = environment(person.lang, platform.pack.tz)
    sections: dict[str, list[dict[str, str]]] = defaultdict(list)
    for target, message in said[:LISTED]:
        text = env.get_template(f"mail/{message.kind}.txt").render(
            values=spoken(message.values), path=message.path, base="", person=person, unsubscribe=""
        )
        subject = " ".join(text.partition("\n")[0].split())
        sections[target].append({"subject": subject, "path": message.path})
    things = followed(session, platform.pack, [target for target in sections if target])
    names = {thing.target: thing.names for thing in things}
    values = {
        "cadence": mail.target.partition(":")[2],
        "count": len(said),
        "more": max(len(said) - LISTED, 0),
        "sections": [{"names": names.get(one, {}), "said": sections[one]} for one in sections],
    }
    context = {"values": values, "path": "/cabinet/notices", "why": "digest"}
    return _written(platform, mail, person, "digest", context, mail.target)
