"""Officers who share the work: who answers what, notes for colleagues, ready-made wordings."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.answers.actions import ungroup
from consult.answers.assigning import assign
from consult.answers.models import Assignment
from consult.answers.teamwork.actions import (
    archive_template,
    delete_note,
    write_note,
    write_template,
)
from consult.answers.teamwork.models import InternalNote
from consult.answers.teamwork.queries import note_by_id, notes_on, offered, templates_of
from consult.answers.worklist import NOBODY, WorkFilter, count_work, list_work
from consult.comments.models import Comment
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import CommentsAssigned
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.worker import drain
from notifications.models import Message
from tests.factories import actor_of, make_agency, make_comment, make_draft, make_person
from tests.factories import open_consultation as open_round
from tests.features.desk import LATER, Desk, make_desk
from tests.mailed import told as notices


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)


def colleague(desk: Desk, name: str = "Zarina", role: Role = Role.OFFICER) -> Actor:
    return actor_of(desk.session, make_person(desk.session, name, role=role, agency=desk.agency))


def outsider(desk: Desk) -> Actor:
    other = make_agency(desk.session, "MOC")
    person = make_person(desk.session, "Bakyt", role=Role.OFFICER, agency=other)
    return actor_of(desk.session, person)


def give(desk: Desk, to: int | None, *comments: Comment, **more: object) -> int:
    values: dict[str, object] = {"actor": desk.officer, "now": LATER}
    return assign(
        desk.session,
        consultation=desk.consultation,
        draft=desk.draft,
        comment_ids=[comment.id or 0 for comment in comments],
        officer_id=to,
        **(values | more),
    )


def load(desk: Desk) -> dict[int, tuple[int, int]]:
    return dict(count_work(desk.session, desk.consultation.id or 0, WorkFilter()).load)


def told(desk: Desk) -> list[str]:
    query = select(OutboxEvent.name).where(OutboxEvent.name == CommentsAssigned.__name__)
    return list(desk.session.exec(query).all())


def test_comments_are_given_to_a_colleague_and_taken_back(desk: Desk) -> None:
    zarina = colleague(desk)
    first, second, third = desk.comments
    assert give(desk, zarina.id, first, second) == 2
    desk.decide(first, actor=zarina)
    assert load(desk) == {zarina.id: (2, 1), NOBODY: (1, 1)}
    at = desk.consultation.id or 0
    rows = list_work(desk.session, at, "en", WorkFilter(officer=zarina.id))
    assert {row.comment.id for row in rows} == {first.id, second.id}
    rows = list_work(desk.session, at, "en", WorkFilter(officer=NOBODY))
    assert [row.comment.id for row in rows] == [third.id]
    assert give(desk, None, first, third) == 1
    assert load(desk)[NOBODY] == (2, 1)


def test_a_comment_has_one_officer_at_a_time(desk: Desk) -> None:
    zarina = colleague(desk)
    give(desk, zarina.id, *desk.comments)
    assert give(desk, desk.officer.id, *desk.comments[:2], actor=zarina) == 2
    rows = desk.session.exec(select(Assignment)).all()
    assert sorted(row.officer_id for row in rows) == sorted(
        [desk.officer.id, desk.officer.id, zarina.id]
    )


def test_the_officer_is_told_once_and_not_of_what_they_took_themselves(desk: Desk) -> None:
    zarina = colleague(desk)
    give(desk, zarina.id, *desk.comments)
    assert len(told(desk)) == 1
    give(desk, desk.officer.id, *desk.comments)
    assert len(told(desk)) == 1
    give(desk, None, *desk.comments)
    assert len(told(desk)) == 1


def test_giving_what_is_theirs_already_changes_nothing(desk: Desk) -> None:
    zarina = colleague(desk)
    give(desk, zarina.id, *desk.comments)
    with pytest.raises(Conflict):
        give(desk, zarina.id, *desk.comments)
    give(desk, None, *desk.comments)
    with pytest.raises(Conflict):
        give(desk, None, *desk.comments)


def test_only_an_officer_of_the_agency_is_given_comments(desk: Desk) -> None:
    for nobody in (outsider(desk).id, desk.approver.id, desk.citizen.id, 0, 4711):
        with pytest.raises(Invalid) as refusal:
            give(desk, nobody, *desk.comments)
        assert refusal.value.field == "to"


def test_the_head_shares_the_work_out_and_another_agency_does_not(desk: Desk) -> None:
    assert give(desk, desk.officer.id, desk.comments[0], actor=desk.approver) == 1
    with pytest.raises(NotAllowed):
        give(desk, desk.officer.id, desk.comments[1], actor=outsider(desk))


def test_comments_of_another_consultation_are_not_given_away(desk: Desk) -> None:
    other = make_draft(desk.session, desk.agency, title="On roads")
    open_round(desk.session, other)
    foreign = make_comment(desk.session, other, desk.citizen)
    with pytest.raises(Invalid):
        give(desk, desk.officer.id, foreign)


def test_one_message_says_how_many_and_none_once_they_are_taken_back(platform: Platform) -> None:
    with platform.database.writing() as session:
        desk = make_desk(session)
        zarina, ermek = colleague(desk), colleague(desk, "Ermek")
        give(desk, zarina.id, *desk.comments)
        give(desk, ermek.id, desk.comments[0], now=LATER + timedelta(minutes=1))
        give(desk, None, desk.comments[0])
    drain(platform, LATER)
    with platform.database.reading() as session:
        (notice,) = notices(session, Message.kind == "comments_assigned")
    assert (notice.person_id, notice.values["count"]) == (zarina.id, 2)
    assert notice.values["by"] == desk.officer.name


def note(desk: Desk, body: str = "Ask the treasury.", **more: object) -> InternalNote:
    values: dict[str, object] = {
        "actor": desk.officer,
        "comment_id": desk.comments[0].id,
        "now": LATER,
    }
    return write_note(desk.session, draft=desk.draft, body=body, **(values | more))


def test_a_note_is_shown_with_its_author_and_only_they_delete_it(desk: Desk) -> None:
    row = note(desk)
    note(desk, "They agree.", actor=desk.approver, now=LATER + timedelta(hours=1))
    shown = notes_on(desk.session, [desk.comments[0].id or 0])
    assert [(one.author, one.row.body) for one in shown] == [
        ("Olga", "Ask the treasury."),
        ("Nurlan", "They agree."),
    ]
    with pytest.raises(NotAllowed):
        delete_note(desk.session, actor=desk.approver, draft=desk.draft, note=row)
    delete_note(desk.session, actor=desk.officer, draft=desk.draft, note=row)
    assert [one.author for one in notes_on(desk.session, [desk.comments[0].id or 0])] == ["Nurlan"]


def test_a_note_on_a_group_is_found_with_the_group(desk: Desk) -> None:
    issue = desk.group(*desk.comments)
    row = note(desk, comment_id=None, issue_id=issue.id)
    assert [one.row for one in notes_on(desk.session, issue_ids=[issue.id or 0])] == [row]
    assert note_by_id(desk.session, desk.consultation.id or 0, row.id or 0) == row
    with pytest.raises(NotFound):
        note_by_id(desk.session, 4711, row.id or 0)


@pytest.mark.parametrize("to", ["another group", "none"])
def test_a_group_that_is_emptied_is_kept_for_the_note_of_a_colleague(desk: Desk, to: str) -> None:
    first, second, _ = desk.comments
    issue = desk.group(first)
    note = write_note(
        desk.session,
        actor=colleague(desk),
        draft=desk.draft,
        issue_id=issue.id,
        body="Ask finance.",
        now=LATER,
    )
    if to == "none":
        ungroup(
            desk.session,
            actor=desk.officer,
            consultation=desk.consultation,
            draft=desk.draft,
            comment_ids=[first.id or 0],
            now=LATER,
        )
    else:
        desk.group(first, second, title="Another")
    assert [found.row for found in notes_on(desk.session, (), [issue.id or 0])] == [note]


def test_another_agency_writes_no_note(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        note(desk, actor=outsider(desk))


@pytest.mark.parametrize("body", ["  ", "x" * 2001])
def test_an_empty_note_and_an_endless_one_are_refused(desk: Desk, body: str) -> None:
    with pytest.raises(Invalid) as refusal:
        note(desk, body)
    assert refusal.value.field == "body"


TEMPLATE = {"title": "No money", "outcome": "rejected", "lang": "en", "reason": "No money is left."}


def test_a_template_is_offered_to_its_agency_until_it_is_archived(desk: Desk) -> None:
    agency = desk.agency.id or 0
    row = write_template(desk.session, actor=desk.officer, agency_id=agency, now=LATER, **TEMPLATE)
    assert offered(desk.session, agency) == [row]
    assert offered(desk.session, agency + 1) == []
    with pytest.raises(NotAllowed):
        archive_template(desk.session, actor=outsider(desk), template=row, now=LATER)
    archive_template(desk.session, actor=desk.officer, template=row, now=LATER)
    assert offered(desk.session, agency) == []
    assert templates_of(desk.session, [agency]) == [(row, "Olga")]


@pytest.mark.parametrize(
    ("field", "typed"), [("title", " "), ("outcome", " "), ("reason", " "), ("reason", "—")]
)
def test_a_template_needs_a_name_a_decision_and_words(desk: Desk, field: str, typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        write_template(
            desk.session,
            actor=desk.officer,
            agency_id=desk.agency.id or 0,
            now=LATER,
            **(TEMPLATE | {field: typed}),
        )
    assert refusal.value.field == field
