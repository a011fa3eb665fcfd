"""Forgetting a person: the account is closed at once, the rest goes in the background.

The background part is many short transactions, each of which does some of what is left to do and
finds by itself what that is: it may be broken off anywhere and begun again.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from consult import outbox
from consult.account_events import AddressTakenOver, PersonForgotten
from consult.accounts.models import Person
from consult.attachments.models import Attachment
from consult.attachments.storing import discard
from consult.audit.actions import note
from consult.comments.models import Comment
from consult.errors import Conflict
from consult.platform import Platform
from consult.privacy import forgotten
from consult.privacy.counted import (
    take_back_poll_answers,
    take_back_signatures,
    take_back_votes,
    take_back_wishes,
)
from consult.privacy.holdings import HOLDINGS
from consult.privacy.leaving import Words, check_no_roles
from consult.privacy.reported import empty_lines
from consult.privacy.rows import delete_at_once, delete_rows, empty, empty_rows
from consult.privacy.rules import places_of
from consult.privacy.standing import roles_of
from consult.privacy.told import (
    delete_mails,
    delete_notices,
    empty_names,
    empty_told,
    farewell_key,
    mails_about,
    mails_of,
    take_over_mails,
    unlink,
)
from consult.privacy.waiting import drop_waiting
from consult.privacy.words import (
    Leaving,
    erase_comments,
    erase_cut_words,
    erase_papers,
    erase_poll_answers,
    erase_problems,
    erase_proposals,
    erase_questions,
    erase_reasons,
    erase_wordings,
    forget_salts,
)
from consult.record.queries import has_begun
from consult.schema import METADATA
from notifications.actions import queue_mail
from notifications.by_mail import take_over_following
from notifications.rules import FAREWELL
from notifications.smtp import mail_folder

Step = Callable[[Session, Leaving], int]  # how much it did; 0: nothing is left

FILES = 50  # attachments taken at once
OWN_ROW = next(place for _, place in places_of(HOLDINGS) if place.table == "person")


def forget(
    session: Session,
    person: Person,
    *,
    words: Words,
    by: int | None,
    now: datetime,
    mail: bool = True,
) -> None:
    """Close an account for good; nothing of it leads to the person from now on.

    `by` is who did it, None the operator or the list of forgotten.py. Twice is once. The person is
    told by mail, which is the last thing their address is used for. Raises Conflict for somebody
    who wants to leave and holds roles.
    """
    session.refresh(person, with_for_update=True)
    if person.forgotten_at is not None:
        return
    person_id, address = person.id or 0, person.email or ""
    if by == person_id:
        check_no_roles(len(roles_of(session, person_id)))
    drop_waiting(session, person_id, address, now)
    empty_names(session, {address, person.name, person.pseudonym} - {""})
    delete_at_once(session, person_id)
    if address:
        take_over_mails(session, person_id, address)
        if mail:
            _say_goodbye(session, person, address, words, now)
    columns = METADATA.tables["person"].c
    for name in OWN_ROW.emptied:
        setattr(person, name, empty(columns[name]))
    person.forgotten_at = now
    session.add(person)
    note(
        session,
        "person_forgotten",
        actor_id=by,
        subject_id=person_id,
        now=now,
        words=words.value,
    )
    outbox.record(session, PersonForgotten(person_id, words is Words.REMOVE), now)


def _say_goodbye(
    session: Session, person: Person, address: str, words: Words, now: datetime
) -> None:
    queue_mail(
        session,
        person,
        key=farewell_key(person.id or 0),
        kind=FAREWELL,
        values={"remove": words is Words.REMOVE},
        path="/",
        now=now,
        recipient=address,
    )


def take_files(session: Session, leaving: Leaving) -> list[str]:
    """Let go of some of the files of their comments; returns the digests of what lies on disk.

    In any case: what is in a file, nobody here can tell, and it may be a name or a photograph.
    """
    query = (
        select(Attachment, Comment)
        .join(Comment, col(Comment.id) == col(Attachment.comment_id))
        .where(Comment.author_id == leaving.person_id)
    )
    digests = []
    for row, comment in session.exec(query.order_by(col(Attachment.id)).limit(FILES)).all():
        digests.append(row.sha256)
        comment.files_n = 0
        session.add(comment)
        session.delete(row)
    session.flush()
    return digests


STEPS: tuple[Step, ...] = (
    take_back_votes,
    take_back_wishes,
    take_back_signatures,
    take_back_poll_answers,
    delete_rows,
    delete_notices,
    erase_comments,
    erase_wordings,
    erase_papers,
    erase_problems,
    erase_proposals,
    erase_questions,
    erase_poll_answers,
    erase_reasons,
    erase_cut_words,
    empty_lines,
    empty_told,
    empty_rows,
    forget_salts,
)


def forget_everywhere(
    session: Session, platform: Platform, event: PersonForgotten, now: datetime
) -> None:
    """What is left to do when an account is closed; done again, nothing happens."""
    if not has_begun(session):
        raise Conflict("The record has not begun yet; this waits for it.")
    person = session.get_one(Person, event.person_id)
    words = Words.REMOVE if event.remove else Words.KEEP
    leaving = Leaving(event.person_id, event.remove, now)
    forgotten.note(platform.settings, person, words, person.forgotten_at or now)
    session.close()  # let go of the database before the work begins
    _forget_files(platform, leaving)
    _forget_mails(platform, leaving)
    for step in STEPS:
        while _some(platform, step, leaving):
            pass
    platform.database.overwrite()


def _forget_files(platform: Platform, leaving: Leaving) -> None:
    """Rows first: what no row names is swept in the end, should this be broken off in between."""
    digests = [""]
    while digests:
        with platform.database.writing() as session:
            digests = take_files(session, leaving)
        discard(platform.settings.data_dir, platform.database, digests, leaving.now)


def _forget_mails(platform: Platform, leaving: Leaving) -> None:
    """Files first: nothing but its row tells whose mail one was."""
    folder = mail_folder(platform.settings)
    with platform.database.reading() as session:
        unlink(folder, mails_about(session, leaving.person_id))
    ids = [0]
    while ids:
        with platform.database.reading() as session:
            ids = mails_of(session, leaving.person_id)
        unlink(folder, ids)
        with platform.database.writing() as session:
            delete_mails(session, ids)


def _some(platform: Platform, step: Step, leaving: Leaving) -> int:
    with platform.database.writing() as session:
        return step(session, leaving)


def forget_rows(session: Session, person_id: int, *, keep_words: bool, now: datetime) -> None:
    """Forget somebody who is not told: an address nobody ever confirmed."""
    person = session.get_one(Person, person_id)
    words = Words.KEEP if keep_words else Words.REMOVE
    forget(session, person, words=words, by=None, now=now, mail=False)


def forget_taken_over(
    session: Session, platform: Platform, event: AddressTakenOver, now: datetime
) -> None:
    """Whoever had the address without an account is forgotten: another reads its mailbox.

    What they follow is followed by who has the address from now on.
    """
    take_over_following(session, platform, event, now)
    forget_rows(session, event.from_id, keep_words=True, now=now)


def forget_again(platform: Platform, now: datetime) -> int:
    """Forget whom a restored backup knows again; returns how many. They are told nothing."""
    with platform.database.reading() as session:
        known = forgotten.known_again(session, platform.settings)
        found = [(one, person.id) for one, person in known]
    for one, person_id in found:
        with platform.database.writing() as session:
            person = session.get_one(Person, person_id)
            forget(session, person, words=one.words, by=None, now=now, mail=False)
    return len(found)
