"""What a single line begins with, in each language."""

import pytest

from consult.errors import Invalid
from drafts.grammar.language import grammar_of
from drafts.grammar.marks import read_mark
from drafts.grammar.numbering import follows, is_first, is_later, roman

RUSSIAN = grammar_of("ru").alphabets

HEADS = [
    ("ru", "Статья 5. Понятия", "article", "5", "Статья 5."),
    ("ru", "СТАТЬЯ 8-1", "article", "8-1", "СТАТЬЯ 8-1"),
    ("ru", "Статья 8². Введена", "article", "8²", "Статья 8²."),
    ("ru", "Статья 84. утратила силу", "article", "84", "Статья 84."),
    ("ru", "Глава 2", "chapter", "2", "Глава 2"),
    ("ru", "РАЗДЕЛ IV. О СУДАХ", "section", "IV", "РАЗДЕЛ IV."),
    ("ru", "§ 3. Сроки", "section", "3", "§ 3."),
    ("ru", "Приложение", "annex", "", "Приложение"),
    ("ru", "Приложение № 2", "annex", "2", "Приложение № 2"),
    ("ru", "Приложение 1 к Положению о порядке", "annex", "1", "Приложение 1"),
    ("ky", "5-берене. Негизги түшүнүктөр", "article", "5", "5-берене."),
    ("ky", "8-1-берене.", "article", "8-1", "8-1-берене."),
    ("ky", "2-глава", "chapter", "2", "2-глава"),
    ("ky", "I БӨЛҮМ", "section", "I", "I БӨЛҮМ"),
    ("ky", "1-тиркеме", "annex", "1", "1-тиркеме"),
    ("ky", "Программанын 2-тиркемеси", "annex", "2", "Программанын 2-тиркемеси"),
    ("kk", "5-бап. Ұғымдар", "article", "5", "5-бап."),
    ("kk", "1-тарау", "chapter", "1", "1-тарау"),
    ("kk", "№ 1 қосымша", "annex", "1", "№ 1 қосымша"),
    ("en", "Article 94-1", "article", "94-1", "Article 94-1"),
    ("en", "Section VIII. State Administration", "section", "VIII", "Section VIII."),
    ("en", "Annex II", "annex", "II", "Annex II"),
]


@pytest.mark.parametrize(("lang", "line", "kind", "number", "label"), HEADS)
def test_a_head_is_told_by_its_noun_and_number(
    lang: str, line: str, kind: str, number: str, label: str
) -> None:
    mark = read_mark(line, grammar_of(lang))
    assert mark is not None
    assert (mark.kind, mark.number, mark.label) == (kind, number, label)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ru", "Статья 5 настоящего Закона применяется к договорам."),
        ("ru", "Статья 5 Закона применяется к договорам."),
        ("ru", "Приложение 2 к Закону изложить в новой редакции:"),
        ("ru", "статьи 5 и 6 утратили силу"),
        ("ky", "5-беренеге ылайык каралат."),
        ("ky", "5-берене боюнча да ушундай"),
        ("ky", "2014-2017-жылдарга программа"),
        ("kk", "5-бабында көзделген жағдайларда қолданылады."),
        ("en", "Article 26 of this Law applies to them."),
        ("en", "Articles 5 and 6 shall not apply."),
        ("en", "Partly for this reason"),
    ],
)
def test_a_line_that_begins_with_a_cross_reference_is_no_heading(lang: str, line: str) -> None:
    assert read_mark(line, grammar_of(lang)) is None


@pytest.mark.parametrize(
    ("line", "style", "number"),
    [
        ("1. Текст", "1.", "1"),
        ("1.Текст", "1.", "1"),
        ("3-1. Текст", "1.", "3-1"),
        ("6.1. Этапы", "1.1", "6.1"),
        ("10-1) текст", "1)", "10-1"),
        ("(2) текст", "(1)", "2"),
        ("б) текст", "a)", "б"),
        ("Б) текст", "A)", "Б"),
        ("(а) текст", "(a)", "а"),
        ("iv) text", "a)", "iv"),
        ("IV. Часть", "I.", "IV"),
        ("- текст", "-", ""),
        ("•текст", "-", ""),
        ("[3] сноска", "note", "3"),
        ("Сноска. Изменена.", "note", ""),
        ("Примечание ИЗПИ! Текст", "note", ""),
    ],
)
def test_lists_and_notes_are_told_by_their_marks(line: str, style: str, number: str) -> None:
    mark = read_mark(line, grammar_of("ru"))
    assert mark is not None
    assert (mark.style, mark.number) == (style, number)


@pytest.mark.parametrize("line", ["10.03.2017", "2017. ", "-минус", "г. Бишкек.", "1,5 млн", "А."])
def test_dates_and_figures_are_no_sure_marks(line: str) -> None:
    mark = read_mark(line, grammar_of("ru"))
    assert mark is None or not mark.sure


@pytest.mark.parametrize(
    ("before", "after"),
    [("3", "4"), ("3", "3-1"), ("3-1", "3-2"), ("3-1", "4"), ("8¹", "8²"), ("6.1", "6.2"),
     ("е", "ж"), ("и", "к"), ("з", "и"), ("III", "IV"), ("h", "i"), ("i", "ii"), ("б", "в"),
     ("b", "c")],
)  # fmt: skip
def test_what_may_follow(before: str, after: str) -> None:
    assert follows(before, after, RUSSIAN)
    assert not follows(after, before, RUSSIAN)


def test_a_number_may_be_the_first_or_come_later_or_neither() -> None:
    assert is_first("1", RUSSIAN)
    assert is_first("a", RUSSIAN)
    assert is_first("I", RUSSIAN)
    assert not is_first("2", RUSSIAN)
    assert is_later("3", "17", RUSSIAN)
    assert not is_later("3", "3", RUSSIAN)


def test_roman_numerals_may_be_typed_with_cyrillic_letters() -> None:
    assert roman("ХІV") == 14
    assert roman("IIII") == 0


@pytest.mark.parametrize("code", ["de", "language", "../ru", ""])
def test_a_language_without_a_grammar_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        grammar_of(code)
