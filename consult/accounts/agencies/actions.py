"""What becomes of an agency: a new name, another parent, its end, after which others go on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from consult.access import Actor, check_right
from consult.accounts.agencies.queries import (
    earlier_names,
    names_by_lang,
    renamed_on,
    successions,
)
from consult.accounts.agencies.rules import (
    check_day,
    check_names_kept,
    check_parent,
    check_succession,
    new_parent,
)
from consult.accounts.models import Agency, AgencyName, AgencySuccession
from consult.accounts.queries import agencies
from consult.accounts.rules import check_agency_open, clean_line
from consult.audit.actions import note
from consult.errors import Conflict, Invalid, NotFound
from consult.procedure.deadlines import local_day


def rename(
    session: Session,
    *,
    actor: Actor,
    agency_id: int,
    names: Mapping[str, str],
    on: date,
    basis: str,
    tz: ZoneInfo,
    now: datetime,
) -> None:
    """Give an agency other names from a day on; those it had are kept. Raises Invalid, NotFound."""
    check_right(actor, "administer")
    agency = _agency(session, agency_id)
    check_agency_open(agency.closed_on, field="name_ky")
    given = {lang: clean_line(name) for lang, name in names_by_lang(names).items()}
    if not given:
        raise Invalid("Please give the name in at least one language.", field="name_ky")
    check_names_kept(given, agency.names)
    if given == agency.names:
        raise Invalid("It has this name already.", field="name_ky")
    earlier = earlier_names(session, agency_id)
    check_day(on, local_day(now, tz), after=earlier[0].until_on if earlier else None)
    row = AgencyName(agency_id=agency_id, names=agency.names, until_on=on, basis=_basis(basis))
    session.add(row)
    agency.names = given
    session.add(agency)
    session.flush()
    note(
        session,
        "agency_renamed",
        actor_id=actor.id,
        agency_id=agency_id,
        now=now,
        name_id=row.id,
        on=on.isoformat(),
    )


def undo_rename(
    session: Session, *, actor: Actor, agency_id: int, tz: ZoneInfo, now: datetime
) -> None:
    """Take a mistaken renaming back on the day it was entered; raises Conflict later.

    After that others may have read it: then it is a renaming of its own.
    """
    check_right(actor, "administer")
    agency = _agency(session, agency_id)
    row = renamed_on(session, agency_id, local_day(now, tz), tz)
    if row is None:
        raise Conflict("A new name can be taken back on the day it was entered only.")
    agency.names = row.names
    session.add(agency)
    session.delete(row)
    note(
        session,
        "agency_renamed",
        actor_id=actor.id,
        agency_id=agency_id,
        now=now,
        undone=row.id,
    )


def move(
    session: Session, *, actor: Actor, agency_id: int, parent_id: int | None, now: datetime
) -> None:
    """Put an agency beneath another, or beneath none; raises Invalid, NotFound."""
    check_right(actor, "administer")
    agency = _agency(session, agency_id)
    check_agency_open(agency.closed_on, field="parent")
    if parent_id is not None:
        check_agency_open(_agency(session, parent_id).closed_on)
    parents = {one.id or 0: one.parent_id for one in agencies(session).values()}
    check_parent(agency_id, parent_id, parents)
    if agency.parent_id == parent_id:
        return
    before, agency.parent_id = agency.parent_id, parent_id
    session.add(agency)
    note(
        session,
        "agency_reorganised",
        actor_id=actor.id,
        agency_id=agency_id,
        now=now,
        parent_before=before,
        parent=parent_id,
    )


def end(
    session: Session,
    *,
    actor: Actor,
    agency_id: int,
    successor_ids: Sequence[int],
    on: date,
    basis: str,
    tz: ZoneInfo,
    now: datetime,
) -> None:
    """Close an agency, from which one took over, or several (a split). Raises Invalid, NotFound.

    A merger is this for each that ends. Its drafts and duties stay its own: whoever works for a
    successor works on them (accounts/queries.py). What belonged to it goes on: rules.new_parent.
    """
    check_right(actor, "administer")
    agency = _agency(session, agency_id)
    check_agency_open(agency.closed_on)
    check_day(on, local_day(now, tz))
    successor_ids = list(dict.fromkeys(successor_ids))
    if not successor_ids:
        raise Invalid("Please choose who takes over.", field="successors")
    for successor_id in successor_ids:
        check_agency_open(_agency(session, successor_id).closed_on, field="successors")
    check_succession(agency_id, successor_ids, successions(session))
    said = _basis(basis)
    for successor_id in successor_ids:
        session.add(
            AgencySuccession(
                agency_id=agency_id, successor_id=successor_id, since_on=on, basis=said
            )
        )
    agency.closed_on = on
    session.add(agency)
    _hand_on(session, agency_id, successor_ids)
    note(
        session,
        "agency_reorganised",
        actor_id=actor.id,
        agency_id=agency_id,
        now=now,
        successors=successor_ids,
        on=on.isoformat(),
    )


def _hand_on(session: Session, ended_id: int, successor_ids: Sequence[int]) -> None:
    every = agencies(session)
    parents = {one.id or 0: one.parent_id for one in every.values()}
    for child in every.values():
        if child.parent_id == ended_id:
            child.parent_id = new_parent(child.id or 0, ended_id, successor_ids, parents)
            parents[child.id or 0] = child.parent_id
            session.add(child)


def _agency(session: Session, agency_id: int) -> Agency:
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("There is no such agency.")
    return agency


def _basis(typed: str) -> str:
    basis = clean_line(typed)
    if not basis:
        raise Invalid("Please fill this in.", field="basis")
    return basis
