"""Aligning a large law takes seconds: meanwhile everybody else goes on writing."""

from collections.abc import Callable, Sequence

import pytest
from sqlmodel import Session, select

from consult.platform import Platform
from drafts.actions import publish_version
from drafts.comparative.models import ComparativeRow
from drafts.models import ProvisionChange
from drafts.queries import latest_version, load_tree
from drafts.versions import aligning, pairing
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_draft, make_person
from tests.web.ministry import Ministry, make_ministry

LAW = ("A library stands in every village of the country.", "It is open five days a week.")
NEXT = "Article 1. A bus stops before each school at eight and at two.\nArticle 2. Nothing else.\n"

Count = Callable[[], int]


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


@pytest.fixture
def pairings(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> Count:
    """How often provisions were paired; each time somebody else writes something meanwhile."""
    names: list[str] = []

    class Interrupted(pairing.Pairing):
        def __init__(
            self, old: pairing.Place, new: pairing.Place, decided: Sequence[pairing.Decision]
        ) -> None:
            names.append(f"Citizen {len(names)}")
            with ministry.platform.database.writing() as session:
                make_person(session, names[-1])
            super().__init__(old, new, decided)

    monkeypatch.setattr(aligning, "Pairing", Interrupted)
    return lambda: len(names)


def read_in(olga: Client, text: str) -> str:
    """Reads a text in for the draft; returns the address of the preview."""
    files = {"file": ("law.txt", text.encode(), "text/plain")}
    answer = olga.post("/desk/import?draft=1", {"lang": "en"}, files=files)
    return str(answer.headers["location"])


def public_draft(ministry: Ministry) -> None:
    with ministry.platform.database.writing() as session:
        draft = make_draft(session, session.merge(ministry.agency), LAW)
        version = latest_version(session, draft.id or 0)
        assert version is not None
        publish_version(session, draft, version, ministry.clock.now)


def test_others_write_while_a_text_that_is_taken_over_or_decided_on_is_aligned(
    ministry: Ministry, pairings: Count
) -> None:
    public_draft(ministry)
    olga = ministry.client("Olga")
    taken = olga.post(read_in(olga, NEXT), {"title": "On buses"})
    assert taken.headers["location"].startswith("/desk/drafts/1")
    assert pairings() == 1  # beforehand, and not again
    with ministry.platform.database.reading() as session:
        gone = session.exec(select(ProvisionChange).where(ProvisionChange.old_wid == "art_1")).one()
    olga.post(f"/desk/drafts/1/versions/2/changes/{gone.id}", {"choice": "now:art_1"})
    assert pairings() == 2
    with ministry.platform.database.reading() as session:
        assert _kinds(session)["art_1"] == "edited"


def test_others_write_while_the_links_of_a_text_that_is_replaced_are_followed(
    ministry: Ministry, pairings: Count
) -> None:
    public_draft(ministry)
    olga = ministry.client("Olga")
    olga.post(read_in(olga, NEXT), {"title": "On buses"})
    with ministry.platform.database.writing() as session:
        wid = next(load_tree(session, 2, "en").walk()).wid
        session.add(ComparativeRow(version_id=2, lang="en", position=0, wid=wid))
    olga.post(read_in(olga, f"{NEXT}Article 3. More.\n"), {"title": "On buses"})
    assert pairings() == 3  # the text with the public one twice, with the one it replaces once
    with ministry.platform.database.reading() as session:
        row = session.exec(select(ComparativeRow)).one()
        assert row.wid == next(load_tree(session, 2, "en").walk()).wid


def _kinds(session: Session) -> dict[str, str]:
    return {row.old_wid: row.kind for row in session.exec(select(ProvisionChange)).all()}
