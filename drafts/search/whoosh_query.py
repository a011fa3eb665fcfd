"""How a query is put to Whoosh, and how what it finds becomes a page. Only reads.

Every clause must be found in one text, or all words somewhere in one draft.
"""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from whoosh import query as ask
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F, TF_IDF, MultiWeighting
from whoosh.searching import Searcher

from drafts.search import grouping
from drafts.search.analyzers import Token, fold, readings, tokens
from drafts.search.interface import Document, Hit, Page, Query
from drafts.search.snippets import snippet
from drafts.search.syntax import Clause, parse
from drafts.search.whoosh_schema import LONGEST_BEGINNING, SEPARATOR, SHORTEST_BEGINNING, original

# What a word is worth by where it stands. Spelt as asked it outweighs any number of folded ones.
BOOSTS = {"text": 1.0, "head": 3.0, "whole": 0.1}
BOOST_EXACT = 2.0
BOOST_BEGINNING = 2.0
BOOST_LANGUAGE = 1.2  # a text in the language of the interface

# Only in `text` does it matter how often a word stands, and among how many.
WEIGHTING = MultiWeighting(BM25F(), head=TF_IDF(), exact=TF_IDF())


class _Found(NamedTuple):
    """One text that was found; `place` is its number in the index."""

    draft_id: int
    values: grouping.Values
    score: float
    place: int


def answer(searcher: Searcher, query: Query) -> Page:
    """The page for a query. Nothing asked: all drafts; nothing but signs asked: nothing."""
    clauses = [_Clause(clause) for clause in parse(query.text)]
    if query.text.strip() and not clauses:
        return Page()
    found: grouping.Found = {}
    for text in _matches(searcher, _question(clauses, query.lang, searcher)):
        grouping.add(found, text.draft_id, text.values, text.score, text.place)
    kept = grouping.sift(found, query.filters, query.lang)
    start, limit = max(query.offset, 0), max(query.limit, 0)
    first = heapq.nlargest(start + limit, kept, key=lambda draft: (draft[1].score, draft[0]))
    hits = _hits(searcher, clauses, [match for _, match in first[start:]])
    return Page(len(kept), tuple(hits), grouping.count(found, query.filters))


class _Clause:
    """A clause as Whoosh is asked for it, and as its words are known again in a text."""

    def __init__(self, clause: Clause) -> None:
        self._readings = readings(clause.text)
        self._folded = {token.folded for reading in self._readings for token in reading}
        start = fold(clause.text)[:LONGEST_BEGINNING]
        is_beginning = clause.kind == "prefix" and len(start) >= SHORTEST_BEGINNING
        self._beginning = start if is_beginning else ""

    def question(self, lang: str, searcher: Searcher) -> ask.Query:
        """Only of words that stand in the index: each further one slows down every match."""
        asked = [one for reading in self._readings for one in _reading(reading, lang)]
        if self._beginning:
            asked.append(ask.Term("begins", self._beginning, boost=BOOST_BEGINNING))
        reader = searcher.reader()
        return ask.Or([one for one in dict.fromkeys(asked) if _stands_in(reader, one)])

    def wants(self, token: Token) -> bool:
        """Is this a word that was asked for?"""
        if token.folded in self._folded:
            return True
        return bool(self._beginning) and fold(token.word).startswith(self._beginning)


def _reading(reading: tuple[Token, ...], lang: str) -> list[ask.Query]:
    favour = (
        BOOST_LANGUAGE if any(token.folded.startswith(f"{lang}:") for token in reading) else 1.0
    )
    if len(reading) > 1:
        return [ask.Phrase("text", [token.folded for token in reading], boost=favour)]
    asked = [(name, token.folded, boost) for token in reading for name, boost in BOOSTS.items()]
    asked += [("exact", token.exact, BOOST_EXACT) for token in reading]
    return [ask.Term(name, text, boost=boost * favour) for name, text, boost in asked]


def _stands_in(reader: IndexReader, one: ask.Query) -> bool:
    return all((name, text.encode()) in reader for name, text in one.terms(phrases=True))


def _question(clauses: list[_Clause], lang: str, searcher: Searcher) -> ask.Query:
    if not clauses:
        return ask.Term("kind", "draft")
    return ask.And([clause.question(lang, searcher) for clause in clauses])


def _matches(searcher: Searcher, question: ask.Query) -> Iterator[_Found]:
    if searcher.doc_count_all() == 0:  # the reader of an empty index has no columns
        return
    for leaf, offset in searcher.leaf_searchers():
        numbers = leaf.reader().column_reader("number", translate=False)
        facets = leaf.reader().column_reader("facets", translate=False)
        unpacked: dict[bytes, grouping.Values] = {}
        matcher = question.matcher(leaf, leaf.context())
        while matcher.is_active():
            place = matcher.id()
            packed = facets[place]
            if packed not in unpacked:
                unpacked[packed] = tuple(packed.decode().split(SEPARATOR))
            yield _Found(numbers[place], unpacked[packed], matcher.score(), offset + place)
            matcher.next()


def _hits(
    searcher: Searcher, clauses: list[_Clause], matches: list[grouping.Match]
) -> Iterator[Hit]:
    """A draft whose words stand in several of its texts is shown by the provision with the most."""
    found = [original(searcher.stored_fields(match.place)) for match in matches]
    scattered = [
        one for one in found if clauses and one.kind == "draft" and not _has_all(one, clauses)
    ]
    telling = _telling_provisions(searcher, clauses, scattered)
    for match, one in zip(matches, found, strict=True):
        yield _hit(clauses, match, telling.get(one.draft_id, one))


def _hit(clauses: list[_Clause], match: grouping.Match, document: Document) -> Hit:
    return Hit(
        draft_id=document.draft_id,
        wid=document.wid,
        kind=document.kind,
        lang=document.lang,
        title=document.title,
        heading=document.heading,
        snippet=snippet(document.body, document.lang, lambda t: any(c.wants(t) for c in clauses)),
        score=match.score,
        matches=match.matches,
    )


def _has_all(document: Document, clauses: list[_Clause]) -> bool:
    """Does a draft hold every word by itself? Otherwise its provisions hold them together."""
    found = list(tokens(f"{document.title} {document.body}", document.lang))
    return all(any(clause.wants(token) for token in found) for clause in clauses)


def _telling_provisions(
    searcher: Searcher, clauses: list[_Clause], drafts: list[Document]
) -> dict[int, Document]:
    """By draft its provision that has most of the words; one search for all of them."""
    if not drafts:
        return {}
    langs = {draft.draft_id: draft.lang for draft in drafts}
    of_drafts = ask.Or([ask.Term("draft", str(draft_id)) for draft_id in langs])
    spoken = sorted({*langs.values()})
    wanted = ask.Or([clause.question(lang, searcher) for clause in clauses for lang in spoken])
    best: dict[int, tuple[tuple[bool, float], int]] = {}
    for text in _matches(searcher, ask.And([of_drafts, ask.Term("kind", "provision"), wanted])):
        worth = (langs[text.draft_id] in text.values, text.score)
        if text.draft_id not in best or worth > best[text.draft_id][0]:
            best[text.draft_id] = (worth, text.place)
    return {
        draft_id: original(searcher.stored_fields(place)) for draft_id, (_, place) in best.items()
    }
