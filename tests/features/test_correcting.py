"""Correcting a text before it is taken over: what is kept, for whom, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult import worker
from consult.access import Role
from consult.accounts.models import Agency
from consult.errors import Conflict, Invalid, NotFound
from consult.platform import Platform
from consult.procedure.packs import load_pack
from drafts.actions import keep_preview, take_over
from drafts.correcting import actions
from drafts.correcting.actions import correct, discard, held_preview, replace_by, undo
from drafts.correcting.queries import has_file, kept_file, other_language
from drafts.importing.editing import Cut, Hang, Join, Name, Piece
from drafts.importing.preview import import_bytes
from drafts.models import Draft, ImportFile, ImportPreview
from drafts.previews import corrections_of, text_of
from drafts.queries import load_tree
from tests.conftest import START
from tests.factories import OPERATOR, actor_of, make_agency, make_draft, make_person

LAW = b"Article 1. Aim\nThis law is about libraries.\nArticle 2. Money\nThe budget pays."
Edit = Name | Hang | Join | Cut


@pytest.fixture
def agency(session: Session) -> Agency:
    return make_agency(session)


def kept(
    session: Session,
    agency: Agency,
    data: bytes = LAW,
    *,
    lang: str = "en",
    draft: Draft | None = None,
) -> ImportPreview:
    """A text that was read, with its file."""
    return keep_preview(
        session,
        actor=OPERATOR,
        preview=import_bytes(data, "law.txt", lang),
        agency_id=agency.id or 0,
        draft=draft,
        facts={"filename": "law.txt", "act_type": "law", "title": "On village libraries"},
        now=START,
        file=data,
    )


def make(session: Session, preview: ImportPreview, *edits: Edit) -> None:
    for edit in edits:
        correct(session, preview, corrections_of(preview), edit)


def labels(preview: ImportPreview) -> list[str]:
    return [f"{node.kind} {node.label}".strip() for node in text_of(preview).walk()]


def test_what_is_taken_over_is_the_corrected_text(session: Session, agency: Agency) -> None:
    preview = kept(session, agency)
    make(session, preview, Name(at=1, kind="chapter", number="2", label=9, heading=5))
    version = take_over(session, actor=OPERATOR, preview=preview, pack=load_pack("kg"), now=START)
    stored = load_tree(session, version.id or 0, "en")
    assert [node.kind for node in stored.walk()] == ["article", "chapter"]
    assert session.exec(select(ImportFile)).all() == []  # the file goes with the preview


def test_undoing_everything_gives_the_text_as_it_was_read(session: Session, agency: Agency) -> None:
    preview = kept(session, agency)
    read = text_of(preview)
    piece = Piece(after=len("Article1.AimThislaw"), depth=1, kind="text")
    make(session, preview, Cut(at=0, pieces=(piece,)), Join(at=2), Hang(at=1, depth=0))
    assert len(preview.edits) == 3
    for _ in range(3):
        undo(session, preview)
    assert text_of(preview) == read
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(session, preview)


def test_a_correction_that_is_impossible_is_not_kept(session: Session, agency: Agency) -> None:
    preview = kept(session, agency)
    for edit in (Join(at=0), Join(at=9), Hang(at=1, depth=7), Name(at=0, kind="row")):
        with pytest.raises(Invalid):
            make(session, preview, edit)
    assert preview.edits == []


def test_corrections_have_an_end(
    session: Session, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_EDITS", 1)
    preview = kept(session, agency)
    make(session, preview, Name(at=0, kind="text"))
    with pytest.raises(Conflict, match="at most 1 times"):
        make(session, preview, Name(at=0, kind="note"))


def test_of_two_who_correct_at_once_the_second_is_told(platform: Platform) -> None:
    with platform.database.writing() as session:
        preview_id = kept(session, make_agency(session)).id
    for _ in range(2):
        with platform.database.writing() as session:
            seen = session.get_one(ImportPreview, preview_id).edits
            preview = held_preview(session, actor=OPERATOR, preview_id=preview_id, after=len(seen))
            make(session, preview, Name(at=0, kind="text" if not seen else "note"))
    with platform.database.writing() as session, pytest.raises(Conflict, match="meanwhile"):
        held_preview(session, actor=OPERATOR, preview_id=preview_id, after=1)


def test_the_file_is_read_again_and_the_corrections_are_gone(
    session: Session, agency: Agency
) -> None:
    preview = kept(session, agency, "1-берене. Максаты\nТекст.".encode())
    make(session, preview, Name(at=0, kind="note"))
    assert labels(preview) == ["note", "text"]
    again = import_bytes(kept_file(session, preview), preview.filename, "ky")
    replace_by(session, preview, again, tracked="original")
    assert labels(preview) == ["article 1-берене."]
    assert (preview.lang, preview.tracked, preview.edits) == ("ky", "original", [])
    assert preview.title == "On village libraries"


def test_a_discarded_text_takes_its_file_along(session: Session, agency: Agency) -> None:
    preview = kept(session, agency)
    assert has_file(session, preview)
    discard(session, preview.id)
    assert session.exec(select(ImportFile)).all() == []
    assert session.exec(select(ImportPreview)).all() == []


def test_what_nobody_takes_over_in_time_is_discarded_with_its_file(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PREVIEWS", 2)
    term = timedelta(days=platform.settings.preview_days)
    with platform.database.writing() as session:
        agency = make_agency(session)
        for _ in range(3):
            kept(session, agency)
        last = kept(session, agency)
        last.created_at = START + timedelta(seconds=1)
    worker.drain(platform, START + term)
    with platform.database.reading() as session:
        assert len(session.exec(select(ImportPreview)).all()) == 4  # its whole term
    worker.drain(platform, START + term + timedelta(seconds=1))
    with platform.database.reading() as session:
        assert session.exec(select(ImportPreview.id)).all() == [last.id]
        assert session.exec(select(ImportFile.preview_id)).all() == [last.id]


def test_another_agency_corrects_nothing(session: Session, agency: Agency) -> None:
    other = make_person(session, "Bakyt", role=Role.OFFICER, agency=make_agency(session, "MOC"))
    preview = kept(session, agency)
    with pytest.raises(NotFound):
        held_preview(session, actor=actor_of(session, other), preview_id=preview.id, after=None)


def test_the_other_language_is_that_of_the_version_it_will_join(
    session: Session, agency: Agency
) -> None:
    draft = make_draft(session, agency, {"ru": ["Одна статья."]})
    second = kept(session, agency, draft=draft)
    beside = other_language(session, second)
    assert beside is not None
    assert (beside.lang, len(beside.nodes)) == ("ru", 1)
    assert other_language(session, kept(session, agency)) is None
    again = kept(session, agency, "Статья 1. Цель\nТекст.".encode(), lang="ru", draft=draft)
    assert other_language(session, again) is None  # it takes the place of the one there is
    public = make_draft(session, agency, now=START - timedelta(days=1))
    other = kept(session, agency, draft=public)
    assert other_language(session, other) is None
