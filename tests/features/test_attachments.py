"""Files of comments: kept before they are named, opened by whom they are for, swept in the end."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from consult.access import VISITOR, Actor, Role
from consult.accounts.models import Person
from consult.attachments.actions import StoredFile, attach
from consult.attachments.models import Attachment
from consult.attachments.queries import attachment_for, attachments_of
from consult.attachments.storing import FOLDER, faults, path_of, store, sweep
from consult.checks import findings
from consult.comments.models import Comment
from consult.errors import Invalid, NotAllowed, NotFound
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.attached import PDF, TEXT
from tests.conftest import START
from tests.factories import actor_of, make_agency, make_comment, make_person, open_draft

DAY = timedelta(days=1)


@pytest.fixture
def comment(session: Session) -> Comment:
    """Aizada's comment on a draft under discussion."""
    return make_comment(session, open_draft(session), make_person(session))


def stored(data_dir: Path, data: bytes = PDF, name: str = "a.pdf") -> StoredFile:
    return StoredFile(name, "application/pdf", len(data), store(data_dir, data, START))


def add(
    session: Session, comment: Comment, *files: StoredFile, actor: Actor | None = None
) -> list[Attachment]:
    """The files of a comment once these were added by its author, or as a scan by an officer."""
    author = actor_of(session, session.get_one(Person, comment.author_id))
    attach(
        session,
        actor=actor or author,
        comment=comment,
        files=files,
        is_source=actor is not None,
        now=START,
    )
    session.flush()
    return attachments_of(session, [comment.id or 0]).get(comment.id or 0, [])


def on_disk(data_dir: Path) -> list[str]:
    return sorted(path.parent.name + path.name for path in (data_dir / FOLDER).glob("??/*"))


def test_what_is_stored_is_found_by_its_digest(tmp_path: Path) -> None:
    digest = store(tmp_path, PDF, START)
    assert path_of(tmp_path, digest).read_bytes() == PDF
    assert store(tmp_path, PDF, START) == digest
    assert on_disk(tmp_path) == [digest]


