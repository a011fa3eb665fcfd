"""Taking one's data: all of one's own, nothing of anybody else's, nothing that opens an account."""

import io
import json
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, select
from sqlmodel import Session
from typer.testing import CliRunner

from consult.access import Role
from consult.accounts.models import Person
from consult.attachments.models import Attachment
from consult.attachments.storing import store
from consult.audit.models import AuditEntry
from consult.cli import main, taking
from consult.comments.models import Comment
from consult.consultations.queries import current_round
from consult.errors import Invalid, NotFound
from consult.platform import Platform
from consult.privacy.export import Taking, write_data
from consult.privacy.holdings import HOLDINGS
from consult.privacy.queries import person_by, rows_held, rows_of
from consult.privacy.rules import Then, places_of
from consult.schema import METADATA
from notifications.models import Mail, Message, SavedSearch, Subscription
from tests.attached import png
from tests.conftest import START
from tests.factories import (
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    release_report,
    sign_in_token,
)

WORDS = "Please open on <b>Sundays</b> & holidays."
OTHERS = "Somebody else's words."
PNG = png()


def taken(session: Session, platform: Platform, person: Person) -> ZipFile:
    """The person's ZIP as it would be downloaded."""
    content = io.BytesIO()
    write_data(Taking(session, platform, person, START), content)
    return ZipFile(io.BytesIO(content.getvalue()))


def data_of(archive: ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read("data.json"))
    return found


def rows(data: dict[str, Any], table: str) -> list[dict[str, Any]]:
    """The rows of a table in a download, of whichever place."""
    places = [place for holding in data["holdings"] for place in holding["places"]]
    return [row for place in places if place["table"] == table for row in place["rows"]]


@pytest.fixture
def aizada(session: Session, platform: Platform) -> Person:
    """Somebody with a comment that was answered, a file, a sign-in, something followed."""
    agency = make_agency(session)
    olga = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    nurlan = make_person(session, "Nurlan", role=Role.APPROVER, agency=agency)
    bakyt = make_person(session, "Bakyt")
    person = make_person(session, region="Naryn", lang="ru")
    draft = open_draft(session, agency=agency)
    comment = make_comment(session, draft, person, WORDS)
    other = make_comment(session, draft, bakyt, OTHERS, parent=comment)
    session.add(
        Attachment(
            comment_id=comment.id or 0,
            name="../../évil name.png",  # as no form lets in
            media_type="image/png",
            size=len(PNG),
            sha256=store(platform.settings.data_dir, PNG, START),
            added_by=person.id or 0,
            added_at=START,
        )
    )
    sign_in_token(session, person)
    session.add(Subscription(person_id=person.id or 0, target="all", created_at=START))
    round_ = current_round(session, draft.id or 0)
    assert round_
    close_consultation(session, round_)
    answer_comment(session, comment, olga, nurlan)
    answer_comment(session, other, olga, nurlan)
    release_report(session, round_, nurlan)
    session.flush()
    return person


def test_all_of_ones_own_is_in_it(session: Session, platform: Platform, aizada: Person) -> None:
    archive = taken(session, platform, aizada)
    data = data_of(archive)
    assert data["format"] == "kenesh-person"
    assert data["person"] == aizada.id
    assert [holding["key"] for holding in data["holdings"]] == [one.key for one in HOLDINGS]
    (account,) = rows(data, "person")
    assert (account["email"], account["region"]) == ("aizada@example.org", "Naryn")
    (comment,) = rows(data, "comment")
    assert comment["body"] == WORDS
    assert comment["draft_id"]["titles"] == {"en": "On village libraries"}
    assert comment["created_at"] == START.isoformat()
    assert [row["target"] for row in rows(data, "subscription")] == ["all"]
    assert len(rows(data, "sign_in")) == 1


