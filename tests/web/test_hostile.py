"""Hostile strings in every column of words: what is given out stays words, in whatever form.

On SQLite alone, which takes more than PostgreSQL: the strings go in below every form.
"""

import csv
import json
import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile, is_zipfile

import pytest
from sqlmodel import select

from consult.law.queries import law_of
from consult.outbox import Delivery
from consult.platform import Platform
from consult.worker import drain
from tests.conftest import TestClock
from tests.crawling import addresses, ask, is_page
from tests.features import matrix_acts as acts
from tests.features.matrix import Moment
from tests.filled import PLAYERS, Filled, make_filled
from tests.hostile import HOSTILE, faults_of_html, is_formula
from tests.html_rules import problems_of_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CALENDAR_LINE = re.compile(r"[A-Z-]+[;:]")
MAIL_HEADERS = frozenset(
    (
        "auto-submitted",
        "content-language",
        "content-transfer-encoding",
        "content-type",
        "date",
        "feedback-id",
        "from",
        "in-reply-to",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "message-id",
        "mime-version",
        "precedence",
        "references",
        "reply-to",
        "return-path",
        "subject",
        "to",
    )
)


@pytest.fixture
def filled(platform: Platform, clock: TestClock) -> Filled:
    return make_filled(platform, clock)


def plant(filled: Filled, name: str) -> None:
    """One string everywhere, but addresses, which forms let in as addresses alone."""
    said = HOSTILE[name]
    filled.plant(lambda column, id_: f"x{id_}@example.org" if column.endswith("email") else said)


def faults_of_text(text: str) -> list[str]:
    return []


def faults_of_csv(text: str) -> list[str]:
    cells = [cell for line in csv.reader(StringIO(text.removeprefix("\ufeff"))) for cell in line]
    return [cell[:40] for cell in cells if is_formula(cell)]


def faults_of_json(text: str) -> list[str]:
    json.loads(text)
    return []


def faults_of_lines(text: str) -> list[str]:
    for line in text.removesuffix("\n").split("\n") if text else ():
        json.loads(line)  # a letter that ends a line elsewhere ends none here
    return []


def faults_of_xml(text: str) -> list[str]:
    ElementTree.fromstring(text.encode())
    return []


def faults_of_calendar(text: str) -> list[str]:
    lines = text.replace("\r\n ", "").split("\r\n")
    return [line[:60] for line in lines if line and not CALENDAR_LINE.match(line)]


def faults_of_page(text: str) -> list[str]:
    return faults_of_html(text) + problems_of_page(text)


CHECKS: dict[str, Callable[[str], list[str]]] = {
    "application/atom+xml": faults_of_xml,
    "application/akn+xml": faults_of_xml,
    "application/json": faults_of_json,
    "application/opensearchdescription+xml": faults_of_xml,
    "application/jsonl": faults_of_lines,
    "application/ld+json": faults_of_json,
    "application/problem+json": faults_of_json,
    "application/xml": faults_of_xml,
    "text/calendar": faults_of_calendar,
    "text/csv": faults_of_csv,
    "text/html": faults_of_html,
    "text/plain": faults_of_text,
    "text/x-python": faults_of_text,
}


def faults_of_zip(data: bytes) -> list[str]:
    """Of a .docx or an .xlsx: parts that are no XML, cells that are formulas."""
    found = []
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(archive.read(name))
                found += [name for _ in root.iter(f"{SPREADSHEET}f")]
                outside = [part for part in root.iter() if part.get("TargetMode") == "External"]
                found += [t for t in (part.get("Target", "") for part in outside) if "(" in t]
    return found


def faults_of(answer: Any) -> list[str]:
    """What is wrong with an answer, by what it says it is; and with its headers."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    found = [name for name in answer.headers if name.casefold() in {"bcc", "x-planted"}]
    found += [name for name, said in answer.headers.items() if not said.isprintable()]
    found += [kind for _ in [0] if answer.status_code >= 500]
    if answer.headers.get("location", "/")[:2] in {"//", "/\\"}:
        found.append("a redirect to another site")
    if is_zipfile(BytesIO(answer.content)):
        return found + faults_of_zip(answer.content)
    if is_page(answer):
        is_mail = answer.url.path.startswith("/dev/")  # which has styles of its own
        return found + (faults_of_html if is_mail else faults_of_page)(answer.text)
    if kind in CHECKS:
        return found + CHECKS[kind](answer.text)
    known = answer.content.startswith(b"%PDF") or not answer.content
    return found + ([] if known else [f"nobody looks at {kind}"])


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_was_written_stays_words_on_every_page_and_in_every_file(
    filled: Filled, name: str
) -> None:
    plant(filled, name)
    wrong = {}
    urls = addresses(filled.platform, tuple(filled.scene.comments.values()))
    for who in ("everybody", "citizen"):
        browser = filled.browser(who)
        for url in urls:
            own = url.startswith(("/cabinet", "/comments/"))
            if (who == "everybody" or own) and (faults := faults_of(ask(browser, url))):
                wrong[url] = faults[:3]
    assert not wrong


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_was_written_stays_words_in_every_mail(filled: Filled, name: str) -> None:
    platform, scene = filled.platform, filled.scene
    plant(filled, name)
    folder = platform.settings.data_dir / "mail"
    before = set(folder.glob("*.eml"))
    with platform.database.writing() as session:
        law = law_of(session, platform.pack)

        def at(who: str) -> Moment:
            return Moment(scene, session, law, scene.actors[PLAYERS[who]], scene.now)

        acts.reply(at("organisation"))
        acts.extend(at("officer"))
        acts.hide(at("moderator"))
        acts.decide_on_appeal(at("oversight"))
        acts.review(at("approver"))
        acts.given_all_answered(at("officer"))
        acts.track(at("officer"))
    drain(platform, scene.now)
    new = set(folder.glob("*.eml")) - before
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in new]
    assert len(mails) > 4
    for mail in mails:
        assert isinstance(mail, EmailMessage)
        assert {header.casefold() for header, _ in mail.items()} <= MAIL_HEADERS
        assert str(mail["subject"]).isprintable()
        assert len(mail.defects) == 0
        html = mail.get_body(("html",))
        assert html is not None
        assert faults_of_html(html.get_content()) == []
    with platform.database.reading() as session:
        errors = session.exec(select(Delivery.error).where(Delivery.error != "")).all()
        assert errors == []
