"""Before a version is public an officer confirms what became of it, or decides otherwise."""

import ast
from collections.abc import Callable, Sequence

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.errors import Conflict, Invalid, NotAllowed
from consult.procedure.stages import Stage
from drafts.actions import publish_version
from drafts.changes import operations
from drafts.comparative.models import ComparativeRow
from drafts.confirmation.actions import confirm, confirm_all, decide, discard
from drafts.models import AlignmentDecision, Draft, DraftVersion, Provision, ProvisionChange
from drafts.queries import changes, load_tree, unconfirmed, unready, versions
from drafts.storing import (
    align_anew,
    confirm_changes,
    drop_text,
    remove_version,
    store_text,
    write_decisions,
)
from tests.conftest import START
from tests.contracts.test_house_rules import sources
from tests.contracts.test_size import name
from tests.factories import actor_of, make_agency, make_draft, make_person, make_tree

STANDS = "A library stands in every village of the country and belongs to the village."
OPEN = "A library is open on five days of each week, and one of them is Saturday."
FREE = "Whoever lives in the village borrows books without paying anything for them."
HOURS = "Opening hours are set by the librarian together with those who read there."
BUDGET = "The budget of the district pays for the buildings, the books and the librarians."
FIRST = (STANDS, OPEN, FREE)
SECOND = (STANDS, HOURS, BUDGET)  # the last two have nothing in common with what they replace


@pytest.fixture
def agency(session: Session) -> Agency:
    return make_agency(session)


@pytest.fixture
def olga(session: Session, agency: Agency) -> Actor:
    return actor_of(session, make_person(session, "Olga", role=Role.OFFICER, agency=agency))


@pytest.fixture
def draft(session: Session, agency: Agency) -> Draft:
    """A draft whose first version is public, in two languages."""
    draft = make_draft(session, agency, {"en": FIRST, "ru": FIRST})
    publish_version(session, draft, versions(session, draft.id or 0)[0], START)
    return draft


def follow(session: Session, draft: Draft, articles: Sequence[str] = SECOND) -> DraftVersion:
    """The next version of the draft, in both languages, not public yet."""
    version = DraftVersion(
        draft_id=draft.id or 0,
        n=len(versions(session, draft.id or 0)) + 1,
        langs=["en", "ru"],
        created_at=START,
    )
    session.add(version)
    session.flush()
    version.langs = ["en"]
    store_text(session, version, make_tree(articles), own_wids=False, now=START)
    version.langs = ["en", "ru"]
    store_text(session, version, make_tree(articles, "ru"), own_wids=False, now=START)
    return version


def told(session: Session, version: DraftVersion) -> dict[tuple[str, str], str]:
    return {(row.old_wid, row.new_wid): row.kind for row in changes(session, version.id or 0)}


def row_of(session: Session, version: DraftVersion, old: str = "", new: str = "") -> int:
    """The id of the change that speaks of a provision."""
    return next(
        row.id or 0
        for row in changes(session, version.id or 0)
        if (old and row.old_wid == old) or (new and row.new_wid == new)
    )


def wids(session: Session, version: DraftVersion, lang: str = "en") -> list[str]:
    return [node.wid for node in load_tree(session, version.id or 0, lang).walk()]


def test_what_is_gone_is_confirmed_before_a_version_becomes_public(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft)
    kinds = operations(session, version.id or 0)
    assert (kinds["same"], kinds["deleted"], kinds["added"]) == (1, 2, 2)
    with pytest.raises(Conflict, match=r"yet to confirm .*: 2"):
        publish_version(session, draft, version, START)
    assert confirm_all(session, actor=olga, draft=draft, version=version, now=START) == 2
    publish_version(session, draft, version, START)
    assert version.published_at == START
    who = {row.kind: row.confirmed_by for row in changes(session, version.id or 0)}
    assert who == {"same": None, "added": None, "deleted": olga.id}


def test_a_first_version_has_nothing_to_confirm(session: Session, agency: Agency) -> None:
    draft = make_draft(session, agency, FIRST)
    assert unready(session, versions(session, draft.id or 0)[0]) is None


