"""Encodings of plain text files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from drafts.importing.encoding import lost_letters
from drafts.importing.preview import import_bytes
from drafts.importing.txt import read

KYRGYZ = "1-берене. Жарандардын укуктары\nМыйзам жөнүндө ңүө."
RUSSIAN = "Статья 1. Предмет регулирования\nНастоящий Закон определяет порядок."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", [KYRGYZ, RUSSIAN])
def test_unicode_is_read_with_or_without_its_mark(text: str, encoding: str) -> None:
    source = read(text.encode(encoding))
    assert source.text == text
    assert [line.place for line in source.lines] == ["line 1", "line 2"]


@pytest.mark.parametrize("text", [RUSSIAN, RUSSIAN.upper()])
def test_windows_1251_is_read_when_it_really_is_cyrillic(text: str) -> None:
    assert read(text.encode("windows-1251")).text == text


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "iso8859-5", "utf-16-le", "utf-32"])
def test_other_encodings_are_refused_rather_than_guessed(encoding: str) -> None:
    with pytest.raises(Invalid, match="encoding"):
        read(RUSSIAN.encode(encoding))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        source = read(data)
    except Invalid:
        return
    assert "\x00" not in source.text


def test_letters_lost_before_are_told_with_the_place_of_the_first() -> None:
    (warning, *_) = import_bytes("Текст\n� �".encode(), "a.txt", "ru").warnings
    assert str(warning).startswith("2 letters")
    assert warning.place == "line 2"


def test_letters_that_became_question_marks_are_told() -> None:
    text = "Ким үчүн?\nМыйзам жөнүндө: Өкмөттүн ыкчам чечими, кеңеш.\nБул эмне?\n"
    lost = text.encode("windows-1251", "replace")
    assert b"?" in lost
    (warning,) = lost_letters(read(lost).lines)
    assert str(warning).startswith("8 question marks stand inside words")
    assert warning.place == "line 1"


def test_questions_are_no_lost_letters() -> None:
    text = "Что это? Да?\nКто?! Где?.. https://example.org/a?b=c?d=e?f=g\nНу?и что"
    assert not list(lost_letters(read(text.encode()).lines))


def test_a_word_broken_by_a_soft_hyphen_is_made_whole() -> None:
    source = read("Порядок кон\u00ad\n  суль\u00adтаций.\nДа.".encode())
    assert [(line.text, line.place) for line in source.lines] == [
        ("Порядок консультаций.", "line 1"), ("Да.", "line 3")
    ]  # fmt: skip
