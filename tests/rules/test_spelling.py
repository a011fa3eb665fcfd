"""A word that stands nowhere is put right by the nearest that stands somewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.search.interface import Query
from drafts.search.spelling import Words, corrected

WORDS = Words(
    [
        *(("китепкана", 9), ("китепканасы", 5), ("кеңеш", 7), ("кенеч", 1), ("мыйзам", 20)),
        *(("депутаттарынын", 3), ("депозит", 1), ("выборах", 2), ("жер", 30), ("суу", 8)),
        *(("tender", 2), ("gender", 5), ("2026", 9)),
    ]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("китепкна", "китепкана"),  # one letter is missing
        ("китекпана", "китепкана"),  # two changed places
        ("кнеш", "кеңеш"),  # compared in bare letters, told as it is spelt
        ("депуттар", "депутаттарынын"),  # another form of the word
        ("выбары", "выборах"),
        ("жерр", ""),  # three letters are near to too many
        ("еуу", ""),
        ("2025", ""),  # a number is no misspelt number
        ("xender", "gender"),  # of equally near ones the commonest
        ("мыйзамсыз", ""),  # its negative is no error of a word
        ("жөнүндө", ""),
    ],
)
def test_the_nearest_word_is_found(typed: str, meant: str) -> None:
    assert WORDS.nearest(typed) == meant


@given(st.text(max_size=30))
def test_any_word_may_be_asked_for(word: str) -> None:
    assert isinstance(WORDS.nearest(word), str)


def test_only_words_that_stand_nowhere_are_put_right() -> None:
    def put_right(text: str, *standing: str) -> str:
        return corrected(Query(text), WORDS, lambda clause: clause.text in standing)

    assert put_right("китепкна мыйзамм", "мыйзамм") == "китепкана мыйзамм"
    assert put_right("«китепкна мыйзам» жер", "жер", "мыйзам") == "«китепкана мыйзам» жер"
    assert put_right("title:Китепкна") == "title:китепкана"
    assert put_right("китепк*") == put_right("китепкана", "китепкана") == put_right("…") == ""


def test_without_words_nothing_is_put_right() -> None:
    assert Words([]).nearest("китепкана") == ""