def test_changes_are_confirmed_one_by_one(session: Session, draft: Draft, olga: Actor) -> None:
    version = follow(session, draft)
    ids = [row_of(session, version, old="art_2")]
    confirm(session, actor=olga, draft=draft, version=version, ids=ids, now=START)
    assert unconfirmed(session, version.id or 0) == 1
    confirm(session, actor=olga, draft=draft, version=version, ids=ids, now=START)  # once more
    with pytest.raises(Conflict, match="made anew"):
        confirm(session, actor=olga, draft=draft, version=version, ids=[*ids, 9999], now=START)


def test_an_officer_says_which_provision_it_is_and_it_keeps_its_name_in_every_language(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft)
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, old="art_2"),
        choice="now:art_3",
        now=START,
    )
    assert wids(session, version)[2] == "art_2"
    assert wids(session, version, "ru") == wids(session, version)
    assert told(session, version)["art_2", "art_2"] == "edited"
    waiting = [row for row in changes(session, version.id or 0) if row.needs_confirmation]
    assert {row.old_wid: row.confirmed_at is not None for row in waiting} == {
        "art_2": True,
        "art_3": False,
    }


def test_the_new_one_says_what_it_was_before(session: Session, draft: Draft, olga: Actor) -> None:
    version = follow(session, draft)
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, new=wids(session, version)[1]),
        choice="was:art_3",
        now=START,
    )
    assert wids(session, version)[:2] == ["art_1", "art_3"]


def test_a_pair_that_is_none_is_taken_apart(session: Session, draft: Draft, olga: Actor) -> None:
    edited = OPEN.replace("Saturday", "Sunday")
    version = follow(session, draft, (STANDS, edited, FREE))
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, old="art_2"),
        choice="apart",
        now=START,
    )
    kinds = told(session, version)
    assert kinds["art_2", ""] == "deleted"
    assert "art_2" not in wids(session, version)
    assert unready(session, version) is None  # who decided has confirmed


def test_a_new_half_of_a_split_can_be_said_to_be_new(
    session: Session, draft: Draft, olga: Actor
) -> None:
    first, second = "A library is open on five days of each week.", "And one of them is Saturday."
    version = follow(session, draft, (STANDS, first, second, FREE))
    assert operations(session, version.id or 0)["split"] == 1
    half = wids(session, version)[2]
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, new=half),
        choice="apart",
        now=START,
    )
    kinds = told(session, version)
    assert kinds["", half] == "added"
    assert kinds["art_2", "art_2"] == "edited"


def test_what_was_confirmed_stays_so_while_the_comparison_is_made_anew(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft, (STANDS, HOURS))
    gone = row_of(session, version, old="art_3")
    confirm(session, actor=olga, draft=draft, version=version, ids=[gone], now=START)
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, old="art_2"),
        choice="now:art_2",
        now=START,
    )
    assert told(session, version)["art_3", ""] == "deleted"
    assert unready(session, version) is None


def test_a_page_that_is_older_than_the_comparison_confirms_nothing(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft)
    seen = [row.id or 0 for row in changes(session, version.id or 0)]
    align_anew(session, version)
    assert not set(seen) & {row.id for row in changes(session, version.id or 0)}
    with pytest.raises(Conflict):
        confirm(session, actor=olga, draft=draft, version=version, ids=seen, now=START)
    assert unconfirmed(session, version.id or 0) == 2


@pytest.mark.parametrize(
    ("choice", "error"),
    [("now:art_9", Conflict), ("now:", Invalid), ("was:art_1", Invalid), ("nonsense", Invalid)],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    session: Session, draft: Draft, olga: Actor, choice: str, error: type[Exception]
) -> None:
    version = follow(session, draft)
    before = told(session, version)
    with pytest.raises(error):
        decide(
            session,
            actor=olga,
            draft=draft,
            version=version,
            change_id=row_of(session, version, old="art_2"),
            choice=choice,
            now=START,
        )
    assert told(session, version) == before
    assert session.exec(select(AlignmentDecision)).all() == []


