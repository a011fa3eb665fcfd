"""What tells that a file would be another, without making it; and the files that are kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.comments.actions import Words, edit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.consultations.queries import current_round
from consult.exports.formats import FORMATS
from consult.exports.queries import Edition
from consult.exports.stamps import stamp_of
from consult.kept import Kept
from consult.moderation.actions import hide_comment, restore_comment
from consult.platform import Platform
from drafts.comparative.queries import rows_of
from drafts.models import Draft
from drafts.queries import latest_version, versions
from drafts.storing import store_text
from tests.conftest import START
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_comment,
    make_person,
    make_tree,
    open_draft,
    release_report,
)
from tests.features.test_exports import TEXTS, add_table, edition, settle


@pytest.fixture
def draft(session: Session) -> Draft:
    return open_draft(session, TEXTS)


@pytest.fixture
def aizada(session: Session) -> Person:
    return make_person(session)


def stamp(session: Session, draft: Draft, code: str, platform: Platform) -> str:
    session.flush()
    return stamp_of(session, edition(session, draft), FORMATS[code], platform)


Act = Callable[[Session, Draft, Comment, Person], object]


def changes_own_words(session: Session, _draft: Draft, comment: Comment, author: Person) -> None:
    edit_comment(
        session,
        actor=actor_of(session, author),
        comment=comment,
        words=Words(f"{comment.body} Indeed.", "substantive", "support"),
        window=timedelta(hours=1),
        most=1000,
        now=START,
    )


def hides(session: Session, _draft: Draft, comment: Comment, _: Person) -> None:
    hide_comment(session, **moderating(session), comment=comment, reason="insult")


def moderating(session: Session) -> dict[str, Any]:
    moderator = make_person(session, "Mira", role=Role.MODERATOR)
    return {"actor": actor_of(session, moderator), "now": START}


def withdraws(session: Session, _draft: Draft, comment: Comment, author: Person) -> None:
    withdraw_comment(session, actor=actor_of(session, author), comment=comment, now=START)


def replies(session: Session, draft: Draft, comment: Comment, author: Person) -> None:
    make_comment(session, draft, author, "Me too.", parent=comment)


def finds_its_place(session: Session, draft: Draft, comment: Comment, _: Person) -> None:
    version = latest_version(session, draft.id or 0)
    assert version
    settle(session, comment, version, state="orphan")


def answers(session: Session, draft: Draft, comment: Comment, _: Person) -> None:
    agency = session.get_one(Agency, draft.agency_id)
    officer, approver = (
        make_person(session, name, role=role, agency=agency)
        for name, role in (("Olga", Role.OFFICER), ("Erkin", Role.APPROVER))
    )
    consultation = current_round(session, draft.id or 0)
    assert consultation
    close_consultation(session, consultation)
    answer_comment(session, comment, officer, approver, now=consultation.closes_at)
    release_report(session, consultation, officer, consultation.closes_at)


ACTS = (changes_own_words, hides, withdraws, replies, answers)


@pytest.mark.parametrize("act", ACTS)
def test_what_changes_a_file_changes_its_stamp(
    session: Session, draft: Draft, aizada: Person, platform: Platform, act: Act
) -> None:
    comment = make_comment(session, draft, aizada, wid="art_2", quote="five days")
    add_table(session, draft)
    _change_is_told(session, draft, platform, lambda: act(session, draft, comment, aizada))


def test_of_one_comment_hidden_in_place_of_another_the_stamp_tells(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    one, two = (make_comment(session, draft, aizada, f"Comment {n}.") for n in range(2))
    acting = moderating(session)
    hide_comment(session, **acting, comment=one, reason="insult")
    before = stamp(session, draft, "annotations", platform)
    restore_comment(session, **acting, comment=one, reason="It may stand.")
    hide_comment(session, **acting, comment=two, reason="insult")
    assert stamp(session, draft, "annotations", platform) != before


def test_where_a_comment_stands_now_changes_the_stamp(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    comment = make_comment(session, draft, aizada, wid="art_2", quote="five days")
    add_version(session, draft, TEXTS, published=True)
    add_table(session, draft)

    def act() -> None:
        finds_its_place(session, draft, comment, aizada)

    _change_is_told(session, draft, platform, act)


def _change_is_told(
    session: Session, draft: Draft, platform: Platform, act: Callable[[], object]
) -> None:
    """What is said changes the files of what is said, and no other; so do their stamps."""

    def written(code: str) -> tuple[bytes, str]:
        session.flush()
        content = FORMATS[code].write(session, edition(session, draft), platform)
        return content, stamp(session, draft, code, platform)

    before = {code: written(code) for code in FORMATS}
    act()
    for code, (content, told) in before.items():
        now, told_now = written(code)
        assert (now == content, told_now == told) == ((FORMATS[code].needs != "remarks"),) * 2


def test_a_text_or_table_that_is_not_public_has_another_stamp_when_it_changes(
    session: Session, draft: Draft, platform: Platform
) -> None:
    later = add_version(session, draft, TEXTS)
    add_table(session, draft)
    seen = {stamp(session, draft, "docx", platform)}
    store_text(
        session, later, make_tree(["A library stands.", "It is open."]), own_wids=False, now=START
    )
    seen.add(stamp(session, draft, "docx", platform))
    later.titles = {"en": "On libraries"}
    seen.add(stamp(session, draft, "docx", platform))
    later.published_at = START
    seen.add(stamp(session, draft, "docx", platform))
    assert len(seen) == 4
    before = stamp(session, draft, "comparative-table", platform)
    (row,) = rows_of(session, later.id or 0, "en")
    row.proposed = "Six days."
    assert stamp(session, draft, "comparative-table", platform) != before


def test_each_file_has_a_stamp_of_its_own(
    session: Session, draft: Draft, platform: Platform
) -> None:
    add_version(session, draft, TEXTS, published=True)
    stamps = [
        stamp_of(session, Edition(draft, version, lang), form, platform)
        for version in versions(session, draft.id or 0)
        for lang in ("en", "ru")
        for form in FORMATS.values()
    ]
    assert len(stamps) == len(set(stamps)) == 20


def test_a_stamp_costs_as_little_whatever_is_said(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    statements: list[str] = []
    event.listen(
        platform.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2])
    )
    for n in range(12):
        make_comment(session, draft, aizada, f"Comment {n}.", wid=f"art_{n % 2 + 1}")
    here = edition(session, draft)
    statements.clear()
    stamp_of(session, here, FORMATS["docx-comments"], platform)
    assert len(statements) <= 3


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept = Kept(10)
    for name in "abc":
        kept.put(name, b"four")
        kept.get("a")
    assert [kept.get(name) for name in "abc"] == [b"four", None, b"four"]
    kept.put("huge", b"more than ten")
    assert [kept.get(name) for name in ("a", "c", "huge")] == [None, None, None]
