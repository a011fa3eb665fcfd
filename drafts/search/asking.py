"""How people's queries are put to a search engine: words widened by synonyms, typing errors found.

Whoever shows results calls `ask`; engines know nothing of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

from sqlmodel import Session

from consult.platform import Platform
from drafts.search.interface import Page, Query, SearchEngine
from drafts.search.spelling import Words, corrected
from drafts.search.synonyms.queries import thesaurus_of
from drafts.search.syntax import Clause
from drafts.search.widening import Thesaurus

SECONDS_KEPT = 600  # the words of an index, at most until it changed; a large one has very many
MOST_WORDS = 200_000  # of an index: some 100 MB, and all are looked through in 40 ms
FEW = 3  # of what was found; with fewer a misspelt word is pointed out

Spelling = Callable[[], Words]


@dataclass(frozen=True, slots=True)
class _Kept:
    version: str  # of the index
    period: int
    words: Words


_KEPT: WeakKeyDictionary[SearchEngine, _Kept] = WeakKeyDictionary()
_READING = Lock()


def ask(session: Session, platform: Platform, query: Query, *, widened: bool = True) -> Page:
    """What is found by a query, by its synonyms unless it is not `widened`, or by the same text
    with its typing errors put right if nothing is found."""
    thesaurus = thesaurus_of(session) if widened else Thesaurus(())
    return answer(platform.search, query, thesaurus, lambda: _words(platform))


def answer(engine: SearchEngine, query: Query, thesaurus: Thesaurus, spelling: Spelling) -> Page:
    """The same for who has an engine and no installation."""
    page = _put(engine, query, thesaurus)
    if page.lost or page.total >= FEW or not query.text.strip():
        return page
    text = corrected(query, spelling(), lambda clause: _stands(engine, query, clause))
    if not text:
        return page
    instead = _put(engine, replace(query, text=text), thesaurus)
    if page.total:
        return replace(page, meant=text) if instead.total > page.total else page
    return replace(instead, corrected=text) if instead.total else page


def _put(engine: SearchEngine, query: Query, thesaurus: Thesaurus) -> Page:
    also = thesaurus.also(query.text)
    page = engine.search(replace(query, also=also))
    told = dict.fromkeys(text for group in also.values() for _, text in group)
    return replace(page, also=tuple(told))


def _stands(engine: SearchEngine, query: Query, clause: Clause) -> bool:
    quoted = f'"{clause.text}"' if clause.kind == "phrase" else clause.text
    return engine.search(Query(quoted, unit=query.unit, limit=0)).total > 0


def _words(platform: Platform) -> Words:
    """The words of the index, read again when it has changed, though not all the time."""
    engine, version = platform.search, platform.search.version()
    period = int(platform.clock().timestamp()) // SECONDS_KEPT
    with _READING:
        kept = _KEPT.get(engine)
        if kept is None or (kept.version != version and kept.period != period):
            kept = _KEPT[engine] = _Kept(version, period, Words(engine.words(MOST_WORDS)))
        return kept.words
