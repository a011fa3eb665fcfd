"""[pure] What changed between two wordings, word by word, as a person would tell it.

Here live the comparison of two strings and the measure of their likeness. Which provision is
compared with which is decided in aligning.py; how a difference looks is the templates' work.

Words are matched by a longest common subsequence, computed for a whole row at a time with the
bits of one long integer (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
That is exact, symmetric, and cheap enough to need no heuristic below `LIMIT`.
"""

import re
from collections import Counter, deque
from collections.abc import Hashable, Iterator, Sequence
from typing import Literal, NamedTuple

from consult import errors

Op = Literal["same", "insert", "delete"]
MARKS = {"same": "same", "insert": "ins", "delete": "del"}  # as HTML names what became of words

LIMIT = 100_000_000  # pairs of words in one comparison: about 10,000 × 10,000, 12 MB, 0.1 s
SENTENCE_ENDS = frozenset(".;!?")
SPECK = 3  # as many common words between two changes are noise rather than an unchanged phrase

# A word with the white space before it. Hyphens and apostrophes join ("3-1", "жер-суу"), as do
# points and commas inside a number; a combining mark belongs to its letter.
_WORD = r"[\w\u0300-\u036f]+(?:[-'’][\w\u0300-\u036f]+|(?<=\d)[.,]\d+)*"
_TOKEN = re.compile(rf"\s*(?P<word>{_WORD}|[^\w\s])|\s+")


class Piece(NamedTuple):
    """A run of text and what became of it."""

    op: Op
    text: str


class _Block(NamedTuple):
    """`size` words that stand unchanged, from word `i` of the old and word `j` of the new."""

    i: int
    j: int
    size: int


def words(text: str) -> tuple[str, ...]:
    """The words and punctuation marks of a text, without white space."""
    return tuple(text[start:end] for start, end in word_spans(text))


def word_spans(text: str) -> list[tuple[int, int]]:
    """From where to where each of them stands."""
    return [match.span("word") for match in _TOKEN.finditer(text) if match["word"]]


def similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """From 0 (no word in common) to 1 (the same words in the same order): 2 × common / all.

    Beyond `LIMIT` the order of the words is left out of account.
    """
    if not a and not b:
        return 1.0
    head, tail = _ends(a, b)
    old, new = a[head : len(a) - tail], b[head : len(b) - tail]
    met = head + tail
    if len(old) * len(new) > LIMIT:
        met += (Counter(old) & Counter(new)).total()
    elif old and new:
        met += len(old) - deque(_rows(old, new), maxlen=1).pop().bit_count()
    return 2 * met / (len(a) + len(b))


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The places of a longest common subsequence, in order; beyond `LIMIT` of the common ends."""
    head, tail = _ends(a, b)
    i, j = len(a) - tail, len(b) - tail
    pairs = [(len(a) - k, len(b) - k) for k in range(1, tail + 1)]
    if (i - head) * (j - head) <= LIMIT:
        rows = list(_rows(a[head:i], b[head:j]))
        while i > head and j > head:
            if a[i - 1] == b[j - 1]:
                i, j = i - 1, j - 1
                pairs.append((i, j))
            elif rows[j - head - 1] >> (i - head - 1) & 1:
                i -= 1
            else:
                j -= 1
    return [(k, k) for k in range(head)] + pairs[::-1]


def diff_words(a: str, b: str) -> tuple[Piece, ...]:
    """How `a` becomes `b`: never an empty piece, never the same operation twice in a row.

    In every change what is deleted comes before what is inserted.
    """
    old, new = _tokens(a), _tokens(b)
    old_words = [token.strip() for token in old]
    new_words = [token.strip() for token in new]
    if len(old) * len(new) > LIMIT:
        pairs = _pairs_by_sentence(old, new)
    else:
        pairs = common(old_words, new_words)
    blocks = _without_specks([*_blocks(pairs), _Block(len(old), len(new), 0)], old_words)
    return tuple(_pieces(old, new, _slid(blocks, old_words, new_words)))


def word_pieces(before: str, after: str) -> list[tuple[str, str]]:
    """The same as components/provision.html draws it: (same | ins | del, words)."""
    return [(MARKS[piece.op], piece.text) for piece in diff_words(before, after)]


def apply(diff: Sequence[Piece], a: str) -> str:
    """The new text. Raises errors.Conflict when the difference was not made from `a`."""
    if "".join(piece.text for piece in diff if piece.op != "insert") != a:
        raise errors.Conflict("The text has changed since this comparison was made.")
    return "".join(piece.text for piece in diff if piece.op != "delete")


def _tokens(text: str) -> list[str]:
    return [match[0] for match in _TOKEN.finditer(text)]


def _ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    """How many members are common at the beginning, and of the rest at the end."""
    shorter = min(len(a), len(b))
    head = next((k for k in range(shorter) if a[k] != b[k]), shorter)
    tail = next((k for k in range(shorter - head) if a[-1 - k] != b[-1 - k]), shorter - head)
    return head, tail


def _rows(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[int]:
    """For each member of `b`, a row of bits: 0 where that member of `a` lengthens the match."""
    places: dict[Hashable, int] = {}
    for i, member in enumerate(a):
        places[member] = places.get(member, 0) | 1 << i
    row = full = (1 << len(a)) - 1
    for member in b:
        met = row & places.get(member, 0)
        row = (row + met | row - met) & full
        yield row


def _pairs_by_sentence(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Match whole sentences first, then words only between the sentences that match."""
    olds, news = _sentences(old), _sentences(new)
    pairs, i, j = [], 0, 0
    ends = (len(olds) - 1, len(news) - 1)
    for p, q in [*common([text for _, text in olds], [text for _, text in news]), ends]:
        (start_i, text), (start_j, _) = olds[p], news[q]
        between = common(
            [token.strip() for token in old[i:start_i]], [token.strip() for token in new[j:start_j]]
        )
        pairs += [(i + x, j + y) for x, y in between]
        pairs += [(start_i + k, start_j + k) for k in range(len(text))]
        i, j = start_i + len(text), start_j + len(text)
    return pairs


