"""How a query is put to tantivy, and how what it finds becomes a page. Only reads.

Everything that is asked must stand in one draft (provision, comment) in one language.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tantivy import DocAddress, Occur, Searcher
from tantivy import Query as Ask

from drafts.search import asked
from drafts.search.analyzers import LANGUAGES
from drafts.search.asked import Asked, One, Reading, favour
from drafts.search.interface import FACETS, Document, Hit, Page, Query
from drafts.search.tantivy_schema import COUNTED, FIELDS_OF, field, originals, schema, word

MOST_VALUES = 10_000  # of one facet

BOOSTS = {
    "head": asked.BOOST_HEAD,
    "own": asked.BOOST_TEXT,
    "text": asked.BOOST_TEXT,
    "exact": asked.BOOST_EXACT,
}
# By the field of a clause: where its words may stand, where its phrases.
WORDS = {"": ("head", "own", "text", "exact"), "title": ("head",), "text": ("text",)}
PHRASES = {"": ("own", "text"), "title": ("head",), "text": ("text",)}
BEGINNINGS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "draft"): ("begins", "parts_begin"),
    ("title", "draft"): ("begins",),
    ("text", "draft"): ("parts_begin",),
    **{(name, "provision"): ("begins",) for name in WORDS},
    **{(name, "comment"): () for name in WORDS},
}
NEWEST = "age"


def answer(searcher: Searcher, query: Query) -> Page:
    """The page for a query. Nothing asked: all there is; nothing but signs asked: nothing."""
    parts = asked.asked(query)
    if parts is None:
        return Page()
    return _Answer(searcher, query, parts).page()


class _Answer:
    def __init__(self, searcher: Searcher, query: Query, parts: Sequence[Asked]) -> None:
        self._searcher, self._query, self._parts = searcher, query, parts
        chosen = set(query.filters.get("lang") or LANGUAGES)
        self._langs = [lang for lang in LANGUAGES if lang in chosen]

    def page(self) -> Page:
        question = self._question(self._langs)
        total = self._count(question)
        if self._query.limit <= 0:
            return Page(total)
        hits = tuple(self._hits(self._first(question)))
        return Page(total, hits, self._facets(question))

    def _count(self, question: Ask) -> int:
        return self._searcher.search(question, limit=1, count=True).count  # type: ignore[attr-defined, no-any-return]

    def _first(self, question: Ask) -> list[tuple[float, DocAddress]]:
        """The entries of the page. Of equally good ones the newer comes first."""
        newest = self._query.order == "newest" or not self._parts
        found = self._searcher.search(
            question,
            limit=self._query.limit,
            count=False,
            offset=max(self._query.offset, 0),
            order_by_field=NEWEST if newest else None,
        ).hits
        if newest:
            return [(0.0, place) for _, place in found]
        ages = self._searcher.fast_field_values(NEWEST, [place for _, place in found])
        ranked = sorted(
            zip(found, ages, strict=True), key=lambda one: (-one[0][0], -int(one[1] or 0))
        )
        return [one for one, _ in ranked]

    # What is asked

    def _question(self, langs: Collection[str], free: str = "") -> Ask:
        """What is asked in any of these languages; not narrowed by the facet `free`."""
        if self._parts:
            wanted = Ask.disjunction_max_query([self._in(lang) for lang in langs])
        else:
            wanted = _all([_is("kind", self._query.unit), _among("lang", langs)])
        return _all([wanted, *self._narrowed(free)])

    def _in(self, lang: str, unit: str = "", *, any_part: bool = False) -> Ask:
        unit = unit or self._query.unit
        parts = [_part(part, unit, lang, self._query.lang) for part in self._parts]
        return _any(parts) if any_part else _all(parts)

    def _narrowed(self, free: str) -> Iterator[Ask]:
        if self._query.draft_id is not None:
            yield _is("draft", max(self._query.draft_id, 0))
        for facet in COUNTED:
            if facet != free and (values := self._query.filters.get(facet)):
                yield _among(facet, values)

    # How many there are

    def _facets(self, question: Ask) -> Mapping[str, Mapping[str, int]]:
        filtered = [facet for facet in COUNTED if self._query.filters.get(facet)]
        counts = self._values(question, [facet for facet in COUNTED if facet not in filtered])
        for facet in filtered:
            counts |= self._values(self._question(self._langs, free=facet), [facet])
        by_lang = {lang: self._count(self._question([lang])) for lang in LANGUAGES}
        ranked = sorted(by_lang.items(), key=lambda one: -one[1])
        counts["lang"] = {lang: n for lang, n in ranked if n}
        return {facet: counts[facet] for facet in FACETS}

    def _values(self, question: Ask, facets: Sequence[str]) -> dict[str, Mapping[str, int]]:
        terms = {"size": MOST_VALUES, "segment_size": MOST_VALUES}
        told = self._searcher.aggregate(
            question, {facet: {"terms": {"field": facet, **terms}} for facet in facets}
        )
        return {
            facet: {str(bucket["key"]): bucket["doc_count"] for bucket in told[facet]["buckets"]}
            for facet in facets
        }

    # What is shown

    def _hits(self, found: Sequence[tuple[float, DocAddress]]) -> Iterator[Hit]:
        places = [place for _, place in found]
        draft_ids = [int(n or 0) for n in self._searcher.fast_field_values("draft", places)]
        by_text = found and self._parts and self._query.unit == "draft"
        spoken = self._spoken(draft_ids) if by_text else {}
        for (score, place), draft_id in zip(found, draft_ids, strict=True):
            texts = originals(self._searcher.doc(place))
            if draft_id in spoken:
                yield self._draft(texts[spoken[draft_id]], score)
            else:
                yield asked.hit(self._parts, self._best(texts), score, 1)

    def _best(self, texts: Mapping[str, Document]) -> Document:
        """Of one text in several languages that which answers, best in the reader's language."""

        def fits(document: Document) -> tuple[bool, bool, bool]:
            answers = document.lang in self._langs and asked.has_all(document, self._parts)
            return answers, document.lang in self._langs, document.lang == self._query.lang

        return max(texts.values(), key=fits)

    def _spoken(self, draft_ids: Sequence[int]) -> dict[int, str]:
        """In which language each draft answers best."""
        best: dict[int, tuple[float, bool, str]] = {}
        among = _among("draft", draft_ids)
        for lang in self._langs:
            found = self._searcher.search(
                _all([self._in(lang), among]), limit=len(draft_ids), count=False
            ).hits
            ids = self._searcher.fast_field_values("draft", [place for _, place in found])
            for (score, _), draft_id in zip(found, ids, strict=True):
                answers = (score, lang == self._query.lang, lang)
                best[int(draft_id or 0)] = max(best.get(int(draft_id or 0), answers), answers)
        return {draft_id: lang for draft_id, (_, _, lang) in best.items()}

    def _draft(self, draft: Document, score: float) -> Hit:
        """A draft is shown by the provision that tells most, unless it says all by itself."""
        together = self._provisions(draft, any_part=False)
        if asked.has_all(draft, self._parts):
            return asked.hit(self._parts, draft, score, 1 + together[0])
        telling = together[1] or self._provisions(draft, any_part=True)[1] or draft
        return asked.hit(self._parts, telling, score, 1 + together[0])

    def _provisions(self, draft: Document, *, any_part: bool) -> tuple[int, Document | None]:
        """How many provisions of a draft answer, and the best of them."""
        wanted = self._in(draft.lang, "provision", any_part=any_part)
        found = self._searcher.search(_all([wanted, _is("draft", draft.draft_id)]), limit=1)
        count: int = found.count  # type: ignore[attr-defined]
        texts = [originals(self._searcher.doc(place)) for _, place in found.hits]
        return count, texts[0].get(draft.lang) if texts else None


