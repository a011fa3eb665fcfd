"""Mail: what it looks like, how it goes out through a real server, what happens when that fails."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import col, select

from consult.access import Role
from consult.accounts.actions import ask_for_reset
from consult.app import build_platform
from consult.config import Settings
from consult.moderation.actions import hide_comment, restore_comment
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.worker import drain
from notifications.actions import follow, queue_mail
from notifications.mail import ATTEMPTS, send_waiting
from notifications.models import Mail
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
    release_report,
)


class Server:
    """A mail server: keeps what it is sent, unless it has been told what to answer instead."""

    def __init__(self) -> None:
        self.answer = ""
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.raw.append(envelope.content)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        if not self.answer:
            self.taken.append(message)
        return self.answer or "250 Taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler, port = Server(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def with_smtp(platform: Platform, port: int) -> Platform:
    """The installation with a mail server instead of a folder."""
    changes = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False}
    changes |= {"base_url": "https://kenesh.example.kg/", "mail_from": "no-reply@example.kg"}
    return replace(platform, settings=platform.settings.model_copy(update=changes))


def write(platform: Platform, key: str = "reset:1", name: str = "Aizada") -> None:
    """Put a mail into the queue."""
    with platform.database.writing() as session:
        queue_mail(
            session,
            make_person(session, name),
            key=key,
            kind="reset",
            values={},
            path="/reset/token",
            zone=platform.pack.tz,
            now=START,
            unsubscribe_path="/unsubscribe/1:draft:1." + "0" * 32,
        )


def queued(platform: Platform) -> Mail:
    with platform.database.reading() as session:
        return session.exec(select(Mail)).one()


def body_of(mail: EmailMessage, kind: str) -> str:
    """The plain or html part of a mail, with the line ends of this side of the wire."""
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_is_delivered_once(platform: Platform, server: tuple[Server, int]) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform)
    for _ in range(3):
        send_waiting(platform, START)
    (mail,) = handler.taken
    assert mail["To"] == "aizada@example.org"
    assert mail["From"] == "no-reply@example.kg"
    assert mail["Subject"] == "Choose a new password"
    assert mail["Content-Language"] == "en"
    assert queued(platform).sent_at == START
    for kind in ("plain", "html"):
        assert "https://kenesh.example.kg/reset/token" in body_of(mail, kind)


def test_a_mail_can_be_unsubscribed_from_with_one_click(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform)
    send_waiting(platform, START)
    link = f"<https://kenesh.example.kg/unsubscribe/1:draft:1.{'0' * 32}>"
    assert f"List-Unsubscribe: {link}\r\n".encode() in handler.raw[0], "neither folded nor encoded"
    assert handler.taken[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_refused_mail_is_tried_again_under_the_same_name(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform)
    handler.answer = "451 Try again later"
    send_waiting(platform, START)
    send_waiting(platform, START)
    assert len(handler.raw) == 1, "not at once"
    assert "451" in queued(platform).error
    handler.answer = ""
    send_waiting(platform, clock.forward(minutes=5))
    assert len(handler.taken) == 1
    names = {message_from_bytes(raw)["Message-ID"] for raw in handler.raw}
    assert len(names) == 1
    assert queued(platform).error == ""


def test_a_mail_is_not_lost_while_the_server_is_down(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    write(platform)
    send_waiting(with_smtp(platform, free_port()), START)
    assert queued(platform).sent_at is None
    assert "ConnectionRefusedError" in queued(platform).error
    send_waiting(with_smtp(platform, port), clock.forward(minutes=5))
    assert len(handler.taken) == 1


def test_while_the_server_is_down_the_others_wait(platform: Platform) -> None:
    for name in ("Aizada", "Bolot", "Chynara"):
        write(platform, name, name)
    assert send_waiting(with_smtp(platform, free_port()), START) == 1
    with platform.database.reading() as session:
        assert sorted(mail.attempts for mail in session.exec(select(Mail)).all()) == [0, 0, 1]


def test_a_mail_is_parked_with_the_reason_after_the_last_attempt(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform)
    handler.answer = "550 There is no such person"
    for _ in range(ATTEMPTS + 3):
        send_waiting(platform, clock.forward(days=1))
    assert len(handler.raw) == ATTEMPTS
    assert queued(platform).parked_at
    assert "550" in queued(platform).error


def test_one_bad_mail_does_not_hold_up_the_others(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "bad")
    with platform.database.writing() as session:
        mail = session.exec(select(Mail)).one()
        mail.subject = "Hello\r\nBcc: everybody@example.org"
        session.add(mail)
    write(platform, "good", "Bolot")
    send_waiting(platform, START)
    assert [mail["To"] for mail in handler.taken] == ["bolot@example.org"]


def test_an_address_with_a_domain_in_other_letters_is_reached(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform)
    with platform.database.writing() as session:
        mail = session.exec(select(Mail)).one()
        mail.recipient = "aizada@почта.қаз"
        session.add(mail)
    send_waiting(platform, START)
    assert handler.taken[0]["To"] == "aizada@xn--80a1acny.xn--80ao21a"


def a_whole_consultation(platform: Platform) -> None:
    """Everything a person may be told about, told to Aizada."""
    with platform.database.writing() as session:
        agency = make_agency(session)
        officer = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
        approver = make_person(session, "Bakyt", role=Role.APPROVER, agency=agency)
        moderator = actor_of(session, make_person(session, "Marat", role=Role.MODERATOR))
        aizada = make_person(session, "Aizada")
        bolot = make_person(session, "Bolot", organisation="Bolot\r\nBcc: all@example.org")
        title = "On <b>libraries</b>\nBcc: all@example.org"
        draft = make_draft(session, agency, ("Open five days a week.",), title=title)
        follow(session, actor=actor_of(session, aizada), target=f"agency:{agency.id}", now=START)
        consultation = open_consultation(session, draft)
        said = make_comment(session, draft, aizada, "Seven < eight,\nplease.", wid="art_1")
        make_comment(session, draft, bolot, "Indeed & so.", parent=said)
        hide_comment(session, actor=moderator, comment=said, reason="insult", now=START)
        restore_comment(session, actor=moderator, comment=said, reason="A mistake.", now=START)
        draft = close_consultation(session, consultation)
        add_version(session, draft, ("Open six days a week.",))
        answer_comment(session, said, officer, approver, changed_wid="art_1")
        release_report(session, consultation, officer)
    drain(platform, START)


def test_every_mail_has_one_subject_line_and_says_the_same_in_text_and_html(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    a_whole_consultation(platform)
    subjects = [mail["Subject"] for mail in handler.taken if "aizada" in mail["To"]]
    assert sorted(subjects) == [
        "Bolot Bcc: all@example.org replied to your comment",
        "Open for comment: On <b>libraries</b> Bcc: all@example.org",
        "Report published: On <b>libraries</b> Bcc: all@example.org",
        "The text you commented on has changed: version 2",
        "Your comment was answered: Accepted in part",
        "Your comment was received: № K-2026-000001",
        "Your comment № K-2026-000001 is shown again",
        "Your comment № K-2026-000001 was hidden",
    ]
    assert all(mail["Bcc"] is None for mail in handler.taken)


def test_an_answer_quotes_the_comment_the_reason_and_the_text_before_and_after(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    a_whole_consultation(with_smtp(platform, port))
    mail = next(m for m in handler.taken if "answered" in m["Subject"] and "aiz" in m["To"])
    text, html = body_of(mail, "plain"), body_of(mail, "html")
    for words in (
        "> Seven < eight,\n> please.",
        "Accepted in part",
        "> The budget allows six days, not seven.",
        "> Open five days a week.",
        "> Open six days a week.",
        "https://kenesh.example.kg/comments/1",
    ):
        assert words in text
    assert "What was decided: Accepted in part" in text
    assert "What was decided: <strong>Accepted in part</strong>" in html
    assert "Seven &lt; eight" in html
    assert "<b>libraries" not in html
    assert "five</del>" in html
    assert "six</ins>" in html
    assert 'href="https://kenesh.example.kg/comments/1"' in html
    assert "{base}" not in text + html


def test_in_development_mails_are_written_to_a_folder_and_can_be_read(platform: Platform) -> None:
    a_whole_consultation(platform)
    assert list((platform.settings.data_dir / "mail").glob("*.eml"))
    browser = Client(platform)
    page = browser.get("/dev/mail").text
    assert "Your comment was answered: Accepted in part" in page
    with platform.database.reading() as session:
        newest = session.exec(select(Mail).order_by(col(Mail.id).desc())).all()
    for mail in newest:
        browser.get(f"/dev/mail/{mail.id}")
        frame = browser.http.get(f"/dev/mail/{mail.id}/html")
        assert "sandbox" in frame.headers["content-security-policy"]
        assert "script" not in frame.headers["content-security-policy"]
    browser.get("/dev/mail/999", status=404)


def test_in_production_nobody_reads_the_mails(platform: Platform, clock: TestClock) -> None:
    write(platform)
    settings = {**platform.settings.model_dump(), "environment": "production"}
    production = build_platform(Settings(**settings | {"secret_key": "a real secret"}), clock)
    for path in ("/dev/mail", "/dev/mail/1", "/dev/mail/1/html"):
        Client(production).get(path, status=404)
    production.database.engine.dispose()


def test_where_mails_go_out_nobody_reads_them_here(platform: Platform) -> None:
    write(platform)
    for path in ("/dev/mail", "/dev/mail/1", "/dev/mail/1/html"):
        Client(with_smtp(platform, 1)).get(path, status=404)


def test_a_link_that_opens_an_account_is_forgotten_once_it_was_sent(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    with platform.database.writing() as session:
        ask_for_reset(session, make_person(session).email, START)
    drain(platform, START)
    (taken,) = handler.taken
    assert "/reset/" in body_of(taken, "plain")
    mail = queued(platform)
    assert (mail.text, mail.html) == ("", "")
    assert "/reset/" not in mail.key
    with platform.database.reading() as session:
        assert session.exec(select(OutboxEvent)).one().payload["reset_path"] == ""
