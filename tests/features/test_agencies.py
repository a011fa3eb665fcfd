"""Agencies that are renamed and reorganised: names are kept, rights go on, nothing is moved."""

import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.actions import grant
from consult.accounts.agencies import actions
from consult.accounts.agencies.queries import agency_page, called, successions, tree
from consult.accounts.agencies.rules import reached
from consult.accounts.models import Agency, AgencyName, Grant
from consult.accounts.queries import actor_for, identify, people_with, successor_ids
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.platform import Platform
from notifications.following import follow
from notifications.models import Notice
from notifications.telling import tell_interested
from tests import factories
from tests.conftest import START
from tests.decrees import PACK
from tests.mailed import told

ADMIN = Actor(roles=frozenset({Role.ADMINISTRATOR}))
TODAY = date(2026, 9, 7)
DAY = timedelta(days=1)
BASIS = "Decree 5 of 1 September 2026"
TZ = ZoneInfo("Asia/Bishkek")


def end(session: Session, ended: Agency, *successors: Agency, actor: Actor = ADMIN) -> None:
    actions.end(
        session,
        actor=actor,
        agency_id=ended.id or 0,
        successor_ids=[one.id or 0 for one in successors],
        on=TODAY,
        basis=BASIS,
        tz=TZ,
        now=START,
    )


def rename(session: Session, agency: Agency, name: str, on: date = TODAY) -> None:
    actions.rename(
        session,
        actor=ADMIN,
        agency_id=agency.id or 0,
        names={"en": name, "ru": name},
        on=on,
        basis=BASIS,
        tz=TZ,
        now=START,
    )


def test_a_new_name_leaves_the_old_one_with_its_last_day_and_basis(session: Session) -> None:
    agency = factories.make_agency(session)
    rename(session, agency, "Ministry of  Bread", TODAY - 3 * DAY)
    rename(session, agency, "Ministry of Salt")
    page = agency_page(session, "MOJ")
    assert page.agency.names["en"] == "Ministry of Salt"
    assert [(one.names["en"], one.until_on, one.basis) for one in page.earlier] == [
        ("Ministry of Bread", TODAY, BASIS),
        ("Ministry MOJ", TODAY - 3 * DAY, BASIS),
    ]
    then = called(session, agency, TODAY - 2 * DAY)
    assert (then.then["en"], then.now) == ("Ministry of Bread", [page.agency.names])
    assert called(session, agency, TODAY).now == []