def test_half_a_file_is_left_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("consult.attachments.storing.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        store(tmp_path, PDF, START)
    assert on_disk(tmp_path) == []


def test_the_same_file_sent_twice_is_one(
    session: Session, comment: Comment, tmp_path: Path
) -> None:
    first, other = stored(tmp_path), stored(tmp_path, TEXT, "b.txt")
    assert [row.name for row in add(session, comment, first, first)] == ["a.pdf"]
    assert [row.name for row in add(session, comment, first, other)] == ["a.pdf", "b.txt"]


def test_a_comment_has_five_files_at_most_however_they_came(
    session: Session, comment: Comment, tmp_path: Path
) -> None:
    files = [stored(tmp_path, str(n).encode()) for n in range(6)]
    assert len(add(session, comment, *files[:4])) == 4
    with pytest.raises(Invalid):
        add(session, comment, *files[4:])
    assert len(add(session, comment, files[4])) == 5


def test_nobody_adds_to_what_somebody_else_said(
    session: Session, comment: Comment, tmp_path: Path
) -> None:
    stranger = actor_of(session, make_person(session, "Bolot"))
    file = stored(tmp_path)
    for is_source in (False, True):
        with pytest.raises(NotAllowed):
            attach(
                session,
                actor=stranger,
                comment=comment,
                files=[file],
                is_source=is_source,
                now=START,
            )


@pytest.mark.parametrize("state", ["withdrawn_at", "hidden_at", "held_at", "disavowed_at"])
def test_a_file_is_shown_as_long_as_its_words_are(
    session: Session, comment: Comment, tmp_path: Path, state: str
) -> None:
    [row] = add(session, comment, stored(tmp_path))
    assert attachment_for(session, row.id or 0, VISITOR) == row
    setattr(comment, state, START)
    moderator = actor_of(session, make_person(session, "Mira", role=Role.MODERATOR))
    with pytest.raises(NotFound):
        attachment_for(session, row.id or 0, VISITOR)
    if state in ("hidden_at", "held_at"):  # somebody decides about it
        assert attachment_for(session, row.id or 0, moderator) == row
    else:
        with pytest.raises(NotFound):
            attachment_for(session, row.id or 0, moderator)


def test_a_scan_is_opened_by_its_agency_and_by_who_watches_over_it(
    session: Session, comment: Comment, tmp_path: Path
) -> None:
    draft = session.get_one(Draft, comment.draft_id)
    people = {
        role: make_person(session, role.value, role=role)
        for role in (Role.MODERATOR, Role.OVERSIGHT, Role.PARLIAMENTARIAN, Role.ADMINISTRATOR)
    }
    olga = make_person(session, "Olga", role=Role.OFFICER)
    olga_grants = actor_of(session, olga)
    own = Actor(
        id=olga.id, roles=olga_grants.roles, agencies={Role.OFFICER: frozenset({draft.agency_id})}
    )
    other = make_agency(session, "MOH")
    damir = actor_of(session, make_person(session, "Damir", role=Role.OFFICER, agency=other))
    [row] = add(session, comment, stored(tmp_path), actor=own)
    for actor in (own, *(actor_of(session, people[r]) for r in (Role.MODERATOR, Role.OVERSIGHT))):
        assert attachment_for(session, row.id or 0, actor) == row
    author = actor_of(session, session.get_one(Person, comment.author_id))
    closed = (Role.PARLIAMENTARIAN, Role.ADMINISTRATOR)
    for actor in (VISITOR, author, damir, *(actor_of(session, people[r]) for r in closed)):
        with pytest.raises(NotFound):
            attachment_for(session, row.id or 0, actor)


def test_a_file_no_row_names_is_swept_after_a_day(platform: Platform) -> None:
    data_dir = platform.settings.data_dir
    with platform.database.writing() as session:
        comment = make_comment(session, open_draft(session), make_person(session))
        add(session, comment, stored(data_dir))
    named, orphan = store(data_dir, PDF, START), store(data_dir, TEXT, START)
    part = path_of(data_dir, orphan).with_name("ab.part")
    part.write_bytes(b"half")  # of a process that died
    os.utime(part, (START.timestamp(), START.timestamp()))
    drain(platform, START + DAY - timedelta(minutes=1))
    assert part.exists()
    assert orphan in on_disk(data_dir)
    drain(platform, START + DAY + timedelta(hours=2))
    assert on_disk(data_dir) == [named]
    assert sweep(data_dir, platform.database, START + 2 * DAY) == 0


def test_a_file_stored_again_is_not_swept_from_under_who_stores_it(platform: Platform) -> None:
    data_dir = platform.settings.data_dir
    digest = store(data_dir, PDF, START)
    store(data_dir, PDF, START + DAY)  # its row is still to be written
    assert sweep(data_dir, platform.database, START + DAY + timedelta(hours=1)) == 0
    assert path_of(data_dir, digest).exists()


def test_the_checks_name_what_is_missing_or_damaged(platform: Platform) -> None:
    data_dir = platform.settings.data_dir
    with platform.database.writing() as session:
        comment = make_comment(session, open_draft(session), make_person(session))
        bad, gone = stored(data_dir), stored(data_dir, TEXT, "b.txt")
        add(session, comment, bad, gone)
    with platform.database.reading() as session:
        assert faults(data_dir, session) == ([], [])
        path_of(data_dir, bad.sha256).write_bytes(PDF.replace(b"Catalog", b"catalog"))
        path_of(data_dir, gone.sha256).unlink()
        missing, damaged = faults(data_dir, session)
    assert missing == [f"{gone.sha256[:2]}/{gone.sha256[2:]}"]
    assert damaged == [f"{bad.sha256[:2]}/{bad.sha256[2:]}"]
    said = " ".join(finding.text for finding in findings(platform) if finding.serious)
    assert f"{missing[0]} is missing" in said
    assert f"{damaged[0]} is damaged" in said
