"""Pages: blocks, printed numbers, tables, changes, and what is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import DomainError
from drafts.importing.html.reading import read
from drafts.importing.preview import import_bytes
from drafts.importing.source import Tracked

RUSSIAN = "<p>Статья 1. Предмет</p><p>Настоящий Закон определяет порядок."


def texts(page: str, tracked: Tracked = "accepted") -> list[str]:
    return [line.text for line in read(page.encode(), tracked).lines if line.text]


def test_blocks_become_lines_and_words_within_them_stay_together() -> None:
    page = (
        "<div>Статья <b>1</b>.<p>Пер\n  вый<br>второй &amp; <i>тре</i>тий"
        "<p>\n</div>хвост<address>адрес</address>"
    )
    assert texts(page) == ["Статья 1.", "Пер вый", "второй & третий", "хвост", "адрес"]


def test_headings_have_their_level() -> None:
    source = read("<h1>Закон</h1><h2>1-глава. Жалпы</h2><p>Текст<h6>В конце</h6>".encode())
    assert [(line.text, line.level, line.kind_hint) for line in source.lines] == [
        ("Закон", 1, "heading"),
        ("1-глава. Жалпы", 2, "heading"),
        ("Текст", None, ""),
        ("В конце", 6, "heading"),
    ]


def test_the_heading_over_the_whole_page_is_its_title() -> None:
    page = "<h1>О шуме</h1><h2>Статья 1. Предмет</h2><p>Так.<h2>Статья 2. Иное</h2><p>Нет."
    assert import_bytes(page.encode(), "a.html", "ru").title == "О шуме"
    page = "<h1>Общее</h1><p>1. Так.<p>2. Иначе."
    assert import_bytes(page.encode(), "О шуме.html", "ru").title == "О шуме"


@pytest.mark.parametrize(
    ("opening", "labels"),
    [
        ("<ol>", ["1.", "2."]),
        ("<ol start=9>", ["9.", "10."]),
        ("<ol type=a start=26>", ["z.", "aa."]),
        ("<ol type=A>", ["A.", "B."]),
        ("<ol type=i start=4>", ["iv.", "v."]),
        ("<ol type=I>", ["I.", "II."]),
        ("<ol style='list-style-type: upper-roman'>", ["I.", "II."]),
        ("<ol style='list-style: lower-alpha inside'>", ["a.", "b."]),
        ("<ol type=a start=0>", ["0.", "a."]),
        ("<ul>", ["•", "•"]),
        ("<menu>", ["•", "•"]),
        ("<ol style='list-style:none'>", ["раз", "два"]),
    ],
)
def test_lists_are_numbered_as_a_browser_prints_them(opening: str, labels: list[str]) -> None:
    found = texts(f"{opening}<li>раз<li>два</ol>")
    assert [text.split()[0] for text in found] == labels


def test_lists_within_lists_and_items_that_say_their_number() -> None:
    page = """<ol><li><p>Так:</p><ol type="a"><li>раз;</li><li>два.</li></ol><p>Дальше.</p></li>
      <li value="7">Иначе.<li><ul><li>вглубь</ul><li></ol>"""
    assert texts(page) == [
        "1. Так:", "a. раз;", "b. два.", "Дальше.", "7. Иначе.", "8. • вглубь", "9."
    ]  # fmt: skip


def test_tables_become_rows_with_spanned_cells_once() -> None:
    page = """<p>1. Так.<table><caption>Смета</caption><thead><tr><th colspan=2>а<th>б</thead>
      <tr><td rowspan="2">в<td><p>г</p><p>д</p><td>е<tr><td>ж<td><ol><li>з<li>и</ol></table>"""
    preview = import_bytes(page.encode(), "a.html", "ru")
    rows = [node.text for node in preview.tree.walk() if node.kind == "row"]
    assert rows == ["а\t\tб", "в\tг д\tе", "\tж\t1. з 2. и"]
    assert preview.coverage == 1.0
    assert "Смета" in [node.text for node in preview.tree.walk()]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>Меню<td><table><tr><td>1. Раз.<tr><td>2. Два.</table></table>",
        "<table><tr><td><p>Меню<tr><td><p>1. Раз.<p>2. Два.</table>",
        "<table role=presentation><tr><td>Меню<td><p>1. Раз.<p>2. Два.</table>",
        "<table><tr><td>Меню<td><h2>1. Раз.</h2><p>2. Два.</table>",
    ],
)
def test_a_table_that_only_lays_out_the_page_is_none(page: str) -> None:
    assert texts(page) == ["Меню", "1. Раз.", "2. Два."]


def test_what_a_reader_of_the_page_does_not_see_is_left_out_and_told() -> None:
    page = """<head><title>Заголовок</title><style>p {}</style></head><script>alert("<p>")</script>
      <nav>Меню</nav><template>Образец</template><p hidden>Тайно</p><p style="display : none">Нет
      <nav> </nav><!-- примечание --><p onclick="run()">1. Так.<img src="http://x/y.png"></p>
      <svg><title>Схема</title></svg><noscript>Включите</noscript><iframe>Рамка</iframe>"""
    preview = import_bytes(f"<html>{page}".encode(), "a.html", "ru")
    assert [node.text for node in preview.tree.walk()] == ["Так."]
    assert [warning.params for warning in preview.warnings] == [{"count": 2}, {"count": 5}]
    assert preview.coverage == 1.0


@pytest.mark.parametrize(
    ("tracked", "text"), [("accepted", "слово новое"), ("original", "слово старое")]
)
def test_changes_are_accepted_or_undone_and_told(tracked: Tracked, text: str) -> None:
    page = "<p>слово <del>старое</del><ins>новое</ins>"
    preview = import_bytes(page.encode(), "a.html", "ru", tracked)
    assert preview.tree.nodes[0].text == text
    assert preview.warnings[0].params == {"count": 2}
    assert preview.coverage == 1.0


def test_figures_set_high_stay_apart_from_the_number_before_them() -> None:
    page = '<h3>Статья 8<sup>1</sup>. Предмет</h3><p>Слово<sup><a href="#n">12</a></sup>.'
    preview = import_bytes(page.encode(), "a.html", "ru")
    article = preview.tree.nodes[0]
    assert (article.label, article.text) == ("Статья 8¹.", "Слово¹².")
    assert preview.coverage == 1.0


def test_a_law_set_in_pre_is_read_line_by_line_as_plain_text() -> None:
    law = "Статья 1. Предмет\nНастоящий Закон определяет порядок проведения\nобсуждений."
    page = f"<pre>{law}</pre>"
    (article,) = import_bytes(page.encode(), "a.html", "ru").tree.nodes
    assert article.text == "Настоящий Закон определяет порядок проведения обсуждений."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encodings_are_told_by_mark_or_letters(encoding: str) -> None:
    page = f"<html>{RUSSIAN}".encode(encoding)
    assert read(page).lines[0].text == "Статья 1. Предмет"


@pytest.mark.parametrize(
    "told",
    [
        '<meta charset="{}">',
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        '<?xml version="1.0" encoding="{}"?><html>',
    ],
)
@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "kz1048", "utf-8", "windows-1251"])
def test_the_encoding_a_page_names_is_used(told: str, encoding: str) -> None:
    assert read((told.format(encoding) + RUSSIAN).encode(encoding)).text.startswith("Статья")


def test_a_page_that_names_a_wrong_encoding_is_still_read() -> None:
    page = ('<meta charset="utf-8">' + RUSSIAN).encode("windows-1251")
    assert read(page).lines[0].text == "Статья 1. Предмет"
    with pytest.raises(DomainError, match="encoding"):
        read(('<meta charset="rot13">' + RUSSIAN).encode("koi8-r"))


def test_entities_of_a_page_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "да"><!ENTITY b "&a;&a;">]><p>Так &b; &nbsp;&#1044;'
    assert "да" not in read(bomb.encode()).text
    assert read(bomb.encode()).text.endswith("Д")


@given(st.text(alphabet="<>/='\"! -abp1li&;\n\tтdoe", max_size=120))
def test_any_markup_is_read_whole_or_refused(text: str) -> None:
    try:
        preview = import_bytes(f"<html><p>{text}</p>1. Так.".encode(), "a.html", "ru")
    except DomainError:
        return
    assert preview.coverage == 1.0
