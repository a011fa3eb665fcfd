"""Organisations: who speaks for one, what is said in its name, who lets others in and out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.actions import register, sign_in
from consult.accounts.founding import found
from consult.accounts.invitations import actions as invitations
from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.organisations.actions import (
    act_for,
    end_membership,
    hand_over,
    make_organisation,
)
from consult.accounts.organisations.queries import (
    has_confirmed_member,
    members,
    memberships_of,
)
from consult.accounts.organisations.rules import MOST_OF_ONE_PERSON
from consult.accounts.queries import actor_for, identify
from consult.answers.worklist import WorkFilter, list_work
from consult.audit.models import AuditEntry
from consult.comments.actions import Place, Words, edit_comment, submit_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from drafts.models import Draft
from tests import factories
from tests.conftest import START
from tests.features.test_invitations import token

LATER = START + timedelta(days=1)
UNION = "Union of Readers"


@pytest.fixture
def draft(session: Session) -> Draft:
    return factories.open_draft(session)


@pytest.fixture
def manager(session: Session) -> Person:
    return factories.make_person(session, "Bolot", organisation=UNION)


def actor(session: Session, person: Person) -> Actor:
    return actor_for(session, person.id or 0)


def join(session: Session, manager: Person, name: str, mandate: str = "") -> Person:
    """Somebody who was invited to the organisation the manager acts for, and accepted."""
    person = factories.make_person(session, name)
    invitations.invite_member(
        session,
        actor=actor(session, manager),
        organisation_id=manager.acts_for_id or 0,
        email=person.email or "",
        mandate=mandate,
        manages=False,
        lang="en",
        now=START,
    )
    session.flush()
    invitations.accept(session, actor=actor(session, person), token=token(session), now=START)
    return person


def membership(session: Session, person: Person) -> Membership:
    query = select(Membership).where(Membership.person_id == person.id)
    return session.exec(query.order_by(col(Membership.id).desc())).one()


def end(session: Session, by: Person, whose: Membership) -> None:
    end_membership(
        session,
        actor=actor(session, by),
        organisation_id=whose.organisation_id,
        membership_id=whose.id or 0,
        now=LATER,
    )


def say(session: Session, draft: Draft, person: Person, body: str, mandate: str = "") -> Comment:
    return submit_comment(
        session,
        actor=actor(session, person),
        draft=draft,
        place=Place(),
        words=Words(body=body, kind="substantive", stance="neutral", mandate=mandate),
        lang="en",
        most=999,
        now=START,
    )


def test_what_one_says_for_an_organisation_is_said_in_its_name(
    session: Session, draft: Draft, manager: Person
) -> None:
    union = manager.acts_for_id
    first = say(session, draft, manager, "We need warm libraries.", mandate="412 members")
    act_for(session, actor=actor(session, manager), organisation_id=None)
    mine = say(session, draft, manager, "I need a warm library.")
    assert (first.organisation_id, first.mandate) == (union, "412 members")
    assert (mine.organisation_id, mine.author_id) == (None, manager.id)
    with pytest.raises(Invalid) as refused:
        say(session, draft, manager, "And books.", mandate="412 members")
    assert refused.value.field == "mandate"
    # The same words in another name are said by another.
    assert say(session, draft, manager, "We need warm libraries.").id != first.id


def test_whoever_speaks_for_one_has_the_standing_of_an_organisation(
    session: Session, manager: Person
) -> None:
    found_actor = actor(session, manager)
    assert (found_actor.organisation, found_actor.organisation_id) == (UNION, manager.acts_for_id)
    assert Role.ORGANISATION in found_actor.roles
    signed_in = sign_in(session, manager, now=START, days=1)
    assert identify(session, signed_in, START) == found_actor
    act_for(session, actor=found_actor, organisation_id=None)
    alone = identify(session, signed_in, START)
    assert (alone.organisation, alone.organisation_id) == ("", None)
    assert Role.CITIZEN in alone.roles
    assert Role.ORGANISATION not in alone.roles


def test_a_staff_account_speaks_for_nobody(session: Session) -> None:
    officer = factories.make_person(session, "Olga", organisation=UNION, role=Role.MODERATOR)
    assert actor(session, officer).organisation_id is None
    with pytest.raises(NotAllowed):
        act_for(session, actor=actor(session, officer), organisation_id=officer.acts_for_id)
    with pytest.raises(NotAllowed):
        make_organisation(
            session, actor=actor(session, officer), name="X", number="", mandate="", now=START
        )


def test_nobody_speaks_for_an_organisation_they_are_no_member_of(
    session: Session, manager: Person
) -> None:
    stranger = factories.make_person(session, "Stranger")
    for organisation_id in (manager.acts_for_id, 987654):
        with pytest.raises(NotFound):
            act_for(session, actor=actor(session, stranger), organisation_id=organisation_id)
    stranger.acts_for_id = manager.acts_for_id  # however it came to stand there
    session.add(stranger)
    session.flush()
    assert actor(session, stranger).organisation_id is None


def test_whoever_types_the_name_of_another_organisation_gets_one_of_their_own(
    session: Session, manager: Person
) -> None:
    for email in ("one@example.org", "two@example.org"):
        register(
            session,
            email=email,
            password_hash="",
            name="N",
            lang="en",
            organisation=UNION,
            now=START,
        )
    ids = session.exec(select(Organisation.id).where(Organisation.name == UNION)).all()
    assert len(set(ids)) == 3
    assert [one.name for one in members(session, manager.acts_for_id or 0)] == ["Bolot"]


def test_what_was_registered_with_an_address_nobody_confirmed_goes_with_the_next_registration(
    session: Session,
) -> None:
    given: dict[str, Any] = {"email": "a@example.org", "password_hash": "", "lang": "en"}
    register(session, **given, name="Stranger", organisation="Not theirs", now=START)
    (strange,) = session.exec(select(Organisation.id)).all()
    assert not has_confirmed_member(session, strange or 0)
    register(session, **given, name="Aizada", organisation="Hers", now=LATER)
    assert session.exec(select(Organisation.name)).all() == ["Hers"]
    register(session, **given, name="Aizada", now=LATER)
    assert session.exec(select(Organisation.name)).all() == []
    assert session.exec(select(Membership.id)).all() == []
    assert session.exec(select(Person.acts_for_id)).all() == [None]


def test_an_organisation_has_a_name_and_nothing_is_cut_from_it(
    session: Session, manager: Person
) -> None:
    more = {"actor": actor(session, manager), "mandate": "", "now": START}
    for name, number, field in (
        ("\u202e ", "", "name"),
        ("x" * 201, "", "name"),
        ("x", "1" * 41, "number"),
    ):
        with pytest.raises(Invalid) as refused:
            make_organisation(session, name=name, number=number, **more)  # type: ignore[arg-type]
        assert refused.value.field == field
    made = make_organisation(session, name="  Okuu\n Fund ", number=" 7 ", **more)  # type: ignore[arg-type]
    assert (made.name, made.number) == ("Okuu Fund", "7")
    assert manager.acts_for_id == made.id  # one speaks for the one just made
    assert len(memberships_of(session, manager.id or 0)) == 2
    for n in range(2, MOST_OF_ONE_PERSON):
        found(session, manager, name=f"Fund {n}", now=START)
    with pytest.raises(Conflict):
        make_organisation(session, name="One too many", number="", **more)  # type: ignore[arg-type]


def test_a_member_whose_membership_ended_speaks_for_it_no_more_and_what_they_said_stays(
    session: Session, draft: Draft, manager: Person
) -> None:
    union = manager.acts_for_id
    gulbara = join(session, manager, "Gulbara", "by decision 7")
    act_for(session, actor=actor(session, gulbara), organisation_id=union)
    said = say(session, draft, gulbara, "Warm libraries.", mandate="412 members")
    end(session, manager, membership(session, gulbara))
    session.refresh(gulbara)
    session.refresh(said)
    assert gulbara.acts_for_id is None
    assert actor(session, gulbara).organisation_id is None
    assert said.organisation_id == union
    ended = membership(session, gulbara)
    assert (ended.ended_at, ended.ended_by) == (LATER, manager.id)
    with pytest.raises(NotFound):
        act_for(session, actor=actor(session, gulbara), organisation_id=union)
    with pytest.raises(NotFound):  # a second time there is nothing to end
        end(session, manager, ended)
    # Its words may still be edited by whoever wrote them, with their mandate.
    window, words = timedelta(days=9), Words("Warm, light ones.", "substantive", "neutral")
    edit_comment(
        session,
        actor=actor(session, gulbara),
        comment=said,
        words=words,
        window=window,
        most=999,
        now=START,
    )
    assert said.organisation_id == union
    consultation = session.get_one(Consultation, said.consultation_id)
    (row,) = list_work(session, consultation.id or 0, "en", WorkFilter())
    assert (row.mandate, row.who.public.name) == ("by decision 7", UNION)
    noted = session.exec(select(AuditEntry).where(AuditEntry.action == "member_ended")).one()
    assert (noted.actor_id, noted.subject_id, noted.organisation_id) == (
        manager.id,
        gulbara.id,
        union,
    )


def test_the_last_manager_hands_over_and_may_then_leave(session: Session, manager: Person) -> None:
    gulbara = join(session, manager, "Gulbara")
    with pytest.raises(Conflict):
        end(session, manager, membership(session, manager))
    with pytest.raises(NotAllowed):
        end(session, gulbara, membership(session, manager))
    theirs = membership(session, gulbara)
    asked: dict[str, Any] = {
        "organisation_id": theirs.organisation_id,
        "membership_id": theirs.id,
        "now": LATER,
    }
    with pytest.raises(NotAllowed):
        hand_over(session, actor=actor(session, gulbara), **asked)
    hand_over(session, actor=actor(session, manager), **asked)
    assert membership(session, gulbara).manages
    assert not membership(session, manager).manages
    with pytest.raises(NotAllowed):
        invitations.invite_member(
            session,
            actor=actor(session, manager),
            organisation_id=theirs.organisation_id,
            email="x@example.org",
            mandate="",
            manages=True,
            lang="en",
            now=LATER,
        )
    end(session, manager, membership(session, manager))
    assert memberships_of(session, manager.id or 0) == []


def test_nothing_is_done_to_members_of_another_organisation(
    session: Session, manager: Person
) -> None:
    other = factories.make_person(session, "Other", organisation="Another")
    theirs = membership(session, other)
    for organisation_id in (manager.acts_for_id, other.acts_for_id):
        for act in (end_membership, hand_over):
            with pytest.raises(NotFound):
                act(
                    session,
                    actor=actor(session, manager),
                    organisation_id=organisation_id or 0,
                    membership_id=theirs.id or 0,
                    now=LATER,
                )
