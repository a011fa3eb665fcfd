"""[pure] Taking words out of a text, and putting them back: what may be taken, what is left."""

import unicodedata
from collections.abc import Iterable, Sequence

from consult.errors import Invalid
from consult.marks import mark, split

SHORTEST = 2  # letters: a single one stands everywhere
MOST = 20  # pieces taken out at once


def pieces_of(typed: str) -> list[str]:
    """The words to take out, one piece a line, each once; the longest first, for one may hold
    another."""
    lines = (unicodedata.normalize("NFC", line).strip() for line in typed.splitlines())
    return sorted(dict.fromkeys(line for line in lines if line), key=len, reverse=True)


def check_pieces(pieces: Sequence[str], texts: Iterable[str]) -> None:
    """Refuse nothing at all, single letters, and words that stand in none of the texts."""
    if not pieces:
        raise Invalid("Please write the words to be removed.", field="words")
    if len(pieces) > MOST:
        raise Invalid("At most {most} pieces are removed at once.", field="words", most=MOST)
    left = list(texts)
    for words in pieces:
        if len(words) < SHORTEST:
            raise Invalid("A single letter cannot be removed.", field="words")
        if not any(holds(text, words) for text in left):
            raise Invalid(
                "These words do not stand in the comment: {words}", field="words", words=words
            )
        left = [without(text, words, 0) for text in left]


def holds(text: str, words: str) -> bool:
    """Whether the words stand in a text outside its marks."""
    return any(words in part for part in split(text)[::2])


def without(text: str, words: str, number: int) -> str:
    """The text with a mark wherever the words stood; marks that stand already are left alone."""
    parts = split(text)
    parts[::2] = [part.replace(words, mark(number)) for part in parts[::2]]
    return "".join(parts)


def put_back(text: str, words: str, number: int) -> str:
    """The text with the words where their mark stood: the inverse of `without`."""
    return text.replace(mark(number), words)
