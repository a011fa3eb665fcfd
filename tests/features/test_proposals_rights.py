"""Who may do what with proposals: every action, attempted by everybody there is."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from consult.access import GRANTED, RIGHTS, Actor, Role
from consult.accounts.queries import actor_for
from consult.errors import NotAllowed
from consult.law.queries import law_of
from consult.platform import Platform
from consult.proposals import actions, answering
from consult.proposals.actions import Addressed
from consult.proposals.models import Proposal
from consult.proposals.queries import answer_of
from tests.conftest import START, TestClock
from tests.contracts.test_routes import allows, routes
from tests.factories import make_agency, make_person, open_draft
from tests.proposed import LIBRARY, REASON, Village, make_village

Act = Callable[[Session, Village, Actor, Proposal], object]
WHERE = ("own", "other", "everywhere")


def propose(session: Session, village: Village, actor: Actor, _proposal: Proposal) -> None:
    to = Addressed(village.agency(session).id or 0)
    law = law_of(session, village.platform.pack)
    actions.propose(session, actor=actor, law=law, said=LIBRARY, to=to, now=village.clock.now)


def support(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    actions.support(session, actor=actor, proposal=proposal, now=village.clock.now)


def take_back(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    actions.take_back(session, actor=actor, proposal=proposal, now=village.clock.now)


def withdraw(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    actions.withdraw(session, actor=actor, proposal=proposal, now=village.clock.now)


def hide(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    now = village.clock.now
    actions.hide(session, actor=actor, proposal=proposal, reason="insult", now=now)


def join(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    into = village.propose(session, LIBRARY, "Damir")
    actions.join(session, actor=actor, proposal=proposal, into=into, now=village.clock.now)


def write(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    village.support(session, proposal, "Bolot", "Chynara")
    said = {"outcome": "accepted", "reason": REASON, "lang": "en"}
    answering.write_answer(session, actor=actor, proposal=proposal, now=village.clock.now, **said)


def approve(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    write(session, village, village.actor(session, "Olga"), proposal)
    row = answer_of(session, proposal.id or 0)
    seen, now = row.mark if row else "", village.clock.now
    answering.approve_answer(session, actor=actor, proposal=proposal, seen=seen, now=now)


def give_back(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    write(session, village, village.actor(session, "Olga"), proposal)
    row = answer_of(session, proposal.id or 0)
    more = {"seen": row.mark if row else "", "note": "Name the street."}
    answering.return_answer(session, actor=actor, proposal=proposal, now=village.clock.now, **more)


def link(session: Session, village: Village, actor: Actor, proposal: Proposal) -> None:
    approve(session, village, village.actor(session, "Nurlan"), proposal)
    draft = open_draft(session, agency=village.agency(session))
    answering.link_draft(
        session, actor=actor, proposal=proposal, draft=draft, now=village.clock.now
    )


# What is done, by which right, by staff of which agency ("": the right is nobody's of an agency's),
# and at which door.
TABLE: tuple[tuple[Act, str, tuple[str, ...], str], ...] = (
    (propose, "propose", (), "POST /proposals/new"),
    (support, "propose", (), "POST /proposals/{proposal_id}/support"),
    (take_back, "propose", (), "POST /proposals/{proposal_id}/take-back"),
    (hide, "moderate", ("other", "everywhere"), "POST /proposals/{proposal_id}/hide"),
    (write, "answer", ("own", "everywhere"), "POST /proposals/{proposal_id}/answer"),
    (approve, "approve", ("own", "everywhere"), "POST /proposals/{proposal_id}/answer/approve"),
    (give_back, "approve", ("own", "everywhere"), "POST /proposals/{proposal_id}/answer/return"),
    (link, "answer", ("own", "everywhere"), "POST /proposals/{proposal_id}/draft"),
)
AUTHORS: tuple[tuple[Act, str], ...] = (
    (withdraw, "POST /proposals/{proposal_id}/withdraw"),
    (join, "POST /proposals/{proposal_id}/join"),
)


@pytest.fixture
def village(platform: Platform, clock: TestClock) -> Village:
    return make_village(platform, clock)


def everybody(session: Session, village: Village) -> dict[tuple[Role, str], Actor]:
    """Somebody in each role, staff of this agency, of another, of none in particular."""
    bodies = {
        "own": village.agency(session),
        "other": make_agency(session, "ODA"),
        "everywhere": None,
    }
    found = {(Role.VISITOR, ""): Actor()}
    for role in set(Role) - {Role.VISITOR}:
        for where in WHERE if role in GRANTED else ("",):
            staff = {"role": role, "agency": bodies[where]} if where else {}
            if role is Role.ORGANISATION:
                staff = {"organisation": "Union"}
            person = make_person(session, f"{role} {where}".strip(), **staff)  # type: ignore[arg-type]
            person.verified_at = START
            session.flush()
            found[role, where] = actor_for(session, person.id or 0)
    return found


def may(session: Session, village: Village, act: Act, actor: Actor, proposal: Proposal) -> bool:
    with session.begin_nested() as attempt:
        try:
            act(session, village, actor, proposal)
        except NotAllowed:
            return False
        finally:
            attempt.rollback()
            session.expire_all()
    return True


@pytest.mark.parametrize(("act", "right", "where"), [line[:3] for line in TABLE])
def test_an_action_is_done_by_those_who_have_the_right(
    village: Village, act: Act, right: str, where: tuple[str, ...]
) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        for (role, of), actor in everybody(session, village).items():
            expected = role in RIGHTS[right] and (not of or of in where)
            assert may(session, village, act, actor, proposal) == expected, (role, of)


@pytest.mark.parametrize("act", [act for act, _ in AUTHORS])
def test_what_is_ones_own_is_done_by_its_author(village: Village, act: Act) -> None:
    with village.platform.database.writing() as session:
        proposal = village.propose(session)
        assert may(session, village, act, village.actor(session, "Aizada"), proposal)
        for (role, of), actor in everybody(session, village).items():
            moderator = act is join and role is Role.MODERATOR and of != "own"
            assert may(session, village, act, actor, proposal) == moderator, (role, of)


def test_the_door_of_each_action_asks_for_the_right_it_needs() -> None:
    doors = {
        f"{min(route.methods)} {route.path}": allow.right
        for route in routes()
        for allow in allows(route)
    }
    assert {door: doors[door] for _, _, _, door in TABLE} == {
        door: right for _, right, _, door in TABLE
    }
    rights = [doors[door] for _, door in AUTHORS]
    assert rights == ["propose", "unite"]
