"""What an export is given: who said what where, the answers, and the file a command writes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from consult.access import VISITOR, Role
from consult.accounts.models import Agency, Person
from consult.anchors.models import AnchorResolution
from consult.cli import exporting
from consult.comments.models import Comment
from consult.consultations.queries import current_round
from consult.errors import Invalid, NotFound
from consult.exports.formats import FORMATS
from consult.exports.queries import (
    Edition,
    count_remarks,
    document_of,
    edition_for,
    readable_versions,
    remarks_on,
)
from consult.marks import mark
from consult.platform import Platform
from drafts.comparative.models import ComparativeRow
from drafts.importing.preview import import_bytes
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version, versions
from tests.conftest import START
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_draft,
    release_report,
)

TEXTS = {
    "en": ("A library stands in every village.", "It is open five days a week."),
    "ru": ("Библиотека есть в каждом селе.", "Она открыта пять дней в неделю."),
}


@pytest.fixture
def draft(session: Session) -> Draft:
    return open_draft(session, TEXTS)


@pytest.fixture
def aizada(session: Session) -> Person:
    return make_person(session)


def edition(session: Session, draft: Draft, lang: str = "en") -> Edition:
    version = latest_version(session, draft.id or 0)
    assert version
    return Edition(draft, version, lang)


def add_table(session: Session, draft: Draft) -> None:
    version = latest_version(session, draft.id or 0)
    assert version
    row = ComparativeRow(version_id=version.id or 0, lang="en", position=0, current="Five days.")
    session.add(row)
    session.flush()


def settle(session: Session, comment: Comment, version: DraftVersion, **told: object) -> None:
    row = AnchorResolution(
        comment_id=comment.id or 0, version_id=version.id or 0, resolved_at=START, **told
    )
    session.add(row)
    session.flush()


def test_a_document_knows_its_version_agency_and_address(
    session: Session, draft: Draft, platform: Platform
) -> None:
    found = document_of(session, edition(session, draft, "ru"), platform)
    assert [node.text for node in found.tree.walk()] == list(TEXTS["ru"])
    assert (found.title, found.agency) == ("On village libraries", "Министерство MOJ")
    assert (found.version, found.jurisdiction) == (1, "kg")
    assert found.address == f"http://127.0.0.1:8000/drafts/{draft.id}/versions/1"
    assert found.published_at == START
    assert found.published_at
    assert found.published_at.utcoffset() == timedelta(hours=6)


def test_a_version_has_the_title_it_was_given(
    session: Session, draft: Draft, platform: Platform
) -> None:
    later = add_version(session, draft, TEXTS)
    later.titles = {"ru": "О сельских библиотеках"}
    titles = [
        document_of(session, Edition(draft, version, lang), platform).title
        for version in versions(session, draft.id or 0)
        for lang in ("en", "ru")
    ]
    assert titles == [*["On village libraries"] * 3, "О сельских библиотеках"]


def test_remarks_are_what_the_public_can_read(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    club = make_person(session, "Bolot", organisation="Readers' club")
    first = make_comment(session, draft, aizada, wid="art_2", quote="five days", proposed="six")
    reply = make_comment(session, draft, club, "So do we.", parent=first)
    reply.body = f"So do we, {mark(7)}."
    hidden, withdrawn = (make_comment(session, draft, aizada, body) for body in ("Bad.", "Oops."))
    hidden.hidden_at = withdrawn.withdrawn_at = START
    session.flush()
    one, two = remarks_on(session, edition(session, draft), platform)
    assert (one.author, one.body, one.proposed) == ("Aizada", first.body, "six")
    assert (one.wid, one.state) == ("art_2", "exact")
    assert "It is open five days a week."[one.start : one.end] == one.quote == "five days"
    assert one.address == f"http://127.0.0.1:8000/comments/{first.id}"
    assert (two.author, two.parent_id, two.receipt) == ("Readers' club", first.id, reply.receipt)
    assert two.body == "So do we, [personal data removed]."
    assert (two.wid, two.start, two.end) == (one.wid, one.start, one.end)
    assert count_remarks(session, draft.id or 0, versions(session, draft.id or 0)) == {1: 2}


def test_quoted_words_are_pointed_at_in_their_own_language_only(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    make_comment(session, draft, aizada, wid="art_2", quote="five days")
    (remark,) = remarks_on(session, edition(session, draft, "ru"), platform)
    assert (remark.wid, remark.start, remark.end) == ("art_2", None, None)
    assert remark.quote == "five days"


def test_in_a_later_version_a_comment_stands_where_its_words_do(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    moved, gone, whole, waiting = (
        make_comment(session, draft, aizada, f"Comment {n}.", wid=wid, quote=quote)
        for n, (wid, quote) in enumerate(
            [("art_2", "five days"), ("art_1", "every village"), ("", ""), ("art_1", "")]
        )
    )
    reply = make_comment(session, draft, aizada, "Indeed.", parent=moved)
    version = add_version(session, draft, {"en": ("Nothing.", "It is open.", "On five days.")})
    settle(session, moved, version, state="shifted", wid="art_3", start=3, end=12)
    settle(session, gone, version, state="orphan")
    found = {r.id: r for r in remarks_on(session, edition(session, draft), platform)}
    places = {id_: (r.wid, r.state, r.start, r.end) for id_, r in found.items()}
    assert places == {
        moved.id: ("art_3", "shifted", 3, 12),
        gone.id: ("", "orphan", None, None),
        whole.id: ("", "exact", None, None),
        waiting.id: ("art_1", "exact", None, None),
        reply.id: ("art_3", "shifted", 3, 12),
    }
    assert found[gone.id or 0].quote == "every village"


def test_what_is_said_of_a_later_version_is_not_in_an_earlier_one(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    first = versions(session, draft.id or 0)[0]
    later = add_version(session, draft, TEXTS, published=True)
    comment = make_comment(session, draft, aizada)
    comment.version_id = later.id or 0
    session.flush()
    assert remarks_on(session, Edition(draft, first, "en"), platform) == []
    counts = count_remarks(session, draft.id or 0, versions(session, draft.id or 0))
    assert counts == {1: 0, 2: 1}


def test_an_answer_is_told_once_it_is_published(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    agency = session.get_one(Agency, draft.agency_id)
    officer, approver = (
        make_person(session, name, role=role, agency=agency)
        for name, role in (("Olga", Role.OFFICER), ("Erkin", Role.APPROVER))
    )
    comment = make_comment(session, draft, aizada)
    consultation = current_round(session, draft.id or 0)
    assert consultation
    close_consultation(session, consultation)
    answer_comment(session, comment, officer, approver, now=consultation.closes_at)
    (before,) = remarks_on(session, edition(session, draft), platform)
    assert (before.outcome, before.reason) == ("", "")
    release_report(session, consultation, officer, consultation.closes_at)
    (after,) = remarks_on(session, edition(session, draft), platform)
    assert after.outcome == "Accepted in part"
    assert after.reason == "The budget allows six days, not seven."


def test_more_comments_take_no_more_queries(
    session: Session, draft: Draft, aizada: Person, platform: Platform
) -> None:
    statements: list[str] = []
    event.listen(
        platform.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2])
    )

    def cost() -> int:
        statements.clear()
        FORMATS["docx-comments"].write(session, edition(session, draft), platform)
        return len(statements)

    make_comment(session, draft, aizada, wid="art_1")
    few = cost()
    for n in range(12):
        make_comment(session, draft, aizada, f"Comment {n}.", wid=f"art_{n % 2 + 1}")
    assert cost() == few <= 9


@pytest.mark.parametrize("code", FORMATS)
def test_each_form_of_a_version_can_be_written(
    session: Session, draft: Draft, aizada: Person, platform: Platform, code: str
) -> None:
    make_comment(session, draft, aizada, wid="art_1")
    form = FORMATS[code]
    add_table(session, draft)
    content = form.write(session, edition(session, draft), platform)
    assert content == form.write(session, edition(session, draft), platform)
    with_it = form.write(session, edition(session, draft), platform)
    make_comment(session, draft, aizada, "Another comment.", wid="art_2")
    assert (form.write(session, edition(session, draft), platform) != with_it) == (
        form.needs == "remarks"
    )


def test_a_version_that_is_not_public_is_read_by_its_own_agency_only(session: Session) -> None:
    mine, other = make_agency(session, "MOC"), make_agency(session, "MOH")
    draft = open_draft(session, TEXTS, agency=mine)
    add_version(session, draft, TEXTS)
    olga, damir = (
        actor_of(session, make_person(session, name, role=Role.OFFICER, agency=agency))
        for name, agency in (("Olga", mine), ("Damir", other))
    )
    assert [v.n for v in readable_versions(session, draft, olga)] == [1, 2]
    assert edition_for(session, draft.id or 0, olga).version.n == 2
    for reader in (damir, VISITOR):
        assert edition_for(session, draft.id or 0, reader).version.n == 1
        with pytest.raises(NotFound):
            edition_for(session, draft.id or 0, reader, 2)


def test_what_there_is_not_is_not_found(session: Session, draft: Draft) -> None:
    secret = make_draft(session, session.get_one(Agency, draft.agency_id))
    for asked in ((999, None, ""), (draft.id, 9, ""), (draft.id, 1, "kk"), (secret.id, None, "")):
        with pytest.raises(NotFound):
            edition_for(session, asked[0] or 0, VISITOR, *asked[1:])


@pytest.fixture
def export(
    session: Session, draft: Draft, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """The command, on what this session has written."""
    session.commit()
    monkeypatch.setattr(exporting, "open_platform", lambda: platform)

    def run(out: Path, form: str = "docx", **more: object) -> None:
        asked = {"version": None, "lang": ""} | more
        exporting.export(draft.id or 0, form, out, **asked)  # type: ignore[arg-type]

    return run


def test_the_command_writes_the_file(
    export: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "law.docx"
    export(out, lang="ru")
    tree = import_bytes(out.read_bytes(), out.name, "ru").tree
    assert [node.text for node in tree.walk()][-1] == TEXTS["ru"][1]
    assert "version 1 (ru)" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir() if "law" in path.name) == ["law.docx"]


def test_a_command_that_fails_leaves_what_was_there(
    export: Callable[..., None], tmp_path: Path
) -> None:
    out = tmp_path / "law.docx"
    out.write_text("older", "utf-8")
    for wrong, error in (
        ({"form": "papyrus"}, Invalid),
        ({"version": 7}, NotFound),
        ({"lang": "kk"}, NotFound),
        ({"form": "comparative-table"}, NotFound),
    ):
        with pytest.raises(error):
            export(out, **wrong)
    assert out.read_text("utf-8") == "older"
    with pytest.raises(Invalid, match="cannot be written"):
        export(tmp_path / "nowhere" / "law.docx")


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Invalid, match="No space left"):
        exporting.write_whole(tmp_path / "law.docx", b"text")
    assert list(tmp_path.glob("*law*")) == list(tmp_path.glob(".law*")) == []
