"""Every kind of mail, in every language, with all it may say and the least: what it must be."""

import re
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from consult.accounts.models import Person
from consult.i18n.catalogues import LANGUAGES
from consult.templating import ROOT
from notifications.plain import SUBJECT_MAX, WIDTH
from notifications.rendering import triple
from notifications.rules import ACCOUNT, CATEGORY_OF, spoken
from tests.conftest import START
from tests.html_rules import problems_of_page
from tests.told import NASTY, SAID, flowed_back

BASE = "https://kenesh.example.kg"
FOLLOWED = {"ru": "Закон «о воде» & <b>"}
STOPPING = "/unsubscribe/1:draft:1." + "0" * 32
OUTWARD = re.compile(r"https?://[^\s\"'<>]+")
NOBODY = Person(email="a@example.org", name="A", lang="en", password_hash="", created_at=START)


class Links(HTMLParser):
    """Every address a page leads to or loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            if name == "href":
                self.leads.append(value or "")
            elif name in {"src", "srcset", "background", "poster"}:
                self.loads.append(value or "")


def kinds(folder: str, suffix: str) -> set[str]:
    files = (ROOT / "templates" / folder).glob(f"*{suffix}")
    return {Path(file).stem for file in files if file.stem[0] != "_" and file.stem != "layout"}


def mail(kind: str, lang: str, *, whole: bool) -> tuple[str, str, str]:
    """(subject, text, HTML) as they go out."""
    context = {
        "values": spoken(SAID[kind][0 if whole else 1]),
        "path": "/a/path?x=1&y=2",
        "person": NOBODY,
        "base": BASE,
        "unsubscribe": STOPPING if whole else "",
    }
    if whole:
        context |= {"follows": FOLLOWED, "why": "follows", "manage": "/following/1.abc"}
    else:
        context |= {"follows": {}, "why": CATEGORY_OF.get(kind, ACCOUNT)}
    return triple(lang, ZoneInfo("Asia/Bishkek"), kind, context)


def test_every_kind_of_message_is_tried_here() -> None:
    assert kinds("mail", ".txt") == kinds("notices", ".html") == set(SAID)


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(SAID))
def test_a_mail_can_be_read_without_its_html(kind: str, lang: str, whole: bool) -> None:
    subject, text, html = mail(kind, lang, whole=whole)
    assert 0 < len(subject) <= SUBJECT_MAX
    assert len(subject.splitlines()) == 1
    said = "\n".join((subject, *flowed_back(text))).replace(NASTY, "")
    assert not re.search(r"&(#\d+|#x\w+|amp|lt|gt|quot|nbsp);", said)
    assert not re.search(r"[{}]|%\(|None|Markup", said), said
    for line in text.splitlines():
        assert len(line) <= WIDTH + 3 or "http" in line or " " not in line.strip("> ")
    for href in Links(html).leads:
        assert href in text, "what the page leads to the text leads to as well"
    assert lang != "en" or "You get this because" in text
    links = [line for line in text.splitlines() if BASE in line and not line.startswith(">")]
    assert links
    assert all(" " not in line.strip() for line in links), "a link has a line of its own"


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(SAID))
def test_the_html_of_a_mail_is_whole_and_loads_nothing(kind: str, lang: str, whole: bool) -> None:
    _, _, html = mail(kind, lang, whole=whole)
    expected = {"0 h1", "inline <style>"}  # a mail program has no other way to take either
    assert set(problems_of_page(html)) <= expected
    found = Links(html)
    assert f'<html lang="{lang}"' in html
    assert not found.loads
    assert not found.tags & {"script", "img", "iframe", "form", "link", "table", "object", "base"}
    assert "<b>" not in html
    assert "url(" not in html
    outward = {link for link in OUTWARD.findall(html) if not link.startswith(BASE)}
    assert outward <= {"https://cbd.minjust.gov.kg/7?a=1&amp;b=2"}, "only what an officer entered"
    assert "prefers-color-scheme: dark" in html
