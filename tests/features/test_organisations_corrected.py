"""What an organisation is called is corrected by who manages it, or by an administrator."""

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.founding import forget_founded
from consult.accounts.invitations.models import Invitation
from consult.accounts.models import Organisation, Person
from consult.accounts.organisations.actions import (
    act_for,
    close_organisation,
    correct_organisation,
)
from consult.accounts.organisations.queries import organisations_found, spoken_for
from consult.accounts.shown import who
from consult.audit.models import AuditEntry
from consult.comments.models import Comment
from consult.errors import Invalid, NotAllowed, NotFound
from tests import factories
from tests.conftest import START
from tests.factories import actor_of, make_person
from tests.features.test_organisations import join

UNION = "Union of Readers"


@pytest.fixture
def manager(session: Session) -> Person:
    return make_person(session, "Bolot", organisation=UNION)


@pytest.fixture
def administrator(session: Session) -> Actor:
    return actor_of(session, make_person(session, "Root", role=Role.ADMINISTRATOR))


def correct(session: Session, actor: Actor, manager: Person, name: str, number: str = "") -> None:
    correct_organisation(
        session,
        actor=actor,
        organisation_id=manager.acts_for_id or 0,
        name=name,
        number=number,
        now=START,
    )


def called(session: Session) -> tuple[str, str]:
    one = session.exec(select(Organisation)).one()
    return one.name, one.number


def test_a_manager_corrects_it_and_the_log_keeps_the_earlier_name(
    session: Session, manager: Person
) -> None:
    bolot = actor_of(session, manager)
    correct(session, bolot, manager, " Union  of Readers and Writers ", "7")
    correct(session, bolot, manager, "Union of Readers and Writers", "7")
    assert called(session) == ("Union of Readers and Writers", "7")
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.action, entry.organisation_id) == ("organisation_corrected", 1)
    assert entry.details == {"earlier": {"name": UNION, "number": ""}}
    for wrong in ("Министерство культуры", " "):
        with pytest.raises(Invalid):
            correct(session, bolot, manager, wrong)


def test_other_members_and_strangers_do_not_correct_it(session: Session, manager: Person) -> None:
    member = actor_of(session, join(session, manager, "Asan"))
    with pytest.raises(NotAllowed):
        correct(session, member, manager, "Ours")
    with pytest.raises(NotFound):
        correct(session, actor_of(session, make_person(session)), manager, "Ours")
    assert called(session) == (UNION, "")


def test_an_administrator_gives_it_any_name_for_they_can_check(
    session: Session, manager: Person, administrator: Actor
) -> None:
    correct(session, administrator, manager, "Friends of the Ministry")
    assert called(session)[0] == "Friends of the Ministry"


def test_nobody_speaks_for_a_closed_organisation_and_what_it_said_stays(
    session: Session, manager: Person, administrator: Actor
) -> None:
    join(session, manager, "Asan")
    waiting = Invitation(
        token_hash="x",
        email="a@example.org",
        lang="en",
        organisation_id=1,
        created_at=START,
        expires_at=START,
    )
    session.add(waiting)
    comment = factories.make_comment(session, factories.open_draft(session), manager)
    with pytest.raises(NotAllowed):
        close_organisation(session, actor=actor_of(session, manager), organisation_id=1, now=START)
    close_organisation(session, actor=administrator, organisation_id=1, now=START)
    bolot = actor_of(session, manager)
    assert bolot.organisation_id is None
    assert spoken_for(session, [1]) == set()
    with pytest.raises(NotFound):
        act_for(session, actor=bolot, organisation_id=1)
    session.refresh(waiting)
    assert waiting.withdrawn_at == START
    said = select(who(Comment)).select_from(Comment).join(Person)
    assert session.execute(said.where(Comment.id == comment.id)).scalar_one().name == UNION


def test_what_an_administrator_did_to_one_outlives_who_never_confirmed_the_address(
    session: Session, administrator: Actor
) -> None:
    unconfirmed = make_person(session, "Eve", organisation="Ministry", confirmed=False)
    close_organisation(session, actor=administrator, organisation_id=1, now=START)
    forget_founded(session, unconfirmed)
    assert called(session) == ("Ministry", "")
    assert spoken_for(session, [1]) == set()


def test_an_organisation_is_found_by_what_its_name_looks_like(session: Session) -> None:
    for name in ("Министерcтво культуры", "Окуу"):  # with a Latin letter
        make_person(session, name[:3], organisation=name)
    found = organisations_found(session, "министерство")
    assert [one.name for one in found] == ["Министерcтво культуры"]
    assert len(organisations_found(session, " ")) == 2
    assert not organisations_found(session, "жок")
