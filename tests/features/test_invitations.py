"""Invitations: who may invite to what, how long a link is good, and whose it becomes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.invitations import actions
from consult.accounts.invitations.models import Invitation
from consult.accounts.invitations.queries import (
    invitations,
    members_invited,
    open_invitation,
)
from consult.accounts.models import Grant, Membership, Organisation, Person
from consult.accounts.queries import actor_for
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.worker import drain
from tests import factories
from tests.conftest import START
from tests.mailed import mailed

DAY = timedelta(days=1)
LATER = START + DAY


@pytest.fixture
def admin(session: Session) -> Actor:
    person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
    return factories.actor_of(session, person)


def invite(
    session: Session,
    admin: Actor,
    email: str = "Olga@Example.org ",
    role: Role = Role.MODERATOR,
    agency_id: int | None = None,
) -> Invitation:
    return actions.invite_to_role(
        session, actor=admin, email=email, role=role, agency_id=agency_id, lang="en", now=START
    )


def token(session: Session) -> str:
    """Of the newest link that was sent."""
    events = select(OutboxEvent).where(OutboxEvent.name == "PersonInvited")
    event = session.exec(events.order_by(col(OutboxEvent.id).desc())).first()
    assert event
    return str(event.payload["accept_path"]).rpartition("/")[2]


def open_account(session: Session, link: str) -> Person:
    return actions.accept_with_new_account(
        session, token=link, name="Olga", password_hash="hash", lang="ru", now=LATER
    )


def test_whoever_has_no_account_gets_one_with_the_address_confirmed(
    session: Session, admin: Actor
) -> None:
    agency = factories.make_agency(session)
    invitation = invite(session, admin, role=Role.OFFICER, agency_id=agency.id)
    person = open_account(session, token(session))
    assert (person.email, person.email_confirmed_at) == ("olga@example.org", LATER)
    assert actor_for(session, person.id or 0).agencies[Role.OFFICER] == {agency.id}
    session.refresh(invitation)
    assert (invitation.accepted_by, invitation.accepted_at) == (person.id, LATER)


def test_what_a_stranger_entered_with_the_address_does_not_stay(
    session: Session, admin: Actor
) -> None:
    stranger = factories.make_person(session, "Olga", organisation="Fraud", confirmed=False)
    invite(session, admin)
    person = open_account(session, token(session))
    assert person.id == stranger.id
    assert (person.acts_for_id, person.password_hash) == (None, "hash")
    assert session.exec(select(Organisation)).all() == []  # nor what the stranger entered


def test_whoever_has_an_account_accepts_as_themselves(session: Session, admin: Actor) -> None:
    olga, other = factories.make_person(session, "Olga"), factories.make_person(session, "Azat")
    invite(session, admin)
    link = token(session)
    with pytest.raises(Conflict, match="sign in first"):
        open_account(session, link)
    with pytest.raises(NotAllowed, match="another address"):
        actions.accept(session, actor=factories.actor_of(session, other), token=link, now=LATER)
    actions.accept(session, actor=factories.actor_of(session, olga), token=link, now=LATER)
    assert Role.MODERATOR in factories.actor_of(session, olga).roles
    assert not factories.actor_of(session, other).is_staff


Spoil = Callable[[Session, Actor, Invitation], None]


def _use(session: Session, admin: Actor, invitation: Invitation) -> None:
    open_account(session, token(session))


def _withdraw(session: Session, admin: Actor, invitation: Invitation) -> None:
    actions.withdraw(session, actor=admin, invitation_id=invitation.id or 0, now=START)


def _again(session: Session, admin: Actor, invitation: Invitation) -> None:
    actions.send_again(session, actor=admin, invitation_id=invitation.id or 0, now=START)


def _outlive(session: Session, admin: Actor, invitation: Invitation) -> None:
    invitation.expires_at = LATER


def _depose(session: Session, admin: Actor, invitation: Invitation) -> None:
    session.delete(session.exec(select(Grant).where(Grant.person_id == admin.id)).one())


@pytest.mark.parametrize("spoil", [_use, _withdraw, _again, _outlive, _depose])
def test_a_link_of_no_use_any_more_answers_as_one_that_never_was(
    session: Session, admin: Actor, spoil: Spoil
) -> None:
    invitation = invite(session, admin)
    link = token(session)
    open_invitation(session, link, START)
    spoil(session, admin, invitation)
    session.flush()
    with pytest.raises(NotFound) as never:
        open_invitation(session, "nothing", LATER)
    with pytest.raises(NotFound) as refusal:
        open_invitation(session, link, LATER)
    assert refusal.value.message == never.value.message
    with pytest.raises(NotFound):
        open_account(session, link)


def test_a_link_is_good_for_seven_days_and_sent_again_for_seven_more(
    session: Session, admin: Actor
) -> None:
    invitation = invite(session, admin)
    open_invitation(session, token(session), START + 7 * DAY - timedelta(seconds=1))
    late = START + 7 * DAY
    with pytest.raises(NotFound):
        open_invitation(session, token(session), late)
    assert [one.standing for one in invitations(session, late)] == ["expired"]
    actions.send_again(session, actor=admin, invitation_id=invitation.id or 0, now=late)
    open_invitation(session, token(session), late + 6 * DAY)
    assert [one.standing for one in invitations(session, late)] == ["waiting"]


def test_only_an_administrator_invites_to_a_role(session: Session, admin: Actor) -> None:
    officer = Actor(id=admin.id, roles=frozenset({Role.OFFICER}))
    with pytest.raises(NotAllowed):
        invite(session, officer)
    invitation = invite(session, admin)
    with pytest.raises(NotAllowed):
        actions.withdraw(session, actor=officer, invitation_id=invitation.id or 0, now=START)
    with pytest.raises(NotAllowed):
        actions.send_again(session, actor=officer, invitation_id=invitation.id or 0, now=START)


def test_an_invitation_that_makes_no_sense_is_refused(session: Session, admin: Actor) -> None:
    with pytest.raises(Invalid, match="for one agency"):
        invite(session, admin, role=Role.OFFICER)
    with pytest.raises(NotFound, match="agency"):
        invite(session, admin, agency_id=99)
    with pytest.raises(Invalid, match="e-mail"):
        invite(session, admin, email="olga")
    closed = factories.make_agency(session)
    closed.closed_on = START.date()
    with pytest.raises(Invalid, match="was closed"):
        invite(session, admin, agency_id=closed.id)
    invite(session, admin)
    with pytest.raises(Conflict, match="already"):
        invite(session, admin)
    invite(session, admin, role=Role.OVERSIGHT)
    assert len(session.exec(select(Invitation)).all()) == 2


def test_a_manager_invites_to_speak_for_the_organisation(session: Session) -> None:
    union = Organisation(name="Union of Readers", created_at=START)
    session.add(union)
    session.flush()
    manager, member = (factories.make_person(session, name) for name in ("Begaim", "Olga"))
    ask = {"organisation_id": union.id or 0, "mandate": "Decision 4", "lang": "en", "now": START}

    def invited_by(person: Person) -> Invitation:
        actor = factories.actor_of(session, person)
        return actions.invite_member(
            session, actor=actor, email="olga@example.org", manages=False, **ask
        )

    with pytest.raises(NotAllowed):
        invited_by(manager)
    session.add(
        Membership(
            organisation_id=union.id or 0,
            person_id=manager.id or 0,
            manages=True,
            created_at=START,
        )
    )
    session.flush()
    invited_by(manager)
    actions.accept(
        session,
        actor=factories.actor_of(session, member),
        token=token(session),
        now=LATER,
    )
    mine = session.exec(select(Membership).where(Membership.person_id == member.id)).one()
    assert (mine.mandate, mine.manages, mine.added_by) == ("Decision 4", False, manager.id)
    with pytest.raises(NotAllowed):
        invited_by(member)
    invited = members_invited(session, union.id or 0, LATER)
    assert [one.standing for one in invited] == ["accepted"]
    assert invitations(session, LATER) == []


def test_every_step_of_an_invitation_is_noted(session: Session, admin: Actor) -> None:
    agency = factories.make_agency(session)
    invite(session, admin, role=Role.OFFICER, agency_id=agency.id)
    person = open_account(session, token(session))
    gone = invite(session, admin, email="x@example.org")
    actions.withdraw(session, actor=admin, invitation_id=gone.id or 0, now=START)
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert [(one.action, one.actor_id, one.subject_id) for one in entries[1:]] == [
        ("person_invited", admin.id, None),
        ("invitation_accepted", person.id, person.id),
        ("role_given", admin.id, person.id),
        ("person_invited", admin.id, None),
        ("invitation_withdrawn", admin.id, None),
    ]
    assert "@" not in "".join(str(one.details) for one in entries)


@pytest.mark.parametrize("lang", ["ky", "ru", "kk", "en"])
def test_the_mail_goes_to_the_address_in_the_language_chosen(platform: Platform, lang: str) -> None:
    with platform.database.writing() as session:
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        agency = factories.make_agency(session)
        for email, role in (("a@example.org", Role.OFFICER), ("b@example.org", Role.MODERATOR)):
            gone = actions.invite_to_role(
                session,
                actor=factories.actor_of(session, person),
                email=email,
                role=role,
                agency_id=agency.id,
                lang=lang,
                now=START,
            )
        link = f"/invitation/{token(session)}"
        actions.withdraw(
            session,
            actor=factories.actor_of(session, person),
            invitation_id=gone.id or 0,
            now=START,
        )
    drain(platform, START)
    (mail,) = mailed(platform)
    with platform.database.reading() as session:
        assert (mail.recipient, mail.lang) == ("a@example.org", lang)
        assert link not in mail.text
        events = session.exec(select(OutboxEvent).where(OutboxEvent.name == "PersonInvited"))
        assert {event.payload["accept_path"] for event in events} == {""}
