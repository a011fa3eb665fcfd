"""Proposals without HTTP: made, supported, joined, answered, linked, told of, hidden."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from consult.account_events import PersonIdentified
from consult.accounts.models import Agency
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import law_of
from consult.moderation.publishing import public_log
from consult.obligations.ledger.rules import Stored
from consult.obligations.models import Obligation
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.deadlines import Term
from consult.proposals.actions import Addressed, hide, join, propose, support, take_back, withdraw
from consult.proposals.answering import approve_answer, link_draft, return_answer, write_answer
from consult.proposals.handlers import count_identified_support, owe_answer_to_proposal
from consult.proposals.models import Proposal, ProposalSupport
from consult.proposals.queries import (
    Asked,
    answer_of,
    began,
    count_by_state,
    drafts_to_link,
    in_state,
    key_of,
    listed,
    proposal_by_id,
    read_key,
    similar,
)
from consult.proposals.rules import State
from consult.voice_events import ProposalReached
from tests.conftest import TestClock
from tests.factories import make_draft, open_draft
from tests.proposed import CROSSING, LIBRARY, REASON, Village, make_village


@pytest.fixture
def village(platform: Platform, clock: TestClock) -> Village:
    return make_village(platform, clock)


def duty(session: Session) -> Obligation:
    return session.exec(select(Obligation).where(Obligation.subject == "proposal:1")).one()


def other(session: Session) -> Agency:
    return session.exec(select(Agency).where(Agency.code == "MOJ")).one()


def test_a_proposal_is_public_at_once_and_its_author_supports_it(village: Village) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        law = law_of(session, village.platform.pack)
        rule = law.pack.rule_for(Term.PROPOSAL_SUPPORT, "", village.clock.now.date())
        assert (proposal.supporters, proposal.identified, proposal.needed) == (1, 1, 3)
        assert proposal.gathers_until > village.clock.now + timedelta(days=28 * rule.amount)
        (shown,) = listed(session, Asked(), village.clock.now)
        assert (shown.who.name, shown.state) == ("Aizada", State.GATHERING)


def test_whoever_is_not_known_may_support_but_not_propose(village: Village) -> None:
    with village.platform.database.writing() as session:
        with pytest.raises(NotAllowed):
            village.propose(session, by="Bolot")
        proposal = village.propose(session)
        village.support(session, proposal, "Bolot")
        assert (proposal.supporters, proposal.identified) == (2, 1)
        for staff in ("Olga", "Marat"):
            with pytest.raises(NotAllowed):
                village.support(session, proposal, staff)


def test_a_proposal_is_put_to_a_body_that_people_may_ask(village: Village) -> None:
    with village.platform.database.writing() as session:
        law = law_of(session, village.platform.pack)
        body = village.agency(session)
        for change, topic, field in (
            ({"kind": "council"}, "", "agency"),
            ({"kind": "akimat", "closed_on": village.clock.now.date()}, "", "agency"),
            ({"closed_on": None}, "chess", "topic"),
        ):
            body.sqlmodel_update(change)
            session.add(body)
            session.flush()
            to = Addressed(body.id or 0, topic)
            with pytest.raises(Invalid) as refusal:
                village.act(propose, session, "Aizada", law=law, said=CROSSING, to=to)
            assert refusal.value.field == field


def test_a_copy_of_an_open_one_is_refused_and_one_that_is_like_it_is_found(
    village: Village,
) -> None:
    with village.platform.database.writing() as session:
        first = village.propose(session)
        with pytest.raises(Conflict) as refusal:
            village.propose(session, by="Damir")
        assert refusal.value.field == "title"
        assert similar(session, LIBRARY, village.clock.now).ids == ()
        village.act(withdraw, session, "Aizada", proposal=first)
        village.propose(session, by="Damir")  # what is not open any more may be proposed again


def test_support_counts_once_and_can_be_taken_back_until_it_is_decided(village: Village) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        village.support(session, proposal, "Bolot", "Bolot")
        assert proposal.supporters == 2
        village.act(take_back, session, "Bolot", proposal=proposal)
        village.act(take_back, session, "Bolot", proposal=proposal)
        assert (proposal.supporters, proposal.identified) == (1, 1)
        with pytest.raises(Conflict):
            village.act(take_back, session, "Aizada", proposal=proposal)  # they can withdraw it
        village.support(session, proposal, "Bolot", "Chynara")
        assert proposal.state(village.clock.now) is State.REACHED
        for action in (take_back, support):
            with pytest.raises(Conflict):
                village.act(action, session, "Damir", proposal=proposal)
        village.support(session, proposal, "Bolot")  # who supports it already is not refused


def test_with_the_last_one_needed_an_answer_is_owed_once_and_everybody_is_told(
    village: Village,
) -> None:
    number = village.reach()
    with village.platform.database.writing() as session:
        now, platform = village.clock.now, village.platform
        owe_answer_to_proposal(session, platform, ProposalReached(number), now)  # delivered twice
        owed = duty(session)
        assert (owed.duty, owed.state, owed.draft_id) == ("proposal_answer", "running", None)
        assert owed.agency_id == village.agency(session).id
        told = village.told(session, "proposal_reached")
        assert told == village.ids("Aizada", "Bolot", "Chynara")
        reached = OutboxEvent.name == "ProposalReached"
        assert len(session.exec(select(OutboxEvent).where(reached)).all()) == 1


def test_of_many_who_support_it_at_once_one_is_the_last(village: Village) -> None:
    with village.platform.database.writing() as session:
        number = village.propose(session).id or 0

    def come(name: str) -> None:
        with village.platform.database.writing() as session:
            village.support(session, proposal_by_id(session, number), name)

    names = ["Bolot", "Chynara", "Damir", "Bolot", "Chynara"]
    with ThreadPoolExecutor(len(names)) as pool:
        done = [pool.submit(come, name) for name in names]
    late = [one.exception() for one in done if one.exception()]
    assert all(isinstance(one, Conflict) for one in late)
    with village.platform.database.reading() as session:
        proposal = proposal_by_id(session, number)
        rows = session.exec(select(ProposalSupport)).all()
        reached = OutboxEvent.name == "ProposalReached"
        assert proposal.supporters == len(rows) == 3
        assert len(session.exec(select(OutboxEvent).where(reached)).all()) == 1


def test_what_nobody_supports_in_time_lapses_and_stays_to_be_read(village: Village) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        village.clock.now = proposal.gathers_until
        (shown,) = listed(session, Asked(state="lapsed"), village.clock.now)
        assert shown.state is State.LAPSED
        with pytest.raises(Conflict):
            village.support(session, proposal, "Bolot")


def test_the_state_of_a_row_is_that_of_the_database(village: Village) -> None:
    with village.platform.database.writing() as session:
        proposal, now = village.propose(session), village.clock.now
        moments = ("supported_at", "answered_at", "joined_at", "withdrawn_at", "hidden_at")
        for until in (now, now + timedelta(days=1)):
            proposal.gathers_until = until
            for name in moments:
                setattr(proposal, name, None)
            for name in ("", *moments):
                if name:
                    setattr(proposal, name, now)
                session.add(proposal)
                session.flush()
                found = {
                    state
                    for state in State
                    if session.exec(select(Proposal).where(in_state(state, now))).first()
                }
                assert found == {proposal.state(now)}
                assert count_by_state(session, None, now)[proposal.state(now)] == 1


def test_an_answer_is_public_once_a_second_person_has_approved_it(village: Village) -> None:
    number = village.reach()
    with village.platform.database.writing() as session:
        proposal = proposal_by_id(session, number)
        said = {"proposal": proposal, "outcome": "rejected", "reason": REASON, "lang": "en"}
        with pytest.raises(NotAllowed):
            village.act(write_answer, session, "Omar", **said)  # of another agency
        with pytest.raises(Invalid):
            village.act(write_answer, session, "Olga", **said | {"reason": "No."})
        row = village.act(write_answer, session, "Olga", **said)
        seen = row.mark
        with pytest.raises(NotAllowed):
            village.act(approve_answer, session, "Olga", proposal=proposal, seen=seen)
        with pytest.raises(Invalid):
            village.act(return_answer, session, "Nurlan", proposal=proposal, seen=seen, note=" ")
        note = {"note": "Name the street."}
        village.act(return_answer, session, "Nurlan", proposal=proposal, seen=seen, **note)
        assert (row.state, row.returned_note) == ("returned", "Name the street.")
        village.clock.now += timedelta(minutes=1)
        row = village.act(write_answer, session, "Olga", **said)
        with pytest.raises(Conflict):  # it was written anew since
            village.act(approve_answer, session, "Nurlan", proposal=proposal, seen=seen)
        village.act(approve_answer, session, "Nurlan", proposal=proposal, seen=row.mark)
        with pytest.raises(Conflict):
            village.act(write_answer, session, "Olga", **said)
    village.drain()
    with village.platform.database.reading() as session:
        assert duty(session).state == Stored.FULFILLED.value
        told = village.told(session, "proposal_answered")
        assert told == village.ids("Aizada", "Bolot", "Chynara")


def test_no_answer_is_written_before_one_is_owed(village: Village) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        said = {"outcome": "accepted", "reason": REASON, "lang": "en"}
        with pytest.raises(Conflict):
            village.act(write_answer, session, "Olga", proposal=proposal, **said)


def test_what_was_accepted_leads_to_a_draft_of_which_its_supporters_are_told(
    village: Village,
) -> None:
    number = village.reach()
    village.answer(number)
    with village.platform.database.writing() as session:
        akimat, proposal = village.agency(session), proposal_by_id(session, number)
        hidden, strange = make_draft(session, akimat), open_draft(session, agency=other(session))
        draft, never = open_draft(session, agency=akimat), make_draft(session, akimat)
        never.stage = "withdrawn"  # before anybody could read it
        for refused in (hidden, strange, never):
            with pytest.raises(Invalid) as refusal:
                village.act(link_draft, session, "Olga", proposal=proposal, draft=refused)
            assert refusal.value.field == "draft"
        assert drafts_to_link(session, akimat.id or 0) == [draft]
        village.act(link_draft, session, "Olga", proposal=proposal, draft=draft)
        with pytest.raises(Conflict):
            village.act(link_draft, session, "Olga", proposal=proposal, draft=draft)
        assert [one.id for one in began(session, draft.id or 0)] == [number]
    village.drain()
    with village.platform.database.reading() as session:
        supporters = village.ids("Aizada", "Bolot", "Chynara")
        for kind in ("proposal_led", "consultation_opened"):
            assert village.told(session, kind) == supporters


def test_two_are_joined_and_everybody_counts_once(village: Village) -> None:
    with village.platform.database.writing() as session:
        first, second = village.propose(session), village.propose(session, LIBRARY, "Damir")
        village.support(session, second, "Bolot")
        village.support(session, first, "Bolot")
        with pytest.raises(NotAllowed):
            village.act(join, session, "Bolot", proposal=second, into=first)
        with pytest.raises(NotAllowed):  # a moderator of the agency itself
            village.act(join, session, "Meder", proposal=second, into=first)
        with pytest.raises(Invalid):
            village.act(join, session, "Damir", proposal=second, into=second)
        village.act(join, session, "Damir", proposal=second, into=first)
        assert (first.supporters, first.identified) == (3, 2)
        assert first.state(village.clock.now) is State.REACHED
        assert second.state(village.clock.now) is State.JOINED
        of_first = select(ProposalSupport).where(ProposalSupport.proposal_id == first.id)
        rows = session.exec(of_first.order_by(col(ProposalSupport.id))).all()
        assert [one.carried_from for one in rows] == [None, None, second.id]
    village.drain()
    with village.platform.database.reading() as session:
        assert village.told(session, "proposal_joined") == village.ids("Bolot", "Damir")
        assert village.told(session, "proposal_reached") == village.ids("Aizada", "Bolot", "Damir")


def test_only_its_author_withdraws_and_only_while_it_gathers(village: Village) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        village.support(session, proposal, "Bolot")
        with pytest.raises(NotAllowed):
            village.act(withdraw, session, "Bolot", proposal=proposal)
        village.act(withdraw, session, "Aizada", proposal=proposal)
        with pytest.raises(Conflict):
            village.support(session, proposal, "Chynara")
    village.drain()
    with village.platform.database.reading() as session:
        assert village.told(session, "proposal_withdrawn") == village.ids("Aizada", "Bolot")


def test_what_is_hidden_stands_in_the_log_and_owes_nothing(village: Village) -> None:
    number = village.reach()
    with village.platform.database.writing() as session:
        proposal = proposal_by_id(session, number)
        with pytest.raises(NotAllowed):
            village.act(hide, session, "Meder", proposal=proposal, reason="insult")
        theirs = village.propose(session, LIBRARY, "Damir")
        theirs.author_id = village.actor(session, "Marat").person_id
        session.add(theirs)
        session.flush()
        with pytest.raises(NotAllowed):  # who decides about their own words
            village.act(hide, session, "Marat", proposal=theirs, reason="insult")
        with pytest.raises(Invalid):
            village.act(hide, session, "Marat", proposal=proposal, reason="negative")
        village.act(hide, session, "Marat", proposal=proposal, reason="insult")
        with pytest.raises(Conflict):
            village.act(hide, session, "Marat", proposal=proposal, reason="insult")
    village.drain()
    with village.platform.database.reading() as session:
        (row,) = public_log(session)
        assert (row.act.subject, row.path) == ("proposal:1", "/proposals/1")
        assert duty(session).state == Stored.CANCELLED.value
        assert village.told(session, "proposal_hidden") == village.ids("Aizada")


def test_who_is_identified_later_counts_as_identified_as_long_as_it_gathers(
    village: Village,
) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        village.support(session, proposal, "Bolot")
        bolot = session.merge(village.people["Bolot"])
        for verified_at, identified in ((village.clock.now, 2), (None, 1)):
            bolot.verified_at = verified_at
            session.flush()
            event = PersonIdentified(bolot.id or 0)
            for _ in range(2):  # delivered twice
                count_identified_support(session, village.platform, event, village.clock.now)
            session.refresh(proposal)
            assert (proposal.supporters, proposal.identified) == (2, identified)


def test_lists_go_on_where_they_ended_by_age_and_by_support(village: Village) -> None:
    with village.platform.database.writing() as session:
        first, second = village.propose(session), village.propose(session, LIBRARY, "Damir")
        village.support(session, first, "Bolot")
        now = village.clock.now
        for order, ids in (("newest", [second.id, first.id]), ("most", [first.id, second.id])):
            page = listed(session, Asked(order=order), now, limit=1)
            assert len(page) == 2  # one more says that there are more
            after = read_key(key_of(page[0], order))
            rest = listed(session, Asked(order=order, after=after), now, limit=1)
            assert [page[0].proposal.id, rest[0].proposal.id] == ids
        assert read_key("4-x") == ()


def test_an_answer_that_waits_is_read_by_nobody_else(village: Village) -> None:
    number = village.reach()
    with village.platform.database.writing() as session:
        said = {"outcome": "accepted", "reason": REASON, "lang": "en"}
        proposal = proposal_by_id(session, number)
        village.act(write_answer, session, "Olga", proposal=proposal, **said)
        row = answer_of(session, number)
        assert row is not None
        assert row.published_at is None
