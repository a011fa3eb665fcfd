"""Encodings of plain text files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
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


def test_letters_lost_before_are_told() -> None:
    assert str(read("Текст � �".encode()).warnings[0]).startswith("2 letters")
