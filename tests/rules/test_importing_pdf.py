"""PDF files: paragraphs from lines, running heads, hyphenation."""

from drafts.importing.pdf import read
from drafts.importing.pdf_layout import numbers_of
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
