"""What is typed into the search box: fields by any of their names, in any letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.search.syntax import FIELDS, MOST_CLAUSES, Clause, parse


@pytest.mark.parametrize(
    "typed", ["title:суу", "TITLE:суу", "Название: суу", "аталышы:суу", "атауы:суу", "атау:СУУ"]
)
def test_a_field_has_a_name_in_every_language(typed: str) -> None:
    assert parse(typed) == (Clause("word", "суу", "title"),)


def test_a_field_counts_for_the_next_word_or_phrase_only() -> None:
    assert parse('text:"таза суу" жер title:мый*') == (
        Clause("phrase", "таза суу", "text", quoted=True),
        Clause("word", "жер"),
        Clause("prefix", "мый", "title"),
    )
    assert parse("мәтін:су") == parse("матин:су") == parse("текст:су")


@pytest.mark.parametrize(
    ("typed", "text"), [("kind:draft", "kind draft"), ("контекст:суу", "контекст суу")]
)
def test_a_word_that_names_no_field_is_a_word(typed: str, text: str) -> None:
    assert parse(typed) == (Clause("phrase", text),)


def test_a_name_of_a_field_alone_is_a_word() -> None:
    assert parse("title:") == (Clause("word", "title"),)
    assert parse("текст") == (Clause("word", "текст"),)


@given(st.lists(st.sampled_from([*FIELDS, ":", '"', "жер", " ", "*", "«", "»", "-", "и"])))
def test_whatever_is_typed_is_taken_apart(typed: list[str]) -> None:
    clauses = parse("".join(typed))
    assert len(clauses) <= MOST_CLAUSES
    assert all(clause.text.strip() for clause in clauses)
