"""[pure] The Merkle tree of the record, by RFC 9162 (Certificate Transparency 2.0), section 2.1.

SHA-256; the hash of an entry is prefixed with 0x00, that of two subtrees with 0x01, so that neither
can pass for the other. A *node* is a full subtree of 2**level entries, the `place`-th of its level:
once its entries are there it never changes, so it is stored. Everything else (roots, proofs) is
joined from O(log n) nodes. How proofs are checked stands in verify.py, for whoever trusts nobody.
"""

import hashlib
from collections.abc import Iterable, Sequence

Node = tuple[int, int]  # level, place
Span = tuple[int, int]  # the entries from, and up to but without

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d0}) = SHA-256(0x00 || d0)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def joined(hashes: Sequence[bytes]) -> bytes:
    """The hash of a span from those of its nodes, the largest (leftmost) first."""
    whole = hashes[-1]
    for left in reversed(hashes[:-1]):
        whole = node_hash(left, whole)
    return whole


def nodes_of(span: Span) -> list[Node]:
    """The nodes a span is made of, from the left; it begins where a tree of its size may begin."""
    start, end = span
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _half(n: int) -> int:
    """k, the largest power of two smaller than n (n > 1): where RFC 9162 splits a list."""
    return 1 << ((n - 1).bit_length() - 1)


def inclusion_spans(number: int, size: int) -> list[Span]:
    """PATH(m, D_n) of section 2.1.3.1: the spans whose hashes prove that entry `number`
    (from 0) is among the first `size`, from its nearest neighbour to the top."""
    start, end = 0, size
    path = []
    while end - start > 1:
        middle = start + _half(end - start)
        if number < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """PROOF(m, D_n) of section 2.1.4.1: the spans whose hashes prove that the tree of `second`
    entries begins with the tree of `first`, which is neither empty nor larger; none if it is it."""
    start, end = 0, second
    path = []
    while first < end:
        middle = start + _half(end - start)
        if first <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # the first tree is not itself a node the other side knows
        path.append((start, end))
    return path[::-1]


class GrowingTree:
    """The right edge of a tree, to which entries are added: its peaks are what a root needs."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def add(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Take the hash of the next entry; returns the nodes above it that are full now."""
        level, place, found, filled = 0, self.size, leaf, []
        while place & 1:
            found = node_hash(self.peaks.pop(), found)
            level, place = level + 1, place >> 1
            filled.append(((level, place), found))
        self.peaks.append(found)
        self.size += 1
        return filled

    @property
    def root(self) -> bytes:
        """MTH(D_n), the hash of everything so far."""
        return joined(self.peaks) if self.peaks else EMPTY
