"""Reading without an account and without script: the list, a draft, its versions, what is said."""

import re
from html.parser import HTMLParser

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency
from consult.consultations.models import Consultation
from consult.i18n.catalogues import LANGUAGES
from consult.platform import Platform
from consult.web import LANG_COOKIE
from consult.worker import drain
from drafts.models import Draft
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START
from tests.factories import (
    add_version,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_draft,
    sign_in_token,
)

TEXTS = {
    "ky": ("Ар бир айылда китепкана иштейт.", "Ал жумасына беш күн ачык.", "Китеп акысыз берилет."),
    "ru": ("В каждом селе есть библиотека.", "Она открыта пять дней.", "Книги выдаются бесплатно."),
}
SEARCHED = {
    "ky": "Ар бир айылда китепкана иштейт. Өлкөнүн айылдары көп.",
    "ru": "В каждом селе есть библиотека.",
    "kk": "Әр ауылда кітапхана бар.",
    "en": "A library stands in every village.",
}
FORMS = (
    ("китепканада", "ky"),
    ("өлкөдө", "ky"),
    ("олконун", "ky"),
    ("библиотеками", "ru"),
    ("кітапхананың", "kk"),
    ("китапхана", "kk"),
    ("libraries", "en"),
)
PAGES = (
    "/",
    "/drafts",
    "/drafts/1",
    "/drafts/1/provisions/art_1",
    "/drafts/1/discussion",
    "/drafts/1/discussion?sort=supported",
    "/drafts/1/comparison",
    "/drafts/1/term",
    "/comments/1",
    "/search?q=китепкана",
    "/about",
    "/accessibility",
    "/privacy",
    "/open-data",
    "/styleguide",
)


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """A reader without an account; /drafts/1 is under discussion in Kyrgyz and Russian."""

    def make() -> None:
        with platform.database.writing() as session:
            draft = open_draft(session, TEXTS)
            draft.titles = {"ky": "Китепканалар жөнүндө", "ru": "О библиотеках"}
            draft.topic = "culture"
            aizada = make_person(session, region="Naryn")
            make_comment(session, draft, aizada, "Балдарды да ойлогула.", wid="art_1", lang="ky")
        drain(platform, START)

    begin(platform, __name__, make)
    return Client(platform)


def revised(platform: Platform, *texts: str) -> None:
    """The discussion of /drafts/1 ends, and its text is changed to these articles."""
    with platform.database.writing() as session:
        consultation = session.exec(select(Consultation)).one()
        draft = close_consultation(session, consultation)
        add_version(session, draft, {"ru": texts}, published=True)


def links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', page)]


