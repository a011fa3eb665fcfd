"""The comparative table of a version: who may edit it, until when, and that no edit is lost."""

import pytest
from sqlmodel import Session

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from consult.procedure.stages import FEATURES, Stage, Verb
from drafts.comparative.actions import (
    add_row,
    change_row,
    copy_rows,
    delete_row,
    may_edit,
    move_row,
    replace_rows,
)
from drafts.comparative.models import ComparativeRow
from drafts.comparative.queries import counts, row_in, rows_of, words_of
from drafts.comparative.rows import Words, stamp_of
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version
from tests.conftest import START
from tests.factories import actor_of, add_version, make_agency, make_draft, make_person, open_draft

TEXTS = {"en": ("A library.", "Five days."), "ru": ("Библиотека.", "Пять дней.")}


@pytest.fixture
def agency(session: Session) -> Agency:
    return make_agency(session)


@pytest.fixture
def draft(session: Session, agency: Agency) -> Draft:
    return make_draft(session, agency, TEXTS)


@pytest.fixture
def olga(session: Session, agency: Agency) -> Actor:
    return actor_of(session, make_person(session, "Olga", role=Role.OFFICER, agency=agency))


@pytest.fixture
def version(session: Session, draft: Draft) -> DraftVersion:
    found = latest_version(session, draft.id or 0)
    assert found
    return found


class Desk:
    """An officer at the table of one version, in English."""

    def __init__(self, session: Session, actor: Actor, draft: Draft, version: DraftVersion) -> None:
        self.session, self.version = session, version
        self.asked = {"actor": actor, "draft": draft, "version": version}

    def add(self, place: str, after: int | None = None, **more: str) -> ComparativeRow:
        words = Words(place, "old", **more)
        return add_row(self.session, **self.asked, lang="en", words=words, after=after)

    @property
    def rows(self) -> list[ComparativeRow]:
        return rows_of(self.session, self.version.id or 0, "en")

    @property
    def places(self) -> list[str]:
        return [row.place for row in self.rows]

    def move(self, row: ComparativeRow, *, up: bool) -> list[str]:
        move_row(self.session, **self.asked, row=row, up=up)
        return self.places

    def replace(self, rows: list[Words], seen: str | None = None) -> None:
        stamp = stamp_of(list(map(words_of, self.rows))) if seen is None else seen
        replace_rows(self.session, **self.asked, lang="en", rows=rows, seen=stamp)


@pytest.fixture
def desk(session: Session, olga: Actor, draft: Draft, version: DraftVersion) -> Desk:
    return Desk(session, olga, draft, version)


def test_rows_are_added_at_the_end_or_behind_another(desk: Desk) -> None:
    first, _ = desk.add("one"), desk.add("three")
    desk.add("two", after=first.id)
    assert desk.places == ["one", "two", "three"]
    assert len({row.position for row in desk.rows}) == 3
    with pytest.raises(NotFound):
        desk.add("nowhere", after=999)


def test_rows_change_places_with_their_neighbours(desk: Desk) -> None:
    one, two, three = (desk.add(name) for name in ("1", "2", "3"))
    assert desk.move(three, up=True) == ["1", "3", "2"]
    assert desk.move(one, up=False) == ["3", "1", "2"]
    assert desk.move(three, up=True) == ["3", "1", "2"]
    assert desk.move(two, up=False) == ["3", "1", "2"]


def test_a_row_is_changed_and_deleted(session: Session, desk: Desk) -> None:
    row, other = desk.add("1"), desk.add("2")
    words = Words("Article 1", "a\nb", "c", "d", "art_1")
    change_row(session, **desk.asked, row=row, words=words, seen=words_of(row).stamp)
    assert words_of(row_in(session, row.id or 0, desk.version.id or 0)) == words
    delete_row(session, **desk.asked, row=other, seen=words_of(other).stamp)
    assert desk.places == ["Article 1"]
    assert counts(session, [desk.version.id or 0]) == {(desk.version.id, "en"): 1}


def test_of_two_who_change_a_row_the_second_is_told(session: Session, desk: Desk) -> None:
    row = desk.add("1")
    seen = words_of(row).stamp
    change_row(session, **desk.asked, row=row, words=Words("first"), seen=seen)
    with pytest.raises(Conflict):
        change_row(session, **desk.asked, row=row, words=Words("second"), seen=seen)
    with pytest.raises(Conflict):
        delete_row(session, **desk.asked, row=row, seen=seen)
    assert desk.places == ["first"]
    delete_row(session, **desk.asked, row=row, seen=Words("first").stamp)
    with pytest.raises(NotFound):
        change_row(session, **desk.asked, row=row, words=Words("x"), seen=Words("first").stamp)


