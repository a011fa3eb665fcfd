"""PDF files: paragraphs from lines, running heads, hyphenation."""

import pytest

from drafts.importing.pdf.layout import numbers_of
from drafts.importing.pdf.reading import read
from drafts.importing.preview import import_bytes
from tests.rules.importing_files import pdf

HEAD = (72, 800, "Долбоор Проект")
LONG = "Настоящий Закон определяет порядок проведения обсуждений в рамках"


def texts(data: bytes) -> list[str]:
    return [line.text for line in read(data, "ru").lines]


def page(*lines: str, number: int = 1) -> list[tuple[float, float, str]]:
    placed = [(72.0, 700.0 - 14 * at, text) for at, text in enumerate(lines)]
    return [HEAD, *placed, (290, 30, str(number))]


def test_sentences_split_across_lines_and_pages_are_joined() -> None:
    data = pdf(page("1. Так.", LONG), page("Правительства.", "2. Иначе.", "Всё.", number=2))
    assert texts(data) == ["1. Так.", f"{LONG} Правительства.", "2. Иначе.", "Всё."]


def test_running_heads_and_page_numbers_are_left_out_and_told() -> None:
    source = read(pdf(page("1. Так."), page("2. Так.", number=2), page("3. Так.", number=3)), "ru")
    assert [line.text for line in source.lines] == ["1. Так.", "2. Так.", "3. Так."]
    assert [line.place for line in source.lines] == ["page 1", "page 2", "page 3"]
    assert source.warnings[0].params == {"count": 6}
    assert "Долбоор" in source.text


def test_hyphens_at_the_end_of_a_line_go_unless_the_word_has_one() -> None:
    lines = [
        "Порядок кон-",
        "сультаций и государственно-",
        "частного партнёрства, о котором",
        "сказано:",
    ]
    data = pdf(page(*lines), page("Государственно-частное и государственно-частного.", number=2))
    assert texts(data)[0] == (
        "Порядок консультаций и государственно-частного партнёрства, о котором сказано:"
    )


def test_an_indent_or_a_gap_begins_a_paragraph() -> None:
    lines = [(72, 700, f"{LONG}."), (100, 686, f"{LONG}."), (72, 672, LONG), (72, 630, LONG)]
    assert texts(pdf(lines)) == [f"{LONG}.", f"{LONG}. {LONG}", LONG]


def test_letters_of_all_four_languages_come_out_right() -> None:
    text = "1-берене. Өкмөттүн чечими ңүө, әғқұһі"
    preview = import_bytes(pdf([(72, 700, text)]), "a.pdf", "ky")
    assert preview.tree.nodes[0].heading == "Өкмөттүн чечими ңүө, әғқұһі"
    assert preview.coverage == 1.0


def test_pages_without_text_are_told() -> None:
    source = read(pdf([(72, 700, LONG)], [], [], [(72, 700, LONG)]), "ru")
    assert str(source.warnings[-1]) == "Pages without a text layer were left out: 2–3."


def test_page_numbers_are_told_in_spans() -> None:
    assert numbers_of([3, 5, 6, 7]) == "3, 5–7"


def body(number: int, *foot: tuple[float, float, str]) -> list[tuple[float, float, str]]:
    """A page whose text tells its number in words, with something at its foot."""
    words = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь")
    return [(72, 700, f"Страница {words[number]}, полная текста до самого края строки."), *foot]


@pytest.mark.parametrize(
    "shape",
    ["{}", "- {} -", "– {} –", "{} / 8", "{}-бет", "{} бет", "стр. {}", "Стр. {} из 8", "Page {}"],
)
def test_page_numbers_are_told_by_any_of_their_shapes(shape: str) -> None:
    pages = [body(at, (280, 30, shape.format(at + 1))) for at in range(8)]
    assert all(
        text.startswith("Страница") and text.endswith("строки.") for text in texts(pdf(*pages))
    )


def test_a_number_on_the_second_of_two_pages_is_one_of_a_page() -> None:
    source = read(pdf([(72, 700, LONG)], [(72, 800, "Правительства."), (290, 30, "2")]), "ru")
    assert [line.text for line in source.lines] == [f"{LONG} Правительства."]


def test_figures_of_a_table_at_the_edge_of_pages_are_no_page_numbers() -> None:
    pages = [body(at, (72, 30, "10 20 30"), (72, 16, "125")) for at in range(4)]
    assert " ".join(texts(pdf(*pages))).count("10 20 30 125") == 4


