"""Notices: who is told what, once; following; links that need no sign-in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from consult import account_events
from consult.access import Role
from consult.accounts.models import Person
from consult.errors import NotAllowed, NotFound
from consult.outbox import OutboxEvent, revive
from consult.platform import Platform
from consult.privacy.forgetting import forget
from consult.privacy.leaving import Words
from consult.wiring import HANDLERS, OUTSIDE
from drafts.models import Draft
from drafts.versions.diffing import word_pieces
from notifications.actions import mark_read
from notifications.followed import followed
from notifications.following import follow, unfollow
from notifications.links import sign, unsign
from notifications.models import Mail, Notice, Subscription
from notifications.queries import notices_of, unread, waits_for_notice
from notifications.rendering import letter_of
from notifications.rules import message_id, parts_of, spoken
from tests.conftest import START
from tests.decrees import PACK
from tests.factories import (
    OPERATOR,
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
    release_report,
)


def handle_everything(session: Session, platform: Platform) -> None:
    """Run every handler of everything that was recorded, as the worker would."""
    for row in session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id))).all():
        event = revive(row)
        for handler in HANDLERS[type(event)]:
            if handler not in OUTSIDE:
                handler(session, platform, event, START)


def told(session: Session, person: Person) -> list[tuple[str, dict[str, Any]]]:
    """What a person finds in the cabinet, the oldest first."""
    return [(m.kind, m.values) for _, m in reversed(notices_of(session, person.id or 0))]


def an_answered_comment(session: Session) -> Person:
    """A draft whose article 1 was changed because of Aizada's comment; the report is out."""
    agency = make_agency(session)
    officer = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    approver = make_person(session, "Bakyt", role=Role.APPROVER, agency=agency)
    citizen = make_person(session)
    draft = make_draft(session, agency, ("It is open five days a week.",))
    consultation = open_consultation(session, draft)
    comment = make_comment(session, draft, citizen, "Seven days, please.", wid="art_1")
    draft = close_consultation(session, consultation)
    add_version(session, draft, ("It is open six days a week.",))
    answer_comment(session, comment, officer, approver, changed_wid="art_1")
    release_report(session, consultation, officer)
    return citizen


def test_an_author_is_told_what_became_of_the_comment(session: Session, platform: Platform) -> None:
    citizen = an_answered_comment(session)
    handle_everything(session, platform)
    kinds = [kind for kind, _ in told(session, citizen)]
    assert sorted(kinds) == ["answered", "consultation_opened", "receipt", "report_published"]
    answered = dict(told(session, citizen))["answered"]
    assert answered["body"] == "Seven days, please."
    assert answered["outcome"] == "accepted_in_part"
    assert answered["reason"] == "The budget allows six days, not seven."
    assert ["del", "five"] in answered["words"]
    assert ["ins", "six"] in answered["words"]


def test_an_author_who_was_forgotten_keeps_no_duty_to_tell_open(session: Session) -> None:
    agency = make_agency(session)
    draft = make_draft(session, agency)
    consultation = open_consultation(session, draft)
    gone, here = make_person(session, "Bolot"), make_person(session)
    for author in (gone, here):
        make_comment(session, draft, author)
    forget(session, gone, words=Words.KEEP, by=gone.id, now=START)
    assert waits_for_notice(session, consultation.id or 0), "Aizada was not told yet"
    forget(session, here, words=Words.KEEP, by=here.id, now=START)
    assert not waits_for_notice(session, consultation.id or 0)


def test_nobody_is_told_twice_when_handlers_run_twice(session: Session, platform: Platform) -> None:
    an_answered_comment(session)
    for _ in range(2):
        handle_everything(session, platform)
    assert len(session.exec(select(Notice)).all()) == 4
    mails = session.exec(select(Mail.key)).all()
    assert len(mails) == len(set(mails)) == 4


def test_a_reply_is_told_to_the_one_replied_to_but_not_to_oneself(
    session: Session, platform: Platform
) -> None:
    aizada, bolot = make_person(session, "Aizada"), make_person(session, "Bolot")
    draft = make_draft(session, make_agency(session))
    open_consultation(session, draft)
    comment = make_comment(session, draft, aizada)
    make_comment(session, draft, bolot, "I agree.", parent=comment)
    make_comment(session, draft, aizada, "Thank you.", parent=comment)
    handle_everything(session, platform)
    replies = [values for kind, values in told(session, aizada) if kind == "reply"]
    assert [reply["body"] for reply in replies] == ["I agree."]


def test_followers_of_a_draft_and_of_its_agency_hear_of_the_opening_once(
    session: Session, platform: Platform
) -> None:
    agency = make_agency(session)
    person = make_person(session)
    draft = make_draft(session, agency)
    follow(session, PACK, actor=actor_of(session, person), target=f"agency:{agency.id}", now=START)
    open_consultation(session, draft)
    follow(session, PACK, actor=actor_of(session, person), target=f"draft:{draft.id}", now=START)
    handle_everything(session, platform)
    assert [kind for kind, _ in told(session, person)] == ["consultation_opened"]
    mail = session.exec(select(Mail)).one()
    assert mail.target == f"draft:{draft.id}"


