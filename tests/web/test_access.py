"""Who comes through which door: every route, asked by everybody, as its right says.

What is done behind a door is in tests/features/test_access_matrix.py. On SQLite alone: the right is
asked of Python before any page looks into the database.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from consult.access import RIGHTS, Role
from consult.accounts.models import Person
from consult.app import ROUTERS
from consult.law.queries import law_of
from consult.platform import Platform
from consult.security import Allow
from tests.cast import unchanged
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_agency, make_person, sign_in_token
from tests.features import matrix_acts as acts
from tests.features.matrix import Moment, Player, Scene, Where, make_scene

NOBODY_HAS = 987654  # a number of nothing: whoever is let in finds that it is not there
BOUND = {"desk", "prepare", "answer", "approve", "publish", "correct"}  # for an agency
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def doors() -> Iterator[tuple[str, str, str]]:
    """(method, path, right) of every route."""
    for router in ROUTERS:
        for route in iter_route_contexts(router.routes):
            waiting = [route.dependant]
            while waiting:
                one = waiting.pop()
                waiting += one.dependencies
                if isinstance(one.call, Allow):
                    yield min(route.methods), route.path, one.call.right


def address(path: str, known: Mapping[str, object]) -> str:
    """The path with something in place of its parameters: a number where one has to be."""
    path = path.replace(":int}", "}")
    names = [part.partition("}")[0] for part in path.split("{")[1:]]
    return path.format(**{name: known.get(name, NOBODY_HAS) for name in names})


def is_refusal(answer: Any) -> bool:
    to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
    return answer.status_code == 403 or (answer.status_code == 303 and to_sign_in)


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
            shut = role not in RIGHTS[right]
            if method == "GET" or shut:  # what is posted by those let in is tested elsewhere
                same = {"Sec-Fetch-Site": "same-origin"}
                answer = http.request(method, address(path, {}), headers=same)
                if is_refusal(answer) != shut:
                    expected = "shut" if shut else "open"
                    wrong.append(f"{method} {path} × {role}: not {expected}: {answer.status_code}")
    assert not wrong, "\n".join(("", *wrong))


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Scene:
    """The scene of the access matrix, with a group, a text that waits, and a problem."""
    made = make_scene(platform, clock)
    clock.now = made.now
    with platform.database.writing() as session:
        officer = made.actors[Player(Role.OFFICER, Where.OWN)]
        moment = Moment(made, session, law_of(session, platform.pack), officer, made.now)
        acts.group(moment)
        acts.given_preview(moment)
        acts.given_problem(moment)
        acts.given_suggestion(moment)
    return made


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_what_an_agency_works_on_is_not_shown_to_another(scene: Scene, role: Role) -> None:
    known = {
        "draft_id": scene.rows["draft"],
        "consultation_id": scene.rows["round"],
        "comment_id": scene.comments["now"],
        "issue_id": 1,
        "kind": "comments",
        "subject_id": scene.comments["now"],
        "n": 2,
        "change_id": 1,
        "commitment_id": scene.rows["commitment"],
        "obligation_id": 1,
        "preview_id": "matrix",
        "at": 0,
        "problem_id": scene.rows["problem"],
    }
    own, other = (_browser(scene, Player(role, where)) for where in (Where.OWN, Where.OTHER))
    shown, wrong = [], []
    for method, path, right in doors():
        if method == "GET" and "{" in path and right in BOUND and role in RIGHTS[right]:
            there = address(path, known)
            statuses = [browser.http.get(there).status_code for browser in (own, other)]
            print(path, statuses)
            shown += [path] * (statuses[0] == 200)
            if statuses[1] not in (403, 404):
                wrong.append(f"GET {path} × {role} of another agency: {statuses[1]}")
    assert not wrong, "\n".join(("", *wrong))
    assert len(shown) > 5


def _browser(scene: Scene, player: Player) -> Client:
    with scene.platform.database.writing() as session:
        person = session.get_one(Person, scene.actors[player].person_id)
        return Client(scene.platform, sign_in_token(session, person, scene.now))
