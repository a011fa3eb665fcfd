"""Mails that come back: the address each is sent from, reports read from anywhere."""

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.bounces.rules import (
    PARTS_MAX,
    REASON_MAX,
    REPORT_MAX,
    is_about_address,
    is_signed,
    is_too_much,
    mail_of,
    points,
    read_report,
    return_path,
    wish_to_stop,
)

HERE = "bounce@example.kg"
SENT_FROM = return_path(HERE, "secret", 12, "aizada@example.org")
STATUS = """Reporting-MTA: dns; mx.example.kg

Final-Recipient: rfc822; Aizada@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}
"""


def a_report(
    status: str = "5.1.1", action: str = "failed", said: str = "550 No such user"
) -> bytes:
    """As Postfix and Exim write it."""
    return (
        f"Return-Path: <>\nTo: {SENT_FROM}\nSubject: Undelivered Mail Returned to Sender\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour mail could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        + STATUS.format(action=action, status=status, said=said)
        + "\n--b\nContent-Type: message/rfc822\n\nSubject: Open\n\nHi\n"
        "--b--\n"
    ).encode()


def test_the_address_a_mail_is_sent_from_names_it_and_is_signed() -> None:
    assert SENT_FROM.startswith("bounce+12.")
    assert SENT_FROM.endswith("@example.kg")
    found = mail_of(f"<{SENT_FROM}>")
    assert found
    assert found[0] == 12
    assert is_signed("secret", 12, "AIZADA@example.org", found[1])
    assert not is_signed("secret", 13, "aizada@example.org", found[1])
    assert not is_signed("secret", 12, "another@example.org", found[1])
    assert not is_signed("other", 12, "aizada@example.org", found[1])


@pytest.mark.parametrize("address", ["", "bounce@example.kg", "b+x.y@z", f"b+{2**31}.{'0' * 20}@z"])
def test_another_address_names_no_mail(address: str) -> None:
    assert mail_of(address) is None


def test_a_report_names_the_mail_the_address_and_the_reason() -> None:
    report = read_report(a_report())
    assert report
    assert mail_of(report.mail) == mail_of(SENT_FROM)
    assert report.recipient == "aizada@example.org"
    assert report.is_final
    assert report.reason == "5.1.1 smtp; 550 No such user"


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1", "5.3.4"])
def test_a_full_box_or_words_refused_say_nothing_final_of_the_address(status: str) -> None:
    report = read_report(a_report(status, said="said no"))
    assert report
    assert not report.is_final


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_is_no_report(action: str) -> None:
    assert read_report(a_report("4.4.1", action)) is None


def test_an_answer_from_a_holiday_is_no_report() -> None:
    answer = EmailMessage()
    answer["To"], answer["Subject"] = SENT_FROM, "Out of office: 5.1.1"
    answer.set_content("I am away. 550 5.1.1")
    assert read_report(bytes(answer)) is None


def test_a_wish_to_stop_is_read_from_the_subject() -> None:
    token = "7:draft:12." + "a" * 32
    mail = EmailMessage()
    mail["Subject"] = f"unsubscribe {token}"
    assert wish_to_stop(bytes(mail)) == token
    assert wish_to_stop(a_report()) == ""


def test_final_failures_weigh_three_times_as_much() -> None:
    weight = points(is_final=True) * 2 + points(is_final=False) * 2
    assert not is_too_much(weight, 3)
    assert is_too_much(weight + points(is_final=False), 3)


def test_only_what_is_about_the_address_is_final() -> None:
    assert is_about_address("550 5.1.1 <x>: Recipient address rejected")
    for said in ("550 no status", "554 5.7.1 Relay denied", "451 4.1.1 later", "", "5.1.100"):
        assert not is_about_address(said)


@given(st.binary(max_size=2000))
def test_whatever_comes_is_read_without_an_error(raw: bytes) -> None:
    read_report(raw)
    wish_to_stop(raw)


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=100))
def test_a_report_may_say_anything(said: str, status: str, action: str) -> None:
    report = read_report(a_report(status, action, said))
    if report:
        assert len(report.reason) <= REASON_MAX
        assert report.reason.isprintable()


def test_a_report_of_thousands_of_parts_within_parts_is_given_up() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n"
    read_report(raw + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000)
    many = MIMEMultipart()
    for _ in range(PARTS_MAX + 10):
        many.attach(MIMEText("x"))
    assert read_report(bytes(many)) is None
    assert read_report(a_report() + b"x" * (REPORT_MAX * 2))
