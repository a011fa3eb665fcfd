"""How a query is put to Whoosh, and how what it finds becomes a page. Only reads.

Everything that is asked must stand in one draft (provision, comment) in one language.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from whoosh import query as ask
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F, TF_IDF, MultiWeighting
from whoosh.searching import Searcher

from drafts.search import asked, grouping
from drafts.search.asked import Asked, One, Reading, favour
from drafts.search.interface import Document, Hit, Page, Query
from drafts.search.whoosh_schema import NAMED, RANKED, SEPARATOR, original


class _Where(NamedTuple):
    """In which fields a word may stand and what it is worth there, in which phrases, in which the
    exact spelling ranks, in which words begin."""

    boosts: Mapping[str, float]
    phrases: tuple[str, ...]
    exact: str = ""
    begins: tuple[str, ...] = ()


# By what is found and by the field of a clause. Comments have no titles; of provisions a title is
# the heading.
WHERE = {
    "draft": {
        "": _Where(
            {"own": asked.BOOST_TEXT, "whole": asked.BOOST_TEXT, "title": asked.BOOST_HEAD},
            ("own", "whole"),
            "whole_exact",
            ("title_begins", "whole_begins"),
        ),
        "title": _Where({"title": asked.BOOST_HEAD}, ("title",), "", ("title_begins",)),
        "text": _Where({"whole": asked.BOOST_TEXT}, ("whole",), "", ("whole_begins",)),
    },
    "provision": {
        "": _Where(
            {"text": asked.BOOST_TEXT, "head": asked.BOOST_HEAD},
            ("text",),
            "text_exact",
            ("head_begins",),
        ),
        "title": _Where({"head": asked.BOOST_HEAD}, ("head",), "", ("head_begins",)),
        "text": _Where({"text": asked.BOOST_TEXT}, ("text",), "text_exact", ("head_begins",)),
    },
    "comment": {
        "": _Where({"said": asked.BOOST_TEXT}, ("said",), "said_exact"),
        "title": _Where({}, ()),
        "text": _Where({"said": asked.BOOST_TEXT}, ("said",), "said_exact"),
    },
}

# Only in a text does it matter how often a word stands, and among how many.
WEIGHTING = MultiWeighting(BM25F(), **dict.fromkeys((*RANKED, *NAMED), TF_IDF()))


class _Text(NamedTuple):
    """One text that was found; its match says by which number the index knows it."""

    key: grouping.Key
    values: grouping.Values
    match: grouping.Match


def answer(searcher: Searcher, query: Query) -> Page:
    """The page for a query. Nothing asked: all there is; nothing but signs asked: nothing."""
    clauses = asked.asked(query)
    if clauses is None:
        return Page()
    found: grouping.Found = {}
    for text in _matches(searcher, _question(clauses, query, searcher), query.unit):
        grouping.add(found, *text)
    kept = grouping.sift(found, query.filters, query.lang)
    if query.limit <= 0:
        return Page(len(kept))
    newest = query.order == "newest" or not clauses
    shown = grouping.first(kept, query, newest=newest)
    hits = _hits(searcher, clauses, query, shown)
    return Page(len(kept), tuple(hits), grouping.count(found, query.filters))


def _question(clauses: Sequence[Asked], query: Query, searcher: Searcher) -> ask.Query:
    reader = searcher.reader()
    parts = [_part(clause, query.unit, query.lang, reader) for clause in clauses]
    if query.draft_id is not None:
        parts.insert(0, ask.Term("draft", str(query.draft_id), boost=0.0))
    return ask.And(parts if clauses else [ask.Term("kind", query.unit), *parts])


def _part(part: Asked, unit: str, lang: str, reader: IndexReader) -> ask.Query:
    def told(one: One) -> ask.Query:
        return _any(one, WHERE[unit][one.field], lang, reader)

    together = ask.And([told(one) for one in part.clauses])
    return ask.Or([together, *map(told, part.also)])


def _any(one: One, where: _Where, lang: str, reader: IndexReader) -> ask.Query:
    """Any reading of a clause: only words that stand in the index, for each slows down a match."""
    told = [
        told for reading in one.readings for told in _reading(reading, favour(reading, lang), where)
    ]
    if one.beginning:
        begins = (ask.Term(name, one.beginning) for name in where.begins)
        told.extend(begin.with_boost(asked.BOOST_BEGINNING) for begin in begins)
    return ask.Or([one for one in dict.fromkeys(told) if _stands_in(reader, one)])


def _reading(reading: Reading, worth: float, where: _Where) -> Iterator[ask.Query]:
    if len(reading.tokens) > 1:
        for name in where.phrases:
            yield ask.Phrase(name, reading.folded, boost=worth * where.boosts[name])
        return
    (token,) = reading.tokens
    for name, boost in where.boosts.items():
        yield ask.Term(name, token.folded, boost=boost * worth)
    if where.exact:
        yield ask.Term(where.exact, token.exact, boost=asked.BOOST_EXACT * worth)


def _stands_in(reader: IndexReader, one: ask.Query) -> bool:
    return all((name, text.encode()) in reader for name, text in one.terms(phrases=True))


def _matches(searcher: Searcher, question: ask.Query, unit: str) -> Iterator[_Text]:
    if searcher.doc_count_all() == 0:  # the reader of an empty index has no columns
        return
    for leaf, offset in searcher.leaf_searchers():
        reader = leaf.reader()
        numbers, parts, at, facets = (
            reader.column_reader(name, translate=False)
            for name in ("number", "part", "at", "facets")
        )
        unpacked: dict[bytes, grouping.Values] = {}
        matcher = question.matcher(leaf, leaf.context())
        while matcher.is_active():
            place = matcher.id()
            packed = facets[place]
            if packed not in unpacked:
                unpacked[packed] = tuple(packed.decode().split(SEPARATOR))
            part = 0 if unit == "draft" else parts[place]
            match = grouping.Match(matcher.score(), offset + place, at[place])
            yield _Text((numbers[place], part), unpacked[packed], match)
            matcher.next()


def _hits(
    searcher: Searcher, clauses: Sequence[Asked], query: Query, matches: Sequence[grouping.Match]
) -> Iterator[Hit]:
    found = [original(searcher.stored_fields(match.place)) for match in matches]
    if query.unit != "draft" or not clauses:
        for match, one in zip(matches, found, strict=True):
            yield asked.hit(clauses, one, match.score, match.matches)
        return
    together = _provisions(searcher, clauses, found, ask.And)
    scattered = [one for one in found if one.draft_id not in together]
    telling = _provisions(searcher, clauses, scattered, ask.Or) | together
    for match, one in zip(matches, found, strict=True):
        count, best = telling.get(one.draft_id, (0, one))
        shown = one if asked.has_all(one, clauses) else best
        count = count if one.draft_id in together else 0
        yield asked.hit(clauses, shown, match.score, 1 + count)


def _provisions(
    searcher: Searcher, clauses: Sequence[Asked], drafts: Sequence[Document], join: type[ask.Query]
) -> dict[int, tuple[int, Document]]:
    """By draft how many provisions answer, all together or any part, and the best of them."""
    if not drafts:
        return {}
    langs = {draft.draft_id: draft.lang for draft in drafts}
    # Each worth something: of several that are worth nothing Whoosh finds none.
    of_drafts = ask.Or([ask.Term("draft", str(draft_id)) for draft_id in langs])
    reader = searcher.reader()
    best: dict[int, tuple[int, float, int]] = {}
    for lang in sorted({*langs.values()}):
        wanted = join([_part(clause, "provision", lang, reader) for clause in clauses])
        for (draft_id, _), values, match in _matches(
            searcher, ask.And([of_drafts, wanted]), "draft"
        ):
            if values[grouping.LANG] == lang == langs[draft_id]:
                count, score, place = best.get(draft_id, (0, -1.0, 0))
                better = max((score, -place), (match.score, -match.place))
                best[draft_id] = (count + 1, better[0], -better[1])
    return {
        draft_id: (count, original(searcher.stored_fields(place)))
        for draft_id, (count, _, place) in best.items()
    }
