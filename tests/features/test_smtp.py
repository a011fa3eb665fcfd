"""One connection to a real mail server: what it takes, and what its refusals mean."""

import asyncio
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from consult.config import Settings
from notifications import smtp
from notifications.smtp import BrokenOffError, NoServerError, Post, RefusedError, mail_folder
from tests.mailserver import Server, certificate, free_port, running

SENDER = "bounce+1.abc@example.kg"


def settings(port: int, **more: Any) -> Settings:
    told = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False, **more}
    return Settings(**told)


def a_mail(to: str = "aizada@example.org") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "no-reply@example.kg", to, "Open for comment"
    mail.set_content("A draft is open for comment.")
    return mail


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    with running(handler) as port:
        yield handler, port


def test_many_mails_go_over_one_connection(server: tuple[Server, int]) -> None:
    handler, port = server
    with Post(settings(port)) as post:
        for _ in range(5):
            post.hand_over(1, SENDER, a_mail())
    assert len(handler.taken) == 5
    assert handler.connections == 1
    assert set(handler.senders) == {SENDER}


@pytest.mark.parametrize(
    ("answer", "is_final"), [("550 5.1.1 No such user", True), ("450 4.2.1 Busy", False)]
)
def test_a_refused_recipient_holds_up_no_other(
    server: tuple[Server, int], answer: str, is_final: bool
) -> None:
    handler, port = server
    handler.answers["gone@example.org"] = answer
    with Post(settings(port)) as post:
        with pytest.raises(RefusedError, match=answer[:9]) as refusal:
            post.hand_over(1, SENDER, a_mail("gone@example.org"))
        assert refusal.value.is_final is is_final
        post.hand_over(2, SENDER, a_mail())
    assert handler.connections == 1
    assert [mail["To"] for mail in handler.taken] == ["aizada@example.org"]


@pytest.mark.parametrize(("answer", "is_final"), [("554 5.6.0 No", True), ("451 Later", False)])
def test_words_may_be_refused_for_good_or_for_now(
    server: tuple[Server, int], answer: str, is_final: bool
) -> None:
    handler, port = server
    handler.answer = answer
    with Post(settings(port)) as post, pytest.raises(RefusedError) as refusal:
        post.hand_over(1, SENDER, a_mail())
    assert refusal.value.is_final is is_final


def test_a_sender_it_does_not_want_is_about_us_and_no_mail(server: tuple[Server, int]) -> None:
    handler, port = server
    handler.sender_answer = "530 5.7.0 Authentication required"
    with Post(settings(port)) as post, pytest.raises(NoServerError, match="530"):
        post.hand_over(1, SENDER, a_mail())
    handler.sender_answer = "552 5.3.4 Too large"
    with Post(settings(port)) as post, pytest.raises(RefusedError, match="552"):
        post.hand_over(1, SENDER, a_mail())


def test_one_that_hangs_up_in_the_middle_of_a_mail_is_called_again(
    server: tuple[Server, int],
) -> None:
    handler, port = server
    handler.silent = 1
    with Post(settings(port)) as post:
        with pytest.raises(BrokenOffError):
            post.hand_over(1, SENDER, a_mail())
        post.hand_over(2, SENDER, a_mail())
    assert len(handler.taken) == 1
    assert handler.connections == 2


def test_where_nobody_listens_there_is_no_server() -> None:
    with Post(settings(free_port())) as post, pytest.raises(NoServerError, match="Refused"):
        post.hand_over(1, SENDER, a_mail())


def speaking(words: bytes) -> tuple[socket.socket, int]:
    """A server that says this to whoever calls, and nothing more."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        try:
            caller, _ = listener.accept()
        except OSError:
            return
        with caller:
            caller.sendall(words)
            caller.settimeout(5)
            try:
                while caller.recv(1000):
                    pass
            except OSError:
                pass

    Thread(target=answer, daemon=True).start()
    port: int = listener.getsockname()[1]
    return listener, port


def test_one_that_refuses_at_once_is_no_server() -> None:
    listener, port = speaking(b"554 5.7.1 We do not want you\r\n")
    with listener, Post(settings(port)) as post, pytest.raises(NoServerError, match="554"):
        post.hand_over(1, SENDER, a_mail())


@pytest.mark.parametrize("words", [b"", b"220 mx.example.kg\r\n"])
def test_one_that_falls_silent_is_not_waited_for(
    words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.3)
    listener, port = speaking(words)
    with listener, Post(settings(port)) as post, pytest.raises((NoServerError, BrokenOffError)):
        post.hand_over(1, SENDER, a_mail())


def test_one_that_falls_silent_in_the_middle_of_a_mail_broke_off(
    server: tuple[Server, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, port = server
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.3)

    async def sleep(*_: Any) -> str:
        await asyncio.sleep(1)
        return "250 Too late"

    monkeypatch.setattr(handler, "handle_DATA", sleep)
    with Post(settings(port)) as post, pytest.raises(BrokenOffError, match="imed out"):
        post.hand_over(1, SENDER, a_mail())


def test_mails_and_the_password_go_over_tls_to_whoever_has_the_right_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = Server()
    context, trusted = certificate(tmp_path)
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": handler.authenticate,
        "auth_required": True,
    }
    known = {"smtp_starttls": True, "smtp_user": "kenesh", "smtp_password": "right"}
    with running(handler, **options) as port:
        stranger = settings(port, **known | {"smtp_host": "localhost"})
        with Post(stranger) as post, pytest.raises(NoServerError, match="CERTIFICATE"):
            post.hand_over(1, SENDER, a_mail())
        assert handler.signed_in == []
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with Post(stranger) as post:
            post.hand_over(1, SENDER, a_mail())
        wrong = settings(port, **known | {"smtp_host": "localhost", "smtp_password": "wrong"})
        with Post(wrong) as post, pytest.raises(NoServerError, match="535"):
            post.hand_over(1, SENDER, a_mail())
    assert len(handler.taken) == 1
    assert set(handler.signed_in) == {b"kenesh"}


def test_without_the_tls_that_is_wished_nothing_is_sent(server: tuple[Server, int]) -> None:
    handler, port = server
    with Post(settings(port, smtp_starttls=True)) as post, pytest.raises(NoServerError):
        post.hand_over(1, SENDER, a_mail())
    assert handler.taken == []


def test_an_address_in_letters_the_server_does_not_know_is_refused_for_good(tmp_path: Path) -> None:
    handler = Server()
    with running(handler, enable_SMTPUTF8=False) as port, Post(settings(port)) as post:
        with pytest.raises(RefusedError) as refusal:
            post.hand_over(1, SENDER, a_mail("айзада@example.org"))
        assert refusal.value.is_final
        post.hand_over(2, SENDER, a_mail())
    assert len(handler.taken) == 1


def test_without_a_server_mails_are_written_to_a_folder(tmp_path: Path) -> None:
    here = Settings(data_dir=tmp_path)
    with Post(here) as post:
        post.hand_over(7, SENDER, a_mail())
    assert b"Open for comment" in (mail_folder(here) / "000007.eml").read_bytes()