def test_a_search_that_is_followed_is_told_in_words(
    session: Session, platform: Platform, aizada: Person
) -> None:
    searches = [SavedSearch(asked=f"q={word}", asked_at=START) for word in ("hers", "others")]
    session.add_all(searches)
    session.flush()
    hers = f"search:{searches[0].id}"
    session.add(Subscription(person_id=aizada.id or 0, target=hers, created_at=START))
    session.flush()
    archive = taken(session, platform, aizada)
    assert data_of(archive)["searches"] == ["q=hers"]
    assert "q=hers" in archive.read("data.html").decode()


def test_a_link_that_opens_the_account_is_never_given(
    session: Session, platform: Platform, aizada: Person
) -> None:
    facts = {"values": {}, "created_at": START}
    account = Message(key="a", kind="reset", category="account", path="/reset/SECRET", **facts)
    public = Message(key="b", kind="opened", category="discussions", path="/drafts/77", **facts)
    session.add_all([account, public])
    session.flush()
    for message in (account, public):
        mail = {"message_id": message.id, "person_id": aizada.id}
        session.add(Mail(key=message.key, created_at=START, due_at=START, **mail))
    session.flush()
    archive = taken(session, platform, aizada)
    for name in ("data.json", "data.html"):
        text = archive.read(name).decode()
        assert "SECRET" not in text
        assert "/drafts/77" in text


def test_answers_are_those_of_the_agency(
    session: Session, platform: Platform, aizada: Person
) -> None:
    archive = taken(session, platform, aizada)
    (answer,) = data_of(archive)["answers"]
    assert answer["agency"]["en"] == "Ministry MOJ"
    assert answer["reason"] == "The budget allows six days, not seven."
    assert "The budget allows six days" in archive.read("data.html").decode()


def test_nobody_elses_data_is_in_it_and_nothing_that_opens_an_account(
    session: Session, platform: Platform, aizada: Person
) -> None:
    archive = taken(session, platform, aizada)
    sign_in = session.execute(select(METADATA.tables["sign_in"].c.token_hash)).scalar_one()
    for name in ("data.json", "data.html"):
        text = archive.read(name).decode()
        for secret in (aizada.password_hash, sign_in, OTHERS, "Bakyt", "Olga", "Nurlan"):
            assert secret not in text
        assert text.count("@example.org") == 1


def test_the_files_come_with_it_under_names_that_lead_nowhere_else(
    session: Session, platform: Platform, aizada: Person
) -> None:
    archive = taken(session, platform, aizada)
    (sent,) = data_of(archive)["files"]
    assert sent["file"].startswith("files/")
    assert ".." not in sent["file"]
    assert archive.read(sent["file"]) == PNG
    assert all(not info.filename.startswith("/") for info in archive.infolist())


def test_a_file_whose_bytes_are_lost_is_named_all_the_same(
    session: Session, platform: Platform, aizada: Person
) -> None:
    for stored in platform.settings.data_dir.rglob("*"):
        if stored.is_file() and stored.read_bytes() == PNG:
            stored.unlink()
    archive = taken(session, platform, aizada)
    (sent,) = data_of(archive)["files"]
    assert sent["file"] is None
    assert archive.namelist() == ["data.json", "data.html"]


def test_the_page_speaks_the_language_of_its_reader_and_runs_nothing(
    session: Session, platform: Platform, aizada: Person
) -> None:
    page = taken(session, platform, aizada).read("data.html").decode()
    assert '<html lang="ru">' in page
    assert "&lt;b&gt;Sundays&lt;/b&gt; &amp; holidays." in page
    assert "<script" not in page
    assert "http" not in page.replace(platform.settings.base_url, "")


def test_the_page_says_codes_in_words_and_names_no_tables(
    session: Session, platform: Platform, aizada: Person
) -> None:
    aizada.shown, aizada.lang = "nothing", "en"
    session.add(aizada)
    link = {"token_hash": "x" * 64, "person_id": aizada.id, "purpose": "undo_address"}
    session.execute(METADATA.tables["mail_token"].insert().values(link | {"expires_at": START}))
    page = taken(session, platform, aizada).read("data.html").decode()
    for code in ("person_id", "undo_address", ">nothing<", "mail_token", ">en<"):
        assert code not in page
    for words in ("Keep your old address", ">a participant<", ">English<"):
        assert words in page


