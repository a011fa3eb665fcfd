"""[pure] How a comment holds on to the words it is about when the text changes.

A quote is kept as in the W3C Web Annotation Data Model (4.2.4 Text Quote Selector, 4.2.5 Text
Position Selector): the words, what stands around them, and their offsets. It never changes.
`resolve` says where the words are in a later version of the same provision; which provision
that is has been settled in aligning.py. As in the Hypothesis client the words, their
surroundings and their position all have a say; but since the old text is at hand, the first
question is where the comparison of both texts carries them, and only then where else they are.

Offsets count Unicode code points, as Python does; outside the basic plane JavaScript counts two.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby, islice, pairwise
from typing import Literal, NamedTuple, get_args

from consult import errors
from drafts.versions.diffing import diff_words, similarity, word_spans, words

State = Literal["exact", "shifted", "weak", "provision_only", "text_deleted", "orphan"]
STATES: tuple[State, ...] = get_args(State)  # the surest first

CONTEXT = 32  # characters kept before and after the words; as many agreeing in a row are proof
WEAK = 0.5  # half of the words must remain for a place to be called the same
STRAYED = 0.75  # and more than that away from the place where they were
FEWEST = 4  # shorter passages are found again by chance
ALONE = 2 * CONTEXT  # as many characters agreeing in a row are proof in a whole law
STOPS = " \t\n\f.,;:!?"
TRIED = 20  # words that stand in more places of a law are no passage of their own


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in a text: `text[start:end] == exact`, with up to 32 characters on either side."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """What has become of a quote, and where it stands now, if anywhere.

    exact           the same words in the same surroundings, at whatever offset
    shifted         the same words, but moved, or the text around them has changed
    weak            the words have changed; `start` and `end` show what became of them
    provision_only  too little is left of the words to point at
    text_deleted    the provision remains, none of the words does
    orphan          the provision is gone
    """

    state: State
    start: int | None = None
    end: int | None = None


class _Span(NamedTuple):
    start: int
    end: int


class _Stretch(NamedTuple):
    """A stretch of the old text and the stretch of the new one that corresponds to it."""

    same: bool
    old: _Span
    new: _Span


def make_quote(text: str, start: int, end: int) -> Quote:
    """The words from `start` to `end`, without white space at either end.

    Raises errors.Invalid when no words are there.
    """
    inside = text[max(start, 0) : max(end, 0)]
    exact = inside.strip()
    if not exact:
        raise errors.Invalid("Select the words you want to comment on.", field="quote")
    start = max(start, 0) + inside.index(exact)
    end = start + len(exact)
    return Quote(exact, *_around(text, start, end), start, end)


def find_quote(text: str, exact: str, *, near: int = 0) -> Quote | None:
    """The quote of these words nearest to the offset `near`, however their lines are broken.

    Typed by hand they may have other capital letters: such are looked for when none are the same.
    """
    asked = exact.split()
    if sum(map(len, asked)) > len(text):  # typed by anybody: no pattern is made of a megabyte
        return None
    pattern = r"\s+".join(map(re.escape, asked))
    for flags in (re.NOFLAG, re.IGNORECASE) if pattern else ():
        found = [match.span() for match in re.finditer(pattern, text, flags)]
        if found:
            return make_quote(text, *min(found, key=lambda span: abs(span[0] - near)))
    return None


def resolve(quote: Quote, old_text: str, new_text: str | None) -> Resolution:
    """Find the quote, made on `old_text`, in `new_text`; None when the provision is gone.

    "exact" is said only when the words and what agrees around them are long enough and stand
    only once in either text; a doubt makes the answer weaker, never another place.
    Raises errors.Conflict when the quote was not made on `old_text`.
    """
    if old_text[quote.start : quote.end] != quote.exact:
        raise errors.Conflict("The quoted words do not stand in this text.")
    if new_text is None:
        return Resolution("orphan")
    if new_text == old_text:
        return Resolution("exact", quote.start, quote.end)
    kept, whole = _carried(quote, _stretches(old_text, new_text))
    if kept and new_text[kept.start : kept.end] == quote.exact:
        certain = _is_certain(quote, old_text, new_text, kept.start)
        return Resolution("exact" if certain else "shifted", *kept)
    if moved := _moved(quote, old_text, new_text):
        return Resolution("shifted", *moved)
    if changed := _changed(quote, new_text, [span for span in (whole, kept) if span]):
        rewrapped = new_text[changed.start : changed.end].split() == quote.exact.split()
        return Resolution("shifted" if rewrapped else "weak", *changed)
    remains = kept and re.search(r"\w", new_text[kept.start : kept.end])
    return Resolution("provision_only" if remains else "text_deleted")


def is_unmistakable(
    quote: Quote, old_text: str, new_text: str, start: int, laws: tuple[str, str]
) -> bool:
    """Whether no other provision of either law has the words with what agrees around them.

    Else a provision that was deleted could have been taken for another one that has them too.
    """
    proof = _proof(quote, old_text, new_text, start)
    return all(_stands_once(proof, law) for law in laws)


def find_certain(quote: Quote, old_text: str, laws: tuple[str, str]) -> int | None:
    """Where in a later law the words of a provision of an earlier one have gone, if anywhere.

    `laws` are both, `old_text` is that provision. Said only when the words agree with what stood
    around them for `ALONE` characters, and when these stand once in either law: words that two
    provisions have in common are no proof.
    """
    new_law = laws[1]
    for start in islice(_occurrences(quote.exact, new_law), TRIED):
        begin = start - min(start, quote.start)
        near = new_law[begin : start + len(old_text) - quote.start]
        proof = _proof(quote, old_text, near, start - begin)
        if len(proof) >= ALONE and all(_stands_once(proof, law) for law in laws):
            return start
    return None


def _stands_once(proof: str, text: str) -> bool:
    """What stops a sentence tells nothing at its ends: a provision begins without it."""
    proof = proof.strip(STOPS)
    first = text.find(proof)
    return first >= 0 and text.find(proof, first + 1) < 0


@lru_cache(maxsize=32)  # the quotes of one provision come one after another
def _stretches(old_text: str, new_text: str) -> tuple[_Stretch, ...]:
    stretches, i, j = [], 0, 0
    for same, pieces in groupby(diff_words(old_text, new_text), lambda piece: piece.op == "same"):
        lengths = Counter[str]()
        for op, text in pieces:
            lengths[op] += len(text)
        old = _Span(i, i + lengths["same"] + lengths["delete"])
        new = _Span(j, j + lengths["same"] + lengths["insert"])
        stretches.append(_Stretch(same, old, new))
        i, j = old.end, new.end
    return tuple(stretches)


def _carried(quote: Quote, stretches: tuple[_Stretch, ...]) -> tuple[_Span | None, _Span | None]:
    """Where the comparison carries the quote: what is kept of it; that and what replaced it."""
    kept: list[_Span] = []
    whole: list[_Span] = []
    for same, old, new in stretches:
        start, end = max(quote.start, old.start), min(quote.end, old.end)
        if start < end and same:
            shift = new.start - old.start
            whole.append(_Span(start + shift, end + shift))
            if quote.exact[start - quote.start : end - quote.start].strip():
                kept.append(whole[-1])
        elif start < end:
            whole.append(new)
    return _hull(kept), _hull(whole)


def _hull(spans: list[_Span]) -> _Span | None:
    return _Span(spans[0].start, spans[-1].end) if spans else None


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _is_certain(quote: Quote, old_text: str, new_text: str, start: int) -> bool:
    """Whether the words at `start` can only be the quoted ones.

    The stretch that agrees is proof when it is `CONTEXT` characters long (in a shorter text: half
    of it) and stands once in either text.
    """
    proof = _proof(quote, old_text, new_text, start)
    return len(proof) >= min(CONTEXT, len(old_text) // 2) and all(
        _stands_once(proof, text) for text in (old_text, new_text)
    )


def _proof(quote: Quote, old_text: str, new_text: str, start: int) -> str:
    """The words at `start`, extended to both sides by all whole words in which the texts agree."""
    end = start + len(quote.exact)
    left = _whole_words(old_text[: quote.start][::-1], new_text[:start][::-1])
    right = _whole_words(old_text[quote.end :], new_text[end:])
    return new_text[start - left : end + right]


def _whole_words(a: str, b: str) -> int:
    """The length of the common beginning, without a piece of a word at its end."""
    length = _common(a, b)
    if any(text[length : length + 1].isalnum() for text in (a, b)):
        while length and a[length - 1].isalnum():
            length -= 1
    return length


def _common(a: str, b: str) -> int:
    """The length of the common beginning."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[:middle] == b[:middle] else (low, middle - 1)
    return low


