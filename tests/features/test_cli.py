"""The command line, as an operator uses it: one command after another on an empty machine."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from consult.accounts.models import Agency, Grant, Person
from consult.app import build_platform
from consult.audit.models import AuditEntry
from consult.cli.main import main
from consult.cli.start import open_platform
from consult.config import Settings
from consult.consultations.actions import schedule
from consult.db import Database
from consult.law.queries import law_of
from consult.outbox import OutboxEvent
from consult.platform import Platform
from drafts.models import Draft, DraftVersion
from notifications.models import Mail
from tests.conftest import START
from tests.contracts.test_size import ROOT
from tests.factories import OPERATOR, PASSWORD, make_comment, make_person, open_draft

SHARED = ROOT.parent / "shared" / "data"
REAL_TEXTS = [
    (path, lang)
    for path, lang in (
        (SHARED / "kz-constitution.en.txt", "en"),
        (SHARED / "kg-egov-programme-2014.ky.txt", "ky"),
    )
    if path.exists()
]
LAW = "О библиотеках\nСтатья 1\nБиблиотека есть в каждом селе.\nСтатья 2\nОна открыта пять дней.\n"
Consult = Callable[..., str]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the commands work in."""
    monkeypatch.setenv("CONSULT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    return tmp_path / "var"


@pytest.fixture
def consult(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Consult:
    """Runs a command and returns what it prints; `fails` is how it is to exit, 0 for well."""

    def run(*words: str, fails: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["consult", *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        refusal = end.value.code if isinstance(end.value.code, str) else ""
        code = 1 if refusal else end.value.code or 0
        assert code == fails, printed.err or printed.out or refusal
        return refusal or printed.out + printed.err

    return run


@pytest.fixture
def ready(consult: Consult, data_dir: Path, sqlite_template: Path) -> Consult:
    """Commands on an installation that was migrated and has one ministry."""
    data_dir.mkdir()
    shutil.copyfile(sqlite_template, data_dir / "kenesh.db")
    consult("agency", "add", "--code", "MOC", "--name", "Ministry of Culture")
    return consult


@pytest.fixture
def law(tmp_path: Path) -> str:
    (tmp_path / "law.txt").write_text(LAW, "utf-8")
    return str(tmp_path / "law.txt")


def installed() -> Platform:
    return build_platform(Settings(embedded_worker=False))


def brought_in(consult: Consult, file: str, lang: str = "ru", *more: str) -> dict[str, Any]:
    printed = consult("import", file, "--agency", "MOC", "--lang", lang, "--json", *more)
    result: dict[str, Any] = json.loads(printed)
    return result


def test_migrating_makes_the_database_and_can_be_repeated(consult: Consult, data_dir: Path) -> None:
    for _ in range(2):
        assert "up to date" in consult("migrate")
    assert (data_dir / "kenesh.db").exists()


def test_before_migrating_every_other_command_says_what_to_do(consult: Consult, law: str) -> None:
    for words in (
        ("agency", "add", "--code", "A", "--name", "A"),
        ("import", law, "--agency", "A", "--lang", "ru"),
        ("worker", "--once"),
        ("reindex",),
        ("search", "library"),
    ):
        assert "run `consult migrate` first" in consult(*words, fails=1)
    assert "run `consult migrate`" in consult("check", fails=1)


def test_an_agency_is_added_once(ready: Consult) -> None:
    again = ready("agency", "add", "--code", "MOC", "--name", "Another", fails=1)
    assert again == "consult: There is already an agency with the code MOC."
    with installed().database.reading() as session:
        assert session.exec(select(Agency.names)).all() == [{"en": "Ministry of Culture"}]


def test_people_are_added_with_their_role_for_an_agency(ready: Consult) -> None:
    person = ("--name", "Olga", "--password", PASSWORD)
    ready(
        "user",
        "add",
        "--email",
        "olga@example.org",
        *person,
        "--role",
        "officer",
        "--agency",
        "MOC",
    )
    ready("user", "add", "--email", "aizada@example.org", *person)
    with installed().database.reading() as session:
        assert len(session.exec(select(Person)).all()) == 2
        (held,) = session.exec(select(Grant)).all()
        assert (held.role, held.agency_id) == ("officer", 1)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (("--email", "nobody"), "e-mail address"),
        (("--role", "officer", "--agency", "NONE"), "no agency with the code NONE"),
        (("--role", "king"), "king"),
    ],
)
def test_people_who_cannot_be_added_are_not(
    ready: Consult, wrong: tuple[str, ...], reason: str
) -> None:
    words = ["user", "add", "--email", "a@example.org", "--name", "A", "--password", PASSWORD]
    refusal = ready(*words, *wrong, fails=2 if "king" in wrong else 1)
    assert reason in refusal
    assert "Traceback" not in refusal
    with installed().database.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_an_import_says_what_was_read(ready: Consult, law: str) -> None:
    result = brought_in(ready, law)
    assert (result["draft"], result["version"], result["lang"]) == (1, 1, "ru")
    assert result["provisions"]["article"] == 2
    assert result["coverage"] == 1.0
    assert result["warnings"] == []
    assert "2 article" in ready("import", law, "--agency", "MOC", "--lang", "ru")


def test_another_language_of_a_draft_is_imported(ready: Consult, law: str, tmp_path: Path) -> None:
    brought_in(ready, law)
    other = tmp_path / "myizam.txt"
    other.write_text(
        "Китепканалар жөнүндө\n1-берене\nКитепкана ар бир айылда бар.\n2-берене\nАл ачык.\n",
        "utf-8",
    )
    result = brought_in(ready, str(other), "ky", "--draft", "1")
    assert (result["draft"], result["version"]) == (1, 1)
    with installed().database.reading() as session:
        assert set(session.get_one(Draft, 1).titles) == {"ru", "ky"}


@pytest.fixture
def second(tmp_path: Path) -> str:
    """The law after its discussion: an article edited, one gone, one new."""
    text = (
        "О библиотеках\nСтатья 1\nБиблиотека есть в каждом большом селе.\n"
        "Статья 2\nРасходы платит районный бюджет.\n"
    )
    (tmp_path / "second.txt").write_text(text, "utf-8")
    return str(tmp_path / "second.txt")


def publicly_announced(consult: Consult, law: str) -> None:
    """The law as the first version of draft 1, public, its discussion soon to begin."""
    brought_in(consult, law)
    with installed().database.writing() as session:
        now = installed().clock()
        schedule(
            session,
            actor=OPERATOR,
            draft=session.get_one(Draft, 1),
            opens_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=90),
            exception="",
            law=law_of(session, installed().pack),
            now=now,
        )


def test_a_second_text_of_a_draft_is_its_next_version_and_what_changed_is_told(
    ready: Consult, law: str, second: str
) -> None:
    publicly_announced(ready, law)
    again = ("import", second, "--lang", "ru", "--draft", "1")
    result = json.loads(ready(*again, "--json"))
    assert (result["draft"], result["version"], result["unconfirmed"]) == (1, 2, 1)
    told = {kind: n for kind, n in result["operations"].items() if n}
    assert told == {"same": 1, "edited": 1, "deleted": 1, "added": 1}
    printed = ready(*again, "--note", "После обсуждения")
    assert "Since the version before: 1 same, 1 edited, 1 deleted, 1 added." in printed
    assert "To be confirmed by a person: 1." in printed
    with installed().database.reading() as session:
        assert session.get_one(DraftVersion, 2).note == {"ru": "После обсуждения"}


def test_a_first_text_has_no_operations(ready: Consult, law: str) -> None:
    result = brought_in(ready, law)
    assert (result["operations"], result["unconfirmed"]) == ({}, 0)


def test_a_second_text_with_doubts_is_published_only_when_they_are_confirmed(
    ready: Consult, law: str, second: str
) -> None:
    publicly_announced(ready, law)
    again = ("import", second, "--lang", "ru", "--draft", "1", "--publish")
    assert "yet to confirm what became of provisions" in ready(*again, fails=1)
    with installed().database.reading() as session:
        assert session.exec(select(DraftVersion.n)).all() == [1]  # nothing is half done
    assert json.loads(ready(*again, "--confirm", "--json"))["unconfirmed"] == 0
    with installed().database.reading() as session:
        assert session.get_one(DraftVersion, 2).published_at is not None
        assert session.get_one(Draft, 1).stage == "open"


def test_what_cannot_be_imported_is_refused_in_a_line(
    ready: Consult, law: str, tmp_path: Path
) -> None:
    broken = tmp_path / "a.docx"
    broken.write_bytes(b"PK\x03\x04 no archive")
    agency = ("--agency", "MOC", "--lang", "ru")
    for words, reason in (
        ((str(broken), *agency), "not a Word document"),
        ((law, "--agency", "NONE", "--lang", "ru"), "no agency with the code NONE"),
        ((law, *agency, "--draft", "99"), "There is no such draft."),
        ((law, *agency, "--act-type", "poem"), "Please choose the kind of act."),
        ((law, "--agency", "MOC", "--lang", "xx"), "xx"),
        ((law, "--lang", "ru"), "Please choose the agency."),
    ):
        refusal = ready("import", *words, fails=1)
        assert refusal.startswith("consult: ")
        assert reason in refusal
    with installed().database.reading() as session:
        assert session.exec(select(Draft)).all() == []


def test_a_published_import_is_open_and_can_be_found(ready: Consult, law: str) -> None:
    brought_in(ready, law, "ru", "--publish", "--title", "О библиотеках")
    with installed().database.reading() as session:
        assert session.get_one(Draft, 1).stage == "open"
    found = json.loads(ready("search", "библиотекой", "--json"))
    assert found["total"] == 1
    assert found["hits"][0]["draft"] == 1
    assert "О библиотеках" in ready("search", "библиотекой")
    assert json.loads(ready("search", "нетничего", "--json")) == {"total": 0, "hits": []}


def test_a_search_tells_what_else_it_looked_for_and_what_it_put_right(
    ready: Consult, law: str
) -> None:
    brought_in(ready, law, "ru", "--publish", "--title", "О библиотеках")
    told = json.loads(ready("search", "библеотеках", "--json"))
    assert (told["total"], told["corrected"]) == (1, "библиотеках")
    assert "китепкана" in told["also"]
    assert "corrected: библиотеках" in ready("search", "библеотеках")
    assert json.loads(ready("search", "китепкана", "--json"))["total"] == 1
    found = json.loads(ready("search", "библиотека", "--unit", "provision", "--json"))
    assert found["hits"][0]["provision"]
    told, lost = ready("search", "нет", "--engine", "tantivy", "--json", fails=1).splitlines()
    assert json.loads(told)["lost"]
    assert lost == "consult: there is no index; run `consult reindex` first."
    assert ready("search", "нет", "--engine", "tantivy", fails=1).strip() == lost
    ready("reindex", "--engine", "tantivy")
    assert json.loads(ready("search", "библиотека", "--engine", "tantivy", "--json"))["total"] == 1
    for wrong in (("--unit", "word"), ("--engine", "grep")):
        assert "Please choose one of the options" in ready("search", "закон", *wrong, fails=1)


def test_relevance_is_told_of_an_engine_by_language_and_kind(consult: Consult) -> None:
    told = json.loads(consult("relevance", "--engine", "tantivy", "--json"))["tantivy"]
    assert {"all", "ky", "ru", "kk", "en", "typing error"} <= set(told)
    assert told["all"]["queries"] > 120
    assert 0.5 < told["all"]["ndcg"] <= 1
    printed = consult("relevance", "--engine", "tantivy", "--misses")
    assert "nDCG@10" in printed
    assert "wanted school-meals" in printed


def test_a_draft_in_preparation_is_not_found(ready: Consult, law: str) -> None:
    brought_in(ready, law)
    assert json.loads(ready("search", "библиотекой", "--json"))["total"] == 0


@pytest.mark.parametrize(
    ("path", "lang"), REAL_TEXTS, ids=lambda value: getattr(value, "name", value)
)
def test_real_texts_are_read_whole(ready: Consult, path: Path, lang: str) -> None:
    result = brought_in(ready, str(path), lang, "--publish")
    assert result["coverage"] == 1.0
    assert sum(result["provisions"].values()) > 100


def test_a_lost_index_is_noticed_and_built_anew(ready: Consult, law: str, data_dir: Path) -> None:
    brought_in(ready, law, "ru", "--publish")
    ready("reindex")
    assert "FAIL" not in ready("check")
    shutil.rmtree(data_dir / "index")
    assert "run `consult reindex`" in ready("check", fails=1)
    ready("reindex")
    assert json.loads(ready("search", "библиотекой", "--json"))["total"] == 1


def test_a_check_notes_what_the_operator_has_not_confirmed(ready: Consult) -> None:
    ready("reindex")
    assert re.search(r"note .*\d+ rules of law are not confirmed", ready("check"))


def test_work_that_is_due_is_done_once_by_the_worker(ready: Consult) -> None:
    with installed().database.writing() as session:
        draft = open_draft(session, agency=session.exec(select(Agency)).one())
        make_comment(session, draft, make_person(session))
    sent = []
    for _ in range(2):
        ready("worker", "--once")
        with installed().database.reading() as session:
            undone = select(OutboxEvent).where(col(OutboxEvent.spread_at).is_(None))
            assert session.exec(undone).all() == []
            mails = session.exec(select(Mail)).all()  # of what is long over nobody is written to
            sent.append({mail.key: mail.sent_at or mail.skipped_at for mail in mails})
    assert any(key.startswith("receipt") for key in sent[0])
    assert None not in sent[0].values()
    assert sent[1] == sent[0]


def test_an_operator_resets_a_lost_second_factor(ready: Consult) -> None:
    email = "olga@example.org"
    ready("user", "add", "--email", email, "--name", "Olga", "--password", PASSWORD)
    with installed().database.writing() as session:
        session.exec(select(Person)).one().second_factor_since = START
    assert "is reset" in ready("user", "reset-factor", "--email", email.upper())
    with installed().database.reading() as session:
        assert session.exec(select(Person)).one().second_factor_since is None
        assert session.exec(select(AuditEntry)).one().actor_id is None
    assert "no such person" in ready("user", "reset-factor", "--email", "x@example.org", fails=1)


def test_staff_of_a_demonstration_need_no_second_factor_unless_it_is_wished(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_platform(ready=False).settings.staff_second_factor
    assert not open_platform(ready=False, trial=True).settings.staff_second_factor
    monkeypatch.setenv("CONSULT_STAFF_SECOND_FACTOR", "true")
    assert open_platform(ready=False, trial=True).settings.staff_second_factor


def test_a_demonstration_does_not_mix_with_real_data(ready: Consult) -> None:
    assert "needs an empty database" in ready("demo", "--no-serve", fails=1)


def test_the_commands_work_on_the_database_they_are_told(database_url: str, tmp_path: Path) -> None:
    told = {"CONSULT_DATA_DIR": str(tmp_path / "var"), "CONSULT_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "consult", "agency", "add", "--code", "MOC", "--name", "M"]
    subprocess.run(command, env=os.environ | told, cwd=tmp_path, check=True, capture_output=True)
    database = Database(database_url)
    with database.reading() as session:
        assert session.exec(select(Agency.code)).all() == ["MOC"]
    database.engine.dispose()
    assert not (tmp_path / "var" / "kenesh.db").exists()
