"""Who took part: people, and the organisations that some of them spoke for, each counted once."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, literal, select, union
from sqlmodel import col

from consult.accounts.models import Person

PARTICIPANTS = ("person", "organisation")
WAYS = ("commented", "only_voted")  # of taking part
ACCOUNTS = ("own", "entered")  # who spoke on this site, whose words an officer entered
KNOWN = ("identified", "unidentified")  # whether it is known who a person is
IDENTITIES = (*KNOWN, "organisation")  # nobody identifies those


def took_part(said: Any, voted: Any) -> Subquery:
    """(person_id, participant, way), a row for each who took part; see PARTICIPANTS, WAYS.

    `said` selects (person, organisation or null) of what was said, `voted` the people who voted.
    What somebody said for an organisation counts for it, however many spoke for it: `person_id` is
    then one of them. What they said for themselves, and their votes, count for themselves.
    """
    words = said.subquery()
    person_id, organisation_id = words.c[0], words.c[1]
    organisations = (
        select(
            func.min(person_id).label("person_id"),
            literal("organisation").label("participant"),
            literal("commented").label("way"),
        )
        .where(organisation_id.is_not(None))
        .group_by(organisation_id)
    )
    spoke = select(person_id).where(organisation_id.is_(None))
    everybody = union(spoke, voted).subquery()
    way = case((everybody.c[0].in_(spoke), "commented"), else_="only_voted")
    people = select(everybody.c[0], literal("person"), way)
    return organisations.union_all(people).subquery("took_part")


def account() -> ColumnElement[str]:
    """Whether a person has an account, or an officer entered what they said."""
    return case((col(Person.email).is_(None), "entered"), else_="own").label("account")


def identity(by_organisation: ColumnElement[bool]) -> ColumnElement[str]:
    """One of IDENTITIES, of who took part or of what they said."""
    known = col(Person.verified_at).is_not(None)
    apart = (by_organisation, "organisation"), (known, "identified")
    return case(*apart, else_="unidentified").label("identity")
