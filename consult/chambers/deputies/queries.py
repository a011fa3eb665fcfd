"""Reads of deputies: those of a body, those in office, what a list of them would change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from consult.chambers.deputies.models import Deputy
from consult.chambers.deputies.rules import Seat
from consult.errors import Invalid, NotFound


def deputy_by_id(session: Session, deputy_id: int) -> Deputy:
    """A deputy; raises NotFound."""
    deputy = session.get(Deputy, deputy_id)
    if deputy is None:
        raise NotFound("There is no such deputy.")
    return deputy


def deputies_of(session: Session, body_id: int, *, former: bool, today: date) -> Sequence[Deputy]:
    """The deputies of a body who are in office on a day, or those who were before, by name."""
    ended = col(Deputy.until_on) < today
    in_office = or_(col(Deputy.until_on).is_(None), col(Deputy.until_on) >= today)
    query = select(Deputy).where(Deputy.body_id == body_id, ended if former else in_office)
    return session.exec(query.order_by(col(Deputy.name), col(Deputy.id))).all()


def seats_of(session: Session, body_id: int) -> list[Seat]:
    """All who ever were deputies of a body, as plain values."""
    query = select(Deputy).where(Deputy.body_id == body_id).order_by(col(Deputy.id))
    return [
        Seat(row.id or 0, row.name, row.faction, row.since_on, row.until_on)
        for row in session.exec(query).all()
    ]


def check_deputy_of(session: Session, deputy_id: int | None, body_id: int, field: str) -> None:
    """Raise Invalid for a number that is no deputy of this body; nobody at all is taken."""
    if deputy_id is None:
        return
    deputy = session.get(Deputy, deputy_id)
    if deputy is None or deputy.body_id != body_id:
        raise Invalid("Please choose one of the options.", field=field)


def deputies_by_id(session: Session, ids: Collection[int | None]) -> Mapping[int, Deputy]:
    """Some deputies by their numbers."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    rows = session.exec(select(Deputy).where(col(Deputy.id).in_(wanted))).all()
    return {row.id or 0: row for row in rows}


def seats_held(session: Session, person_id: int) -> Sequence[Deputy]:
    """What this person is or was a deputy of, the newest first."""
    query = select(Deputy).where(Deputy.person_id == person_id)
    return session.exec(query.order_by(col(Deputy.since_on).desc())).all()
