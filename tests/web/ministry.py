"""The ministry every test at the desk works in: an officer, an approver, and who comments."""

import re
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import (
    ARTICLES,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    sign_in_token,
)

WORK = "/desk/consultations/1"


@dataclass
class Ministry:
    """A ministry with an officer and an approver, and a citizen who comments."""

    platform: Platform
    clock: TestClock
    agency: Agency
    people: dict[str, Person]

    def client(self, name: str) -> Client:
        """A browser this person has just signed in with."""
        with self.platform.database.writing() as session:
            token = sign_in_token(session, self.people[name], self.clock.now)
        return Client(self.platform, token)

    def comment(self, *bodies: str, **more: Any) -> list[int]:
        """Comments of the citizen on the only draft, by their ids."""
        with self.platform.database.writing() as session:
            draft = session.exec(select(Draft)).one()
            author = self.people["Aizada"]
            values = {"lang": "ru", "now": self.clock.now} | more
            rows = [make_comment(session, draft, author, body, **values) for body in bodies]
            return [row.id or 0 for row in rows]

    def draft(self, *articles: str) -> int:
        """A draft under discussion, by its id."""
        with self.platform.database.writing() as session:
            draft = open_draft(session, articles or ARTICLES, agency=session.merge(self.agency))
            return draft.id or 0

    def close(self) -> None:
        """Let the discussion end at its instant."""
        with self.platform.database.reading() as session:
            round_ = session.exec(select(Consultation)).one()
        self.clock.now = max(self.clock.now, round_.closes_at)
        drain(self.platform, self.clock.now)


def make_ministry(platform: Platform, clock: TestClock) -> Ministry:
    """The same for every test at the desk."""
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = [
            make_person(session, "Aizada"),
            make_person(session, "Olga", role=Role.OFFICER, agency=agency),
            make_person(session, "Nurlan", role=Role.APPROVER, agency=agency),
        ]
    return Ministry(platform, clock, agency, {person.name: person for person in people})


def read_in(client: Client, address: str, text: str, **facts: str) -> Any:
    """Import a text file; returns the answer, which leads to what was read."""
    file = ("law.txt", text.encode(), "text/plain")
    return client.post(address, {"lang": "ru", **facts}, files={"file": file})


def upload(client: Client, address: str, text: str, **facts: str) -> Any:
    """Import a text file and look at what was read; returns the answer to taking it over."""
    read = read_in(client, address, text, **facts)
    assert "Every letter of the file" in client.follow(read).text
    return client.post(read.headers["location"], {"title": "О сельских библиотеках"})


def marks(page: str) -> list[str]:
    """What the approver may choose: the answers as they stand on the page."""
    return re.findall(r'name="answers\[\]" value="([^"]+)"', page)
