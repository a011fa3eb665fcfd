"""The queue of mails and a real mail server: each goes out once, whatever the server does."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from consult.accounts.models import Person
from consult.platform import Platform
from notifications import mail as sending
from notifications.actions import queue_mail
from notifications.bounces.rules import FINAL_POINTS, mail_of
from notifications.mail import ATTEMPTS, BATCH, NOTINGS, send_waiting
from notifications.models import Bounce, Mail
from tests.conftest import START, TestClock
from tests.factories import make_person
from tests.mailserver import Server, free_port, running, with_smtp

BOUNCES = {"mail_bounce_address": "bounce@example.kg"}


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    with running(handler) as port:
        yield handler, port


def write(platform: Platform, *names: str) -> None:
    """Put a mail to each of these into the queue."""
    with platform.database.writing() as session:
        for name in names:
            queue_mail(
                session,
                make_person(session, name),
                key=f"password_changed:{name}",
                kind="password_changed",
                values={},
                path="/forgot",
                now=START,
            )


def readdress(platform: Platform, recipient: str) -> None:
    """The only mail of the queue goes to this address."""
    with platform.database.writing() as session:
        session.exec(select(Mail)).one().recipient = recipient


def queued(platform: Platform) -> list[Mail]:
    with platform.database.reading() as session:
        return list(session.exec(select(Mail).order_by(col(Mail.id))).all())


def test_a_mail_is_delivered_once(platform: Platform, server: tuple[Server, int]) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    for _ in range(3):
        send_waiting(platform, START)
    (mail,) = handler.taken
    assert mail["To"] == "aizada@example.org"
    assert mail["From"] == "no-reply@example.kg"
    assert mail["Subject"] == "Your password was changed"
    assert mail["Content-Language"] == "en"
    assert mail["Date"].datetime == START
    assert handler.senders == ["no-reply@example.kg"]
    assert queued(platform)[0].sent_at == START


def test_a_batch_goes_over_one_connection(platform: Platform, server: tuple[Server, int]) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, *(f"P{n}" for n in range(20)))
    send_waiting(platform, START)
    assert len(handler.taken) == 20
    assert handler.connections == 1


def test_two_workers_send_each_mail_once(platform: Platform, server: tuple[Server, int]) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, *(f"P{n}" for n in range(20)))
    together = Barrier(2)

    def work() -> None:
        together.wait()
        send_waiting(platform, START)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail["To"] for mail in handler.taken) == sorted(
        f"p{n}@example.org" for n in range(20)
    )


def test_a_mail_is_tried_again_under_the_same_name(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    handler.answer = "451 Try again later"
    send_waiting(platform, START)
    send_waiting(platform, START)
    assert len(handler.raw) == 1, "not at once"
    assert "451" in queued(platform)[0].error
    handler.answer = ""
    send_waiting(platform, clock.forward(minutes=5))
    assert len(handler.taken) == 1
    assert len({message_from_bytes(raw)["Message-ID"] for raw in handler.raw}) == 1
    assert queued(platform)[0].error == ""


def test_what_is_refused_for_now_is_given_up_after_the_last_attempt(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    handler.answers["aizada@example.org"] = "452 4.2.2 The box is full"
    for _ in range(ATTEMPTS + 3):
        send_waiting(platform, clock.forward(days=1))
    (mail,) = queued(platform)
    assert mail.attempts == ATTEMPTS
    assert mail.parked_at
    assert "452 4.2.2" in mail.error
    with platform.database.reading() as session:
        assert not session.exec(select(Bounce)).one().is_final
        assert session.exec(select(Person)).one().bounces_n == 1


def test_the_log_tells_which_mail_was_refused_and_not_to_whom_it_went(
    platform: Platform,
    server: tuple[Server, int],
    clock: TestClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    handler.answers["aizada@example.org"] = "550 5.1.1 <aizada@example.org> is not known"
    send_waiting(platform, clock.forward(days=1))
    (mail,) = queued(platform)
    assert f"mail {mail.id} was refused: 550" in caplog.text
    assert "aizada" not in caplog.text.casefold()


def test_what_is_refused_for_good_is_given_up_at_once_and_holds_up_no_other(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada", "Bolot", "Chynara")
    handler.answers["aizada@example.org"] = "550 5.1.1 There is no such person"
    handler.answers["bolot@example.org"] = "554 5.7.1 Relaying denied"
    for _ in range(3):
        send_waiting(platform, clock.forward(days=1))
    aizada, bolot, chynara = queued(platform)
    for mail in (aizada, bolot):
        assert (mail.attempts, bool(mail.parked_at)) == (1, True)
    assert "550 5.1.1 There is no such person" in aizada.error
    assert chynara.sent_at
    assert handler.connections == 1
    with platform.database.reading() as session:
        people = session.exec(select(Person).order_by(col(Person.id))).all()
    # Only the first was about the address: a server that relays nothing must silence nobody.
    assert [person.bounces_n for person in people] == [FINAL_POINTS, 0, 0]


def test_without_a_server_all_wait_and_no_attempt_is_used_up(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    write(platform, "Aizada", "Bolot", "Chynara")
    down = with_smtp(platform, free_port())
    for _ in range(ATTEMPTS * 3):
        assert send_waiting(down, clock.forward(minutes=2)) == 1, "one try, and the others wait"
        assert send_waiting(down, clock()) == 0, "not at once"
    assert [mail.attempts for mail in queued(platform)] == [0, 0, 0]
    assert any("ConnectionRefusedError" in mail.error for mail in queued(platform))
    send_waiting(with_smtp(platform, port), clock.forward(minutes=2))
    assert len(handler.taken) == 3


def test_while_there_is_no_server_the_mails_that_wait_are_not_written_to(
    platform: Platform, clock: TestClock
) -> None:
    write(platform, "Aizada", "Bolot", "Chynara")
    down = with_smtp(platform, free_port())
    for _ in range(3):
        send_waiting(down, clock.forward(minutes=2))
    first, *others = queued(platform)
    assert first.error
    assert {(mail.due_at, mail.error) for mail in others} == {(START, "")}


def test_one_that_makes_the_server_hang_up_holds_up_no_other(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada", "Bolot")
    handler.silent = 1
    send_waiting(platform, START)
    assert [mail["To"] for mail in handler.taken] == ["bolot@example.org"]
    assert [mail.attempts for mail in queued(platform)] == [1, 1]
    send_waiting(platform, clock.forward(minutes=5))
    assert [mail["To"] for mail in handler.taken] == ["bolot@example.org", "aizada@example.org"]


def test_a_server_that_hangs_up_on_every_mail_is_left_alone(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, *(f"P{n}" for n in range(9)))
    handler.silent = 100
    assert send_waiting(platform, START) == 2
    assert [mail.attempts for mail in queued(platform)] == [1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_after_a_crash_between_sending_and_noting_it_a_mail_is_doubled_and_not_lost(
    platform: Platform,
    server: tuple[Server, int],
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_end", crash)
        with pytest.raises(KeyboardInterrupt):
            send_waiting(platform, START)
    assert len(handler.taken) == 1
    send_waiting(platform, clock.forward(minutes=1))
    assert len(handler.taken) == 1, "its lease is not over"
    send_waiting(platform, clock.forward(minutes=5))
    send_waiting(platform, clock.forward(minutes=5))
    assert len(handler.taken) == 2
    assert len({mail["Message-ID"] for mail in handler.taken}) == 1


def test_a_mail_that_is_out_is_not_doubled_because_the_database_was_held_up(
    platform: Platform,
    server: tuple[Server, int],
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    note, held_up = sending._note, [True] * (NOTINGS - 1)

    def locked(*what: Any) -> None:
        if held_up:
            held_up.pop()
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        note(*what)

    monkeypatch.setattr(sending, "_note", locked)
    for _ in range(3):
        send_waiting(platform, clock.forward(minutes=6))
    assert len(handler.taken) == 1
    assert queued(platform)[0].sent_at


def test_so_many_go_out_in_a_minute_as_the_setting_says(
    platform: Platform, server: tuple[Server, int], clock: TestClock
) -> None:
    handler, port = server
    platform = with_smtp(platform, port, mail_per_minute=7)
    write(platform, *(f"P{n}" for n in range(20)))
    for expected in (7, 14, 20):
        for _ in range(3):
            send_waiting(platform, clock())
        assert len(handler.taken) == expected
        clock.forward(seconds=61)


def test_a_mail_that_cannot_be_written_holds_up_no_other(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    readdress(platform, "aizada@example.org\r\nBcc: everybody@example.org")
    write(platform, "Bolot")
    send_waiting(platform, START)
    assert [mail["To"] for mail in handler.taken] == ["bolot@example.org"]
    assert queued(platform)[0].error


def test_an_address_with_a_domain_in_other_letters_is_reached(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, "Aizada")
    readdress(platform, "aizada@почта.қаз")
    send_waiting(platform, START)
    assert handler.taken[0]["To"] == "aizada@xn--80a1acny.xn--80ao21a"


def test_each_mail_comes_back_to_an_address_of_its_own(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port, **BOUNCES)
    write(platform, "Aizada", "Bolot")
    send_waiting(platform, START)
    found = [mail_of(sender) for sender in handler.senders]
    assert [one[0] for one in found if one] == [mail.id for mail in queued(platform)]
    assert all(mail["From"] == "no-reply@example.kg" for mail in handler.taken)


def test_more_than_a_batch_is_sent_batch_by_batch(
    platform: Platform, server: tuple[Server, int]
) -> None:
    handler, port = server
    platform = with_smtp(platform, port)
    write(platform, *(f"P{n}" for n in range(BATCH + 5)))
    assert send_waiting(platform, START) == BATCH
    assert send_waiting(platform, START + timedelta(seconds=1)) == 5
    assert len(handler.taken) == BATCH + 5