def test_the_owner_of_a_known_address_gets_one_mail_a_day(
    session: Session, platform: Platform
) -> None:
    person = make_person(session)
    for _ in range(3):
        for handler in HANDLERS[account_events.RegistrationRepeated]:
            handler(session, platform, account_events.RegistrationRepeated(person.id or 0), START)
    assert session.exec(select(Mail.recipient)).all() == [person.email]
    assert told(session, person) == []


def test_following_twice_is_once_and_can_be_undone(session: Session) -> None:
    person = make_person(session)
    actor = actor_of(session, person)
    target = f"agency:{make_agency(session).id}"
    for _ in range(2):
        follow(session, PACK, actor=actor, target=target, now=START)
    assert len(session.exec(select(Subscription)).all()) == 1
    for _ in range(2):
        unfollow(session, person_id=person.id or 0, target=target)
    assert session.exec(select(Subscription)).all() == []


def test_what_may_not_be_seen_cannot_be_followed(session: Session) -> None:
    actor = actor_of(session, make_person(session))
    hidden = make_draft(session, make_agency(session))
    targets = (f"draft:{hidden.id}", "draft:999", "agency:999", "person:1", "draft:-1", "draft:x")
    for target in targets:
        with pytest.raises(NotFound):
            follow(session, PACK, actor=actor, target=target, now=START)
    with pytest.raises((NotAllowed, NotFound)):
        follow(session, PACK, actor=OPERATOR, target="draft:999", now=START)


def test_what_is_followed_is_named_in_its_order(session: Session) -> None:
    agency = make_agency(session)
    draft = make_draft(session, agency)
    open_consultation(session, draft)
    targets = [f"agency:{agency.id}", f"draft:{draft.id}", "draft:999"]
    assert [thing.path for thing in followed(session, PACK, targets)] == [
        "/drafts?agency=MOJ",
        f"/drafts/{draft.id}",
    ]


def test_notices_are_unread_until_they_are_read(session: Session, platform: Platform) -> None:
    person = an_answered_comment(session)
    handle_everything(session, platform)
    assert unread(session, person.id or 0) == 4
    mark_read(session, actor=actor_of(session, person), now=START)
    assert unread(session, person.id or 0) == 0


def test_notices_come_page_by_page(session: Session, platform: Platform) -> None:
    person = an_answered_comment(session)
    handle_everything(session, platform)
    first = notices_of(session, person.id or 0, limit=2)
    assert len(first) == 3, "one more tells that there are older ones"
    rest = notices_of(session, person.id or 0, before=first[1][0].id, limit=2)
    numbers = [notice.id for notice, _ in first[:2] + rest]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(set(numbers)) == 4


def test_a_title_in_a_message_is_one_line(session: Session, platform: Platform) -> None:
    citizen = an_answered_comment(session)
    draft = session.exec(select(Draft)).one()
    draft.titles = {"en": "On libraries\r\nBcc: everybody@example.org"}
    session.add(draft)
    session.flush()
    handle_everything(session, platform)
    title = "On libraries Bcc: everybody@example.org"
    assert dict(told(session, citizen))["report_published"]["titles"] == {"en": title}
    letters = [letter_of(session, platform, mail) for mail in session.exec(select(Mail)).all()]
    assert f"Report published: {title}" in [letter.subject for letter in letters]


@given(st.text(min_size=1), st.text())
def test_a_link_cannot_be_forged(value: str, other: str) -> None:
    token = sign("secret", "unsubscribe", value)
    assert unsign("secret", "unsubscribe", token) == value
    assert unsign("another", "unsubscribe", token) is None
    assert unsign("secret", "something else", token) is None
    if other != value:
        assert unsign("secret", "unsubscribe", f"{other}.{token.rpartition('.')[2]}") is None


def test_what_may_be_followed_is_a_draft_or_an_agency() -> None:
    assert parts_of("draft:12") == ("draft", "12")
    assert parts_of("agency:3") == ("agency", "3")


def test_instants_become_instants_again() -> None:
    values = {"closes_at": START.isoformat(), "due_at": "", "format": "x"}
    assert spoken(values) == {"closes_at": START, "due_at": "", "format": "x"}


def test_changed_words_are_told_as_people_would() -> None:
    assert word_pieces("five days a week", "six days a week") == [
        ("del", "five"),
        ("ins", "six"),
        ("same", " days a week"),
    ]


def test_a_mail_has_one_name_for_ever() -> None:
    one = message_id("answered:1:2", "Kenesh <kenesh@example.kg>")
    assert one == message_id("answered:1:2", "kenesh@example.kg")
    assert one.endswith("@example.kg>")
    assert one != message_id("answered:1:3", "kenesh@example.kg")
