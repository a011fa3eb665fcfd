"""A cast for the tests of pages: who they are, what there is, and whether anything was changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlmodel import select

from consult.access import Role
from consult.accounts.actions import grant
from consult.accounts.models import Person
from consult.platform import Platform
from consult.schema import METADATA
from consult.worker import drain
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START
from tests.factories import (
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_draft,
    sign_in_token,
)


class Cast(dict[str, Client]):
    """People by name, each signed in when first asked for.

    Aizada and Bolot are citizens, Olga an officer of the ministry, Damir one of another, Azamat
    may do everything that staff may. /drafts/1 is under discussion, with /comments/1 by Aizada;
    /drafts/2 is in preparation.
    """

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self.platform = platform
        begin(platform, "cast", self._people_and_drafts)

    def _people_and_drafts(self) -> None:
        platform = self.platform
        with platform.database.writing() as session:
            ministry, other = make_agency(session), make_agency(session, "MOH")
            draft = open_draft(session, agency=ministry)
            make_draft(session, ministry)
            make_comment(session, draft, make_person(session), wid="art_1")
            make_person(session, "Bolot")
            make_person(session, "Olga", role=Role.OFFICER, agency=ministry)
            make_person(session, "Damir", role=Role.OFFICER, agency=other)
            azamat = make_person(session, "Azamat", role=Role.ADMINISTRATOR)
            for role in (Role.OFFICER, Role.APPROVER, Role.MODERATOR, Role.OVERSIGHT):
                grant(session, azamat.id or 0, role, None, START)
        drain(platform, START)

    def __missing__(self, name: str) -> Client:
        with self.platform.database.writing() as session:
            person = session.exec(select(Person).where(Person.name == name.title())).one()
            token = sign_in_token(session, person)
        self[name] = Client(self.platform, token)
        return self[name]


@contextmanager
def unchanged(platform: Platform) -> Iterator[None]:
    """Nothing in the database becomes more or less, but for who signs in meanwhile."""

    def rows() -> dict[str, int]:
        counts = " UNION ALL ".join(
            f"SELECT '{table.name}' AS name, count(*) AS n FROM \"{table.name}\""
            for table in METADATA.sorted_tables
            if table.name != "sign_in"
        )
        with platform.database.reading() as session:
            return dict(session.execute(text(counts)).all())

    before = rows()
    yield
    assert rows() == before
