"""The page where a person deletes their account, and the commands that do it for them."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Membership, Organisation, Person
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from consult.worker import drain
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import (
    PASSWORD,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    sign_in_token,
)

HERE = "/cabinet/delete"
SURE = {"words": "keep", "typed": "aizada@example.org", "password": PASSWORD}


@pytest.fixture
def aizada(platform: Platform) -> Client:
    """Aizada's browser; she has said something."""
    with platform.database.writing() as session:
        person = make_person(session)
        make_comment(session, open_draft(session), person, "Open it on Sundays.")
        token = sign_in_token(session, person)
    drain(platform, START)
    return Client(platform, token)


def is_forgotten(platform: Platform) -> bool:
    with platform.database.reading() as session:
        return session.get_one(Person, 1).forgotten_at is not None


def test_it_says_what_will_happen_and_that_it_cannot_be_undone(aizada: Client) -> None:
    page = aizada.get(HERE).text
    assert "Nobody can undo it." in page
    assert "a former participant" in page
    assert "/cabinet/data" in page
    assert HERE in aizada.get("/cabinet/security").text


def test_who_is_sure_is_signed_out_and_known_no_more(platform: Platform, aizada: Client) -> None:
    answer = aizada.post(HERE, SURE)
    assert answer.headers["location"] == "/"
    assert f'{SIGN_IN_COOKIE}=""' in answer.headers["set-cookie"]
    assert is_forgotten(platform)
    assert "Your account was deleted." in aizada.follow(answer).text
    drain(platform, START)
    page = Client(platform).get("/comments/1").text
    assert "Open it on Sundays." in page
    assert "a former participant" in page
    assert "Aizada" not in page


def test_an_old_sign_in_opens_nothing(platform: Platform, aizada: Client) -> None:
    token = aizada.http.cookies[SIGN_IN_COOKIE]
    aizada.post(HERE, SURE)
    Client(platform, token).get("/cabinet", status=303)
    form = {"email": "aizada@example.org", "password": PASSWORD}
    Client(platform).post("/sign-in", form, status=422)


def test_words_are_removed_for_whoever_wants_it(platform: Platform, aizada: Client) -> None:
    aizada.post(HERE, SURE | {"words": "remove"})
    drain(platform, START)
    page = Client(platform).get("/comments/1").text
    assert "Open it on Sundays." not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "not mine at all"}, "This is not your password."),
        ({"typed": "bolot@example.org"}, "Please type your e-mail address"),
        ({"words": ""}, "choose"),
        ({"words": "burn"}, "choose"),
    ],
)
def test_nothing_happens_to_whoever_is_not_sure(
    platform: Platform, aizada: Client, wrong: dict[str, str], said: str
) -> None:
    page = aizada.post(HERE, SURE | wrong, status=422).text
    assert said in page
    assert not is_forgotten(platform)
    assert PASSWORD not in page


def test_whoever_works_here_is_told_whom_to_ask(platform: Platform) -> None:
    with platform.database.writing() as session:
        olga = make_person(session, "Olga", role=Role.OFFICER, agency=make_agency(session))
        client = Client(platform, sign_in_token(session, olga))
    page = client.get(HERE).text
    assert "You work here" in page
    assert '<form class="form"' not in page
    client.post(HERE, SURE | {"typed": "olga@example.org"}, status=422)
    assert not is_forgotten(platform)


def test_the_last_who_manages_an_organisation_is_told_first(
    platform: Platform, aizada: Client, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        union = Organisation(name="Union of Readers", created_at=START)
        session.add(union)
        session.flush()
        for person, manages in (
            (session.get_one(Person, 1), True),
            (make_person(session, "B"), False),
        ):
            session.add(
                Membership(
                    organisation_id=union.id or 0,
                    person_id=person.id or 0,
                    manages=manages,
                    created_at=START,
                )
            )
    assert "You are the last who manages Union of Readers." in aizada.get(HERE).text
    with platform.database.writing() as session:
        for row in session.exec(select(Membership)).all():
            row.manages = True
            session.add(row)
    assert "You are the last" not in aizada.get(HERE).text
