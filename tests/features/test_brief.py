"""The brief of a bill on one page of paper, in four languages; the command that writes it."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from sqlmodel import Session

from consult.access import VISITOR
from consult.cli.brief import brief as consult_brief
from consult.consultations.queries import rounds_by_draft
from consult.errors import Invalid, NotFound
from consult.i18n.catalogues import LANGUAGES, translations
from consult.law.queries import law_of
from consult.naming import Kind, PublicName
from consult.parliament.printing import SHEET, edition_of
from consult.parliament.wording import SURVEY, Bill, paper_of
from consult.platform import Platform
from consult.statistics.brief import Brief, Change, MainIssue, brief_of
from consult.statistics.rules import Figure, Place
from consult.typesetting import pdf_of
from tests import factories
from tests.conftest import START
from tests.discussed import Discussed, make_discussed

LATER = START + timedelta(days=90)
A4 = pytest.approx((595.3, 841.9), abs=0.2)


def read(content: bytes) -> tuple[str, dict[str, str]]:
    """The words of the one page, and what the file says of itself."""
    pdf = pypdfium2.PdfDocument(content)
    assert len(pdf) == 1
    assert pdf[0].get_size() == A4
    words = pdf[0].get_textpage().get_text_range()
    joined = re.sub(r"[-\ufffe\u00ad]\s*[\r\n]+|\ufffe", "", words)  # at the ends of lines
    return " ".join(joined.split()), pdf.get_metadata_dict()


@pytest.fixture
def scene(session: Session) -> Discussed:
    scene = make_discussed(session)
    scene.report()
    session.commit()
    return scene


def counted(scene: Discussed, platform: Platform) -> Brief:
    rounds = rounds_by_draft(scene.session, scene.draft.id or 0)
    law = law_of(scene.session, platform.pack)
    return brief_of(scene.session, scene.draft, rounds, law=law, now=LATER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_brief_is_one_page_in_each_language_and_says_what_it_is(
    scene: Discussed, platform: Platform, lang: str
) -> None:
    number = scene.draft.id or 0
    made = edition_of(scene.session, number, VISITOR, lang, platform, now=LATER)
    words, about = read(made.content or b"")
    assert translations(lang).gettext(SURVEY)[:20] in words
    assert about["Title"].endswith(made.title)
    assert f"/Lang({lang})/StructTreeRoot".encode() in (made.content or b"")
    again = edition_of(scene.session, number, VISITOR, lang, platform, now=LATER, make=False)
    assert again.content is made.content  # nothing has changed, so nothing is made


def test_it_tells_who_took_part_what_was_said_and_what_became_of_it(
    scene: Discussed, platform: Platform
) -> None:
    made = edition_of(scene.session, scene.draft.id or 0, VISITOR, "en", platform, now=LATER)
    words, _ = read(made.content or b"")
    for told in (
        "Those who took part chose to; this is not a survey.",
        "the law asks for",
        "People not identified: 3",
        "Organisations: 1",
        "3 distinct texts",
        "Accepted: 2",
        "Opening days",
        "Please open it on Sundays.",
        "five",
    ):
        assert told in words
    assert "Cut to fit" not in words


def test_a_bill_nobody_was_asked_about_is_said_to_have_nothing_to_tell(
    session: Session, platform: Platform
) -> None:
    draft = factories.make_draft(session, factories.make_agency(session))
    officer = factories.OPERATOR
    made = edition_of(session, draft.id or 0, officer, "en", platform, now=START)
    assert "nothing to tell yet" in read(made.content or b"")[0]
    with pytest.raises(NotFound):  # it is not public
        edition_of(session, draft.id or 0, VISITOR, "en", platform, now=START)


def test_each_words_are_in_the_language_they_are_marked_with(
    scene: Discussed, platform: Platform
) -> None:
    brief = counted(scene, platform)
    lang = "ru" if brief.issues[0].lang != "ru" else "kk"
    bill = Bill({"en": "A"}, {"en": "B"}, "law", "in_parliament", {}, "https://x.example/")
    page = paper_of(brief, bill, lang, pack=platform.pack, now=LATER)["pages"][0]
    law = brief.held[0].computation
    assert [law.citation, law.citation_lang] in page["terms"][0]
    assert brief.issues[0].lang
    assert page["issues"][0]["lang"] == brief.issues[0].lang
    assert page["issues"][-1]["lang"] == lang  # "Other comments"


def test_people_by_region_add_up_to_all_who_took_part(scene: Discussed, platform: Platform) -> None:
    brief = counted(scene, platform)
    people = Figure(32, {**brief.counts.figures["people"].by, "region": {"x": 20, "": None}})
    counts = replace(brief.counts, figures={**brief.counts.figures, "people": people})
    bill = Bill({"en": "A"}, {"en": "B"}, "law", "in_parliament", {}, "https://x.example/")
    paper = paper_of(replace(brief, counts=counts), bill, "en", pack=platform.pack, now=LATER)
    regions = paper["pages"][0]["boxes"][1][1]["lines"][0]["text"]
    assert "12 people are in none of these numbers" in regions


def endless(brief: Brief, words: str) -> Brief:
    """A brief with as much of everything as there may be, in these words."""
    row: Any = SimpleNamespace(
        body=words * 50,
        lang="ky",
        who=PublicName(Kind.ORGANISATION, words),
        for_n=123_456,
        against_n=123_456,
    )
    issue = MainIssue(1, words, "ky", 123_456, "accepted_in_part", {"support": row, "oppose": row})
    pieces = [("same", words), ("del", words), ("ins", words)] * 20
    change = Change(words, "ky", words, words, pieces)
    places = [Place(f"{words}{n}", 9_999, 99_999, 99_999) for n in range(99)]
    held = replace(brief.held[0], exception=words)
    regions = {f"{words[:100]}{n}": 1_000 for n in range(60)}
    people = replace(
        brief.counts.figures["people"], by={**brief.counts.figures["people"].by, "region": regions}
    )
    duties = [*brief.counts.duties] * 30
    figures = {**brief.counts.figures, "people": people}
    counts = replace(brief.counts, figures=figures, places=places, duties=duties)
    return Brief(counts, [held] * 9, [issue] * 99, [change] * 99)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", ["Щ" * 2000, "жоопкерчилиги чектелген коом " * 60])
def test_it_stays_one_page_however_long_the_words_are_and_says_what_is_cut(
    scene: Discussed, platform: Platform, lang: str, words: str
) -> None:
    bill = Bill({lang: words}, {lang: words}, "law", "in_parliament", {}, "https://x.example/" * 5)
    long = endless(counted(scene, platform), words)
    paper = paper_of(long, bill, lang, pack=platform.pack, now=LATER)
    told, _ = read(pdf_of(SHEET, paper, LATER))
    said = paper["pages"][-1]["left"]
    assert said.split(":")[0].split()[0] in told
    assert all(page["left"] for page in paper["pages"])


def test_the_command_writes_a_page_and_refuses_what_it_cannot(
    scene: Discussed, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.cli.brief.open_platform", lambda: platform)
    number, out = scene.draft.id or 0, tmp_path / "brief.pdf"
    for draft, lang, where, error in (
        (99, "ky", out, NotFound),
        (number, "xx", out, Invalid),
        (number, "ky", tmp_path / "no" / "such" / "brief.pdf", Invalid),
    ):
        with pytest.raises(error):
            consult_brief(draft, where, lang)
    assert not out.exists()
    consult_brief(number, out, "ky")
    assert "бул сурамжылоо эмес" in read(out.read_bytes())[0]
