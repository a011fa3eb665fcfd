"""A query is widened by synonyms: of one word, of several, in their field, never in quotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.search.interface import Query
from drafts.search.syntax import Clause, parse
from drafts.search.widening import Part, Thesaurus, parts

THESAURUS = Thesaurus(
    [
        (("ky", "жеке маалымат"), ("ru", "персональные данные"), ("en", "personal data")),
        (("ky", "маалымат"), ("ru", "данные")),
        (("ky", "мыйзам"), ("ru", "закон"), ("en", "law")),
        (("ky", "мал"), ("en", "cattle")),
        (("ru", "право на жильё"), ("ky", "үй-жай укугу")),
    ]
)


def widened(text: str) -> tuple[Part, ...]:
    return parts(Query(text, also=THESAURUS.also(text)))


def also(text: str) -> dict[str, list[str]]:
    """By the words they stand for."""
    return {key: [text for _, text in group] for key, group in THESAURUS.also(text).items()}


def test_any_form_of_a_word_has_its_synonyms_on_any_keyboard() -> None:
    assert also("мыйзамдардын") == {"мыйзамдардын": ["мыйзам", "закон", "law"]}
    assert also("Закона") == {"закона": ["мыйзам", "закон", "law"]}
    assert also("laws") == {"laws": ["мыйзам", "закон", "law"]}
    assert also("право жилье") == {"право жилье": ["право на жильё", "үй-жай укугу"]}


def test_the_word_itself_is_not_looked_for_twice() -> None:
    assert also("мыйзам") == {"мыйзам": ["закон", "law"]}


def test_the_longest_words_are_widened_together() -> None:
    assert list(also("новые персональные данные граждан")) == ["персональные данные"]
    assert list(also("данные")) == ["данные"]


@pytest.mark.parametrize("text", ['"мыйзам"', "мыйз*", "«жеке маалымат»", "мыйзамсыз", "8-1-мый"])
def test_what_is_quoted_or_begun_is_not_widened(text: str) -> None:
    assert also(text) == {}


def test_what_a_hyphen_joins_is_widened() -> None:
    assert also("жеке-маалымат") == {"жеке маалымат": ["персональные данные", "personal data"]}


def test_a_synonym_is_read_in_its_own_language_and_in_the_field_of_its_word() -> None:
    (part,) = widened("title:cattle")
    assert part.also == (Clause("word", "мал", "title", lang="ky"),)
    assert widened("title:малый") == (Part((Clause("word", "малый", "title"),)),)


def test_words_of_two_fields_do_not_make_one() -> None:
    assert list(also("title:персональные text:данные")) == ["данные"]


def test_all_words_or_any_phrase_instead_of_them() -> None:
    first, second = widened("персональные данные закон")
    assert [clause.text for clause in first.clauses] == ["персональные", "данные"]
    assert Clause("phrase", "жеке маалымат", lang="ky") in first.also
    assert [clause.text for clause in second.clauses] == ["закон"]


@given(st.lists(st.sampled_from(["персональные", "данные", '"закон"', "мый*", "title:law", "и"])))
def test_widening_leaves_out_no_clause_and_adds_none(words: list[str]) -> None:
    text = " ".join(words)
    assert tuple(clause for part in widened(text) for clause in part.clauses) == parse(text)
