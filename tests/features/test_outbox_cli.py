"""`consult outbox`, `consult bounces`: what was given up, taken up again; mails that came back."""

import io
import json
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from consult import account_events
from consult.accounts.models import Person
from consult.app import build_platform
from consult.cli import start
from consult.cli.main import main
from consult.config import Settings
from consult.outbox import Delivery, OutboxEvent, record
from consult.platform import Platform
from consult.schema import migrate
from consult.worker import drain
from notifications.bounces.rules import return_path
from notifications.links import UNSUBSCRIBE, sign
from notifications.models import Mail, MailChoice
from tests.conftest import START, TestClock
from tests.factories import make_person
from tests.features.test_bounces import a_sent_mail
from tests.rules.test_bounces import STATUS

Consult = Callable[..., str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """An installation in the folder and at the time the commands work in."""
    monkeypatch.setenv("CONSULT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    clock = TestClock()
    monkeypatch.setattr(start, "build_platform", lambda settings: build_platform(settings, clock))
    platform = build_platform(Settings(embedded_worker=False), clock)
    migrate(platform.database.engine)
    return platform


@pytest.fixture
def consult(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Consult:
    """Runs a command and returns what it prints on standard output; or why it refused."""

    def run(*words: str, refuses: bool = False, given: bytes = b"") -> str:
        monkeypatch.setattr(sys, "argv", ["consult", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        if refuses:
            assert isinstance(end.value.code, str)
            return end.value.code
        assert not end.value.code, printed.err
        return printed.out

    return run


def given_up(platform: Platform) -> None:
    """A delivery and a mail that were given up, and one of each that waits."""
    with platform.database.writing() as session:
        aizada = make_person(session)
        record(session, account_events.PasswordChanged(aizada.id or 0), START)
        record(session, account_events.PasswordChanged(aizada.id or 0), START)
        for event in session.exec(select(OutboxEvent)).all():
            event.spread_at = START
            session.add(event)
        mail = a_sent_mail(session, aizada)
        mail.sent_at, mail.parked_at, mail.error = None, START, "550 No such user"
        a_sent_mail(session, aizada, 2).sent_at = None
        session.add(mail)
        for event_id, parked in ((1, START), (2, None)):
            session.add(
                Delivery(
                    event_id=event_id,
                    handler="mail_password_change",
                    due_at=START,
                    attempts=8 if parked else 0,
                    parked_at=parked,
                    error="ValueError: Жок" if parked else "",
                )
            )


def test_what_waits_and_what_was_given_up_is_listed_with_its_reason(
    here: Platform, consult: Consult
) -> None:
    assert json.loads(consult("outbox", "--json")) == []
    assert consult("outbox") == "All is done.\n"
    given_up(here)
    rows = json.loads(consult("outbox", "--json"))
    assert [(row["id"], row["state"]) for row in rows] == [
        ("1", "given_up"),
        ("2", "waiting"),
        ("mail-1", "given_up"),
        ("mail-2", "waiting"),
    ]
    parked = json.loads(consult("outbox", "--parked", "--json"))
    assert [row["error"] for row in parked] == ["ValueError: Жок", "550 No such user"]
    assert [row["what"] for row in parked] == ["PasswordChanged", "password_changed"]
    assert "1  PasswordChanged mail_password_change  (given_up, 8 tried)" in consult("outbox")


def test_what_was_given_up_is_taken_up_again_and_nothing_else(
    here: Platform, consult: Consult
) -> None:
    given_up(here)
    for wrong in (("mail-x",), ("0x1",), ("mail-1", "mail_reset"), ("٣",)):
        assert "Say which" in consult("outbox", "retry", *wrong, refuses=True)
    for gone in (("7",), ("1", "mail_reset"), ("mail-2",), ("2",)):
        assert "Nothing" in consult("outbox", "retry", *gone, refuses=True)
    assert consult("outbox", "retry", "1", "mail_password_change") == "1 to be tried again.\n"
    assert consult("outbox", "retry", "mail-1") == "1 to be tried again.\n"
    assert json.loads(consult("outbox", "--parked", "--json")) == []
    drain(here, START)
    with here.database.reading() as session:
        assert session.get_one(Mail, 1).sent_at
        assert session.get_one(Delivery, (1, "mail_password_change")).done_at


def a_report(platform: Platform) -> bytes:
    sender = return_path("bounce@example.kg", platform.settings.secret_key, 1, "aizada@example.org")
    return (
        f"Delivered-To: {sender}\nContent-Type: multipart/report; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        + STATUS.format(action="failed", status="5.1.1", said="550 No such user")
        + "\n--b--\n"
    ).encode()


def test_a_mail_that_came_back_is_read_from_standard_input(
    here: Platform, consult: Consult
) -> None:
    with here.database.writing() as session:
        a_sent_mail(session, make_person(session))
    assert consult("bounces", "read", given=b"Subject: hello\n\nno report") == "0 counted.\n"
    assert consult("bounces", "read", given=a_report(here)) == "1 counted.\n"
    with here.database.reading() as session:
        assert session.exec(select(Person)).one().bounces_n == 3


def test_a_maildir_is_read_once_and_what_asks_to_stop_is_stopped(
    here: Platform, consult: Consult, tmp_path: Path
) -> None:
    folder = tmp_path / "Maildir"
    assert "no Maildir" in consult("bounces", "read", "--maildir", str(folder), refuses=True)
    (folder / "new").mkdir(parents=True)
    with here.database.writing() as session:
        a_sent_mail(session, make_person(session))
    wish = EmailMessage()
    token = sign(here.settings.secret_key, UNSUBSCRIBE, "1:category:answers")
    wish["Subject"] = f"unsubscribe {token}"
    forged = EmailMessage()
    forged["Subject"] = f"unsubscribe {token[:-1]}x"
    mails = {"1": a_report(here), "2:2,": bytes(wish), "3": bytes(forged), "4": b"\xff\x00"}
    for name, raw in mails.items():
        (folder / "new" / name).write_bytes(raw)
    (folder / "new" / "5").symlink_to("/etc/passwd")
    assert consult("bounces", "read", "--maildir", str(folder)) == "4 read, 2 counted.\n"
    assert consult("bounces", "read", "--maildir", str(folder)) == "0 read, 0 counted.\n"
    assert {path.name for path in (folder / "cur").iterdir()} == {f"{n}:2,S" for n in range(1, 5)}
    with here.database.reading() as session:
        assert session.exec(select(MailChoice.category, MailChoice.cadence)).all() == [
            ("answers", "never")
        ]
        assert session.exec(select(Person)).one().bounces_n == 3
