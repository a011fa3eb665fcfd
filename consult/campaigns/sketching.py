"""[pure] Which texts are worth comparing: MinHash over pairs of words, in bands.

A text is a set of pairs of words that stand beside each other or with one word between them. Of
each pair comes one hash; the hashes are dealt into `2 * BANDS` bins and the least of each bin is
kept (one-permutation MinHash: Li, Owen, Zhang 2012; an empty bin borrows from another by a fixed
order: Shrivastava 2017). Two texts agree in a bin as often as is their share of common pairs. Two
bins make a band; texts that agree in a band are candidates, nothing more: `rules.alike` decides.

Written here and not taken from datasketch 2.0: that brings NumPy and SciPy (220 MB installed, 70 MB
and a second in each process), takes 230 µs for the signature of a comment where this takes 50, and
keeps its tables in memory or Redis. Ours are in the database.
"""

from consult.campaigns.rules import Text

BANDS = 24
BINS = 2 * BANDS
_MASK = (1 << 61) - 1
_KEYS = (1 << 31) - 1  # what every database takes for an integer
_FIRST, _SECOND, _SKIPPED = 0x1B873593CC9E2D51, 0x6C62272E07BB0143, 0x2545F4914F6CDD1D
_EMPTY = 1 << 62


def keys_of(text: Text, deal: int = 0) -> list[int]:
    """The keys of a text's bands, each 0 … 2³¹ - 1; none for a short text.

    Another `deal` deals the same pairs anew, for whoever wants to look more than once.
    """
    if text.is_short:
        return []
    bins = _bins(text, deal)
    return [
        (((bins[at] * _FIRST + bins[at + 1]) * _SECOND + at) & _MASK) >> 30 & _KEYS
        for at in range(0, BINS, 2)
    ]


def _bins(text: Text, deal: int) -> list[int]:
    bins = [_EMPTY] * BINS
    words = list(map(ord, text.words))
    said = [word * _FIRST + deal for word in words]
    for step, salt in ((1, _SECOND), (2, _SKIPPED)):
        for before, after in zip(said, words[step:], strict=False):
            mixed = (before ^ after * salt) & _MASK
            mixed = (mixed ^ mixed >> 29) * _SKIPPED & _MASK
            at = (mixed >> 40) % BINS
            if mixed < bins[at]:
                bins[at] = mixed
    return [value if value != _EMPTY else _lent(bins, at) for at, value in enumerate(bins)]


def _lent(bins: list[int], at: int) -> int:
    """The value of the first full bin in the order that belongs to this one; one is always full."""
    return next(bins[lender] for lender in _LENDERS[at] if bins[lender] != _EMPTY)


def _order(at: int) -> list[int]:
    return sorted(range(BINS), key=lambda other: ((at * BINS + other + 1) * _SKIPPED) & _MASK)


_LENDERS = [_order(at) for at in range(BINS)]
