"""The rule of names as an expression of the database, and as the pages are given it."""

from collections.abc import Iterator
from itertools import product

from sqlmodel import Session, col, select

from consult.accounts.models import Organisation, Person
from consult.accounts.shown import known_as, public_names, who
from consult.adoption.models import Problem
from consult.comments.models import Comment
from consult.cosigning.models import Signature
from consult.naming import PublicName, public_name
from consult.papers.models import Paper
from drafts.models import Draft
from tests.conftest import START
from tests.factories import make_comment, make_person, open_draft


def people(session: Session) -> Iterator[Person]:
    """Every standing a person may have towards the public."""
    every = product(
        ("name", "pseudonym", "nothing"), ("", "Ak kalpak"), (None, START), (None, START), ("", "N")
    )
    for n, (shown, pseudonym, forgotten, verified, name) in enumerate(every):
        person = make_person(session, f"Asan {n}", region="Naryn")
        person.name = name and f"Asan {n}"
        person.shown, person.pseudonym = shown, pseudonym and f"{pseudonym} {n}"
        person.forgotten_at, person.verified_at = forgotten, verified
        session.add(person)
        yield person


def by_rule(person: Person, organisation: str = "") -> PublicName:
    return public_name(
        name=person.name,
        shown=person.shown,
        pseudonym=person.pseudonym,
        region=person.region,
        organisation=organisation,
        forgotten=person.forgotten_at is not None,
        verified=person.verified_at is not None,
    )


def test_the_database_says_what_the_rule_says(session: Session) -> None:
    draft = open_draft(session)
    everybody = list(people(session))
    union = Organisation(name="Union", created_at=START)
    session.add(union)
    session.flush()
    expected = {}
    for n, person in enumerate(everybody):
        comment = make_comment(session, draft, person, f"Words {n}.")
        comment.organisation_id = union.id if n % 2 else None
        expected[comment.id] = by_rule(person, "Union" if n % 2 else "")
    session.flush()
    rows = session.execute(
        select(Comment.id, who(Comment), known_as(Comment)).join(
            Person, col(Person.id) == col(Comment.author_id)
        )
    ).all()
    assert len(rows) == len(everybody) == 48
    for id_, public, known in rows:
        assert public == known.public == expected[id_]
    names = {person.id: person.name for person in everybody}
    assert {known.name for _, _, known in rows} == set(names.values())
    assert public_names(session, [p.id or 0 for p in everybody]) == {
        person.id: by_rule(person) for person in everybody
    }


def test_nobody_is_seen_where_there_is_nobody_or_nobody_may_be_seen(session: Session) -> None:
    person = make_person(session, "Asan")
    rows = session.execute(
        select(Organisation.id, who()).outerjoin(Person, col(Person.id) == -1)
    ).all()
    assert rows == []
    unseen = who(only_if=col(Person.id) < 0)
    assert session.execute(select(Person.id, unseen)).all() == [(person.id, None)]


def test_all_that_is_said_for_an_organisation_has_it_beside_it() -> None:
    said = (Comment, Signature, Paper, Problem)
    assert all(hasattr(table, "organisation_id") for table in said)
    assert not hasattr(Draft, "organisation_id")