def test_heads_of_left_and_right_pages_and_pages_without_them() -> None:
    heads = ["Долбоор", "Закон о шуме"]
    pages = [body(0), *([(72, 800, heads[at % 2]), *body(at)] for at in range(1, 8))]
    assert all(text.startswith("Страница") for text in texts(pdf(*pages)))


def test_a_line_that_comes_again_at_another_height_is_text() -> None:
    pages = [[*body(at), (72, 680 - 90 * at, "Всем известно.")] for at in range(4)]
    assert sum(text.count("Всем известно.") for text in texts(pdf(*pages))) == 4


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("сохраняется жер-", "суу башкармасы", "жер-суу"),
        ("в редакции статьи 3-", "1 настоящего Закона", "3-1 настоящего"),
        ("алдын ала 2013-", "жылы кабыл алынган", "2013-жылы"),
        ("по дороге на Нью-", "Йорк и обратно", "Нью-Йорк"),
        ("из-за порядка кон-", "сультаций и других", "консультаций"),
        ("из-за порядка кон\u00ad", "сультаций и других", "консультаций"),
        ("НАСТОЯЩАЯ КОН-", "СТИТУЦИЯ ПРИНЯТА", "КОНСТИТУЦИЯ"),
    ],
)
def test_a_hyphen_that_belongs_to_a_word_stays(first: str, second: str, whole: str) -> None:
    lines = [(72, 700, f"Слова жер и суу сказаны, {first}"), (72, 686, f"{second}, и так далее")]
    data = pdf(lines)
    (text,) = texts(data)
    assert whole in text
    assert import_bytes(data, "a.pdf", "ru").coverage == 1.0


def test_footnotes_are_notes_behind_the_passage_that_refers_to_them() -> None:
    lines = [
        (72, 700, "1. Первое1 сказано в одной строке, которая доходит до края.", 10.0),
        (72, 686, "2. Второе сказано в другой строке, что кончится на той", 10.0),
        (72, 60, "1 Смотри закон о", 7.0),
        (72, 50, "публичных слушаниях.", 7.0),
        (72, 40, "2 Там же.", 7.0),
    ]
    preview = import_bytes(pdf(lines, [(72, 700, "стороне листа.")]), "a.pdf", "ru")
    assert [(node.kind, node.label, node.text) for node in preview.tree.walk()] == [
        ("paragraph", "1.", "Первое1 сказано в одной строке, которая доходит до края."),
        ("paragraph", "2.", "Второе сказано в другой строке, что кончится на той стороне листа."),
        ("note", "[1]", "Смотри закон о публичных слушаниях."),
        ("note", "[2]", "Там же."),
    ]
    assert preview.coverage == 1.0


def test_figures_set_high_stay_apart_from_the_number_before_them() -> None:
    lines = [
        *((72, 700, "Статья 8", 10.0), (112, 704, "1", 6.0), (115, 700, ". Предмет", 10.0)),
        *((72, 680, f"{LONG}", 10.0), (397, 684, "1", 6.0), (72, 40, "1 Смотри закон.", 7.0)),
    ]
    preview = import_bytes(pdf(lines), "a.pdf", "ru")
    article, note = preview.tree.walk()
    assert (article.label, article.text) == ("Статья 8¹.", f"{LONG}¹")
    assert (note.label, note.text) == ("[1]", "Смотри закон.")
    assert preview.coverage == 1.0


COLUMNS = [
    (f"Первая половина строки {at}", f"Биринчи саптын жарымы {at}") for at in range(100, 112)
]


@pytest.mark.parametrize("row_by_row", [True, False])
def test_pages_in_two_columns_are_told(row_by_row: bool) -> None:
    left = [(50.0, 700.0 - 14 * at, text) for at, (text, _) in enumerate(COLUMNS)]
    right = [(310.0, 700.0 - 14 * at, text) for at, (_, text) in enumerate(COLUMNS)]
    both = [line for pair in zip(left, right, strict=True) for line in pair]
    source = read(pdf(both if row_by_row else [*left, *right]), "ru")
    assert str(source.warnings[-1]).startswith("Pages set in columns, or with tables: 1.")
    if not row_by_row:
        both = " ".join(text for side in zip(*COLUMNS, strict=True) for text in side)
        assert [line.text for line in source.lines] == [both]


def test_a_page_in_one_column_is_not_told_as_two() -> None:
    lines = [(72.0, 700.0 - 14 * at, LONG) for at in range(9)]
    centred = [(250.0, 500.0 - 14 * at, "ЗАКОН") for at in range(3)]
    assert not read(pdf([*lines, *centred]), "ru").warnings
