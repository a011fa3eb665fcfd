"""Reading long laws in parts, two languages together, tables by row; quoting without script."""

import re
from collections.abc import Sequence

import pytest
from sqlmodel import select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from drafts.tree import Node, Tree, identify
from tests.bench.texts import law
from tests.client import Client
from tests.factories import (
    add_version,
    close_consultation,
    make_comment,
    make_person,
    open_draft,
    sign_in_token,
)
from tests.long_laws import chapters, publish

FIRST_VIEW = 300_000  # bytes of HTML
TABLE = ("№\tНаименование\tЦена", "1\tСтол\t48 000", "Для зала", "2\tСтул\t")
TABLE_KY = ("№\tАты\tБаасы", "1\tҮстөл\t48 000", "Зал үчүн", "2\tОтургуч\t")


def tabled(lang: str, rows: Sequence[str], *more: Node) -> Tree:
    """An article with a table below it, and what else is wanted."""
    table = Node("table", heading="Table", children=tuple(Node("row", text=row) for row in rows))
    article = Node("article", "1", "Article 1.", "Things", f"Text {lang}.", children=(table,))
    return identify(Tree(lang, (article, *more)))


def link(page: str, rel: str) -> str:
    """Where the link of this relation leads; "" when there is none."""
    found = re.search(rf'<a class="btn" rel="{rel}" href="([^"]*)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def ids(page: str) -> list[str]:
    """The provisions of a page, in its order."""
    return re.findall(
        r'<(?:div class="prov\b|t\w+ role="rowgroup" class="law-row)[^>]* id="(\w+)"', page
    )


@pytest.fixture
def long_law(platform: Platform) -> tuple[Client, Tree]:
    """/drafts/1 is a law of six chapters in Kyrgyz and Russian, too long for one page."""
    trees = [chapters(lang, 6, 10, 250) for lang in ("ky", "ru")]
    with platform.database.writing() as session:
        publish(session, *trees)
    return Client(platform), trees[0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("in_chapters", [True, False])
def test_any_part_of_a_law_of_1000_provisions_and_250000_words_is_under_300_kb(
    platform: Platform, *, in_chapters: bool
) -> None:
    tree = law(1000, 250_000) if in_chapters else chapters("ky", 1, 1000, 250)
    with platform.database.writing() as session:
        draft = publish(session, tree)
        person = make_person(session)
        for node in list(tree.walk())[:60]:
            make_comment(session, draft, person, "Кошулам. " * 30, wid=node.wid, lang="ky")
        for _ in range(6):
            make_comment(session, draft, person, "Бүткүл мыйзам жөнүндө. " * 30, lang="ky")
    client, url = Client(platform), "/drafts/1"
    sizes, seen, costs = [], [], set()
    while url:
        page = client.get(url)
        sizes.append(len(page.content))
        costs.add(len(client.statements))
        seen += ids(page.text)
        url = link(page.text, "next")
    assert max(sizes) < FIRST_VIEW
    assert seen == [node.wid for node in tree.walk()]
    assert len(costs) == 1


def test_an_ordinary_law_is_one_page(platform: Platform) -> None:
    tree = chapters("ky", 10, 10, 75)
    with platform.database.writing() as session:
        publish(session, tree)
    page = Client(platform).get("/drafts/1").text
    assert ids(page) == [node.wid for node in tree.walk()]
    assert 'class="part-where"' not in page
    assert "all=1" not in page


def test_a_long_law_is_read_part_by_part_by_plain_links(long_law: tuple[Client, Tree]) -> None:
    client, tree = long_law
    first = client.get("/drafts/1?text=ky").text
    assert not link(first, "prev")
    second = client.get(link(first, "next")).text
    assert "Part 2 of" in second
    assert "part=1" in link(second, "prev")
    assert not set(ids(first)) & set(ids(second))
    texts = {node.wid: node.text for node in tree.walk()}
    assert all(texts[wid] in first for wid in ids(first))
    assert re.search(r"Next part: <span[^>]*>\d-глава", first)


def test_the_contents_lead_to_every_chapter_and_unfold_only_what_is_shown(
    long_law: tuple[Client, Tree],
) -> None:
    client, _ = long_law
    page = client.get("/drafts/1?text=ky&part=2").text
    toc = re.search(r'<nav class="toc".*?</nav>', page, re.DOTALL)
    assert toc
    leads = [href.replace("&amp;", "&") for href in re.findall(r'href="([^"]*)"', toc[0])]
    shown = ids(page)
    assert [lead[1:] for lead in leads if lead.startswith("#")] == shown
    others = [lead for lead in leads if not lead.startswith("#")]
    assert "/drafts/1?text=ky&at=chp_1#chp_1" in others
    assert not [lead for lead in others if "art_" in lead]
    for lead in others:
        assert lead.partition("#")[2] in ids(client.get(lead).text)


def test_a_link_to_a_provision_leads_to_the_part_it_stands_in(
    long_law: tuple[Client, Tree],
) -> None:
    client, _ = long_law
    assert "art_47" not in ids(client.get("/drafts/1").text)
    assert "art_47" in ids(client.get("/drafts/1?at=art_47").text)
    page = client.get("/drafts/1/provisions/art_47?text=ru").text
    assert 'href="/drafts/1?text=ru&amp;at=art_47#art_47"' in page
    page = client.get("/drafts/1?text=ky&at=art_47").text
    first = ids(page)[0]  # another language is shown from the same place on
    assert f'href="/drafts/1?text=ru&amp;at={first}#{first}"' in page


def test_a_link_to_what_was_deleted_since_leads_to_its_own_page(platform: Platform) -> None:
    with platform.database.writing() as session:
        open_draft(session, ("One.", "Two."))
        draft = close_consultation(session, session.exec(select(Consultation)).one())
        add_version(session, draft, ("One.",), published=True)
    client = Client(platform)
    page = client.follow(client.get("/drafts/1?at=art_2", status=303)).text
    assert "Two." in page
    back = re.search(r'href="([^"]*version=1[^"]*)"', page)
    assert back
    assert "art_2" in ids(client.get(back[1].replace("&amp;", "&")).text)
    client.follow(client.get("/drafts/1?at=nothing", status=303), status=404)


def test_there_is_no_part_beyond_the_last(long_law: tuple[Client, Tree]) -> None:
    client, _ = long_law
    client.get("/drafts/1?part=99", status=404)
    for part in ("0", "-1", "x", "99999"):
        assert client.http.get(f"/drafts/1?part={part}").status_code in {404, 422}


def test_by_script_the_next_part_comes_alone(long_law: tuple[Client, Tree]) -> None:
    client, _ = long_law
    whole = client.get("/drafts/1?text=ky&part=2").text
    piece = client.get("/drafts/1?text=ky&part=2", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert ids(piece) == ids(whole)
    assert link(piece, "next") == link(whole, "next")
    assert not link(piece, "prev")  # it stands above already


def test_everything_is_on_one_page_for_printing(long_law: tuple[Client, Tree]) -> None:
    client, tree = long_law
    first = client.get("/drafts/1?text=ky").text
    assert 'href="/drafts/1?all=1&amp;text=ky"' in first
    page = client.get("/drafts/1?all=1&text=ky").text
    assert ids(page) == [node.wid for node in tree.walk()]
    assert all(node.text in page for node in tree.walk())
    assert '<meta name="robots" content="noindex">' in page
    assert '<meta name="robots"' not in first
    second = client.get("/drafts/1?text=ky&at=art_47").text
    assert re.search(
        r'<link rel="canonical" href="http[^"]*/drafts/1\?text=ky&amp;part=\d">', second
    )


def test_a_part_that_begins_within_a_chapter_says_which(platform: Platform) -> None:
    with platform.database.writing() as session:
        publish(session, chapters("ky", 1, 60, 250))
    page = Client(platform).get("/drafts/1?part=2").text
    assert re.search(r'<h2 class="prov-above">1-глава\. [^<]*<span[^>]*>\(continued\)', page)


def test_two_languages_are_read_side_by_side(long_law: tuple[Client, Tree]) -> None:
    client, tree = long_law
    assert "/drafts/1?text=ky&amp;beside=ru" in client.get("/drafts/1?text=ky").text
    url, seen = "/drafts/1?text=ky&beside=ru", []
    russian = {node.wid: node.text for node in chapters("ru", 6, 10, 250).walk()}
    while url:
        page = client.get(url).text
        both = zip(ids(page), re.findall(r'<div class="prov-other" lang="ru">', page), strict=True)
        seen += [wid for wid, _ in both]
        assert all(russian[wid] in page for wid in ids(page))
        assert page.count('class="talk') == len([wid for wid in ids(page) if "art" in wid])
        url = link(page, "next")
        assert not url or "beside=ru" in url
    assert seen == [node.wid for node in tree.walk()]
    assert ids(client.get("/drafts/1?text=ky&beside=ru&all=1").text) == seen


def test_beside_a_language_that_is_not_there_the_text_stands_alone(
    long_law: tuple[Client, Tree],
) -> None:
    client, _ = long_law
    for beside in ("en", "ky", "zz"):
        assert "prov-other" not in client.get(f"/drafts/1?text=ky&beside={beside}").text


def test_what_only_one_language_has_is_not_lost_beside_the_other(platform: Platform) -> None:
    extra = Node("article", "2", "Article 2.", "Only here", "Only in Russian.")
    with platform.database.writing() as session:
        publish(session, tabled("ky", TABLE_KY), tabled("ru", TABLE, extra))
    page = Client(platform).get("/drafts/1?text=ky&beside=ru").text
    assert 'id="art_2" lang="ru"' in page
    assert "Only in Russian." in page


def test_what_is_said_about_either_language_is_read_at_both(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = publish(session, tabled("ky", TABLE_KY), tabled("ru", TABLE))
        person = make_person(session)
        for lang in ("ky", "ru"):
            make_comment(
                session, draft, person, f"In {lang}", wid="art_1", lang=lang, quote=f"Text {lang}"
            )
    for lang in ("ky", "ru"):
        page = Client(platform).get(f"/drafts/1/provisions/art_1?text={lang}").text
        for other in ("ky", "ru"):
            assert f'<blockquote class="quote" lang="{other}">«Text {other}»' in page


def test_a_table_is_a_table_whose_rows_are_commented_on(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = publish(session, tabled("ky", TABLE_KY), tabled("ru", TABLE))
        make_comment(session, draft, make_person(session), wid="art_1__table_1__row_2", lang="ru")
    client = Client(platform)
    page = client.get("/drafts/1?text=ru").text
    assert re.findall(r'<th role="columnheader" scope="col">([^<]*)', page) == TABLE[0].split("\t")
    assert '<td role="cell" data-label="Цена"><span>48 000</span></td>' in page
    assert 'colspan="3"><span>Для зала</span>' in page
    assert 'role="region" tabindex="0" aria-label="Table"' in page
    for n in range(1, 5):
        assert f'href="/drafts/1/provisions/art_1__table_1__row_{n}?text=ru"' in page
    row = client.get("/drafts/1/provisions/art_1__table_1__row_2?text=ru").text
    assert '<td role="cell" data-label="Цена"><span>48 000</span></td>' in row
    both = client.get("/drafts/1?text=ru&beside=ky").text
    assert both.count('class="talk') == page.count('class="talk')
    assert '<tr role="row" class="row-other" lang="ky">' in both
    assert '<td role="cell" data-label="Баасы"><span>48 000</span></td>' in both


def test_a_table_over_several_parts_says_in_each_what_its_columns_are(platform: Platform) -> None:
    rows = ("№\tНаименование", *(f"{n}\t{'слово ' * 100}" for n in range(300)))
    with platform.database.writing() as session:
        publish(session, tabled("ru", rows))
    client, url, seen = Client(platform), "/drafts/1", []
    while url:
        page = client.get(url).text
        assert '<th role="columnheader" scope="col">Наименование</th>' in page
        assert 'data-label="Наименование"' in page
        assert len(page.encode()) < FIRST_VIEW
        seen += ids(page)
        url = link(page, "next")
    assert [wid for wid in seen if "row" in wid] == [
        f"art_1__table_1__row_{n}" for n in range(1, 302)
    ]


def test_words_are_quoted_without_script(platform: Platform) -> None:
    with platform.database.writing() as session:
        open_draft(session, ("The school is warm.\nAlways.",))
        token = sign_in_token(session, make_person(session))
    client = Client(platform, token)
    page = client.get("/drafts/1/provisions/art_1").text
    assert '<textarea id="c-quote" name="quote"' in page
    address = "/drafts/1/comments?wid=art_1&text=en"
    typed = {
        "body": "In winter too?",
        "kind": "question",
        "stance": "oppose",
        "quote": "cold school",
    }
    page = client.post(address, typed, status=422).text
    assert "The quoted words do not stand in this provision." in page
    assert 'href="#c-quote"' in page
    assert ">\ncold school</textarea>" in page
    assert ">\nIn winter too?</textarea>" in page
    assert 'value="oppose" checked' in page
    client.follow(client.post(address, typed | {"quote": "is warm. Always"}))
    with platform.database.session(writes=False) as session:
        comment = session.exec(select(Comment)).one()
    assert (comment.quote, comment.quote_start) == ("is warm.\nAlways", 11)


def test_the_draft_as_a_whole_has_no_words_to_quote(platform: Platform) -> None:
    with platform.database.writing() as session:
        open_draft(session)
        token = sign_in_token(session, make_person(session))
    page = Client(platform, token).get("/drafts/1").text
    assert 'name="body"' in page
    assert 'name="quote"' not in page