def _part(part: Asked, unit: str, lang: str, own: str) -> Ask:
    together = _all([_clause(one, unit, lang, own) for one in part.clauses])
    return _any([together, *(_clause(one, unit, lang, own) for one in part.also)])


def _clause(one: One, unit: str, lang: str, own: str) -> Ask:
    told = [
        told
        for reading in one.readings
        for told in _reading(reading, favour(reading, own), one.field, unit, lang)
    ]
    for name in BEGINNINGS[one.field, unit] if one.beginning else ():
        begins = _term(field(unit, lang, name), one.beginning)
        told.append(Ask.boost_query(begins, asked.BOOST_BEGINNING))
    return _any(told)


def _reading(reading: Reading, worth: float, where: str, unit: str, lang: str) -> Iterator[Ask]:
    is_phrase = len(reading.tokens) > 1
    for name in (PHRASES if is_phrase else WORDS)[where]:
        if name not in FIELDS_OF[unit]:
            continue
        within = field(unit, lang, name)
        if is_phrase:
            found = Ask.phrase_query(schema(), within, [word(one) for one in reading.folded])
        else:
            (token,) = reading.tokens
            found = _term(within, token.exact if name == "exact" else token.folded)
        yield Ask.boost_query(found, BOOSTS[name] * worth)


def _term(name: str, text: str) -> Ask:
    return Ask.term_query(schema(), name, word(text), "basic")


def _is(name: str, value: Any) -> Ask:
    return Ask.const_score_query(Ask.term_query(schema(), name, value, "basic"), 0.0)


def _among(name: str, values: Collection[Any]) -> Ask:
    return Ask.const_score_query(Ask.term_set_query(schema(), name, list(values)), 0.0)


def _all(parts: Sequence[Ask]) -> Ask:
    return Ask.boolean_query([(Occur.Must, part) for part in parts])


def _any(parts: Sequence[Ask]) -> Ask:
    return Ask.boolean_query([(Occur.Should, part) for part in parts]) if parts else _NOTHING


_NOTHING = Ask.empty_query()
