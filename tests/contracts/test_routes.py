"""Every route says who may use it; every right is known; nothing is open by oversight."""

import pytest
from fastapi.routing import iter_route_contexts

from consult.access import RIGHTS
from consult.app import ROUTERS, create_app
from consult.platform import Platform
from consult.security import Allow

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def routes() -> list[object]:
    return [context for router in ROUTERS for context in iter_route_contexts(router.routes)]


def allows(route: object) -> list[Allow]:
    """The Allow dependencies of a route, however deep."""
    found = []
    waiting = [route.dependant]  # type: ignore[attr-defined]
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, Allow):
            found.append(dependant.call)
        waiting += dependant.dependencies
    return found


@pytest.mark.parametrize("route", routes(), ids=lambda r: f"{min(r.methods)} {r.path}")
def test_a_route_declares_its_right(route: object) -> None:
    declared = allows(route)
    assert len(declared) == 1
    assert declared[0].right in RIGHTS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_route_stands_outside_the_table(platform: Platform) -> None:
    app = create_app(platform)
    paths = {context.path for context in iter_route_contexts(app.routes)}
    known = {route.path for route in routes()}  # type: ignore[attr-defined]
    assert paths - known <= {"/static"}


def test_every_right_is_used() -> None:
    used = {allow.right for route in routes() for allow in allows(route)}
    checked_in_actions = {"comment", "vote", "moderate", "follow", "inquire", "counsel"}
    assert set(RIGHTS) - used - checked_in_actions == set()