def test_a_scan_stays_with_the_agency(session: Session, platform: Platform, aizada: Person) -> None:
    attachment = METADATA.tables["attachment"]
    session.execute(attachment.update().values(is_source=True))
    assert data_of(taken(session, platform, aizada))["files"] == []


def test_the_rows_of_every_place_can_be_found(session: Session, aizada: Person) -> None:
    for _, place in places_of(HOLDINGS):
        if place.then is Then.OWN_WAY:
            with pytest.raises(ValueError, match=place.table):
                rows_of(place, aizada.id or 0)
            continue
        table = METADATA.tables[place.table]
        session.execute(select(table.c[place.column]).where(rows_of(place, aizada.id or 0))).all()
        assert len(list(rows_held(session, place, 2**31 - 1))) == 0


def test_somebody_without_an_address_holds_nobody_elses_rows(
    session: Session, platform: Platform
) -> None:
    """NULL is no address: whoever was entered by an officer gets no mails of others."""
    first, second = (Person(name=n, lang="en", password_hash="", created_at=START) for n in "AB")
    session.add_all([first, second])
    session.flush()
    assert rows(data_of(taken(session, platform, first)), "invitation") == []


def test_thousands_of_rows_take_no_more_memory_than_hundreds(
    session: Session, platform: Platform, aizada: Person, tmp_path: Path
) -> None:
    many = [
        {"person_id": aizada.id, "target": f"draft:{n}" + "x" * 480, "created_at": START}
        for n in range(6000)
    ]
    session.execute(insert(Subscription), many)
    del many
    with (tmp_path / "data.zip").open("wb") as target:
        taking = Taking(session, platform, aizada, START)
        write_data(taking, target)  # once for what is compiled and kept
        tracemalloc.start()
        write_data(taking, target)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 3_000_000  # the rows alone are as much, twice


def test_a_person_is_asked_for_by_number_or_address(session: Session, aizada: Person) -> None:
    assert person_by(session, str(aizada.id)) == aizada
    assert person_by(session, " Aizada@Example.org") == aizada
    for unknown in ("", "0", "99999", "9" * 30, "nobody@example.org", "²"):
        with pytest.raises(NotFound):
            person_by(session, unknown)
    aizada.forgotten_at = START + timedelta(days=1)
    session.add(aizada)
    session.flush()
    with pytest.raises(NotFound):
        person_by(session, str(aizada.id))


@pytest.fixture
def committed(platform: Platform) -> int:
    with platform.database.writing() as session:
        person = make_person(session)
        session.flush()
        return person.id or 0


def test_the_command_writes_the_file_and_the_log(
    platform: Platform, committed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "open_platform", lambda: platform)
    out = tmp_path / "hers.zip"
    command = ["export-person", "aizada@example.org", "--out", str(out)]
    result = CliRunner().invoke(main.app, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert out.stat().st_mode & 0o777 == 0o600
    with ZipFile(out) as archive:
        assert data_of(archive)["person"] == committed
    with platform.database.reading() as session:
        (entry,) = session.execute(select(AuditEntry)).scalars()
        assert (entry.action, entry.subject_id, entry.actor_id) == ("data_taken", committed, None)


def test_a_command_that_cannot_write_notes_nothing(
    platform: Platform, committed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "open_platform", lambda: platform)
    with pytest.raises(Invalid):
        taking.export_person(str(committed), tmp_path / "nowhere" / "hers.zip")
    with pytest.raises(NotFound):
        taking.export_person("nobody@example.org", tmp_path / "hers.zip")
    assert list(tmp_path.glob("*.zip")) == []
    with platform.database.reading() as session:
        assert session.execute(select(AuditEntry)).scalars().all() == []
        assert session.execute(select(Comment)).scalars().all() == []
