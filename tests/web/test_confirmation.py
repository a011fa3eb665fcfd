"""The screen on which an officer confirms what became of provisions before a text is public."""

import re
from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.platform import Platform
from drafts.actions import publish_version
from drafts.models import Draft, DraftVersion, ProvisionChange
from drafts.queries import changes, latest_version, unconfirmed
from drafts.storing import store_text
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_agency, make_draft, make_person, make_tree, sign_in_token
from tests.web.ministry import WORK, Ministry, make_ministry

FIRST = (
    "A library stands in every village of the country and belongs to the village.",
    "A library is open on five days of each week, and one of them is Saturday.",
    "Whoever lives in the village borrows books without paying anything for them.",
)
SECOND = (
    FIRST[0],
    "Opening hours are set by the librarian together with those who read there.",
    "The budget of the district pays for the buildings, the books and the librarians.",
)
CHANGES = "/desk/drafts/1/versions/2/changes"


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


@pytest.fixture
def olga(ministry: Ministry) -> Client:
    return ministry.client("Olga")


def two_versions(
    ministry: Ministry, old: Sequence[str] = FIRST, new: Sequence[str] = SECOND
) -> None:
    """A draft whose first version is public and whose second waits."""
    with ministry.platform.database.writing() as session:
        draft = make_draft(session, session.merge(ministry.agency), old)
        first = latest_version(session, draft.id or 0)
        assert first is not None
        publish_version(session, draft, first, ministry.clock.now)
        add_second(session, draft, new, ministry.clock.now)


def add_second(session: Session, draft: Draft, articles: Sequence[str], now: datetime) -> None:
    """The next version as an import leaves it: compared, not public."""
    second = DraftVersion(
        draft_id=draft.id or 0,
        n=2,
        langs=["en"],
        note={"en": "After the hearing."},
        created_at=now,
    )
    session.add(second)
    session.flush()
    store_text(session, second, make_tree(articles), own_wids=False, now=now)


def many(n: int) -> list[str]:
    """Articles that have no word in common."""
    letters = "abcdefghijklmnop"
    numbers = [[k * 7 + word for word in range(7)] for k in range(n)]
    return [" ".join("".join(letters[int(d)] for d in str(w)) for w in row) for row in numbers]


def waiting(session: Session) -> int:
    return unconfirmed(session, 2)


def ids(page: str) -> list[str]:
    return re.findall(r'name="ticked\[\]" value="(\d+)"', page)


def test_the_desk_leads_to_what_waits_and_says_why_the_version_differs(
    ministry: Ministry, olga: Client
) -> None:
    two_versions(ministry)
    page = olga.get("/desk/drafts/1").text
    assert "deleted: 2." in page
    assert f'href="{CHANGES}"' in page
    assert "After the hearing." in page
    assert "After the hearing." in olga.get(CHANGES).text
    assert "After the hearing." in olga.get("/drafts/1?version=2").text


def test_both_wordings_stand_side_by_side_and_what_they_have_in_common_is_said(
    ministry: Ministry, olga: Client
) -> None:
    rewritten = FIRST[1].replace("five days of each week", "as many days as the village wishes")
    two_versions(ministry, new=(FIRST[0], rewritten, FIRST[2]))
    page = olga.get(CHANGES).text
    assert "much in common" in page
    before, after = page[page.index("Version 1</span>") :].split("Version 2</span>")[:2]
    assert "<del>" in before
    assert "<ins>" not in before
    assert "<ins>" in after