def test_only_officers_of_the_own_agency_confirm(session: Session, draft: Draft) -> None:
    version = follow(session, draft)
    other = make_agency(session, "MOC")
    for actor in (
        actor_of(session, make_person(session, "Bakyt", role=Role.OFFICER, agency=other)),
        actor_of(session, make_person(session, "Nurlan", role=Role.APPROVER)),
    ):
        with pytest.raises(NotAllowed):
            confirm_all(session, actor=actor, draft=draft, version=version, now=START)
        with pytest.raises(NotAllowed):
            discard(session, actor=actor, draft=draft, version=version, now=START)
    assert unconfirmed(session, version.id or 0) == 2


def test_rows_of_the_comparative_table_follow_a_provision_to_its_new_name(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft)
    added = wids(session, version)[2]
    row = ComparativeRow(version_id=version.id or 0, lang="en", position=0, wid=added)
    session.add(row)
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=row_of(session, version, new=added),
        choice="was:art_2",
        now=START,
    )
    assert row.wid == "art_2"


def test_a_language_is_dropped_and_the_other_stays(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft)
    version.titles = {"en": "On libraries", "ru": "О библиотеках"}
    discard(session, actor=olga, draft=draft, version=version, lang="en", now=START)
    assert (version.langs, version.titles) == (["ru"], {"ru": "О библиотеках"})
    assert wids(session, version, "en") == []
    assert wids(session, version, "ru")[0] == "art_1"  # compared in Russian now
    assert operations(session, version.id or 0)["same"] == 1
    for lang in ("ru", "en"):
        with pytest.raises(Conflict):
            discard(session, actor=olga, draft=draft, version=version, lang=lang, now=START)


def test_a_version_is_discarded_with_all_that_belongs_to_it(
    session: Session, draft: Draft, olga: Actor
) -> None:
    version = follow(session, draft)
    session.add(ComparativeRow(version_id=version.id or 0, lang="en", position=0))
    gone = row_of(session, version, old="art_2")
    decide(
        session,
        actor=olga,
        draft=draft,
        version=version,
        change_id=gone,
        choice="now:art_2",
        now=START,
    )
    discard(session, actor=olga, draft=draft, version=version, now=START)
    assert [v.n for v in versions(session, draft.id or 0)] == [1]
    for table in (ProvisionChange, AlignmentDecision, ComparativeRow):
        assert session.exec(select(table)).all() == []
    assert {row.version_id for row in session.exec(select(Provision)).all()} == {1}


def test_the_only_version_and_one_under_discussion_are_not_discarded(
    session: Session, agency: Agency, draft: Draft, olga: Actor
) -> None:
    single = make_draft(session, agency, FIRST)
    only = versions(session, single.id or 0)[0]
    with pytest.raises(Conflict, match="only version"):
        discard(session, actor=olga, draft=single, version=only, now=START)
    version = follow(session, draft)
    draft.stage = Stage.OPEN.value
    session.add(draft)
    with pytest.raises(NotAllowed):
        discard(session, actor=olga, draft=draft, version=version, now=START)


WRITES: list[Callable[[Session, DraftVersion], object]] = [
    lambda s, v: store_text(s, v, make_tree(["Other words."]), own_wids=False, now=START),
    lambda s, v: align_anew(s, v),
    lambda s, v: write_decisions(s, v, [], None, START),
    lambda s, v: confirm_changes(s, v, [1], None, START),
    lambda s, v: drop_text(s, v, "ru"),
    lambda s, v: remove_version(s, v),
]


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_to_a_public_version(
    session: Session, draft: Draft, write: Callable[[Session, DraftVersion], object]
) -> None:
    public = versions(session, draft.id or 0)[0]
    before = [row.model_dump() for row in session.exec(select(Provision)).all()]
    with pytest.raises(Conflict, match="never changes"):
        write(session, public)
    session.expire_all()
    assert [row.model_dump() for row in session.exec(select(Provision)).all()] == before


def test_provisions_and_changes_are_written_in_one_place_alone() -> None:
    guarded = {"Provision", "ProvisionChange", "AlignmentDecision"}
    for path in sources():
        if name(path) == "drafts/storing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = ast.unparse(node.args[0]) if node.args else ""
                writes = node.func.id in {"insert", "update", "delete"} and first in guarded
                assert not writes, name(path)
                assert node.func.id not in guarded, name(path)
