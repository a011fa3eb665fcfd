"""What belongs to what: eids show the nesting."""

import pytest

from drafts.grammar.line import Line, lines_of
from drafts.grammar.parse import parse, parse_with_warnings
from drafts.tree import Node, Tree, identify


def tree(text: str, lang: str = "ru") -> Tree:
    return identify(parse(lines_of(text), lang))


def eids(text: str, lang: str = "ru") -> list[str]:
    return [node.eid for node in tree(text, lang).walk()]


def node(text: str, eid: str, lang: str = "ru") -> Node:
    return next(each for each in tree(text, lang).walk() if each.eid == eid)


def doubts(text: str, lang: str = "ru") -> list[tuple[str, str]]:
    return [(each.place, str(each)) for each in parse_with_warnings(lines_of(text), lang).warnings]


def test_articles_carry_paragraphs_subparagraphs_and_letters() -> None:
    text = "Глава 1. Общее\nСтатья 1. Предмет\n1. Один.\n2. Два:\n1) раз:\nа) а;\nб) б;\n2) два."
    assert eids(text) == [
        "chp_1",
        "art_1",
        "art_1__para_1",
        "art_1__para_2",
        "art_1__para_2__subpara_1",
        "art_1__para_2__subpara_1__subpara_а",
        "art_1__para_2__subpara_1__subpara_б",
        "art_1__para_2__subpara_2",
    ]


def test_an_article_is_named_without_its_chapter_but_with_its_annex() -> None:
    text = "Глава 1. А\nСтатья 1. Б\nПриложение 1\nПорядок\nГлава 1. В\nСтатья 1. Г"
    assert eids(text) == ["chp_1", "art_1", "att_1", "att_1__chp_1", "att_1__art_1"]


def test_the_first_unnumbered_passage_is_the_articles_own_text() -> None:
    article = node("Статья 1. Предмет\nПервый абзац.\nВторой абзац.", "art_1")
    assert article.text == "Первый абзац."
    assert [child.text for child in article.children] == ["Второй абзац."]


def test_a_title_may_stand_on_the_next_line() -> None:
    text = "Section I\nGeneral Provisions\nArticle 1\n1. One.\n2. Two."
    assert node(text, "sec_I", "en").heading == "General Provisions"


def test_articles_have_titles_below_only_where_most_have() -> None:
    titled = "Article 1\nScope\nText one.\nArticle 2\nTerms\nText two."
    assert node(titled, "art_2", "en").heading == "Terms"
    untitled = "Article 1\nText one.\nArticle 2\nThe Minister shall\n1) decide;\nArticle 3\nText."
    assert node(untitled, "art_2", "en").text == "The Minister shall"


def test_a_sentence_behind_the_head_is_text_and_no_title() -> None:
    assert node("Статья 9. Закон вступает в силу.", "art_9").text == "Закон вступает в силу."
    assert node("Статья 9. Порядок.\n1. Так.", "art_9").heading == "Порядок."


def test_a_list_belongs_to_the_passage_that_introduces_it() -> None:
    text = (
        "1. Полномочия прекращаются:\n1) раз;\n2) два.\nИх также лишают:\n1) три;\n2) пять.\nИное."
    )
    assert eids(text) == [
        "para_1",
        "para_1__subpara_1",
        "para_1__subpara_2",
        "para_1__content_1",
        "para_1__content_1__subpara_1",
        "para_1__content_1__subpara_2",
        "para_1__content_2",
    ]


def test_a_numbering_that_begins_again_hangs_under_the_right_heading() -> None:
    text = "1. Принципы\nТакие.\n1. Первый.\n2. Второй.\n2. Цели\n1. Одна.\n2. Две.\n3. Сроки"
    assert eids(text) == [
        "part_1",
        "part_1__content_1",
        "part_1__para_1",
        "part_1__para_2",
        "part_2",
        "part_2__para_1",
        "part_2__para_2",
        "part_3",
    ]


def test_paragraphs_may_be_numbered_through_the_parts() -> None:
    text = "1. Общее\n1. Так.\n2. Иначе.\n2. Порядок\n3. Ещё.\n4. Всё."
    assert eids(text)[-2:] == ["part_2__para_3", "part_2__para_4"]
    assert doubts(text) == []


def test_dotted_numbers_nest_under_the_number_they_begin_with() -> None:
    text = "6. Управление\n6.1. Этапы\nТекст.\n6.2. Структура\nТекст.\n7. Риски\nТекст."
    assert eids(text)[:4] == [
        "part_6",
        "part_6__sec_6.1",
        "part_6__sec_6.1__content_1",
        "part_6__sec_6.2",
    ]
    assert "part_7" in eids(text)


def test_headings_without_numbers_are_told_by_the_numbering_below_them() -> None:
    text = "Правила\nОбщее\n1. Так.\n2. Иначе.\nПорядок\n1. Ещё.\n2. Всё."
    assert eids(text) == [
        "content_1", "sec_1", "sec_1__para_1", "sec_1__para_2", "sec_2", "sec_2__para_1",
        "sec_2__para_2",
    ]  # fmt: skip


