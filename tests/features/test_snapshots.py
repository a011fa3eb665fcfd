"""Snapshots: kept once, found by their hash, the same bytes for ever, and told of if not."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from consult.errors import Conflict, NotFound
from consult.platform import Platform
from consult.snapshots.actions import keep
from consult.snapshots.models import Snapshot
from consult.snapshots.queries import by_hash, snapshots, snapshots_of
from consult.snapshots.rules import Column, Measure, Table, content_of
from tests.conftest import START

HOUR = timedelta(hours=1)


def content(comments: float | None = 3) -> dict[str, Any]:
    table = Table({"en": "Figures"}, [Column({"en": "What"}), Column({"en": "n"}, "count")], [])
    row = [{"en": "Comments", "ky": "Пикирлер"}, Measure(comments, "count", "comments", 1)]
    filled = Table(table.names, table.columns, [row])
    return content_of([filled], page="/statistics", titles={"en": "Figures"})


@pytest.fixture
def session(platform: Platform) -> Any:
    with platform.database.writing() as session:
        yield session


def test_what_is_kept_are_the_bytes_that_were_hashed(session: Session) -> None:
    kept = keep(session, "overall", "agency=MOJ", content(), START)
    assert sha256(kept.document.encode()).hexdigest() == kept.sha256
    said = json.loads(kept.document)
    assert (said["kind"], said["subject"]) == ("overall", "agency=MOJ")
    assert said["made_at"] == START.isoformat()
    assert said["content"]["tables"][0]["rows"][0][1]["value"] == 3
    assert kept.url == f"/statistics/snapshots/{kept.sha256[:16]}"
    assert kept.is_whole


def test_keeping_the_same_again_returns_the_same(session: Session) -> None:
    first = keep(session, "overall", "", content(3.0), START)
    assert keep(session, "overall", "", content(3), START + HOUR).id == first.id
    other = keep(session, "overall", "year=2026", content(), START + HOUR)
    assert other.sha256 != first.sha256, "another page with the same figures is another snapshot"


def test_figures_that_come_back_are_kept_anew(session: Session) -> None:
    """Else it would read as if they had never been otherwise."""
    ids = [keep(session, "overall", "", content(n), START + HOUR * n).id for n in (1, 2)]
    again = keep(session, "overall", "", content(1), START + HOUR * 3)
    assert again.id not in ids
    assert [one.id for one in snapshots_of(session, "overall", "", 9)] == [again.id, *ids[::-1]]


def test_the_same_of_the_same_instant_is_one_snapshot(session: Session) -> None:
    first, second, third = (keep(session, "years", "", content(n), START).id for n in (1, 2, 1))
    assert first == third != second


def test_one_is_found_by_the_beginning_of_its_hash(session: Session) -> None:
    kept = keep(session, "overall", "", content(), START)
    for n in (16, 20, 64):
        assert by_hash(session, kept.sha256[:n]).id == kept.id
    for beginning in ("", kept.sha256[:15], kept.sha256.upper(), "g" * 16, "0" * 64, "%" * 16):
        with pytest.raises(NotFound):
            by_hash(session, beginning)


def test_a_beginning_that_two_share_asks_for_more(session: Session) -> None:
    for last in "ab":
        row = {"kind": "overall", "subject": last, "made_at": START, "document": "{}"}
        session.add(Snapshot(**row, sha256="c" * 63 + last))
    session.flush()
    with pytest.raises(Conflict):
        by_hash(session, "c" * 16)
    assert by_hash(session, "c" * 63 + "b").subject == "b"


@pytest.mark.parametrize("column", ["document", "sha256"])
def test_a_row_that_somebody_changed_is_not_whole(session: Session, column: str) -> None:
    kept = keep(session, "overall", "", content(), START)
    other = {"document": kept.document.replace("3", "4"), "sha256": "d" * 64}
    session.execute(update(Snapshot).values({column: other[column]}))
    session.refresh(kept)
    assert not kept.is_whole
    again = keep(session, "overall", "", content(), START + HOUR)
    assert again.id != kept.id, "what was tampered with is nothing to go back to"
    assert again.is_whole


def test_lists_are_read_page_by_page(session: Session) -> None:
    for n in range(7):
        keep(session, "overall" if n % 2 else "years", str(n), content(n), START)
    seen: list[str] = []
    before = None
    while True:
        found = snapshots(session, "", before, 3)
        seen += [one.subject for one in found[:3]]
        if len(found) <= 3:
            break
        before = found[2].id
    assert seen == [str(n) for n in reversed(range(7))]
    assert [one.subject for one in snapshots(session, "years", None, 9)] == ["6", "4", "2", "0"]


def test_a_table_that_does_not_fit_is_never_kept() -> None:
    columns = [Column({"en": "a"})]
    with pytest.raises(ValueError, match="as many cells"):
        content_of([Table({}, columns, [["x", "y"]])], page="/", titles={})
    with pytest.raises(ValueError, match="unit"):
        content_of([Table({}, [Column({"en": "a"}, "stars")], [])], page="/", titles={})


def test_what_is_no_number_is_never_kept(session: Session) -> None:
    with pytest.raises(ValueError, match=r"(?i)json"):
        keep(session, "overall", "", content(float("nan")), START)
