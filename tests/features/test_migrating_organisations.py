"""Accounts that spoke for an organisation before there were any go on speaking for one."""

from typing import Any

from alembic import command
from sqlalchemy import text

from consult.cosigning.actions import sign_comment
from consult.platform import Platform
from consult.schema import _config
from tests import factories
from tests.features.test_migrating import rolled_back

NAME = "Union of Readers"


def test_what_was_said_by_the_account_of_an_organisation_is_said_by_the_organisation(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        draft = factories.open_draft(session)
        union, other = (factories.make_person(session, name) for name in ("Union", "Other"))
        reader = factories.make_person(session, "Reader")
        said = factories.make_comment(session, draft, union)
        factories.make_comment(session, draft, reader, "And warm ones.")
        sign_comment(
            session, actor=factories.actor_of(session, other), comment=said, now=said.created_at
        )
        ids = {"union": union.id, "other": other.id, "reader": reader.id}
    with rolled_back(platform.database) as connection:

        def told(query: str) -> list[Any]:
            return [tuple(row) for row in connection.execute(text(query), ids)]

        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        assert told("SELECT DISTINCT kind, organisation FROM person") == [("person", "")]
        connection.execute(
            text(
                "UPDATE person SET kind = 'organisation', organisation = :name"
                " WHERE id IN (:union, :other)"
            ),
            {**ids, "name": NAME},
        )
        command.upgrade(config, "head")
        # The same name twice: nobody had checked that they are one.
        assert told("SELECT name, number FROM organisation") == [(NAME, ""), (NAME, "")]
        assert told(
            "SELECT person_id, manages, organisation_id = acts_for_id FROM membership"
            " JOIN person ON person.id = person_id ORDER BY person_id"
        ) == [(ids["union"], True, True), (ids["other"], True, True)]
        assert told("SELECT acts_for_id FROM person WHERE id = :reader") == [(None,)]
        assert told(
            "SELECT comment.organisation_id = person.acts_for_id, author_id FROM comment"
            " JOIN person ON person.id = author_id ORDER BY comment.id"
        ) == [(True, ids["union"]), (None, ids["reader"])]
        assert told(
            "SELECT signature.organisation_id = acts_for_id FROM signature"
            " JOIN person ON person.id = person_id"
        ) == [(True,)]
        command.downgrade(config, "0004")
        assert told(
            "SELECT id, kind, organisation FROM person WHERE organisation <> '' ORDER BY id"
        ) == [(ids["union"], "organisation", NAME), (ids["other"], "organisation", NAME)]
