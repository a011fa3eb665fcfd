"""What a pseudonym must be, and which two are taken for one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.appearance.rules import LONGEST, clean_pseudonym
from consult.accounts.lookalike import LOOK_MAX, look, looks
from consult.errors import Invalid


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ак калпак", "АК  КАЛПАК"),  # capitals and spaces
        ("Арман", "Apмaн"),  # Latin letters among Cyrillic ones
        ("Тимур", "TИМУР"),
        ("Ilya", "llya"),
        ("M00n", "Moon"),
        ("Ёлка", "Елка"),
        ("Ⅳan", "IVan"),  # NFKC
        ("ak-kalpak", "ak kalpak"),
        ("Үмүт", "Ymyт"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert look(one) == look(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Арман", "Армен"), ("Aigul", "Айгүл"), ("Ana", "Anna")]
)
def test_names_that_a_reader_tells_apart_are_two(one: str, other: str) -> None:
    assert look(one) != look(other)


def test_a_word_within_a_name_is_found_however_it_is_written() -> None:
    for name in ("Министерство культуры", "МИНИСТEPСТBО-культуры", "Мини\u034fстерство"):
        assert look("министерство") in looks(name)
    assert look("министерство") not in looks("Профсоюз Министерства")


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\u200b\u202e", "7", "А.", "...", "aizada@moj.example", "https://x.kg", "www.x.kg"],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_pseudonym(typed)
    assert refusal.value.field == "pseudonym"


@given(st.text(max_size=LONGEST + 5))
def test_whatever_is_typed_a_pseudonym_is_one_line_that_can_be_stored(typed: str) -> None:
    try:
        name = clean_pseudonym(typed)
    except Invalid:
        return
    assert 2 <= len(name) <= LONGEST
    assert name == name.strip()
    assert name.isprintable()
    assert clean_pseudonym(name) == name
    assert 1 <= len(look(name)) <= LOOK_MAX
