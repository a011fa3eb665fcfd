"""A text that is not public is replaced: what was said of the old one is not taken for the new."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.errors import Conflict
from drafts.actions import publish_version
from drafts.comparative.models import ComparativeRow
from drafts.confirmation.actions import confirm, confirm_all, decide, discard
from drafts.models import AlignmentDecision, Draft, DraftVersion
from drafts.queries import changes, load_tree, unconfirmed, versions
from drafts.storing import store_text
from tests.conftest import START
from tests.factories import actor_of, make_agency, make_draft, make_person, make_tree

STANDS = "A library stands in every village of the country and belongs to the village."
OPEN = "A library is open on five days of each week, and one of them is Saturday."
FREE = "Whoever lives in the village borrows books without paying anything for them."
HOURS = "Opening hours are set by the librarian together with those who read there."
BUDGET = "The budget of the district pays for the buildings, the books and the librarians."
BUS = "A bus stops before the doors of each school at eight and at two, but not in August."


@pytest.fixture
def agency(session: Session) -> Agency:
    return make_agency(session)


@pytest.fixture
def olga(session: Session, agency: Agency) -> Actor:
    return actor_of(session, make_person(session, "Olga", role=Role.OFFICER, agency=agency))


@pytest.fixture
def draft(session: Session, agency: Agency) -> Draft:
    """A draft whose first version is public, in two languages that say the same."""
    articles = (STANDS, OPEN, FREE)
    draft = make_draft(session, agency, {"en": articles, "ru": articles})
    publish_version(session, draft, versions(session, draft.id or 0)[0], START)
    return draft


def put(
    session: Session, version: DraftVersion, articles: Sequence[str], lang: str = "en"
) -> DraftVersion:
    """The text read in, in place of what was there."""
    if lang not in version.langs:
        version.langs = [*version.langs, lang]
    store_text(session, version, make_tree(articles, lang), own_wids=False, now=START)
    return version


def follow(session: Session, draft: Draft, articles: Sequence[str], *langs: str) -> DraftVersion:
    """The next version of the draft, not public yet."""
    n = len(versions(session, draft.id or 0)) + 1
    version = DraftVersion(draft_id=draft.id or 0, n=n, langs=[], created_at=START)
    session.add(version)
    session.flush()
    for lang in langs or ("en",):
        put(session, version, articles, lang)
    return version


def wid_of(session: Session, version: DraftVersion, text: str, lang: str = "en") -> str:
    tree = load_tree(session, version.id or 0, lang)
    return next(node.wid for node in tree.walk() if node.text == text)


def link(session: Session, version: DraftVersion, text: str, lang: str = "en") -> ComparativeRow:
    """A row of the comparative table about the provision that says this."""
    wid = wid_of(session, version, text, lang)
    row = ComparativeRow(version_id=version.id or 0, lang=lang, position=0, wid=wid)
    session.add(row)
    session.flush()
    return row


def row_of(session: Session, version: DraftVersion, old: str) -> int:
    return next(r.id or 0 for r in changes(session, version.id or 0) if r.old_wid == old)


def test_a_link_of_the_table_stays_when_the_same_text_is_read_in_again(
    session: Session, draft: Draft
) -> None:
    version = follow(session, draft, (HOURS, STANDS, OPEN, FREE))
    row = link(session, version, OPEN)
    put(session, version, (HOURS, STANDS, OPEN, FREE))
    assert row.wid == wid_of(session, version, OPEN) == "art_2"


@pytest.mark.parametrize("langs", [("en",), ("en", "ru")])
def test_a_link_follows_its_words_wherever_they_stand_in_the_new_text(
    session: Session, draft: Draft, langs: tuple[str, ...]
) -> None:
    version = follow(session, draft, (STANDS, HOURS, BUDGET), *langs)
    row = link(session, version, BUDGET)
    put(session, version, (BUDGET.replace("district", "region"), STANDS, HOURS))
    assert row.wid == wid_of(session, version, BUDGET.replace("district", "region"))


def test_a_link_in_another_language_follows_its_provision_to_its_new_name(
    session: Session, draft: Draft
) -> None:
    version = follow(session, draft, (STANDS, HOURS, FREE), "en", "ru")
    row = link(session, version, HOURS, "ru")
    put(session, version, (STANDS, OPEN, FREE))
    assert row.wid == wid_of(session, version, HOURS, "ru") == "art_2"


def test_a_link_in_a_first_version_follows_its_words_as_well(
    session: Session, agency: Agency
) -> None:
    single = make_draft(session, agency, (STANDS, OPEN))
    first = versions(session, single.id or 0)[0]
    row = link(session, first, OPEN)
    put(session, first, (STANDS, HOURS, OPEN))
    assert row.wid == wid_of(session, first, OPEN) == "art_3"


@pytest.mark.parametrize(
    "new", [BUS, OPEN.replace("five days of each week", "as many days as it wishes")]
)
def test_a_link_without_a_certain_heir_is_emptied(
    session: Session, agency: Agency, new: str
) -> None:
    single = make_draft(session, agency, (STANDS, OPEN))
    first = versions(session, single.id or 0)[0]
    row = link(session, first, OPEN)
    put(session, first, (STANDS, new))
    assert row.wid == ""


def test_what_was_confirmed_of_one_wording_is_not_confirmed_of_another(
    session: Session, agency: Agency, olga: Actor
) -> None:
    fee, rest = "The fee is ten som for all of us", STANDS
    draft = make_draft(session, agency, {"en": (fee, rest), "ru": (fee, rest)})
    publish_version(session, draft, versions(session, draft.id or 0)[0], START)
    version = follow(session, draft, ("The fee is two euro for each of us", rest), "en", "ru")
    alike = [row.similarity for row in changes(session, version.id or 0)]
    assert confirm_all(session, actor=olga, draft=draft, version=version, now=START) == 1
    put(session, version, ("The fee is six million for each of us", rest))
    assert alike == [row.similarity for row in changes(session, version.id or 0)]
    assert unconfirmed(session, version.id or 0) == 1


@pytest.mark.parametrize("langs", [("en",), ("en", "ru")])
def test_what_was_confirmed_stays_so_while_both_wordings_do(
    session: Session, draft: Draft, olga: Actor, langs: tuple[str, ...]
) -> None:
    shorter = OPEN.replace("five days of each week", "as many days as it wishes")
    version = follow(session, draft, (STANDS, shorter, FREE), *langs)
    assert confirm_all(session, actor=olga, draft=draft, version=version, now=START) == 1
    put(session, version, (STANDS, shorter, FREE.replace("anything", "much")))
    (row,) = [row for row in changes(session, version.id or 0) if row.old_wid == "art_2"]
    assert (row.kind, row.confirmed_by, row.confirmed_at) == ("edited", olga.id, START)
    assert unconfirmed(session, version.id or 0) == 0


@pytest.mark.parametrize("langs", [("en",), ("en", "ru")])
def test_a_decision_about_one_wording_decides_nothing_about_another(
    session: Session, draft: Draft, olga: Actor, langs: tuple[str, ...]
) -> None:
    version = follow(session, draft, (STANDS, HOURS, BUDGET), *langs)
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, "art_2"),
        choice="now:art_3",
        now=START,
    )
    put(session, version, (STANDS, HOURS.replace("librarian", "reader"), BUDGET))
    assert wid_of(session, version, BUDGET) == "art_2"  # nothing was changed of that pair
    put(session, version, (STANDS, HOURS, BUS))
    assert wid_of(session, version, BUS) not in ("art_2", "art_3")
    assert unconfirmed(session, version.id or 0) == 2


def test_a_page_older_than_the_text_confirms_nothing_of_it(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft, (STANDS, OPEN))
    seen = [row_of(session, version, "art_3")]
    put(session, version, (STANDS, FREE))
    with pytest.raises(Conflict):
        confirm(session, actor=olga, draft=draft, version=version, ids=seen, now=START)


def test_a_page_of_a_discarded_version_confirms_nothing_of_the_next(
    session: Session, draft: Draft, olga: Actor
) -> None:
    gone = follow(session, draft, (STANDS, OPEN))
    seen = [row_of(session, gone, "art_3")]
    discard(session, actor=olga, draft=draft, version=gone, now=START)
    assert session.exec(select(AlignmentDecision)).all() == []
    version = follow(session, draft, (STANDS, BUS, FREE))
    with pytest.raises(Conflict):
        confirm(session, actor=olga, draft=draft, version=version, ids=seen, now=START)