def shown(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_front_page_shows_what_is_open(visitor: Client) -> None:
    page = visitor.get("/").text
    assert "/drafts/1" in links(page)
    assert "О библиотеках" in page or "Китепканалар жөнүндө" in page


def test_the_list_is_narrowed_by_agency_kind_stage_and_topic(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        open_draft(session, agency=make_agency(session, "MOH"))
    assert len(re.findall('<article class="draft-card', visitor.get("/drafts").text)) == 2
    both = {"agency": "MOJ", "act_type": "law", "stage": "open", "topic": "culture"}
    page = visitor.get("/drafts", params=both).text
    assert ("/drafts/1" in links(page), "/drafts/2" in links(page)) == (True, False)
    for other in ({"stage": "closed"}, {"topic": "health"}, {"act_type": "decree"}):
        page = visitor.get("/drafts", params=both | other).text
        assert "No draft fits." in page
    visitor.get("/drafts?agency=NOBODY", status=404)


def test_one_filter_is_taken_away_without_losing_the_others(visitor: Client) -> None:
    page = visitor.get("/drafts?agency=MOJ&stage=open").text
    assert "/drafts?agency=MOJ&act_type=&stage=&topic=" in links(page)
    assert "/drafts?agency=&act_type=&stage=open&topic=" in links(page)


def test_every_draft_is_in_the_list_once_page_by_page(visitor: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        agency = session.exec(select(Agency)).one()
        for _ in range(24):
            open_draft(session, agency=agency)  # all at the same instant
    seen: list[str] = []
    url = "/drafts?stage=open"
    while url:
        page = visitor.get(url).text
        seen += re.findall(r'href="(/drafts/\d+)"', page)
        url = next((link for link in links(page) if "before=" in link), "")
    assert len(seen) == len(set(seen)) == 25


def test_the_text_is_read_with_its_numbers_its_contents_and_what_was_said(visitor: Client) -> None:
    page = visitor.get("/drafts/1?text=ky").text
    for words in TEXTS["ky"]:
        assert words in page
    assert 'class="law" lang="ky"' in page
    assert re.findall(r'<div class="prov[^"]*" id="(art_\d)"', page) == ["art_1", "art_2", "art_3"]
    assert 'href="#art_1"' in page
    assert "1 comment" in shown(page)


def test_a_bilingual_text_is_read_in_the_language_one_asks_for(visitor: Client) -> None:
    assert TEXTS["ru"][0] in visitor.get("/drafts/1?text=ru").text
    assert TEXTS["ky"][0] in visitor.get("/drafts/1?text=ky").text
    visitor.http.cookies.set(LANG_COOKIE, "ru")
    assert TEXTS["ru"][0] in visitor.get("/drafts/1").text
    assert TEXTS["ru"][0] in visitor.get("/drafts/1?text=kk").text  # there is none: one's own


def test_an_earlier_version_can_still_be_read(visitor: Client, platform: Platform) -> None:
    revised(platform, "В каждом селе есть две библиотеки.")
    assert "две библиотеки" in visitor.get("/drafts/1?text=ru").text
    earlier = visitor.get("/drafts/1?text=ru&version=1").text
    assert "есть библиотека" in earlier
    assert "две библиотеки" not in earlier
    visitor.get("/drafts/1?version=99", status=404)


def test_a_comparison_shows_what_went_and_what_came(visitor: Client, platform: Platform) -> None:
    assert "no other version" in visitor.get("/drafts/1/comparison").text
    revised(platform, "В каждом селе есть две библиотеки.", TEXTS["ru"][1])
    page = visitor.follow(visitor.get("/drafts/1/comparison", status=303)).text
    words = shown(page)
    assert "[removed:] библиотека" in words
    assert "[added:] две библиотеки" in words
    assert 'id="art_2"' not in page  # unchanged
    for link in links(page):
        if "/provisions/" in link:
            visitor.get(link)


def test_what_was_said_about_a_deleted_passage_can_still_be_read(
    visitor: Client, platform: Platform
) -> None:
    revised(platform, TEXTS["ru"][0])
    url = "/drafts/1/provisions/art_3?text=ru"
    for page in (visitor.get(url).text, visitor.get(url, headers={"HX-Request": "true"}).text):
        assert "This is not in version 2." in page
    assert TEXTS["ru"][2] in visitor.get(url).text
    assert "This is not in" not in visitor.get("/drafts/1/provisions/art_1?text=ru").text


def test_a_passage_that_only_one_language_has_is_shown_in_that(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        texts = {"ky": TEXTS["ky"], "ru": TEXTS["ru"][:2]}
        add_version(session, draft, texts, published=True)
    page = visitor.get("/drafts/1/provisions/art_3?text=ru").text
    assert TEXTS["ky"][2] in page
    assert "This is not in" not in page


def test_a_passage_has_a_page_and_beside_the_text_a_piece_of_one(visitor: Client) -> None:
    url = "/drafts/1/provisions/art_1?text=ky"
    whole = visitor.get(url).text
    piece = visitor.get(url, headers={"HX-Request": "true"}).text
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in visitor.http.get(url, headers=restored).text
    assert "Балдарды да ойлогула." in whole
    assert "Балдарды да ойлогула." in piece
    assert "<html" not in piece


def test_there_is_no_page_for_a_passage_no_version_has(visitor: Client) -> None:
    visitor.get("/drafts/1/provisions/art_9", status=404)


def test_a_discussion_is_read_page_by_page(visitor: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        draft, bolot = session.exec(select(Draft)).one(), make_person(session, "Bolot")
        for n in range(45):
            make_comment(session, draft, bolot, f"Comment {n}.")
    for url in ("/drafts/1/discussion", "/drafts/1/discussion?sort=supported"):
        seen: list[str] = []
        while url:
            page = visitor.get(url).text
            seen += re.findall(r'id="comment-(\d+)"', page)
            url = next((link for link in links(page) if "after=" in link), "")
        assert len(seen) == len(set(seen)) == 46


def test_a_page_costs_the_same_however_much_was_said(visitor: Client, platform: Platform) -> None:
    pages = ("/drafts/1", "/drafts/1/provisions/art_1", "/drafts/1/discussion", "/drafts", "/")

    def cost() -> list[int]:
        counts = []
        for url in pages:
            visitor.get(url)
            counts.append(len(visitor.statements))
        return counts

    def talk(times: int) -> None:
        with platform.database.writing() as session:
            draft, person = session.exec(select(Draft)).one(), make_person(session, f"P{times}")
            for _ in range(times):
                comment = make_comment(session, draft, person, wid="art_1", lang="ky")
                make_comment(session, draft, person, "And yet.", parent=comment)

    talk(1)
    cost()  # the calendar is read once and kept
    before = cost()
    talk(30)
    assert cost() == before
    assert max(before) <= 15


def test_the_term_is_traced_day_by_day_to_the_law(visitor: Client, platform: Platform) -> None:
    page = shown(visitor.get("/drafts/1/term").text)
    assert platform.pack.rules["kg-consultation"].citation in page
    assert "not yet confirmed by the operator" in page
    assert page.count("Every calendar day counts.") == 30
    assert "30 days counted" in page
    assert "Count a term" in page


def test_a_shorter_term_shows_the_exception_it_rests_on(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        session.exec(select(Consultation)).one().exception_basis = "Law 241: <b>a flood</b>"
    assert "Law 241: &lt;b&gt;a flood&lt;/b&gt;" in visitor.get("/drafts/1").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_drafts_are_found_in_every_language_in_any_form_and_with_bare_letters(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        for lang, text in SEARCHED.items():
            open_draft(session, {lang: (text,)}, agency=agency).titles = {lang: "Title"}
    drain(platform, START)
    for typed, lang in FORMS:
        page = Client(platform).get("/search", params={"q": typed}).text
        assert SEARCHED[lang] in re.sub("</?mark>", "", page), typed
        assert f'<h2 lang="{lang}">' in page
        assert "<mark>" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_hit_leads_to_the_passage_and_can_be_narrowed(visitor: Client) -> None:
    page = visitor.get("/search?q=акысыз").text
    assert "/drafts/1?text=ky&at=art_3#art_3" in links(page)
    assert "1 draft found" in shown(page)
    assert "Nothing was found" in visitor.get("/search?q=акысыз&stage=closed").text
    assert "Nothing was found" in visitor.get("/search?q=нетничего").text


def test_a_draft_in_preparation_is_for_its_own_agency_only(platform: Platform) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        make_draft(session, agency)
        own = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
        stranger = make_person(
            session, "Bakyt", role=Role.OFFICER, agency=make_agency(session, "MOH")
        )
        tokens = [sign_in_token(session, person) for person in (own, stranger)]
    Client(platform, tokens[0]).get("/drafts/1")
    for client in (Client(platform), Client(platform, tokens[1])):
        for page in ("", "/discussion", "/comparison", "/term", "/provisions/art_1"):
            client.get(f"/drafts/1{page}", status=404)
        assert "/drafts/1" not in links(client.get("/drafts").text)


def test_a_version_that_is_not_public_yet_is_for_its_own_agency_only(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        draft = close_consultation(session, session.exec(select(Consultation)).one())
        add_version(session, draft, {"ru": ("Тайный новый текст.",)})
        olga = make_person(session, "Olga", role=Role.OFFICER)
        token = sign_in_token(session, olga)
    assert "Тайный" not in visitor.get("/drafts/1?text=ru").text
    visitor.get("/drafts/1?version=2", status=404)
    visitor.get("/drafts/1/comparison?version=2", status=404)
    assert "Тайный" in Client(platform, token).get("/drafts/1?text=ru&version=2").text


def test_after_the_end_the_text_and_what_was_said_stay(visitor: Client, platform: Platform) -> None:
    revised(platform, *TEXTS["ru"])
    page = visitor.get("/drafts/1/provisions/art_1?text=ky").text
    assert "Comments are not taken at this stage." in page
    assert "Балдарды да ойлогула." in page
    assert "<textarea" not in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_speaks_each_language_of_the_interface(visitor: Client) -> None:
    for lang in LANGUAGES:
        visitor.http.cookies.set(LANG_COOKIE, lang)
        for url in PAGES:
            page = visitor.get(url).text
            assert f'<html lang="{lang}">' in page
            assert f'lang="{lang}" aria-current="true"' in page or "/styleguide" in url


def test_a_browser_is_answered_in_its_language_until_one_is_chosen(visitor: Client) -> None:
    browser = {"Accept-Language": "kk-KZ, ru;q=0.7"}
    assert '<html lang="kk">' in visitor.get("/", headers=browser).text
    visitor.follow(visitor.post("/language", {"lang": "ru", "next": "/drafts"}))
    assert '<html lang="ru">' in visitor.get("/", headers=browser).text


class Controls(HTMLParser):
    """What on a page needs a script: found without one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.forms = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = dict(attributes)
        self.forms += tag == "form"
        if "hx-get" in attrs and (tag != "a" or attrs.get("href") != attrs["hx-get"]):
            self.problems.append(f"<{tag} hx-get={attrs['hx-get']}> is no link")
        if "hx-post" in attrs and (tag != "form" or attrs.get("action") != attrs["hx-post"]):
            self.problems.append(f"<{tag} hx-post={attrs['hx-post']}> is no form")
        if tag == "a" and not re.match(r"/|#\w|mailto:|https?:", attrs.get("href") or ""):
            self.problems.append(f"a link that leads nowhere: {attrs}")
        if tag == "button" and not self.forms and "form" not in attrs:
            self.problems.append("a button of no form")

    def handle_endtag(self, tag: str) -> None:
        self.forms -= tag == "form"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everything_works_without_script(visitor: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Bolot"))
    for client in (visitor, Client(platform, token)):
        for url in PAGES:
            if url != "/styleguide":  # shows parts of pages apart from what they do
                assert not Controls(client.get(url).text).problems, url


def test_the_site_says_whether_it_can_serve(visitor: Client) -> None:
    assert visitor.get("/healthz").json() == {"ok": True}