@pytest.mark.parametrize(
    ("name", "on", "field"),
    [
        (" ", TODAY, "name_ky"),
        ("Bread", TODAY + DAY, "on"),
        ("Bread", TODAY - 5 * DAY, "on"),
        ("Salt", TODAY, "name_ky"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_kept(
    session: Session, name: str, on: date, field: str
) -> None:
    agency = factories.make_agency(session)
    rename(session, agency, "Salt", TODAY - 5 * DAY)
    with pytest.raises(Invalid) as refusal:
        rename(session, agency, name, on)
    assert refusal.value.field == field
    assert agency.names == {"en": "Salt", "ru": "Salt"}
    assert len(session.exec(select(AgencyName)).all()) == 1


def test_a_mistaken_name_is_taken_back_on_the_same_day_only(session: Session) -> None:
    agency = factories.make_agency(session)
    before = dict(agency.names)
    undo = {"session": session, "actor": ADMIN, "agency_id": agency.id or 0, "tz": TZ}
    rename(session, agency, "Mistake", TODAY - 30 * DAY)
    with pytest.raises(Conflict):
        actions.undo_rename(**undo, now=START + DAY)
    actions.undo_rename(**undo, now=START + timedelta(hours=2))
    assert agency.names == before
    assert not session.exec(select(AgencyName)).all()
    with pytest.raises(Conflict):
        actions.undo_rename(**undo, now=START + timedelta(hours=3))


def test_only_an_administrator_changes_an_agency(session: Session) -> None:
    one, other = factories.make_agency(session), factories.make_agency(session, "MOH")
    officer = Actor(roles=frozenset({Role.OFFICER}))
    with pytest.raises(NotAllowed):
        end(session, one, other, actor=officer)
    with pytest.raises(NotAllowed):
        actions.move(session, actor=officer, agency_id=one.id or 0, parent_id=other.id, now=START)


def test_agencies_stand_beneath_the_one_they_belong_to(session: Session) -> None:
    top, mid, low = (factories.make_agency(session, code) for code in ("C", "B", "A"))
    for agency, parent in ((mid, top), (low, mid)):
        actions.move(session, actor=ADMIN, agency_id=agency.id or 0, parent_id=parent.id, now=START)
    assert [(depth, one.code) for depth, one in tree(session)[0]] == [(0, "C"), (1, "B"), (2, "A")]
    with pytest.raises(Invalid, match="belong to itself"):
        actions.move(session, actor=ADMIN, agency_id=top.id or 0, parent_id=low.id, now=START)
    new = factories.make_agency(session, "N")
    end(session, mid, new)
    assert (low.parent_id, mid.parent_id) == (new.id, top.id)
    rows, closed = tree(session)
    assert [(depth, one.code) for depth, one in rows] == [(0, "C"), (0, "N"), (1, "A")]
    assert [one.code for one in closed] == ["B"]
    assert [one.agency.code for one in agency_page(session, "N").predecessors] == ["B"]


def test_whoever_works_for_a_successor_works_on_what_was_left(
    session: Session, platform: Platform
) -> None:
    old, mid, new = (factories.make_agency(session, code) for code in ("A", "B", "C"))
    moderator = factories.make_person(session, "Meerim", role=Role.MODERATOR, agency=new)
    olga = factories.make_person(session, "Olga", role=Role.OFFICER, agency=new)
    left = factories.make_person(session, "Azat", role=Role.OFFICER, agency=old)
    token = factories.sign_in_token(session, olga)
    draft = factories.make_draft(session, old)
    end(session, old, mid)
    end(session, mid, new)
    session.flush()
    actor = identify(session, token, START)
    assert actor == actor_for(session, olga.id or 0)
    assert actor.agencies[Role.OFFICER] == {old.id, mid.id, new.id}
    assert actor.may_for("prepare", draft.agency_id)
    assert not actor.may_for("approve", draft.agency_id)
    assert actor_for(session, left.id or 0).agencies[Role.OFFICER] == {old.id}
    assert old.id in actor_for(session, moderator.id or 0).bodies
    assert {one.name for one in people_with(session, Role.OFFICER, old.id)} == {"Olga", "Azat"}
    assert [one.name for one in people_with(session, Role.OFFICER, new.id)] == ["Olga"]
    assert people_with(session, Role.OFFICER, None) == []
    assert successor_ids(session, old.id or 0) == [mid.id, new.id]
    assert {one.code for one in (old, mid)} == {"A", "B"}
    assert [names["en"] for names in called(session, old, TODAY).now] == ["Ministry C"]


@pytest.mark.parametrize("seed", range(6))
def test_a_role_held_for_an_agency_survives_any_sequence_of_mergers_and_splits(
    session: Session, seed: int
) -> None:
    chance = random.Random(seed)
    bodies = [factories.make_agency(session, f"A{n}") for n in range(9)]
    people = {
        body.id or 0: factories.make_person(session, body.code, role=Role.OFFICER, agency=body)
        for body in bodies
    }
    for _ in range(6):
        still = [body for body in bodies if body.closed_on is None]
        ended, *successors = chance.sample(still, min(len(still), chance.choice((2, 2, 3))))
        if successors:
            end(session, ended, *successors)
    graph = successions(session)
    assert graph
    for body_id, person in people.items():
        held = actor_for(session, person.id or 0).agencies[Role.OFFICER]
        assert held == {body_id} | {one for one in graph if body_id in reached(one, graph)}
        found = {one.id for one in people_with(session, Role.OFFICER, body_id)}
        assert found == {people[one].id for one in {body_id} | reached(body_id, graph)}


def test_a_closed_agency_takes_no_new_drafts_grants_or_successors(session: Session) -> None:
    old, new, third = (factories.make_agency(session, code) for code in ("A", "B", "C"))
    person = factories.make_person(session)
    end(session, old, new)
    with pytest.raises(Invalid, match="was closed"):
        grant(session, person.id or 0, Role.OFFICER, old.id, START)
    with pytest.raises(Invalid, match="was closed"):
        end(session, old, third)
    with pytest.raises(Invalid, match="was closed"):
        end(session, new, old)
    with pytest.raises(Invalid, match="was closed"):
        actions.move(session, actor=ADMIN, agency_id=new.id or 0, parent_id=old.id, now=START)
    with pytest.raises(Invalid, match="take over from itself"):
        end(session, third, third)
    with pytest.raises(Invalid, match="who takes over"):
        end(session, third)
    with pytest.raises(NotFound):
        actions.move(session, actor=ADMIN, agency_id=99, parent_id=None, now=START)
    assert not session.exec(select(Grant)).all()


def test_following_a_successor_tells_of_the_drafts_it_took_over(
    session: Session, platform: Platform
) -> None:
    old, new = factories.make_agency(session, "A"), factories.make_agency(session, "B")
    draft = factories.open_draft(session, agency=old)
    reader = factories.make_person(session)
    actor = factories.actor_of(session, reader)
    follow(session, PACK, actor=actor, target=f"agency:{new.id}", now=START)
    values = {"titles": draft.titles, "agency": old.names, "round": 1}
    tell = (session, platform, draft)
    tell_interested(*tell, "before", "report_published", values, START)
    end(session, old, new)
    session.flush()
    tell_interested(*tell, "after", "report_published", values, START)
    assert [one.key for one in told(session, Notice.person_id == reader.id)] == ["after"]


def test_every_change_of_an_agency_and_every_grant_is_noted(session: Session) -> None:
    old, new = factories.make_agency(session, "A"), factories.make_agency(session, "B")
    person = factories.make_person(session, role=Role.OFFICER, agency=old)
    grant(session, person.id or 0, Role.OFFICER, old.id, START)  # held already
    rename(session, old, "Bread")
    actions.move(session, actor=ADMIN, agency_id=old.id or 0, parent_id=new.id, now=START)
    actions.move(session, actor=ADMIN, agency_id=old.id or 0, parent_id=None, now=START)
    end(session, old, new)
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert [(one.action, one.agency_id) for one in entries] == [
        ("role_given", old.id),
        ("agency_renamed", old.id),
        ("agency_reorganised", old.id),
        ("agency_reorganised", old.id),
        ("agency_reorganised", old.id),
    ]
    assert entries[0].details == {"role": "officer"}
    assert entries[-1].details["successors"] == [new.id]
