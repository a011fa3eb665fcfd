"""[pure] When two comments are one text, and what somebody added. How they are found is not here.

Compared are words: Unicode's compatible forms are one, capitals, accents, punctuation and white
space do not count, and the letters many keyboards lack are folded (the table of the search).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from consult.marks import split
from drafts.search.analyzers import Token, fold, tokens, words

SHORT = 10  # with fewer words ("I agree with this") only the very same words are the same text
LONG = 20  # words from which half is enough
ALIKE = 0.5
ALIKE_SHORT = 0.7  # of texts of SHORT words; between the two it falls evenly
OWN_RUN = 4  # words in a row of which the other text has none
_END = re.compile(r"[.!?…]\s|\n")  # of a sentence
_PLANES = 0x10000  # letters above it, 2^20 of them, stand for words


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: `exact` is equal for the same words, `words` has a letter for each.

    A string of letters is the fastest to compare that there is, and the smallest to keep.
    """

    exact: str
    words: str

    @property
    def is_short(self) -> bool:
        return len(self.words) < SHORT


def text_of(body: str, proposed: str = "") -> Text:
    """What a comment is compared by; the wording it proposes is part of it."""
    plain = " ".join((*split(body)[::2], *split(proposed)[::2]))  # without marks of moderators
    folded = fold(" ".join(words(plain)))
    # What has no words at all ("+++") is compared as it is.
    said = folded or " ".join(plain.split())
    exact = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return Text(exact, "".join(map(letter_of, folded.split(" ") if folded else ())))


@lru_cache(maxsize=1 << 16)
def letter_of(word: str) -> str:
    """One letter for a word, the same in every process; of a million words two may share one."""
    digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
    return chr(_PLANES + int.from_bytes(digest, "little") % (1 << 20))


def likeness(one: Text, other: Text) -> float:
    """0…1: the share of the words of both that stand in both, in the same order.

    Twice the longest common subsequence by the sum of the lengths. A short text is like another
    only if it is the very same: between few words chance is too great.
    """
    if one.exact == other.exact:
        return 1.0
    if one.is_short or other.is_short:
        return 0.0
    return float(Indel.normalized_similarity(one.words, other.words))


def alike(one: Text, other: Text) -> bool:
    """Whether two comments are one text but for some words.

    Half of both in the same order is not chance: of 250,000 pairs of synthetic comments on one
    provision, of 20 words and more, none agrees so much (the most: 0.46), while two copies of a
    letter with a fifth of the words of either changed agree by 0.55 at least, 0.68 in the median.
    In fewer words chance is greater (0.67 to 0.76 among ten), so more is asked of them.
    `python -m tests.bench --campaigns` measures it anew.
    """
    shorter = min(len(one.words), len(other.words))
    lacking = max(0, LONG - shorter) / (LONG - SHORT)
    return likeness(one, other) >= ALIKE + (ALIKE_SHORT - ALIKE) * min(1.0, lacking)


def residue(body: str, medoid: str) -> list[str]:
    """What somebody added of their own to a text that many send, in order, as they wrote it.

    Sentences of which less than half stands in the text, and runs of words within the others.
    """
    said = list(tokens(body, ""))
    own = _own_words(_letters(said), _letters(tokens(medoid, "")))
    added: list[str] = []
    for first, last in _sentences(body, said):
        if 2 * sum(own[first:last]) > last - first:
            added.append(body[said[first].start : said[last - 1].end])
        else:
            added += (body[said[a].start : said[b - 1].end] for a, b in _runs(own, first, last))
    return added


def _letters(said: Iterable[Token]) -> str:
    return "".join(letter_of(fold(token.word)) for token in said)


def _own_words(mine: str, theirs: str) -> list[bool]:
    """Of each of these words whether it stands in no place that both texts have in order."""
    own = [True] * len(mine)
    for block in Indel.opcodes(theirs, mine):
        if block.tag == "equal":
            own[block.dest_start : block.dest_end] = [False] * (block.dest_end - block.dest_start)
    return own


def _sentences(body: str, said: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends among the words."""
    first = 0
    for at in range(1, len(said) + 1):
        if at == len(said) or _END.search(body, said[at - 1].end, said[at].start):
            yield first, at
            first = at


def _runs(own: Sequence[bool], first: int, last: int) -> Iterator[tuple[int, int]]:
    begun = first
    for at in range(first, last + 1):
        if at == last or not own[at]:
            if at - begun >= OWN_RUN:
                yield begun, at
            begun = at + 1
