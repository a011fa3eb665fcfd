"""Whom the public sees, as expressions of the database: the rule of consult/naming.py. Reads only.

Whoever shows a person to the public asks `who`, and never reads Person.name (a contract test).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, case, false, literal, null, or_
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col, select

from consult.accounts.models import Organisation, Person
from consult.naming import Kind, KnownAs, PublicName


class _Who(Bundle[Any]):
    """Several columns that come back as one value; None where there is nobody."""

    def __init__(self, name: str, make: Callable[..., Any], *columns: ColumnElement[Any]) -> None:
        labelled = (one.label(f"{name}_{at}") for at, one in enumerate(columns))
        super().__init__(name, *labelled)
        self.make = make

    def create_row_processor(
        self, _query: Any, procs: Sequence[Callable[[Row[Any]], Any]], _labels: Sequence[str]
    ) -> Callable[[Row[Any]], Any]:
        def made(row: Row[Any]) -> Any:
            kind, *others = (of(row) for of in procs)
            return self.make(kind, *others) if kind is not None else None

        return made


def who(
    of: Any = None,
    person: Any = Person,
    only_if: ColumnElement[bool] | None = None,
    name: str = "who",
) -> Any:
    """Whom the public sees behind a row of `of`, as one element of a select: a PublicName.

    `of`: a table with organisation_id (Comment, Signature, Paper, Problem), or an alias of one;
    None: the person for themselves. The caller joins `person`. Where `only_if` does not hold, or
    no person was joined, it is None. `name` is that of the element, where there are several.
    """
    return _Who(name, _public, *who_columns(of, person, only_if))


def known_as(of: Any = None, person: Any = Person) -> Any:
    """The same with the name beside it, a KnownAs: for who answers, and for moderators alone."""
    return _Who(
        "known", _known, *who_columns(of, person), cast("ColumnElement[str]", col(person.name))
    )


def who_columns(
    of: Any = None, person: Any = Person, only_if: ColumnElement[bool] | None = None
) -> tuple[ColumnElement[Any], ...]:
    """What `who` is made of: kind, name, region, identified; to group by, or in a subquery."""
    name, pseudonym = col(person.name), col(person.pseudonym)
    forgotten = col(person.forgotten_at).is_not(None)
    by_pseudonym = and_(col(person.shown) == "pseudonym", pseudonym != "")
    by_name = and_(col(person.shown) == "name", name != "")
    spoken_for, organisation = _organisation(of)
    there = col(person.id).is_not(None)
    return (
        case(
            (~there if only_if is None else ~and_(only_if, there), null()),
            (spoken_for, Kind.ORGANISATION.value),
            (forgotten, Kind.FORMER.value),
            (by_pseudonym, Kind.PSEUDONYM.value),
            (by_name, Kind.NAME.value),
            else_=Kind.NOTHING.value,
        ),
        case(
            (spoken_for, organisation),
            (forgotten, ""),
            (by_pseudonym, pseudonym),
            (by_name, name),
            else_="",
        ),
        case(
            (forgotten, ""),
            (or_(spoken_for, by_pseudonym, by_name), col(person.region)),
            else_="",
        ),
        and_(~spoken_for, ~forgotten, col(person.verified_at).is_not(None)),
    )


def _organisation(of: Any) -> tuple[ColumnElement[bool], ColumnElement[str]]:
    """Whether it was said in the name of an organisation, and in whose."""
    if of is None:
        return false(), literal("")
    query = select(Organisation.name).where(col(Organisation.id) == of.organisation_id)
    name = query.correlate_except(Organisation).scalar_subquery()
    return of.organisation_id.is_not(None), name


def _public(*values: Any) -> PublicName:
    kind, name, region, identified = values
    return PublicName(kind, name, region, bool(identified))


def _known(*values: Any) -> KnownAs:
    *public, name = values
    return KnownAs(_public(*public), name)


def public_names(session: Session, person_ids: Iterable[int]) -> dict[int, PublicName]:
    """Whom the public sees in these people for themselves, by id, in one query."""
    query = select(Person.id, who()).where(col(Person.id).in_(set(person_ids)))
    return dict(session.execute(query).all())
