"""What a secretariat does with its list of deputies: takes one from a file, corrects an entry."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.accounts.queries import people_with
from consult.chambers.bodies import check_secretary, committees_of
from consult.chambers.deputies.models import Deputy
from consult.chambers.deputies.rules import Sat, check_deputy, folded
from consult.errors import Conflict, Invalid


def take_deputies(
    session: Session, *, actor: Actor, body: Agency, deputies: Sequence[Sat], now: datetime
) -> tuple[int, int]:
    """Add the deputies of a list; of those who are there already, take what it says now.

    Returns how many are new, and how many were changed. Nobody is taken off: an end of office is a
    day in the list.
    """
    check_secretary(actor, body.id or 0)
    session.get_one(Agency, body.id, with_for_update={"key_share": True})  # of two lists, one
    known = {
        (folded(row.name), row.since_on): row
        for row in session.exec(select(Deputy).where(Deputy.body_id == body.id)).all()
    }
    added = changed = 0
    for said in deputies:
        check_deputy(said)
        row = known.get((folded(said.name), said.since_on))
        if row is None:
            row = Deputy(
                body_id=body.id or 0, name=said.name, since_on=said.since_on, recorded_at=now
            )
            added += 1
        elif _differs(row, said):
            changed += 1
        else:
            continue
        _write(row, said, actor, now)
        session.add(row)
    session.flush()
    return added, changed


def correct_deputy(
    session: Session,
    *,
    actor: Actor,
    deputy: Deputy,
    said: Sat,
    person_id: int | None,
    now: datetime,
) -> None:
    """Put an entry right, and say whose account it is. Raises Invalid, Conflict."""
    check_secretary(actor, deputy.body_id)
    check_deputy(said)
    twin = select(Deputy.id).where(
        Deputy.body_id == deputy.body_id,
        Deputy.name == said.name,
        Deputy.since_on == said.since_on,
        Deputy.id != deputy.id,
    )
    if session.exec(twin).first():
        raise Conflict("There is such a deputy already.", field="name")
    body = session.get_one(Agency, deputy.body_id)
    if person_id and person_id not in {person.id for person in accounts_of(session, body)}:
        raise Invalid("Please choose one of the options.", field="person")
    deputy.name, deputy.since_on, deputy.person_id = said.name, said.since_on, person_id
    _write(deputy, said, actor, now)
    session.add(deputy)
    session.flush()


def accounts_of(session: Session, body: Agency) -> list[Person]:
    """Who holds the role of a deputy for this body, or for one of its committees."""
    bodies = [body, *committees_of(session, body.id or 0)]
    found = {
        person.id or 0: person
        for one in bodies
        for person in people_with(session, Role.PARLIAMENTARIAN, one.id)
    }
    return list(found.values())


def _differs(row: Deputy, said: Sat) -> bool:
    return (row.name, row.faction, row.constituency, row.until_on) != (
        *(said.name, said.faction, said.constituency),
        said.until_on,
    )


def _write(row: Deputy, said: Sat, actor: Actor, now: datetime) -> None:
    row.name, row.faction, row.constituency = said.name, said.faction, said.constituency
    row.until_on, row.recorded_by, row.recorded_at = said.until_on, actor.id, now
