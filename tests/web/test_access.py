"""Who comes through which door: every route, asked by everybody, as its right says.

What is done behind a door is in tests/features/test_access_matrix.py. On SQLite alone: the right is
asked of Python before any page looks into the database.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlmodel import select

from consult.access import RIGHTS, Role
from consult.accounts.models import Person
from consult.intake.models import Provenance
from consult.law.queries import law_of
from consult.platform import Platform
from drafts.comparative.models import ComparativeRow
from tests.cast import unchanged
from tests.client import Client
from tests.conftest import TestClock
from tests.contracts.test_routes import allows, routes
from tests.factories import make_agency, make_person, sign_in_token
from tests.features import matrix_acts as acts
from tests.features import matrix_councils as councils
from tests.features import matrix_practice as practice
from tests.features import matrix_voices as voices
from tests.features.matrix import Moment, Player, Scene, Where, make_scene

NOBODY_HAS = 987654  # a number of nothing: whoever is let in finds that it is not there
BOUND = {"desk", "prepare", "answer", "approve", "publish", "correct", "convene"}  # for an agency
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def takes_keys_alone(path: str, right: str) -> bool:
    """Whether no browser comes in there, whoever signed in: systems do (test_exchange.py)."""
    return path.startswith("/api/exchange/") and right != "read"


def doors() -> Iterator[tuple[str, str, str]]:
    """(method, path, right) of every route."""
    for route in routes():
        for allow in allows(route):
            yield min(route.methods), route.path, allow.right


def address(path: str, known: Mapping[str, object]) -> str:
    """The path with something in place of its parameters: a number where one has to be."""
    path = path.replace(":int}", "}")
    names = [part.partition("}")[0] for part in path.split("{")[1:]]
    return path.format(**{name: known.get(name, NOBODY_HAS) for name in names})


def is_refusal(answer: Any) -> bool:
    to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
    return answer.status_code in (401, 403) or (answer.status_code == 303 and to_sign_in)


@pytest.mark.parametrize("role", Role)
def test_a_door_is_shut_exactly_to_the_roles_without_its_right(
    platform: Platform, role: Role
) -> None:
    with platform.database.writing() as session:
        staff = None if role in (Role.VISITOR, Role.CITIZEN, Role.ORGANISATION) else role
        union = "Union of Readers" if role is Role.ORGANISATION else ""
        person = make_person(session, role=staff, organisation=union)
        make_agency(session)
        token = "" if role is Role.VISITOR else sign_in_token(session, person)
    http, wrong = Client(platform, token).http, []
    with unchanged(platform):
        for method, path, right in doors():
            shut = role not in RIGHTS[right] or takes_keys_alone(path, right)
            if method == "GET" or shut:  # what is posted by those let in is tested elsewhere
                same = {"Sec-Fetch-Site": "same-origin"}
                answer = http.request(method, address(path, {}), headers=same)
                if is_refusal(answer) != shut:
                    expected = "shut" if shut else "open"
                    wrong.append(f"{method} {path} × {role}: not {expected}: {answer.status_code}")
    assert not wrong, "\n".join(("", *wrong))


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Scene:
    """The scene of the access matrix, with some more of what an agency works on."""
    made = make_scene(platform, clock)
    clock.now = made.now
    with platform.database.writing() as session:
        officer = made.actors[Player(Role.OFFICER, Where.OWN)]
        moment = Moment(made, session, law_of(session, platform.pack), officer, made.now)
        for do in (acts.group, acts.enter):
            do(moment)
        for given in (
            *(acts.given_preview, acts.given_problem, acts.given_questions),
            *(councils.given_opinion, practice.given_review, voices.given_proposal),
            *(voices.given_question, voices.given_hearing, voices.given_deliberated),
        ):
            given(moment)
        row = ComparativeRow(version_id=made.rows["version"], lang="en", position=0, place="Art. 1")
        session.add(row)
        made.comments["entered"] = session.exec(select(Provenance.comment_id)).one()
    return made


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_what_an_agency_works_on_is_not_shown_to_another(scene: Scene, role: Role) -> None:
    comment = scene.comments["entered"]
    known = {f"{name}_id": id_ for name, id_ in scene.rows.items()} | {
        **dict.fromkeys(("issue_id", "row_id", "change_id", "obligation_id"), 1),
        "code": "MOJ",
        "consultation_id": scene.rows["round"],
        "comment_id": comment,
        "subject_id": comment,
        "kind": "comments",
        "preview_id": "matrix",
        "n": 2,
        "at": 0,
    }
    own, other = (_browser(scene, Player(role, where)) for where in (Where.OWN, Where.OTHER))
    for method, path, right in doors():
        named = "{" in path and "{item_id}" not in path  # no act is planned here
        named = named and not takes_keys_alone(path, right)
        if method == "GET" and named and right in BOUND and role in RIGHTS[right]:
            there = address(path, known)
            assert own.http.get(there).status_code == 200, path
            assert other.http.get(there).status_code in (403, 404), path


def _browser(scene: Scene, player: Player) -> Client:
    with scene.platform.database.writing() as session:
        person = session.get_one(Person, scene.actors[player].person_id)
        return Client(scene.platform, sign_in_token(session, person, scene.now))
