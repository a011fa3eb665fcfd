"""Groups of synonyms: what may be one, and the groups every installation begins with."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from drafts.search.analyzers import LANGUAGES, fold, tokens
from drafts.search.synonyms.queries import beginning
from drafts.search.synonyms.rules import MOST_MEMBERS, read, typed

GROUPS = list(beginning().values())
PRIVATIVE = ("сыз", "сиз", "суз", "лыкс")  # folded


def test_words_are_read_with_commas_between_them() -> None:
    group = read({"ky": " мыйзам ,мыйзам;  жеке   маалымат", "en": "law", "kk": "", "xx": "x"})
    assert group == {"ky": ["мыйзам", "жеке маалымат"], "en": ["law"]}
    assert typed(group) == {"ky": "мыйзам, жеке маалымат", "ru": "", "kk": "", "en": "law"}


@pytest.mark.parametrize(
    ("lang", "text", "reason"),
    [
        ("ky", "", "at least two words"),
        ("ky", "кеңеш, кенеш", "at least two words"),  # of one spelling on any keyboard
        ("ru", "закон, 2026", "no word"),
        ("ru", "закон, !", "no word"),
        ("en", "law, the", "serves grammar"),
        ("en", "law, one two three four five six", "too long"),
        ("en", f"law, {'a' * 61}", "too long"),
        ("en", ",".join(f"word{chr(97 + n)}" for n in range(MOST_MEMBERS + 1)), "At most"),
    ],
)
def test_what_is_no_group_is_refused_in_its_field(lang: str, text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read({lang: text})
    assert reason in str(refusal.value)
    assert refusal.value.field == (lang if "two" not in reason else "ky")


@given(st.dictionaries(st.sampled_from(LANGUAGES), st.text(max_size=60)))
def test_whatever_is_typed_is_a_group_or_refused(given_words: dict[str, str]) -> None:
    try:
        group = read(given_words)
    except Invalid:
        return
    assert read(typed(group)) == group


def test_the_beginning_has_enough_groups_in_every_language() -> None:
    assert len(GROUPS) >= 60
    for group in GROUPS:
        assert set(group.words) == set(LANGUAGES)
        assert read(typed(group.words)) == group.words


def test_no_word_of_the_beginning_is_said_twice_in_one_group() -> None:
    for group in GROUPS:
        assert [word for word, n in Counter(group.group).items() if n > 1] == []


def test_no_word_stands_beside_its_negative() -> None:
    """By stem: мыйзам beside мыйзамсыз, законный beside незаконный."""
    for group in GROUPS:
        single = [list(tokens(text, lang)) for lang, text in group.group]
        stems = {said[0].folded for said in single if len(said) == 1}
        for stem in stems:
            lang, _, word = stem.partition(":")
            assert not any(f"{lang}:{fold(word + ending)}" in stems for ending in PRIVATIVE)
            assert not {f"{lang}:не{word}", f"{lang}:un{word}", f"{lang}:il{word}"} & stems
