"""Drafts and their texts: what is public never changes, and a provision keeps its name for ever."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlmodel import Session, col, select

from consult.access import VISITOR, Role
from consult.accounts.models import Agency
from consult.errors import Conflict, NotAllowed, NotFound
from consult.outbox import OutboxEvent
from consult.procedure.packs import load_pack
from consult.procedure.stages import Stage
from drafts.actions import keep_preview, publish_version, set_stage, take_over
from drafts.confirmation.actions import confirm_all
from drafts.importing.preview import import_bytes
from drafts.models import Draft, DraftVersion, Provision, StageChange
from drafts.queries import (
    Cursor,
    ListFilter,
    changes,
    draft_for,
    last_with,
    list_drafts,
    load_tree,
    place_names,
    places,
    places_in,
    provisions,
)
from drafts.storing import provision_rows
from drafts.tree import Node, Tree, identify
from tests.conftest import START
from tests.factories import (
    OPERATOR,
    actor_of,
    add_version,
    make_agency,
    make_draft,
    make_person,
    open_draft,
)

FIRST = (
    "A library stands in every village of the country and belongs to the village.",
    "A library is open on five days of each week, and one of them is Saturday.",
    "Whoever lives in the village borrows books without paying anything for them.",
)
BUDGET = "The budget of the district pays for the buildings, the books and the librarians."


@pytest.fixture
def agency(session: Session) -> Agency:
    return make_agency(session)


def bring_in(
    session: Session,
    agency: Agency,
    text: str | Sequence[str],
    *,
    lang: str = "en",
    draft_id: int | None = None,
) -> DraftVersion:
    """A text read from a file and taken over; articles are numbered in their order."""
    if not isinstance(text, str):
        text = "\n".join(f"Article {n}\n{words}" for n, words in enumerate(text, start=1))
    preview = keep_preview(
        session,
        actor=OPERATOR,
        preview=import_bytes(text.encode(), "law.txt", lang),
        agency_id=agency.id or 0,
        draft=session.get_one(Draft, draft_id) if draft_id else None,
        facts={"act_type": "law", "title": "On village libraries"},
        now=START,
    )
    return take_over(session, actor=OPERATOR, preview=preview, pack=load_pack("kg"), now=START)


def next_version(
    session: Session, agency: Agency, before: DraftVersion, text: Sequence[str]
) -> DraftVersion:
    """What was before is published, then its successor is imported."""
    draft = session.get_one(Draft, before.draft_id)
    confirm_all(session, actor=OPERATOR, draft=draft, version=before, now=START)
    publish_version(session, draft, before, START)
    return bring_in(session, agency, text, draft_id=before.draft_id)


def names(session: Session, version: DraftVersion) -> dict[str, str]:
    """The permanent name of each article by its words."""
    tree = load_tree(session, version.id or 0, "en")
    return {
        " ".join(part.text for part in node.walk()).strip(): node.wid
        for node in tree.walk()
        if node.kind == "article"
    }


def rows_of(session: Session, version: DraftVersion) -> list[dict[str, object]]:
    session.expire_all()
    query = select(Provision).where(Provision.version_id == version.id).order_by(col(Provision.id))
    return [row.model_dump() for row in session.exec(query).all()]


def test_a_text_read_back_is_the_text_that_was_stored(session: Session, agency: Agency) -> None:
    text = (
        "Section I\nArticle 1. Libraries\n1. A library stands in every village:\n"
        "1) near the school;\n2) near the road.\n2. It is warm.\n"
        "Section II\nArticle 2. Books\nBooks are free.\n"
    )
    tree = identify(import_bytes(text.encode(), "law.txt", "en").tree)
    version = bring_in(session, agency, text)
    assert load_tree(session, version.id or 0, "en") == tree
    positions = [row["position"] for row in provision_rows(tree, 1)]
    assert positions == list(range(len(list(tree.walk()))))


def test_a_public_text_never_changes_whatever_is_imported_after_it(
    session: Session, agency: Agency
) -> None:
    first = bring_in(session, agency, FIRST)
    before = rows_of(session, first)
    second = next_version(session, agency, first, [BUDGET])
    bring_in(session, agency, "Статья 1\nБюджет платит.", lang="ru", draft_id=first.draft_id)
    assert (second.n, second.langs) == (2, ["en", "ru"])
    assert rows_of(session, first) == before


def test_an_inserted_article_takes_nobodys_name(session: Session, agency: Agency) -> None:
    first = bring_in(session, agency, FIRST)
    old = names(session, first)
    second = next_version(session, agency, first, (FIRST[0], BUDGET, FIRST[1], FIRST[2]))
    new = names(session, second)
    assert {words: new[words] for words in FIRST} == old
    assert new[BUDGET] not in old.values()
    added = {c.new_wid for c in changes(session, second.id or 0) if c.kind == "added"}
    assert new[BUDGET] in added


def test_the_name_of_a_deleted_article_is_never_given_again(
    session: Session, agency: Agency
) -> None:
    first = bring_in(session, agency, FIRST)
    second = next_version(session, agency, first, FIRST[:2])
    third = next_version(session, agency, second, (*FIRST[:2], BUDGET))
    assert names(session, third)[BUDGET] not in names(session, first).values()


def test_both_languages_call_a_provision_by_one_name(session: Session, agency: Agency) -> None:
    first = bring_in(session, agency, "1-берене\nКитепкана ар бир айылда бар.", lang="ky")
    text = "Статья 1\nБиблиотека есть в каждом селе."
    both = bring_in(session, agency, text, lang="ru", draft_id=first.draft_id)
    kyrgyz, russian = (load_tree(session, both.id or 0, lang) for lang in ("ky", "ru"))
    assert [node.wid for node in kyrgyz.walk()] == [node.wid for node in russian.walk()]
    assert (both.id, both.langs) == (first.id, ["ky", "ru"])


def test_a_draft_of_another_agency_is_not_reached_by_naming_ones_own(
    session: Session, agency: Agency
) -> None:
    theirs = make_draft(session, make_agency(session, "MOH"))
    olga = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    with pytest.raises(NotAllowed, match="another agency"):
        keep_preview(
            session,
            actor=actor_of(session, olga),
            preview=import_bytes(b"Article 1\nMine now.", "law.txt", "en"),
            agency_id=agency.id or 0,
            draft=theirs,
            facts={"act_type": "law"},
            now=START,
        )


def test_publishing_twice_is_publishing_once(session: Session, agency: Agency) -> None:
    draft = make_draft(session, agency)
    version = session.exec(select(DraftVersion)).one()
    for day in (0, 1):
        publish_version(session, draft, version, START + timedelta(days=day))
    assert (version.published_at, draft.published_at) == (START, START)
    published = select(OutboxEvent).where(OutboxEvent.name == "VersionPublished")
    assert len(session.exec(published).all()) == 1


def test_of_two_who_move_a_draft_at_once_one_is_told(session: Session, agency: Agency) -> None:
    draft_id = make_draft(session, agency).id or 0
    set_stage(session, draft_id, Stage.WITHDRAWN, START)
    with pytest.raises(Conflict):
        set_stage(session, draft_id, Stage.SCHEDULED, START)
    steps = [(step.old, step.new) for step in session.exec(select(StageChange)).all()]
    assert steps == [("draft", "withdrawn")]


def test_a_draft_in_preparation_is_known_to_its_own_agency_only(
    session: Session, agency: Agency
) -> None:
    draft_id = make_draft(session, agency).id or 0
    other = make_agency(session, "MOH")
    own = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    stranger = make_person(session, "Bakyt", role=Role.OFFICER, agency=other)
    overseer = make_person(session, "Nurlan", role=Role.OVERSIGHT)
    assert draft_for(session, draft_id, actor_of(session, own)).id == draft_id
    for actor in (VISITOR, actor_of(session, stranger), actor_of(session, overseer)):
        with pytest.raises(NotFound):
            draft_for(session, draft_id, actor)
    assert list_drafts(session, ListFilter(), before=None, limit=9) == []


def test_the_list_comes_newest_first_and_page_by_page(session: Session, agency: Agency) -> None:
    ids = [
        open_draft(session, agency=agency, now=START + timedelta(days=day)).id
        for day in (0, 1, 1, 2)  # two on the same instant
    ]
    seen: list[int | None] = []
    cursor = None
    while page := list_drafts(session, ListFilter(), before=cursor, limit=1):
        seen.append(page[0].id)
        cursor = Cursor(page[0].published_at or START, page[0].id or 0)
    assert seen == ids[::-1]


def test_the_list_is_narrowed_by_each_filter(session: Session, agency: Agency) -> None:
    draft = open_draft(session, agency=agency)
    draft.topic = "culture"
    session.flush()
    fitting = ListFilter(agency.id, "law", "open", "culture")
    assert list_drafts(session, fitting, before=None, limit=9) == [draft]
    for other in (
        ListFilter(agency_id=99),
        ListFilter(act_type="decree"),
        ListFilter(stage="closed"),
        ListFilter(stage="draft"),
        ListFilter(topic="health"),
    ):
        assert list_drafts(session, other, before=None, limit=9) == []


def test_a_place_is_named_by_all_it_stands_in(session: Session, agency: Agency) -> None:
    text = "Article 5\n1. A library stands:\n1) near the school;\n2) near the road.\n"
    version = bring_in(session, agency, text)
    *_, last = load_tree(session, version.id or 0, "en").walk()
    assert places(session, version.id or 0, "en", [last.wid]) == {last.wid: "Article 5, 1, 2)"}


def test_what_has_no_name_leaves_no_gap_in_the_name_of_a_place(
    session: Session, agency: Agency
) -> None:
    make_draft(session, agency)
    version = session.exec(select(DraftVersion)).one()
    row = Node("row", text="№ \tName of the library")
    table = Node("table", children=(row,))
    tree = identify(Tree("ru", (Node("annex", "2", "Annex 2", children=(table,)),)))
    session.execute(insert(Provision), provision_rows(tree, version.id or 0))
    *_, last = tree.walk()
    named = place_names(provisions(session, version.id or 0, "ru"))
    assert named[last.wid] == "Annex 2, № Name of the library"


def test_places_in_many_texts_are_named_at_once(session: Session, agency: Agency) -> None:
    first = bring_in(session, agency, "Article 5\n1. A library stands near the school.\n")
    second = bring_in(session, agency, "Article 7\n1. A school stands near the library.\n")
    wanted = {
        (version.id or 0, "en", node.wid)
        for version in (first, second)
        for node in load_tree(session, version.id or 0, "en").walk()
    }
    named = places_in(session, wanted)
    assert set(named) == wanted
    assert sorted(named.values()) == ["Article 5", "Article 5, 1", "Article 7", "Article 7, 1"]


def test_what_was_deleted_is_found_in_the_newest_version_that_had_it(
    session: Session, agency: Agency
) -> None:
    draft = make_draft(session, agency, FIRST)
    versions = [session.exec(select(DraftVersion)).one()]
    versions += [add_version(session, draft, FIRST[:n]) for n in (3, 1)]
    ids = [version.id or 0 for version in versions]
    assert [last_with(session, ids, f"art_{n}") for n in (1, 2, 3)] == [3, 2, 2]
    with pytest.raises(NotFound):
        last_with(session, ids, "art_9")


def test_an_empty_tree_is_no_rows() -> None:
    assert provision_rows(Tree("en", ()), 1) == []
