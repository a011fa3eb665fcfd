"""Who took part: people, and the organisations that some of them spoke for, each counted once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import col

from consult.accounts.demographics.models import Demographic
from consult.accounts.models import Person
from consult.statistics.parts import ABOUT


def took_part(said: Any, voted: Any, keys: int = 0) -> Subquery:
    """(keys …, person_id, participant, way), a row for each who took part, apart for each key.

    `said` selects (keys …, person, organisation or null) of what was said, `voted` (keys …, person)
    of the votes; see PARTICIPANTS, WAYS. What somebody said for an organisation counts for it,
    however many spoke for it: `person_id` is then one of them. What they said for themselves, and
    their votes, count for themselves.
    """
    words, votes = said.subquery(), voted.subquery()
    person_id, organisation_id = words.c[keys], words.c[keys + 1]
    organisations = (
        select(
            *_first(words, keys),
            func.min(person_id).label("person_id"),
            literal("organisation").label("participant"),
            literal("commented").label("way"),
        )
        .where(organisation_id.is_not(None))
        .group_by(*_first(words, keys), organisation_id)
    )
    spoke = select(*_first(words, keys), person_id.label("person_id"), literal(1).label("spoke"))
    both = union_all(
        spoke.where(organisation_id.is_(None)),
        select(*_first(votes, keys), votes.c[keys], literal(0)).where(votes.c[keys].is_not(None)),
    ).subquery()
    way = case((func.max(both.c.spoke) == 1, "commented"), else_="only_voted")
    people = select(*_first(both, keys), both.c.person_id, literal("person"), way)
    everybody = people.group_by(*_first(both, keys), both.c.person_id)
    return organisations.union_all(everybody).subquery("took_part")


def _first(query: Subquery, keys: int) -> Sequence[ColumnElement[Any]]:
    return list(query.c)[:keys]


def account() -> ColumnElement[str]:
    """Whether a person has an account, or an officer entered what they said."""
    return case((col(Person.email).is_(None), "entered"), else_="own").label("account")


def identity(by_organisation: ColumnElement[bool]) -> ColumnElement[str]:
    """One of IDENTITIES, of who took part or of what they said."""
    known = col(Person.verified_at).is_not(None)
    apart = (by_organisation, "organisation"), (known, "identified")
    return case(*apart, else_="unidentified").label("identity")


def about(who: Subquery) -> Select[Any]:
    """(what, said, n): the people among those who took part by what each said of themselves.

    Each of ABOUT by itself: they are never counted together, so that nobody is found by both.
    """
    told = []
    for what in ABOUT:
        said = func.coalesce(getattr(Demographic, what), "").label("said")
        query = select(literal(what).label("what"), said, func.count().label("n"))
        query = query.select_from(who).outerjoin(
            Demographic, col(Demographic.person_id) == who.c.person_id
        )
        told.append(query.where(who.c.participant == "person").group_by("said"))
    every = union_all(*told).subquery()
    return select(every.c.what, every.c.said, every.c.n)