def test_a_table_is_replaced_as_a_whole_or_not_at_all(session: Session, desk: Desk) -> None:
    desk.add("old")
    rows = [Words("Law"), Words("Article 1", "a", "b", "c", "art_2")]
    desk.replace(rows)
    assert list(map(words_of, desk.rows)) == rows
    for wrong, error in (
        ([Words("x"), Words()], Invalid),
        ([Words("x"), Words("y", wid="art_99")], Invalid),
    ):
        with pytest.raises(error):
            desk.replace(wrong)
    with pytest.raises(Conflict):
        desk.replace([Words("x")], seen=stamp_of([]))
    assert list(map(words_of, desk.rows)) == rows


def test_a_row_is_linked_to_provisions_of_its_text_only(session: Session, desk: Desk) -> None:
    desk.add("1", wid="art_2")
    with pytest.raises(Invalid) as refusal:
        desk.add("2", wid="art_3")
    assert refusal.value.field == "wid"


def test_each_language_has_a_table_of_its_own(session: Session, desk: Desk) -> None:
    desk.add("one")
    add_row(session, **desk.asked, lang="ru", words=Words("один"))
    assert desk.places == ["one"]
    assert counts(session, [desk.version.id or 0]) == {
        (desk.version.id, "en"): 1,
        (desk.version.id, "ru"): 1,
    }
    with pytest.raises(NotFound):
        add_row(session, **desk.asked, lang="kk", words=Words("бір"))


def test_a_new_version_begins_with_the_table_of_an_earlier_one(
    session: Session, olga: Actor, draft: Draft, desk: Desk
) -> None:
    desk.add("1", wid="art_1")
    desk.add("2", wid="art_2")
    desk.version.published_at = START
    later = Desk(session, olga, draft, add_version(session, draft, {"en": ("A library.",)}))
    copied = copy_rows(session, **later.asked, source=desk.version, lang="en")
    assert copied == 2
    assert [(row.place, row.wid) for row in later.rows] == [("1", "art_1"), ("2", "")]
    with pytest.raises(Conflict):
        copy_rows(session, **later.asked, source=desk.version, lang="en")


def every_verb(session: Session, desk: Desk, row: ComparativeRow) -> list[DomainError]:
    """What each verb answers."""
    seen, asked = words_of(row).stamp, desk.asked
    whole = stamp_of(list(map(words_of, desk.rows)))
    refusals = []
    for verb in (
        lambda: add_row(session, **asked, lang="en", words=Words("x")),
        lambda: change_row(session, **asked, row=row, words=Words("x"), seen=seen),
        lambda: move_row(session, **asked, row=row, up=True),
        lambda: replace_rows(session, **asked, lang="en", rows=[], seen=whole),
        lambda: copy_rows(session, **asked, source=desk.version, lang="en"),
        lambda: delete_row(session, **asked, row=row, seen=seen),
    ):
        with pytest.raises(DomainError) as refusal:
            verb()
        refusals.append(refusal.value)
    return refusals


def test_another_agency_changes_nothing(session: Session, draft: Draft, desk: Desk) -> None:
    row = desk.add("1")
    other = make_agency(session, "MOH")
    damir = actor_of(session, make_person(session, "Damir", role=Role.OFFICER, agency=other))
    theirs = Desk(session, damir, draft, desk.version)
    assert {type(refusal) for refusal in every_verb(session, theirs, row)} == {NotAllowed}
    assert not may_edit(damir, draft, desk.version)
    assert desk.places == ["1"]


@pytest.mark.parametrize("stage", list(Stage))
def test_a_public_table_changes_only_while_the_text_may(
    session: Session, draft: Draft, desk: Desk, olga: Actor, stage: Stage
) -> None:
    row = desk.add("1")
    desk.version.published_at, draft.stage = START, stage.value
    session.flush()
    editable = Verb.EDIT_TEXT in FEATURES[stage]
    assert may_edit(olga, draft, desk.version) == editable
    if editable:
        desk.add("2")
        assert desk.places == ["1", "2"]
    else:
        assert {type(refusal) for refusal in every_verb(session, desk, row)} == {NotAllowed}
        assert desk.places == ["1"]


def test_the_table_of_the_next_version_is_written_while_an_earlier_one_is_discussed(
    session: Session, agency: Agency, olga: Actor
) -> None:
    draft = open_draft(session, TEXTS, agency=agency)
    later = Desk(session, olga, draft, add_version(session, draft, TEXTS))
    later.add("1")
    assert later.places == ["1"]
    assert may_edit(olga, draft, later.version)


def test_a_row_of_another_version_is_not_found(
    session: Session, draft: Draft, desk: Desk, olga: Actor
) -> None:
    row = desk.add("1")
    later = add_version(session, draft, TEXTS)
    with pytest.raises(NotFound):
        row_in(session, row.id or 0, later.id or 0)
    elsewhere = {"actor": olga, "draft": draft, "version": later}
    with pytest.raises(NotFound):
        move_row(session, **elsewhere, row=row, up=True)
    with pytest.raises(NotFound):
        delete_row(session, **elsewhere, row=row, seen=words_of(row).stamp)
