"""What waited to be mailed is asked again whether its reader still wants and may know it."""

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.models import Grant, Person
from consult.platform import Platform
from notifications.actions import notify
from notifications.models import Message
from notifications.relevance import why_not
from tests.conftest import START
from tests.factories import make_agency, make_person


def mailed_or_not(session: Session, platform: Platform, person: Person, kind: str) -> str:
    """Why a person is not mailed a thing of this kind, "" if they are."""
    said = {"key": f"{kind}:1", "kind": kind, "path": "/desk", "zone": platform.pack.tz}
    notify(session, person, values={}, now=START, **said)
    message = session.exec(select(Message)).one()
    return why_not(session, platform, message, person, "", START)


def test_who_lost_their_role_is_mailed_nothing_of_its_work(
    session: Session, platform: Platform
) -> None:
    officer = make_person(session, "Olga", role=Role.OFFICER, agency=make_agency(session))
    assert mailed_or_not(session, platform, officer, "comments_assigned") == ""
    session.delete(session.exec(select(Grant)).one())
    assert mailed_or_not(session, platform, officer, "comments_assigned")


@pytest.mark.parametrize("kind", ["webhook_off", "signed_answered"])
def test_what_is_no_work_of_a_role_is_mailed_to_whoever_has_none(
    session: Session, platform: Platform, kind: str
) -> None:
    assert mailed_or_not(session, platform, make_person(session), kind) == ""
