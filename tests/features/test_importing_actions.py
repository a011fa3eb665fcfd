"""Taking over an imported text: a draft, a version, a second language; nothing is lost or mixed."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.procedure.stages import Stage
from drafts.actions import keep_preview, publish_version, take_over
from drafts.changes import operations
from drafts.confirmation.actions import confirm_all
from drafts.importing.preview import Preview
from drafts.models import Draft, DraftVersion, ImportPreview
from drafts.previews import preview_for
from drafts.queries import changes, load_tree, versions
from drafts.tree import Node, Tree
from tests.conftest import START
from tests.factories import (
    OPERATOR,
    actor_of,
    close_consultation,
    make_agency,
    make_draft,
    make_person,
    make_tree,
    open_consultation,
)

PACK = load_pack("kg")
FIRST = ("A library stands in every village of the country.", "It is open five days a week.")


@pytest.fixture
def agency(session: Session) -> Agency:
    return make_agency(session)


def read(
    session: Session,
    agency: Agency,
    articles: Sequence[str] = FIRST,
    *,
    lang: str = "en",
    draft: Draft | None = None,
    actor: Actor = OPERATOR,
    act_type: str = "law",
    title: str = "On village libraries",
) -> ImportPreview:
    """A text as it was read from a file, kept until somebody looks at it."""
    preview = Preview(make_tree(articles, lang), "A title from the text", (), 1.0)
    facts = {"filename": "law.txt", "act_type": act_type, "topic": "culture", "title": title}
    return keep_preview(
        session,
        actor=actor,
        preview=preview,
        agency_id=agency.id or 0,
        draft=draft,
        facts=facts,
        now=START,
    )


def take(session: Session, preview: ImportPreview, actor: Actor = OPERATOR) -> DraftVersion:
    """The text taken over."""
    return take_over(session, actor=actor, preview=preview, pack=PACK, now=START)


def texts(session: Session, version: DraftVersion, lang: str = "en") -> dict[str, str]:
    """The words of each provision by its permanent id."""
    return {node.wid: node.text for node in load_tree(session, version.id or 0, lang).walk()}


def draft_of(session: Session, version: DraftVersion) -> Draft:
    return session.get_one(Draft, version.draft_id)


def test_a_first_text_becomes_a_draft_nobody_outside_sees(session: Session, agency: Agency) -> None:
    version = take(session, read(session, agency))
    draft = draft_of(session, version)
    assert (draft.stage, draft.published_at, draft.topic) == (Stage.DRAFT, None, "culture")
    assert draft.titles == {"en": "On village libraries"}
    assert list(texts(session, version).values()) == list(FIRST)
    assert session.exec(select(ImportPreview)).all() == []  # taken over once


def test_without_a_title_the_one_in_the_text_is_taken(session: Session, agency: Agency) -> None:
    assert read(session, agency, title="").title == "A title from the text"


def test_a_new_version_keeps_the_title_the_draft_has(session: Session, agency: Agency) -> None:
    draft = draft_of(session, take(session, read(session, agency)))
    assert read(session, agency, draft=draft, title="").title == "On village libraries"


def test_a_text_without_provisions_is_not_taken_over(session: Session, agency: Agency) -> None:
    with pytest.raises(Invalid):
        take(session, read(session, agency, []))


def test_an_unknown_kind_of_act_is_not_taken_over(session: Session, agency: Agency) -> None:
    with pytest.raises(Invalid) as refusal:
        take(session, read(session, agency, act_type="poem"))
    assert refusal.value.field == "act_type"


def test_a_text_that_is_not_public_yet_is_replaced(session: Session, agency: Agency) -> None:
    first = take(session, read(session, agency))
    draft = draft_of(session, first)
    again = take(session, read(session, agency, ["Something else."], draft=draft))
    assert again.id == first.id
    assert list(texts(session, again).values()) == ["Something else."]


def test_a_public_text_stays_and_a_version_follows_with_its_comparison(
    session: Session, agency: Agency
) -> None:
    first = take(session, read(session, agency))
    draft = draft_of(session, first)
    publish_version(session, draft, first, START)
    new = ["A library stands in every village.", "It has a garden.", FIRST[1]]
    second = take(session, read(session, agency, new, draft=draft))
    assert [version.n for version in versions(session, draft.id or 0)] == [1, 2]
    assert list(texts(session, first).values()) == list(FIRST)
    kept = {text: wid for wid, text in texts(session, second).items()}
    assert kept[FIRST[1]] == "art_2"  # its permanent id survives the new number
    kinds = {change.new_wid: change.kind for change in changes(session, second.id or 0)}
    assert kinds["art_1"] == "edited"
    assert kinds[kept["It has a garden."]] == "added"


def test_a_second_language_shares_the_permanent_ids_and_keeps_the_comparison(
    session: Session, agency: Agency
) -> None:
    first = take(session, read(session, agency))
    draft = draft_of(session, first)
    publish_version(session, draft, first, START)
    second = take(session, read(session, agency, [FIRST[0], "It is open daily."], draft=draft))
    compared = len(changes(session, second.id or 0))
    russian = ["Библиотека есть в каждом селе.", "Она открыта ежедневно."]
    same = take(session, read(session, agency, russian, lang="ru", draft=draft, title="О селе"))
    assert (same.id, same.langs) == (second.id, ["en", "ru"])
    assert texts(session, same, "ru").keys() == texts(session, same, "en").keys()
    assert len(changes(session, second.id or 0)) == compared
    assert same.titles == {"en": "On village libraries", "ru": "О селе"}


def test_a_version_becomes_public_in_all_languages_the_public_text_has(
    session: Session, agency: Agency
) -> None:
    draft = make_draft(session, agency, {"ky": FIRST, "ru": FIRST})
    first = versions(session, draft.id or 0)[0]
    publish_version(session, draft, first, START)
    new = (FIRST[0], "It is open seven days a week.")
    second = take(session, read(session, agency, new, lang="ky", draft=draft))
    with pytest.raises(Conflict, match="no text in Русский yet"):
        publish_version(session, draft, second, START)
    assert second.published_at is None
    publish_version(
        session, draft, take(session, read(session, agency, new, lang="ru", draft=draft)), START
    )
    assert second.published_at == START


def test_a_public_title_changes_when_the_text_that_brings_another_becomes_public(
    session: Session, agency: Agency
) -> None:
    first = take(session, read(session, agency, title="On libraries"))
    draft = draft_of(session, first)
    take(session, read(session, agency, draft=draft, title="On village libraries"))
    assert draft.titles == {"en": "On village libraries"}  # nobody has read it yet
    publish_version(session, draft, first, START)
    waiting = read(session, agency, draft=draft, title="On closing libraries")
    waiting.summary = "They are closed."
    second = take(session, waiting)
    assert (draft.titles, draft.summaries) == ({"en": "On village libraries"}, {})
    publish_version(session, draft, second, START)
    assert draft.titles == {"en": "On closing libraries"}
    assert draft.summaries == {"en": "They are closed."}


def test_a_version_that_begins_in_a_new_language_keeps_the_permanent_ids_all_the_same(
    session: Session, agency: Agency
) -> None:
    first = take(session, read(session, agency))
    draft = draft_of(session, first)
    publish_version(session, draft, first, START)
    garden = ("A garden belongs to every library.", *FIRST)
    russian = ("Сад есть у каждой библиотеки.", "Она есть в селе.", "Она открыта.")
    second = take(session, read(session, agency, russian, lang="ru", draft=draft))
    used = set(texts(session, first))
    assert used.isdisjoint(texts(session, second, "ru"))  # nothing is known of them yet
    take(session, read(session, agency, garden, draft=draft))
    english = {text: wid for wid, text in texts(session, second).items()}
    assert [english[text] for text in FIRST] == ["art_1", "art_2"]
    assert list(texts(session, second, "ru")) == list(texts(session, second))
    assert operations(session, second.id or 0)["added"] == 1


def test_a_text_read_in_again_is_compared_again_and_keeps_its_other_language(
    session: Session, agency: Agency
) -> None:
    first = take(session, read(session, agency))
    draft = draft_of(session, first)
    publish_version(session, draft, first, START)
    take(session, read(session, agency, draft=draft))
    russian = ("Она есть в селе.", "Она открыта.")
    second = take(session, read(session, agency, russian, lang="ru", draft=draft))
    assert operations(session, second.id or 0)["same"] == 2
    again = take(session, read(session, agency, (FIRST[0], "It is shut."), draft=draft))
    assert (again.id, again.langs) == (second.id, ["en", "ru"])
    counted = operations(session, second.id or 0)
    assert (counted["same"], counted["edited"]) == (1, 1)
    assert texts(session, second, "ru").keys() == texts(session, second).keys()


def own(*nodes: tuple[str, str, str]) -> Preview:
    """A text that says itself which provision is which: (wid, number, words) of each article."""
    tree = tuple(Node("article", number=n, wid=wid, text=words) for wid, n, words in nodes)
    return Preview(Tree("en", tree), "On village libraries", (), 1.0, own_wids=True)


def take_own(
    session: Session, agency: Agency, preview: Preview, draft: Draft | None = None
) -> DraftVersion:
    row = keep_preview(
        session,
        actor=OPERATOR,
        preview=preview,
        agency_id=agency.id or 0,
        draft=draft,
        facts={"act_type": "law"},
        now=START,
    )
    return take(session, row)


def test_a_file_that_names_its_provisions_is_believed(session: Session, agency: Agency) -> None:
    first = take_own(session, agency, own(("lib_a", "1", FIRST[0]), ("lib_b", "2", FIRST[1])))
    assert texts(session, first) == {"lib_a": FIRST[0], "lib_b": FIRST[1]}
    draft = draft_of(session, first)
    publish_version(session, draft, first, START)
    second = take_own(
        session,
        agency,
        own(
            ("lib_b", "1", FIRST[0]),
            ("lib_a", "2", "Quite another thing."),
            ("lib_c", "3", "More."),
        ),
        draft,
    )
    assert list(texts(session, second)) == ["lib_b", "lib_a", "lib_c"]
    found = {row.new_wid: row.needs_confirmation for row in changes(session, second.id or 0)}
    assert found == {
        "lib_b": True,
        "lib_a": True,
        "lib_c": False,
    }  # a person looks at it nevertheless


def test_wids_of_a_file_that_cannot_be_kept_are_made_anew(session: Session, agency: Agency) -> None:
    odd = own(
        ("lib_a", "1", FIRST[0]), ("lib_a", "2", FIRST[1]), ("x/y z", "3", "It has a garden.")
    )
    first = take_own(session, agency, odd)
    assert list(texts(session, first)) == ["lib_a", "art_2-v2", "art_3"]
    draft = draft_of(session, first)
    publish_version(session, draft, first, START)
    second = take_own(session, agency, own(("lib_a", "1", FIRST[0])), draft)
    confirm_all(session, actor=OPERATOR, draft=draft, version=second, now=START)
    publish_version(session, draft, second, START)
    new = own(("lib_a", "1", FIRST[0]), ("art_3", "2", "A bus stops before every school door."))
    third = take_own(session, agency, new, draft)
    assert list(texts(session, third)) == ["lib_a", "art_2"]  # art_3 named something else once


def test_languages_that_do_not_correspond_are_refused_and_change_nothing(
    session: Session, agency: Agency
) -> None:
    version = take(session, read(session, agency))
    draft = draft_of(session, version)
    russian = read(session, agency, ["Только одна статья."], lang="ru", draft=draft)
    with pytest.raises(Invalid, match="stop corresponding"), session.begin_nested():
        take(session, russian)
    session.refresh(version)
    assert version.langs == ["en"]


def test_no_text_is_imported_while_people_discuss_one(session: Session, agency: Agency) -> None:
    draft = make_draft(session, agency)
    consultation = open_consultation(session, draft)
    with pytest.raises(NotAllowed):
        read(session, agency, draft=draft)
    draft = close_consultation(session, consultation)
    assert take(session, read(session, agency, draft=draft)).n == 2


def test_a_text_is_taken_over_once(platform: Platform) -> None:
    with platform.database.writing() as session:
        seen = read(session, make_agency(session))
    with platform.database.writing() as session:
        take(session, session.get_one(ImportPreview, seen.id))
    with platform.database.writing() as session, pytest.raises(NotFound):
        take(session, seen)  # as it was read before
    with platform.database.reading() as session:
        assert len(session.exec(select(Draft)).all()) == 1


def test_only_the_own_agency_imports_and_looks(session: Session, agency: Agency) -> None:
    other = make_agency(session, "MOC")
    bakyt = make_person(session, "Bakyt", role=Role.OFFICER, agency=other)
    stranger = actor_of(session, bakyt)
    with pytest.raises(NotAllowed):
        read(session, agency, actor=stranger)
    waiting = read(session, agency)
    with pytest.raises(NotAllowed):
        take(session, waiting, stranger)
    with pytest.raises(Exception, match="no such text"):
        preview_for(session, waiting.id, stranger)


def test_what_was_read_is_taken_over_unchanged(session: Session, agency: Agency) -> None:
    table = Node("table", children=(Node("row", text="a\tb"),))
    chapter = Node("chapter", "1", "Chapter 1.", "General", children=(Node("text", text="Words."),))
    tree = Tree("en", (chapter, Node("annex", "1", "Annex 1", children=(table,))))
    row = keep_preview(
        session,
        actor=OPERATOR,
        preview=Preview(tree, "Title", (), 1.0),
        agency_id=agency.id or 0,
        draft=None,
        facts={"act_type": "law"},
        now=START,
    )
    version = take(session, row)
    assert told(load_tree(session, version.id or 0, "en")) == told(tree)


def told(tree: Tree) -> list[tuple[str, ...]]:
    return [(n.kind, n.number, n.label, n.heading, n.text) for n in tree.walk()]
