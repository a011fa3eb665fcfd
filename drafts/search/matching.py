"""[pure] Which searches a draft fits: many questions put to one text, not one to many texts.

Says what any engine says that has nothing but this draft in its index (a contract test compares
them), and needs no index: a saved search is asked again when there is something new to find.
"""

from collections import defaultdict
from collections.abc import Iterable

from drafts.search.analyzers import Token, fold, readings, tokens
from drafts.search.interface import FACETS, Document, Query
from drafts.search.syntax import Clause, parse

SHORTEST_BEGINNING, LONGEST_BEGINNING = 2, 12
BREAK = ""  # stands between head and body, so that no phrase spans both

Places = dict[str, set[int]]  # documents by word
Values = tuple[str, ...]  # in the order of FACETS
_NONE: frozenset[int] = frozenset()


class Matcher:
    """All documents of one draft, ready to be asked. A search takes less than 0.1 ms."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._stems: list[list[str]] = []  # of each document, in their order
        self._folded: Places = defaultdict(set)  # of words in it; of a draft also in its provisions
        self._exact: Places = defaultdict(set)
        self._begins: Places = defaultdict(set)
        self._alike: dict[Values, set[int]] = defaultdict(set)  # by what they may be narrowed by
        self._drafts: dict[str, int] = {}  # those of the draft itself, by language
        everything = tuple(documents)
        for number, document in enumerate(everything):
            self._read(number, document)
        for number, document in enumerate(everything):
            if document.lang in self._drafts:  # words may stand far apart
                for stem in self._stems[number]:
                    self._folded[stem].add(self._drafts[document.lang])

    def fits(self, query: Query) -> bool:
        """Whether the draft is among what the query finds, wherever in its order."""
        clauses = parse(query.text)
        if query.text.strip() and not clauses:
            return False
        passing = [places for values, places in self._alike.items() if _passes(values, query)]
        if not passing:
            return False
        found = self._holding(clauses[0]) if clauses else {*self._drafts.values()}
        for clause in clauses[1:]:
            found = found & self._holding(clause)
        return any(not found.isdisjoint(places) for places in passing)

    def _read(self, number: int, document: Document) -> None:
        is_draft = document.kind == "draft"
        heading = document.title if is_draft else document.heading
        head, body = (list(tokens(text, document.lang)) for text in (heading, document.body))
        for token in (*head, *body):
            self._folded[token.folded].add(number)
            self._exact[token.exact].add(number)
        for token in head:
            folded = fold(token.word)
            for length in range(SHORTEST_BEGINNING, min(len(folded), LONGEST_BEGINNING) + 1):
                self._begins[folded[:length]].add(number)
        stems = [token.folded for token in head], [token.folded for token in body]
        self._stems.append([*stems[0], BREAK, *stems[1]])
        self._alike[document.facet_values()].add(number)
        if is_draft:
            self._drafts[document.lang] = number

    def _holding(self, clause: Clause) -> set[int]:
        held: set[int] = set()
        for reading in readings(clause.text):
            if len(reading) > 1:
                held |= self._phrase(reading)
            for token in reading if len(reading) == 1 else ():
                held |= self._folded.get(token.folded, _NONE) | self._exact.get(token.exact, _NONE)
        start = fold(clause.text)[:LONGEST_BEGINNING]
        if clause.kind == "prefix" and len(start) >= SHORTEST_BEGINNING:
            held |= self._begins.get(start, _NONE)
        return held

    def _phrase(self, reading: tuple[Token, ...]) -> set[int]:
        words = [token.folded for token in reading]
        holding = [self._folded.get(word, _NONE) for word in words]
        all_of_them = holding[0].intersection(*holding[1:])
        return {n for n in all_of_them if _follow(words, self._stems[n])}


def _follow(words: list[str], stems: list[str]) -> bool:
    """Whether the words stand one after another."""
    starts = range(len(stems) - len(words) + 1)
    return any(stems[at : at + len(words)] == words for at in starts)


def _passes(values: Values, query: Query) -> bool:
    wanted = query.filters
    pairs = zip(FACETS, values, strict=True)
    return not any(wanted.get(facet) and value not in wanted[facet] for facet, value in pairs)