def test_ticked_changes_are_confirmed_and_the_others_wait(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    first, second = ids(olga.get(CHANGES).text)
    olga.post(CHANGES, {"ticked[]": first, "shown[]": [first, second], "after": "0"})
    assert ids(olga.get(CHANGES).text) == [second]
    nothing = olga.post(CHANGES, {"shown[]": second, "after": "0"})
    assert "Please tick a change first." in olga.follow(nothing).text
    done = olga.post(CHANGES, {"shown[]": second, "everything": "yes"})
    assert "Nothing waits to be confirmed." in olga.follow(done).text
    assert "Olga" in olga.get(f"{CHANGES}?kind=deleted").text


def test_forty_doubtful_changes_take_two_pages_and_two_presses(
    ministry: Ministry, olga: Client
) -> None:
    texts = many(80)
    two_versions(ministry, texts[:40], texts[40:])
    page = olga.get(CHANGES).text
    assert "40 changes to confirm" in page
    assert len(ids(page)) == 20
    older = re.search(r'rel="next" href="[^"]*\?after=(\d+)"', page)
    assert older is not None
    assert not set(ids(olga.get(f"{CHANGES}?after={older[1]}").text)) & set(ids(page))
    for _ in range(2):
        olga.post(CHANGES, {"shown[]": ids(olga.get(CHANGES).text), "everything": "yes"})
    with ministry.platform.database.reading() as session:
        assert waiting(session) == 0


def test_another_partner_is_chosen_from_those_that_are_alone(
    ministry: Ministry, olga: Client
) -> None:
    two_versions(ministry)
    page = olga.get(CHANGES).text
    assert "Article 2 of version 1 is now" in page
    assert 'value="now:art_3"' in page
    chosen = olga.post(f"{CHANGES}/{ids(page)[0]}", {"choice": "now:art_3"})
    assert "made anew" in olga.follow(chosen).text
    with ministry.platform.database.reading() as session:
        pairs = {(row.old_wid, row.new_wid): row for row in changes(session, 2)}
        assert pairs["art_2", "art_2"].confirmed_by is not None
        assert waiting(session) == 1


def test_any_provision_can_be_chosen_for_any_other(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    with ministry.platform.database.reading() as session:
        same = session.exec(select(ProvisionChange).where(ProvisionChange.kind == "same")).one()
    page = olga.get(f"{CHANGES}/{same.id}").text
    for choice in ("apart", "now:art_2", "now:art_3", "was:art_2", "was:art_3"):
        assert f'value="{choice}"' in page
    olga.post(f"{CHANGES}/{same.id}", {"choice": "apart"})
    with ministry.platform.database.reading() as session:
        assert ("art_1", "") in {(r.old_wid, r.new_wid) for r in changes(session, 2)}


def test_an_old_page_is_told_that_the_comparison_is_another_one(
    ministry: Ministry, olga: Client
) -> None:
    two_versions(ministry)
    first, second = ids(olga.get(CHANGES).text)
    olga.post(f"{CHANGES}/{first}", {"choice": "now:art_3"})
    late = olga.post(CHANGES, {"ticked[]": second, "after": "0"}, status=422).text
    assert "made anew meanwhile" in late
    olga.post(f"{CHANGES}/{second}", {"choice": "now:art_2"}, status=404)


def test_nothing_is_chosen_by_sending_nothing(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    change = ids(olga.get(CHANGES).text)[0]
    for choice in ("", "nonsense"):
        page = olga.post(f"{CHANGES}/{change}", {"choice": choice}, status=422).text
        assert "There is a problem" in page


def test_an_approver_reads_what_an_officer_confirms(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    nurlan = ministry.client("Nurlan")
    page = nurlan.get(CHANGES).text
    assert "2 changes to confirm" in page
    assert '<button type="submit" class="btn btn-main">Confirm' not in page
    assert ids(page) == []
    nurlan.post(CHANGES, {"ticked[]": "2"}, status=403)


def test_another_agency_and_the_public_see_nothing_of_it(ministry: Ministry) -> None:
    two_versions(ministry)
    with ministry.platform.database.writing() as session:
        other = make_agency(session, "MOC")
        bakyt = make_person(session, "Bakyt", role=Role.OFFICER, agency=other)
        token = sign_in_token(session, bakyt)
    stranger = Client(ministry.platform, token)
    stranger.get(CHANGES, status=404)
    stranger.post(CHANGES, {"ticked[]": "2"}, status=404)
    ministry.client("Aizada").get(CHANGES, status=403)


def test_a_first_version_has_nothing_to_be_compared_with(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    olga.get("/desk/drafts/1/versions/1/changes", status=404)
    olga.get("/desk/drafts/1/versions/9/changes", status=404)


def test_discarding_asks_once_more_and_then_does_it(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    address = "/desk/drafts/1/versions/2/discard"
    assert f'href="{address}"' in olga.get("/desk/drafts/1").text
    assert "cannot be undone" in olga.get(address).text
    done = olga.post(address, {})
    assert "The text was discarded." in olga.follow(done).text
    olga.get(address, status=404)
    only = olga.post("/desk/drafts/1/versions/1/discard", {}, status=422).text
    assert "only version of the draft" in only
    with ministry.platform.database.reading() as session:
        assert session.exec(select(DraftVersion.n)).all() == [1]
        assert len(session.exec(select(Draft)).all()) == 1


def test_a_language_that_is_alone_is_not_dropped(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    page = olga.post("/desk/drafts/1/versions/2/discard", {"lang": "en"}, status=422).text
    assert "only language of this version" in page


def test_the_report_waits_for_what_is_to_be_confirmed_and_leads_there(ministry: Ministry) -> None:
    ministry.draft(*FIRST)
    ministry.close()
    with ministry.platform.database.writing() as session:
        add_second(session, session.exec(select(Draft)).one(), SECOND, ministry.clock.now)
    nurlan = ministry.client("Nurlan")
    gate = nurlan.get(f"{WORK}/report").text
    assert f'href="{CHANGES}"' in gate
    assert f'action="{WORK}/report"' not in gate
    assert "yet to confirm" in nurlan.post(f"{WORK}/report", status=409).text
    olga = ministry.client("Olga")
    olga.post(CHANGES, {"shown[]": ids(olga.get(CHANGES).text), "everything": "yes"})
    nurlan.post(f"{WORK}/report")
    with ministry.platform.database.reading() as session:
        assert session.exec(select(DraftVersion.published_at)).all()[1] is not None


def test_the_dates_are_not_set_while_something_waits(ministry: Ministry, olga: Client) -> None:
    two_versions(ministry)
    dates = {"opens_at": "2026-09-08T09:00", "closes_at": "2026-11-09T00:00"}
    page = olga.post("/desk/drafts/1/schedule", dates, status=422).text
    assert "yet to confirm what became of provisions" in page