def _moved(quote: Quote, old_text: str, new_text: str) -> _Span | None:
    """The same words in another place, if they are certainly the quoted ones."""

    def surroundings(start: int) -> int:
        before, after = _around(new_text, start, start + len(quote.exact))
        return _common(quote.prefix[::-1], before[::-1]) + _common(quote.suffix, after)

    start = max(_occurrences(quote.exact, new_text), key=surroundings, default=None)
    if start is None or not _is_certain(quote, old_text, new_text, start):
        return None
    return _Span(start, start + len(quote.exact))


def _occurrences(exact: str, text: str) -> Iterator[int]:
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _changed(quote: Quote, new_text: str, places: list[_Span]) -> _Span | None:
    """The place whose words are most like the quoted ones, if they are like enough."""
    wanted = words(quote.exact)

    def likeness(place: _Span) -> float:
        """What is common to both, as a share of the longer."""
        found = words(new_text[place.start : place.end])
        common = similarity(wanted, found) * (len(wanted) + len(found)) / 2
        return common / max(len(wanted), len(found))

    place = max(places, key=likeness, default=None)
    if place and likeness(place) >= WEAK:
        return place
    strayed = _densest(new_text, wanted) if len(wanted) >= FEWEST else None
    return strayed if strayed and likeness(strayed) >= STRAYED else None


def _densest(text: str, wanted: tuple[str, ...]) -> _Span | None:
    """The run of as many words as are wanted with most of the wanted neighbours in it."""
    spans = [_Span(*span) for span in word_spans(text)]
    sought = set(pairwise(wanted))
    neighbours = pairwise(text[start:end] for start, end in spans)
    hits = list(accumulate((pair in sought for pair in neighbours), initial=0))

    def last(first: int) -> int:
        return min(first + len(wanted), len(spans)) - 1

    best = max(range(len(spans)), key=lambda k: hits[last(k)] - hits[k], default=None)
    return None if best is None else _Span(spans[best].start, spans[last(best)].end)
