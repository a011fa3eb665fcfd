"""[pure] Which searches a draft fits: many questions put to one text, not one to many texts.

Says what any engine says that has nothing but this draft in its index (a contract test compares
them), and needs no index: a saved search is asked again when there is something new to find.
"""

from collections import defaultdict
from collections.abc import Iterable

from drafts.search.analyzers import Token, fold, readings, tokens
from drafts.search.asked import LONGEST_BEGINNING, SHORTEST_BEGINNING, beginnings
from drafts.search.interface import FACETS, Document, Query
from drafts.search.syntax import Clause, Field
from drafts.search.widening import Part, parts

BREAK = ""  # stands between head and body, so that no phrase spans both

Values = tuple[str, ...]  # in the order of FACETS
_NONE: frozenset[int] = frozenset()


class Matcher:
    """All documents of one draft, ready to be asked. A search takes less than 0.1 ms."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._places: dict[Field, _Places] = {"": _Places(), "title": _Places(), "text": _Places()}
        self._alike: dict[Values, set[int]] = defaultdict(set)  # by what they may be narrowed by
        everything = tuple(documents)
        self._drafts = {
            document.lang: number
            for number, document in enumerate(everything)
            if document.kind == "draft"
        }
        for number, document in enumerate(everything):
            self._read(number, document)

    def fits(self, query: Query) -> bool:
        """Whether the draft is among what the query finds, wherever in its order."""
        wanted = parts(query)
        if query.text.strip() and not wanted:
            return False
        passing = [places for values, places in self._alike.items() if _passes(values, query)]
        if not passing:
            return False
        found = self._answering(wanted[0]) if wanted else {*self._drafts.values()}
        for part in wanted[1:]:
            found = found & self._answering(part)
        return any(not found.isdisjoint(places) for places in passing)

    def _read(self, number: int, document: Document) -> None:
        is_draft = document.kind == "draft"
        heading = document.title if is_draft else document.heading
        head, body = (list(tokens(text, document.lang)) for text in (heading, document.body))
        self._alike[document.facet_values()].add(number)
        self._places[""].add(number, head, body)
        if is_draft:
            self._places["title"].add(number, head, [])
            return
        self._places["text"].add(number, head, body)
        if document.lang in self._drafts:  # words may stand far apart
            for field in ("", "text"):
                self._places[field].add_apart(self._drafts[document.lang], head, body)

    def _answering(self, part: Part) -> set[int]:
        holding = [self._places[clause.field].holding(clause) for clause in part.clauses]
        also = (self._places[clause.field].holding(clause) for clause in part.also)
        return holding[0].intersection(*holding[1:]).union(*also)


class _Places:
    """In which documents which words stand, of all that is read of them or of some of it."""

    def __init__(self) -> None:
        self._stems: dict[int, list[str]] = {}  # of a document, in their order
        self._folded: dict[str, set[int]] = defaultdict(set)
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._begins: dict[str, set[int]] = defaultdict(set)

    def add(self, number: int, head: list[Token], body: list[Token]) -> None:
        """Words that stand in a document itself."""
        for token in (*head, *body):
            self._folded[token.folded].add(number)
            self._exact[token.exact].add(number)
        self._begin(number, head)
        stems = [token.folded for token in head], [token.folded for token in body]
        self._stems[number] = [*stems[0], BREAK, *stems[1], *self._stems.get(number, ())]

    def add_apart(self, number: int, head: list[Token], body: list[Token]) -> None:
        """Words of a provision, by which its draft is found too."""
        for token in (*head, *body):
            self._folded[token.folded].add(number)
        self._begin(number, head)
        for words in (head, body):
            self._stems.setdefault(number, []).extend([BREAK, *(token.folded for token in words)])

    def _begin(self, number: int, head: list[Token]) -> None:
        for token in head:
            for start in beginnings(token.word):
                self._begins[start].add(number)

    def holding(self, clause: Clause) -> set[int]:
        """The documents that answer a clause."""
        held: set[int] = set()
        for reading in readings(clause.text, clause.lang):
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
        return {n for n in all_of_them if _follow(words, self._stems.get(n, []))}


def _follow(words: list[str], stems: list[str]) -> bool:
    """Whether the words stand one after another."""
    starts = range(len(stems) - len(words) + 1)
    return any(stems[at : at + len(words)] == words for at in starts)


def _passes(values: Values, query: Query) -> bool:
    wanted = query.filters
    pairs = zip(FACETS, values, strict=True)
    return not any(wanted.get(facet) and value not in wanted[facet] for facet, value in pairs)
