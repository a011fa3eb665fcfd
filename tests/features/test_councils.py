"""Opinions of councils, without HTTP: asked for, written, voted on, given, answered."""

import pytest
from sqlmodel import select

from consult.councils.actions import ask_council, begin_opinion
from consult.councils.handlers import (
    ask_councils,
    end_requests,
    keep_given_opinion,
    owe_opinion,
)
from consult.councils.membership import add_member, end_membership
from consult.councils.models import CouncilMember, CouncilOpinion
from consult.councils.queries import (
    ballot_of,
    councils_of,
    members_of,
    opinions_on,
    votes_of,
    waiting_in,
    watched_by,
)
from consult.errors import Conflict, Invalid, NotAllowed
from consult.events import ConsultationOpened, OutcomeRecorded
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.deciding import Ballot
from consult.procedure.stages import Stage
from consult.voice_events import OpinionAsked, OpinionGiven
from drafts.actions import set_stage
from tests.conftest import TestClock
from tests.counselled import MEMBERS, SAID, Counsel, make_counsel
from tests.factories import add_version, make_agency


@pytest.fixture
def counsel(platform: Platform, clock: TestClock) -> Counsel:
    return make_counsel(platform, clock)


def test_where_the_rules_say_so_the_council_is_asked_when_the_discussion_opens(
    counsel: Counsel,
) -> None:
    duty = counsel.duty("opinion_request:1")
    with counsel.platform.database.writing() as session:
        opinion, council = counsel.opinion(session), counsel.council(session)
        assert (opinion.state, opinion.asked_by) == ("asked", None)
        assert (duty.agency_id, duty.draft_id, duty.state) == (council.id, 1, "running")
        for _again in range(2):
            opened = ConsultationOpened(1, 1, 1)
            ask_councils(session, counsel.platform, opened, counsel.clock.now)
            owe_opinion(session, counsel.platform, OpinionAsked(1, 1), counsel.clock.now)
        assert len(session.exec(select(CouncilOpinion)).all()) == 1
    for name in MEMBERS:
        (notice,) = counsel.notices(name, "opinion_asked")
        assert notice.path == "/opinions/1"


def test_an_officer_asks_once_for_each_version_and_only_a_council_of_the_agency(
    counsel: Counsel,
) -> None:
    with counsel.platform.database.writing() as session:
        draft, council_id = counsel.draft(session), counsel.council(session).id or 0
        stranger = make_agency(session, "MOH-C", kind="council").id or 0

        def ask(name: str = "Olga", id_: int = council_id) -> CouncilOpinion:
            actor, now = counsel.actor(session, name), counsel.clock.now
            return ask_council(session, actor=actor, draft=draft, council_id=id_, now=now)

        with pytest.raises(Conflict):
            ask()
        for name in ("Damir", "Chynara", "Aizada"):
            with pytest.raises(NotAllowed):
                ask(name)
        with pytest.raises(Invalid):
            ask(id_=stranger)
        add_version(session, draft, ["A library in every street."], published=True)
        assert ask().asked_by == counsel.people["Olga"].id


def test_a_council_watches_over_what_has_none_of_its_own(counsel: Counsel) -> None:
    with counsel.platform.database.writing() as session:
        council = counsel.council(session)
        beneath = make_agency(session, "LIB", kind="agency")
        beneath.parent_id = council.parent_id
        session.flush()
        assert councils_of(session, beneath.id or 0) == [council]
        assert watched_by(session, council) == [council.parent_id, beneath.id]
        own = make_agency(session, "LIB-C", kind="council")
        own.parent_id = beneath.id
        session.flush()
        assert councils_of(session, beneath.id or 0) == [own]
        assert watched_by(session, council) == [council.parent_id]


def test_members_alone_write_and_vote_and_only_who_chairs_closes(counsel: Counsel) -> None:
    with counsel.platform.database.writing() as session:
        for name in ("Aizada", "Olga", "Nurlan", "Admin"):
            with pytest.raises(NotAllowed):
                counsel.write(session, name)
        with pytest.raises(Conflict):
            counsel.put(session)  # nothing is written
        counsel.write(session)
        counsel.write(session, "Erlan")  # who may change it as well
        counsel.put(session)
        with pytest.raises(Conflict):
            counsel.write(session)
        counsel.vote(session, "Erlan")
        with pytest.raises(Conflict):
            counsel.vote(session, "Erlan", "against")
        with pytest.raises(NotAllowed):
            counsel.vote(session, "Olga")
        with pytest.raises(NotAllowed):
            counsel.close(session, "Bakyt")
        with pytest.raises(Conflict, match="1 of the 4 that are needed"):
            counsel.close(session)


def test_an_opinion_with_a_quorum_and_a_majority_is_given_and_an_answer_is_owed(
    counsel: Counsel,
) -> None:
    counsel.give("Zamira")
    with counsel.platform.database.writing() as session:
        opinion = counsel.opinion(session)
        assert opinion.state == "given"
        assert ballot_of(session, 1) == Ballot(3, 1, 0, 1)
        said = {member.name.split()[0]: vote for vote, member in votes_of(session, 1)}
        assert said["Zamira"].dissent == "Who shall pay for it?"
        assert said["Tilek"].vote == "absent"
        again = OpinionGiven(1, 1)
        keep_given_opinion(session, counsel.platform, again, counsel.clock.now)
    assert counsel.duty("opinion_request:1").state == "fulfilled"
    owed = counsel.duty("opinion:1")
    with counsel.platform.database.reading() as session:
        assert owed.agency_id == counsel.draft(session).agency_id
    assert owed.state == "running"
    assert len(counsel.notices("Olga", "opinion_to_answer")) == 1
    assert counsel.notices("Damir", "opinion_to_answer") == []


