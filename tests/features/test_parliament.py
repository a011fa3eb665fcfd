"""Bills before committees: who refers them, what is counted of each, who is told."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.consultations.queries import rounds_by_draft
from consult.errors import Conflict, NotAllowed, NotFound
from consult.law.queries import law_of
from consult.parliament.actions import end_referral, may_refer, refer
from consult.parliament.queries import (
    Bill,
    Wanted,
    bills,
    bills_before,
    bills_followed,
    bodies_beneath,
    committees,
)
from consult.platform import Platform
from consult.statistics.brief import brief_of
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message, Notice
from tests import factories
from tests.conftest import START
from tests.discussed import Discussed, make_discussed

LATER = START + timedelta(days=90)


def make_committee(session: Session, code: str = "CMT", parent: Agency | None = None) -> Agency:
    committee = factories.make_agency(session, code, kind="parliament")
    committee.parent_id = parent.id if parent else None
    session.add(committee)
    session.flush()
    return committee


def deputy(session: Session, name: str, committee: Agency | None) -> Actor:
    person = factories.make_person(session, name, role=Role.PARLIAMENTARIAN, agency=committee)
    return factories.actor_of(session, person)


def counted(scene: Discussed, platform: Platform) -> Bill:
    law = law_of(scene.session, platform.pack)
    (bill,) = bills(scene.session, [scene.draft.id or 0], law=law, now=LATER)
    return bill


def test_members_of_a_committee_and_of_its_parliament_refer_bills(session: Session) -> None:
    parliament = make_committee(session, "JK")
    mine, other = (make_committee(session, code, parliament) for code in ("A", "B"))
    member, speaker = deputy(session, "Member", mine), deputy(session, "Speaker", parliament)
    assert [may_refer(member, one) for one in (mine, other, parliament)] == [True, False, False]
    assert [may_refer(speaker, one) for one in (mine, other, parliament)] == [True, True, True]
    assert not may_refer(factories.OPERATOR, mine)


def test_a_bill_is_before_a_committee_once_at_a_time(session: Session) -> None:
    committee, draft = make_committee(session), factories.open_draft(session)
    member = deputy(session, "Member", committee)
    about = {"actor": member, "committee": committee, "draft": draft}
    refer(session, now=START, **about)
    with pytest.raises(Conflict, match="already"):
        refer(session, now=START, **about)
    end_referral(session, now=START, **about)
    with pytest.raises(Conflict, match="not before"):
        end_referral(session, now=START, **about)
    again = refer(session, now=LATER, **about)
    assert bills_before(session, [committee.id or 0], Wanted(), limit=9) == [draft.id]
    assert bills_before(session, [committee.id or 0], Wanted(ended=True), limit=9) == []
    assert again.referred_at == LATER


def test_what_is_not_public_or_is_no_committee_is_refused(session: Session) -> None:
    committee, ministry = make_committee(session), factories.make_agency(session)
    hidden = factories.make_draft(session, ministry)
    member = deputy(session, "Member", committee)
    with pytest.raises(NotFound):
        refer(session, actor=member, committee=committee, draft=hidden, now=START)
    stranger = deputy(session, "Stranger", ministry)
    draft = factories.open_draft(session, agency=ministry)
    with pytest.raises(NotAllowed):
        refer(session, actor=stranger, committee=committee, draft=draft, now=START)
    with pytest.raises(Conflict, match="no committee"):
        refer(session, actor=stranger, committee=ministry, draft=draft, now=START)
    draft.stage = "adopted"
    session.add(draft)
    session.flush()
    with pytest.raises(Conflict, match="settled"):
        refer(session, actor=member, committee=committee, draft=draft, now=START)


def test_a_list_of_bills_counts_as_the_brief_of_each_does(
    session: Session, platform: Platform
) -> None:
    scene = make_discussed(session)
    scene.report()
    bill = counted(scene, platform)
    rounds = rounds_by_draft(session, scene.draft.id or 0)
    law = law_of(session, platform.pack)
    brief = brief_of(session, scene.draft, rounds, law=law, now=LATER)
    figures = brief.counts.figures
    assert bill.comments == figures["comments"].value
    assert bill.people == figures["people"].part("kind", "person")
    assert bill.organisations == figures["people"].part("kind", "organisation")
    assert bill.changes == figures["changed_provisions"].value == 1
    assert bill.overdue == figures["duties"].part("standing", "overdue")
    assert (bill.days, bill.minimum) == (brief.held[0].days, brief.held[0].minimum)
    assert bill.report == 1
    assert bill.days_left(LATER) is None
    assert bill.days_left(START) == (rounds[0].closes_at - START).days


def test_a_parliament_lists_the_bills_of_all_its_committees(session: Session) -> None:
    parliament = make_committee(session, "JK")
    mine, other = (make_committee(session, code, parliament) for code in ("A", "B"))
    speaker, ministry = deputy(session, "Speaker", parliament), factories.make_agency(session)
    drafts = [factories.open_draft(session, agency=ministry) for _ in range(3)]
    for committee, draft in ((mine, drafts[0]), (other, drafts[1]), (mine, drafts[1])):
        refer(session, actor=speaker, committee=committee, draft=draft, now=START)
    every = committees(session)
    assert [(one.agency.code, one.depth, one.bills) for one in every] == [
        ("JK", 0, 0),
        ("A", 1, 2),
        ("B", 1, 1),
    ]
    below = bodies_beneath(every, parliament)
    assert bills_before(session, below, Wanted(), limit=9) == [drafts[1].id, drafts[0].id]
    assert bills_before(session, below, Wanted(stage="closed"), limit=9) == []
    assert bills_before(session, below, Wanted(agency_id=ministry.id), limit=1)[1:]


def test_the_members_of_the_committee_are_told_once(platform: Platform) -> None:
    with platform.database.writing() as session:
        parliament = make_committee(session, "JK")
        mine, other = (make_committee(session, code, parliament) for code in ("A", "B"))
        member = deputy(session, "Member", mine)
        deputy(session, "Stranger", other)
        draft = factories.open_draft(session)
        refer(session, actor=member, committee=mine, draft=draft, now=START)
    drain(platform, START)
    with platform.database.reading() as session:
        told = session.exec(
            select(Person.name, Message.path)
            .join(Notice, Notice.person_id == Person.id)
            .join(Message, Message.id == Notice.message_id)
            .where(Message.kind == "bill_referred")
        ).all()
        number = session.exec(select(Draft.id)).one()
    assert [tuple(row) for row in told] == [("Member", f"/drafts/{number}/brief")]


def test_a_person_who_follows_nothing_has_no_bills(session: Session) -> None:
    assert bills_followed(session, factories.make_person(session).id or 0, 9) == []
