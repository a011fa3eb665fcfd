"""[pure] What may be a group of synonyms, and how one is typed: words with commas between them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.errors import Conflict, Invalid
from drafts.search.analyzers import LANGUAGES, fold, normalised, words
from drafts.search.function_words import FUNCTION_WORDS
from drafts.search.widening import Group

LONGEST_MEMBER = 60  # characters
MOST_WORDS = 5  # in a phrase
MOST_MEMBERS = 12  # in one language
TYPED_CHARS = 800  # of one language

Words = Mapping[str, Sequence[str]]  # by language


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A group as it counts now. `n` is 0 while it is as it was at the beginning."""

    code: str
    words: Words
    n: int = 0

    @property
    def group(self) -> Group:
        """Its members, as a query is widened by them."""
        return tuple((lang, text) for lang, texts in self.words.items() for text in texts)


def read(typed: Mapping[str, str]) -> dict[str, list[str]]:
    """What was typed, {language: "a word, a phrase"}, as a group; raises Invalid."""
    found: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        members = [" ".join(text.split()) for text in re.split(r"[,;\n]", typed.get(lang, ""))]
        for member in filter(None, members):
            _check(member, field=lang)
            said = found.setdefault(lang, [])
            if normalised(member) not in map(normalised, said):
                said.append(member)
        if len(found.get(lang, ())) > MOST_MEMBERS:
            raise Invalid("At most {count} words of one language.", field=lang, count=MOST_MEMBERS)
    different = {fold(normalised(member)) for members in found.values() for member in members}
    if len(different) < 2:
        raise Invalid("Please enter at least two words that mean the same.", field="ky")
    return found


def check_new(group: Words, others: Iterable[Synonyms]) -> None:
    """Raise Conflict for the very words of another group, in whatever order they were typed."""
    for other in others:
        if _same(other.words) == _same(group):
            raise Conflict(
                "These words are a group already: {words}.",
                field="ky",
                words=", ".join(text for texts in other.words.values() for text in texts),
            )


def _same(group: Words) -> set[tuple[str, str]]:
    return {(lang, normalised(text)) for lang, texts in group.items() for text in texts}


def typed(group: Words) -> dict[str, str]:
    """A group as it is typed."""
    return {lang: ", ".join(group.get(lang, ())) for lang in LANGUAGES}


def _check(member: str, *, field: str) -> None:
    said = words(member)
    if not any(letter.isalpha() for word in said for letter in word):
        raise Invalid("“{word}” is no word.", field=field, word=member[:LONGEST_MEMBER])
    if len(member) > LONGEST_MEMBER or len(said) > MOST_WORDS:
        raise Invalid(
            "“{word}…” is too long: at most {count} words.",
            field=field,
            word=member[:20],
            count=MOST_WORDS,
        )
    if all(fold(word) in FUNCTION_WORDS for word in said):
        raise Invalid(
            "“{word}” is not searched for: it only serves grammar.", field=field, word=member
        )