def test_without_a_majority_it_is_nobodys_opinion_and_the_council_owes_none(
    counsel: Counsel,
) -> None:
    counsel.give("Zamira", "Bakyt")
    with counsel.platform.database.writing() as session:
        assert counsel.opinion(session).state == "failed"
        with pytest.raises(Conflict):
            counsel.answer(session)
        begun = begin_opinion(
            session,
            actor=counsel.actor(session, "Erlan"),
            draft=counsel.draft(session),
            council_id=counsel.council(session).id or 0,
            said=SAID,
            now=counsel.clock.now,
        )
        assert (begun.state, begun.asked_at) == ("drafted", None)
        shown = opinions_on(session, counsel.draft(session))
        assert [entry.opinion.id for entry in shown] == [1]  # the other one is theirs as yet
        inside = opinions_on(session, counsel.draft(session), inside=[begun.agency_id])
        assert [entry.opinion.id for entry in inside] == [1, begun.id]
    assert counsel.duty("opinion_request:1").state == "cancelled"


def test_the_agency_answers_by_two_persons_and_the_council_is_told(counsel: Counsel) -> None:
    counsel.give()
    with counsel.platform.database.writing() as session:
        with pytest.raises(NotAllowed):
            counsel.answer(session, "Damir")
        with pytest.raises(Conflict):
            counsel.publish(session)  # nothing is written
        counsel.answer(session)
        for name in ("Olga", "Chynara"):
            with pytest.raises(NotAllowed):
                counsel.publish(session, name)
        counsel.publish(session)
        with pytest.raises(Conflict):
            counsel.answer(session)
    counsel.drain()
    assert counsel.duty("opinion:1").state == "fulfilled"
    for name in MEMBERS:
        (notice,) = counsel.notices(name, "opinion_answered")
        assert notice.values["taken"] == "part"


def test_a_membership_is_ended_and_what_was_voted_stays(counsel: Counsel) -> None:
    counsel.give()
    with counsel.platform.database.writing() as session:
        council, admin = counsel.council(session), counsel.actor(session, "Admin")
        bakyt = members_of(session, council.id or 0)[1]
        with pytest.raises(NotAllowed):
            end_membership(
                session,
                actor=counsel.actor(session, "Chynara"),
                member=bakyt,
                now=counsel.clock.now,
            )
        end_membership(session, actor=admin, member=bakyt, now=counsel.clock.now)
        with pytest.raises(Conflict):
            end_membership(session, actor=admin, member=bakyt, now=counsel.clock.now)
        assert not counsel.actor(session, "Bakyt").may("counsel")
        assert len(votes_of(session, 1)) == 5
        assert [one.id for one in members_of(session, council.id or 0, former=True)] == [bakyt.id]


@pytest.mark.parametrize(
    ("email", "name", "kind"),
    [
        ("nobody@example.org", "Nobody", Invalid),
        ("aizada@example.org", " ", Invalid),
        ("chynara@example.org", "Chynara again", Conflict),
    ],
)
def test_a_member_has_an_account_and_a_name_and_is_one_once(
    counsel: Counsel, email: str, name: str, kind: type[Exception]
) -> None:
    with counsel.platform.database.writing() as session, pytest.raises(kind):
        add_member(
            session,
            actor=counsel.actor(session, "Admin"),
            council=counsel.council(session),
            email=email,
            name=name,
            now=counsel.clock.now,
        )


def test_nothing_is_owed_about_a_draft_that_was_withdrawn(counsel: Counsel) -> None:
    with counsel.platform.database.writing() as session:
        set_stage(session, 1, Stage.WITHDRAWN, counsel.clock.now)
    counsel.drain()
    with counsel.platform.database.reading() as session:
        query = select(Obligation.state).where(Obligation.subject == "opinion_request:1")
        assert session.exec(query).one() == "cancelled"
        with pytest.raises(NotAllowed):
            counsel.write(session)
        assert len(session.exec(select(CouncilMember)).all()) == 5


def test_nothing_is_owed_about_a_draft_that_was_adopted(counsel: Counsel) -> None:
    with counsel.platform.database.writing() as session:
        council_id = counsel.council(session).id or 0
        assert [opinion.id for opinion, _ in waiting_in(session, [council_id])] == [1]
        counsel.draft(session).stage = Stage.REPORTED.value
        session.flush()
        set_stage(session, 1, Stage.ADOPTED, counsel.clock.now)
    for _again in range(2):
        with counsel.platform.database.writing() as session:
            end_requests(session, counsel.platform, OutcomeRecorded(1), counsel.clock.now)
    assert counsel.duty("opinion_request:1").state == "cancelled"
    with counsel.platform.database.reading() as session:
        assert waiting_in(session, [council_id]) == []
        with pytest.raises(NotAllowed):
            counsel.write(session)
