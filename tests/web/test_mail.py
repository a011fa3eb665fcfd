"""Mail as it comes out of a real server: what it looks like; and the pages that show it."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.actions import ask_for_reset
from consult.accounts.models import Person
from consult.app import build_platform
from consult.config import Settings
from consult.moderation.actions import hide_comment, restore_comment
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.worker import drain
from notifications.actions import queue_mail
from notifications.following import follow
from notifications.links import UNSUBSCRIBE, sign
from notifications.models import Mail, Message
from notifications.rendering import letter_of
from notifications.rules import ENTERED
from tests.client import Client
from tests.conftest import START, TestClock
from tests.decrees import PACK
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
from tests.mailserver import Server, body_of, running, with_smtp
from tests.told import SAID, flowed_back


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    with running(handler) as port:
        yield handler, port


def write(platform: Platform, key: str = "password_changed:1", name: str = "Aizada") -> None:
    """Put a mail into the queue."""
    with platform.database.writing() as session:
        queue_mail(
            session,
            make_person(session, name),
            key=key,
            kind="password_changed",
            values={},
            path="/forgot",
            now=START,
        )


def queued(platform: Platform) -> Mail:
    with platform.database.reading() as session:
        return session.exec(select(Mail)).one()


def test_a_mail_can_be_unsubscribed_from_with_one_click(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    with platform.database.writing() as session:
        draft, reader = make_draft(session, make_agency(session)), make_person(session)
        open_consultation(session, draft)
        follow(session, PACK, actor=actor_of(session, reader), target="draft:1", now=START)
    drain(platform, START)
    token = sign(platform.settings.secret_key, UNSUBSCRIBE, "1:draft:1")
    header = f"List-Unsubscribe: <https://kenesh.example.kg/unsubscribe/{token}>\r\n"
    assert header.encode() in handler.raw[0], "neither folded nor encoded"
    assert handler.taken[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert handler.taken[0]["List-Id"] == "<draft-1.kenesh.example.kg>"
    paragraphs = flowed_back(body_of(handler.taken[0], "plain"))
    assert "You get this because you follow: «On village libraries»" in paragraphs
    assert f"https://kenesh.example.kg/unsubscribe/{token}" in paragraphs


def test_where_there_is_an_address_for_it_a_mail_stops_mails_too(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    stop = {"mail_unsubscribe_address": "stop@example.kg"}
    a_whole_consultation(with_smtp(platform, port, **stop))
    mail = next(m for m in handler.taken if "answered" in m["Subject"] and "aiz" in m["To"])
    ways = str(mail["List-Unsubscribe"])
    assert ways.startswith("<https://kenesh.example.kg/unsubscribe/")
    assert "category:answers." in ways
    assert ", <mailto:stop@example.kg?subject=unsubscribe%20" in ways
    assert mail["List-Id"] == "<notices.kenesh.example.kg>"


def test_mails_about_one_draft_form_a_thread_and_no_others(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    a_whole_consultation(platform)
    with platform.database.writing() as session:
        other = make_draft(session, make_agency(session, "MOE"))
        open_consultation(session, other)
        make_comment(session, other, _aizada(session))
    drain(platform, START)
    own = [mail for mail in handler.taken if "aizada" in mail["To"]]
    threads = [mail["References"] for mail in own]
    assert len(threads) > 5
    assert len(set(threads)) == 2
    assert min(threads.count(one) for one in set(threads)) < 3
    assert all(mail["In-Reply-To"] == mail["References"] for mail in own)
    assert len({mail["Message-ID"] for mail in handler.taken}) == len(handler.taken)
    bolots = {mail["References"] for mail in handler.taken if "bolot" in mail["To"]}
    assert not bolots & set(threads), "what two people get is nothing they could compare"


def test_a_mail_about_an_account_cannot_be_stopped_and_belongs_to_no_list(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform)
    drain(platform, START)
    (mail,) = handler.taken
    assert mail["Auto-Submitted"] == "auto-generated"
    unwanted = {"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "References"}
    assert not {*unwanted, "Feedback-ID", "Precedence"} & set(mail.keys())
    assert "Such mails cannot be switched off." in body_of(mail, "plain").replace("\n", "")


@pytest.mark.parametrize("kind", sorted(ENTERED))
def test_whoever_may_have_no_account_is_told_that_somebody_entered_the_address(
    platform: Platform, kind: str
) -> None:
    values = SAID[kind][0]
    with platform.database.writing() as session:
        aizada = make_person(session)
        queue_mail(session, aizada, key="a", kind=kind, values=values, path="/x", now=START)
    with platform.database.reading() as session:
        said = letter_of(session, platform, session.exec(select(Mail)).one())
    for text in (said.text.replace("\n", " "), said.html):
        assert "somebody entered this address" in text
        assert "about your account" not in text


def _aizada(session: Session) -> Person:
    return session.exec(select(Person).where(Person.email == "aizada@example.org")).one()


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
        follow(
            session, PACK, actor=actor_of(session, aizada), target=f"agency:{agency.id}", now=START
        )
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
    assert sorted(one for one in subjects if not one.startswith("Open for comment")) == [
        "Report published: On <b>libraries</b> Bcc: all@example.org",
        "Somebody replied to your comment",
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
    assert "/reset/" not in mail.key
    with platform.database.reading() as session:
        message = session.exec(select(Message)).one()
        assert (message.values, message.path) == ({}, "")
        assert session.exec(select(OutboxEvent)).one().payload == {"email": ""}
