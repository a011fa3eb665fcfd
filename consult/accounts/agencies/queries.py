"""Reads of agencies through time: the tree, earlier names, who took over from whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from consult.accounts.agencies.rules import Names, names_on, reached
from consult.accounts.models import Agency, AgencyName, AgencySuccession
from consult.accounts.queries import agencies, agency_by_code
from consult.audit.models import AuditEntry
from consult.procedure.deadlines import local_day


@dataclass(frozen=True, slots=True)
class Handover:
    """The agency on the other side of a reorganisation, since when, and on what basis."""

    agency: Agency
    since_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """One agency with its past: `earlier` are its former names, the newest first."""

    agency: Agency
    parent: Agency | None
    children: Sequence[Agency]
    earlier: Sequence[AgencyName]
    predecessors: Sequence[Handover]
    successors: Sequence[Handover]


@dataclass(frozen=True, slots=True)
class Called:
    """What an agency was called on a day, and what it, or what took over from it, is called now.

    `now` is empty where nothing has changed since.
    """

    then: Names
    now: Sequence[Names]


def tree(session: Session) -> tuple[list[tuple[int, Agency]], list[Agency]]:
    """The open agencies with their depth, each after the one it belongs to; then the closed ones.

    One query.
    """
    beneath: dict[int | None, list[Agency]] = defaultdict(list)
    every = agencies(session)
    for agency in sorted(every.values(), key=lambda one: one.code):
        if agency.closed_on is None:
            parent = every.get(agency.parent_id or 0)
            is_open = parent is not None and parent.closed_on is None
            beneath[agency.parent_id if is_open else None].append(agency)
    rows: list[tuple[int, Agency]] = []
    waiting = [(0, agency) for agency in reversed(beneath[None])]
    while waiting:
        depth, agency = waiting.pop()
        rows.append((depth, agency))
        waiting += [(depth + 1, child) for child in reversed(beneath[agency.id])]
    closed = [agency for agency in every.values() if agency.closed_on is not None]
    return rows, sorted(closed, key=lambda one: one.code)


def agency_page(session: Session, code: str) -> AgencyPage:
    """One agency with its past, in four queries however long that is; raises NotFound."""
    agency = agency_by_code(session, code)
    every = agencies(session)
    handovers = session.exec(
        select(AgencySuccession).order_by(
            col(AgencySuccession.since_on), col(AgencySuccession.agency_id)
        )
    ).all()
    return AgencyPage(
        agency=agency,
        parent=every.get(agency.parent_id or 0),
        children=sorted(
            (one for one in every.values() if one.parent_id == agency.id),
            key=lambda one: one.code,
        ),
        earlier=earlier_names(session, agency.id or 0),
        predecessors=[
            Handover(every[one.agency_id], one.since_on, one.basis)
            for one in handovers
            if one.successor_id == agency.id
        ],
        successors=[
            Handover(every[one.successor_id], one.since_on, one.basis)
            for one in handovers
            if one.agency_id == agency.id
        ],
    )


def earlier_names(session: Session, agency_id: int) -> list[AgencyName]:
    """The names an agency had, the newest first."""
    query = select(AgencyName).where(AgencyName.agency_id == agency_id)
    return list(session.exec(query.order_by(col(AgencyName.until_on).desc())).all())


def called(session: Session, agency: Agency, on: date) -> Called:
    """What an agency was called on a day, beside what it is called now; one to three queries."""
    earlier = [(row.until_on, row.names) for row in earlier_names(session, agency.id or 0)]
    then = names_on(agency.names, earlier, on)
    if agency.closed_on is None:
        return Called(then, [agency.names] if then != agency.names else [])
    every, graph = agencies(session), successions(session)
    last = [every[one] for one in sorted(reached(agency.id or 0, graph)) if not graph.get(one)]
    return Called(then, [one.names for one in last])


def successions(session: Session) -> Mapping[int, list[int]]:
    """Who took over from whom, by the agency that ended."""
    graph: dict[int, list[int]] = defaultdict(list)
    for row in session.exec(select(AgencySuccession)).all():
        graph[row.agency_id].append(row.successor_id)
    return dict(graph)


def renamed_on(session: Session, agency_id: int, on: date, tz: ZoneInfo) -> AgencyName | None:
    """The names an agency had before a renaming that was entered on this day, whenever it is of.

    None if there was none, or it was taken back.
    """
    query = select(AuditEntry).where(
        AuditEntry.agency_id == agency_id, AuditEntry.action == "agency_renamed"
    )
    entry = session.exec(query.order_by(col(AuditEntry.id).desc()).limit(1)).first()
    if entry is None or local_day(entry.at, tz) != on:
        return None
    return session.get(AgencyName, entry.details.get("name_id", 0))


def names_by_lang(typed: Mapping[str, Any]) -> dict[str, str]:
    """The names that were filled in, by language."""
    return {lang: name.strip() for lang, name in typed.items() if name.strip()}