def _sentences(tokens: list[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Each sentence or line with the place of its first word; an empty one marks the end."""
    starts = [
        k
        for k, token in enumerate(tokens)
        if k == 0 or "\n" in token or tokens[k - 1].strip() in SENTENCE_ENDS
    ]
    ends = [*starts[1:], len(tokens)]
    found = [(i, tuple(t.strip() for t in tokens[i:k])) for i, k in zip(starts, ends, strict=True)]
    return [*found, (len(tokens), ())]


def _blocks(pairs: list[tuple[int, int]]) -> Iterator[_Block]:
    start = 0
    for k in range(1, len(pairs) + 1):
        i, j = pairs[k - 1]
        if k == len(pairs) or pairs[k] != (i + 1, j + 1):
            yield _Block(*pairs[start], k - start)
            start = k


def _without_specks(blocks: list[_Block], tokens: list[str]) -> list[_Block]:
    """Leave out short common runs between two changes, so that a change reads as a phrase.

    A run goes when it has at most `SPECK` words and weighs no more than the change on either
    side (after the semantic clean-up of N. Fraser's diff-match-patch). Sentinels stay.
    """
    kept = [_Block(0, 0, 0)]
    for block in blocks:
        while len(kept) > 1:
            before, speck = kept[-2:]
            run = tokens[speck.i : speck.i + speck.size]
            weight = sum(2 if _is_word(token) else 1 for token in run)
            if weight > min(2 * SPECK, _weight(before, speck), _weight(speck, block)):
                break
            kept.pop()
        kept.append(block)
    return kept


def _weight(before: _Block, after: _Block) -> int:
    """Of the change between two blocks; a pure insertion or deletion blurs less than both."""
    deleted, inserted = after.i - before.i - before.size, after.j - before.j - before.size
    total = deleted + inserted
    return total if deleted and inserted else total // 2


def _is_word(token: str) -> bool:
    return token[:1].isalnum()


def _slid(blocks: list[_Block], old: list[str], new: list[str]) -> list[_Block]:
    """Move a pure insertion or deletion to where a sentence or a clause begins.

    "The cat. The [cow. The] dog." says the same as "The cat. [The cow.] The dog."
    """
    slid = blocks[:1]
    for block in blocks[1:]:
        before, after = slid[-1], block
        i, j = before.i + before.size, before.j + before.size
        if (i == after.i) != (j == after.j):
            text, lo, hi = (new, j, after.j) if i == after.i else (old, i, after.i)
            step = _best_step(text, lo, hi, before.size, after.size)
            slid[-1] = before._replace(size=before.size + step)
            after = _Block(after.i + step, after.j + step, after.size - step)
        slid.append(after)
    return slid


def _best_step(text: list[str], lo: int, hi: int, left: int, right: int) -> int:
    """How far text[lo:hi] slides for the best cut: at most `left` words back, `right` on."""
    back = next((k for k in range(left) if text[lo - 1 - k] != text[hi - 1 - k]), left)
    on = next((k for k in range(right) if text[lo + k] != text[hi + k]), right)

    def cut(step: int) -> tuple[int, int]:
        mark = text[lo + step - 1] if lo + step else "."
        return (0 if _is_word(mark) else 2 if mark in ".;:!?" else 1, step)

    return max(range(-back, on + 1), key=cut)


def _pieces(old: list[str], new: list[str], blocks: list[_Block]) -> Iterator[Piece]:
    """Spell the blocks and the changes between them out as text."""
    same = deleted = inserted = ""
    i = j = 0
    for block in blocks:
        deleted += "".join(old[i : block.i])
        inserted += "".join(new[j : block.j])
        i, j = block.i + block.size, block.j + block.size
        for a, b in zip(old[block.i : i], new[block.j : j], strict=True):
            word = a.strip()
            if a != b:  # only the white space differs
                deleted += a.removesuffix(word)
                inserted += b.removesuffix(word)
                a = word
            if deleted or inserted:
                yield from _change(same, deleted, inserted)
                same = deleted = inserted = ""
            same += a
    yield from _change(same, deleted, inserted)


def _change(same: str, deleted: str, inserted: str) -> Iterator[Piece]:
    """Unchanged text and the change after it; white space common to both sides is unchanged."""
    if deleted and inserted and deleted[0].isspace():
        space = len(deleted) - len(deleted.lstrip())
        if deleted[:space] == inserted[: len(inserted) - len(inserted.lstrip())]:
            same, deleted, inserted = same + deleted[:space], deleted[space:], inserted[space:]
    if same:
        yield Piece("same", same)
    if deleted:
        yield Piece("delete", deleted)
    if inserted:
        yield Piece("insert", inserted)