def test_quoted_articles_belong_to_the_amending_point() -> None:
    text = (
        "Статья 1. Внести изменения:\n1) статью 5 изложить в следующей редакции:\n"
        "«Статья 5. Банки\n1. Закон «О банках» действует.\n2. Банк есть банк.»;\n"
        "2) в статье 6:\nпункт 1 исключить;\nпункт 2 изложить так:\n«2. Новый.».\nСтатья 2. Срок"
    )
    assert [each for each in eids(text) if "content" not in each] == [
        "art_1", "art_1__subpara_1", "art_1__subpara_2", "art_2"
    ]  # fmt: skip
    assert len(node(text, "art_1__subpara_1").children) == 3
    assert len(node(text, "art_1__subpara_2").children) == 3


def test_a_quotation_that_never_closes_is_not_believed() -> None:
    text = "1. Изложить так:\n«Статья 5. Банки\nСтатья 6. Иное\nТекст."
    assert "art_6" in eids(text)
    assert ("line 2", "A quotation opens here and does not close.") in doubts(text)


@pytest.mark.parametrize(
    "contents",
    [
        "Оглавление\nГлава 1. Общее\nСтатья 1. Предмет\n",
        "Глава 1. Общее ........ 3\nСтатья 1. Предмет ........ 4\n",
        "Глава 1. Общее\nСтатья 1. Предмет\nСтатья 2. Срок\n",
    ],
)
def test_a_table_of_contents_becomes_a_note_and_no_provisions(contents: str) -> None:
    text = f"{contents}\nГлава 1. Общее\nСтатья 1. Предмет\nТекст.\nСтатья 2. Срок\nТекст."
    assert eids(text) == ["note_1", "chp_1", "art_1", "art_2"]
    assert doubts(text)[0][1].startswith("A table of contents")


def test_footnotes_are_notes_to_the_article_and_may_stand_between_paragraphs() -> None:
    text = "Article 4\n1. One.\nNote. See.\n2. Two.\nFootnote. Amended."
    assert eids(text, "en") == [
        "art_4", "art_4__para_1", "art_4__para_1__note_1", "art_4__para_2", "art_4__note_1"
    ]  # fmt: skip


def test_a_flattened_table_becomes_rows() -> None:
    text = "1-таблица\nКаржылоо\n\n\tЭтап\n\tСумма\n\n(миң сом)\n\n\t1\n\t500,0\n\n\nТекст."
    found = node(text, "table_1", "ky")
    assert (found.number, found.label, found.heading) == ("1", "1-таблица", "Каржылоо")
    assert [row.text for row in found.children] == ["Этап\tСумма (миң сом)", "1\t500,0"]


def test_the_caption_of_a_table_is_no_title_of_an_article() -> None:
    assert eids("1-бап.\n1-кесте\nТізбе\n\n\tа\n\tб\n\n", "kk")[1] == "art_1__table_1"


def test_paragraphs_indented_by_a_tab_are_no_table() -> None:
    assert eids("\tСтатья 1. А\n\tТекст один.\n\tТекст два.") == ["art_1", "art_1__content_1"]


def test_an_annex_may_name_its_act_on_the_lines_above() -> None:
    text = "1. Так.\n\nӨкмөтүнүн\n программасынын\n1-тиркемеси\nТизме\n1. Бир."
    annex = node(text, "att_1", "ky")
    assert annex.label == "Өкмөтүнүн программасынын 1-тиркемеси"
    assert annex.heading == "Тизме"


def test_annexes_that_begin_again_belong_to_the_open_annex() -> None:
    text = "1-тиркеме\nПрограмма\n\nПрограмманын\n1-тиркемеси\n\nПрограмманын\n2-тиркемеси"
    assert eids(text, "ky") == ["att_1", "att_1__att_1", "att_1__att_2"]


def test_a_sentence_cut_off_by_the_end_of_a_line_is_made_whole() -> None:
    text = "1. Закон устанавливает порядок\nпроведения обсуждений.\n2. Иное."
    assert node(text, "para_1").text == "Закон устанавливает порядок проведения обсуждений."


def test_jumps_and_repetitions_in_a_numbering_are_told_with_their_place() -> None:
    assert doubts("1. Так.\n4. Так.") == [("line 2", "The numbering jumps from 1 to 4.")]
    assert doubts("Статья 1. А\nСтатья 1. Б") == [("line 2", "The number 1 comes after 1.")]
    assert doubts("3. Так.") == [("line 1", "The numbering begins with 3 here.")]
    assert doubts("1. Так.\n1-1. Так.\n2. Так.") == []


def test_a_numbering_that_jumps_is_not_taken_for_one_that_runs_on() -> None:
    text = "Глава 1. А\n1. Так.\n2. Так.\n3. Так.\nГлава 2. Б\n1. Так.\n4. Так."
    assert eids(text)[-2:] == ["chp_2__para_1", "chp_2__para_4"]
    assert doubts(text) == [("line 7", "The numbering jumps from 1 to 4.")]


def test_a_heading_told_by_the_file_is_a_section_without_a_number() -> None:
    lines = [Line("Общее", "Heading 1", 1, "heading"), Line("1. Так.", "Normal")]
    assert [each.eid for each in identify(parse(lines, "ru")).walk()] == ["sec_1", "sec_1__para_1"]


def test_hostile_nesting_stays_shallow() -> None:
    def depth(each: Node) -> int:
        return 1 + max(map(depth, each.children), default=0)

    assert max(map(depth, tree("1. Так:\n1) так:\nа) так:\n- так:\n" * 40).nodes)) < 25
