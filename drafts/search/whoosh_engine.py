"""The search engine that needs nothing but Python: Whoosh in a folder of this machine.

What stands in its index is in whoosh_schema.py, how it is asked in whoosh_query.py, how it is kept
in kept_index.py; here is what Whoosh wants of who deals with it.

Every writer has compound=False (a thirtieth of the memory, a fifth of the time); a searcher is
opened for each search (a millisecond), so it is always fresh and no thread shares it; nothing is
ever created where something lives.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, BinaryIO

from whoosh import index, versionstring
from whoosh import query as ask
from whoosh.codec.base import Segment
from whoosh.searching import Searcher
from whoosh.writing import OPTIMIZE, IndexWriter, PostingPool

from drafts.search.interface import Groups, Page, Query
from drafts.search.kept_index import KeptIndex
from drafts.search.whoosh_query import WEIGHTING, answer
from drafts.search.whoosh_schema import entries, schema

FIELDS = 3  # to be raised when schema() or what is put into it changes
MEMORY = 128  # megabytes of postings
TOGETHER = 500  # postings
SMALL = (40, 400, 2000)  # entries of a segment; a larger one is only ever rebuilt
MOST_SMALL = 8  # segments of such a size


class WhooshEngine(KeptIndex):
    """A `SearchEngine` (interface.py) that has `folder` to itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, f"whoosh {versionstring()} {FIELDS}")

    def _create(self, generation: Path) -> None:
        index.create_in(generation, schema())

    @contextmanager
    def _writing(self, generation: Path) -> Iterator["_Writing"]:
        writing = _Writing(generation)
        try:
            yield writing
        finally:
            writing.give_up()

    def _answer(self, generation: Path, query: Query) -> Page:
        with _searcher(generation) as searcher:
            return answer(searcher, query)

    def _words(self, generation: Path) -> Iterable[tuple[str, int]]:
        with _searcher(generation) as searcher:
            if searcher.doc_count_all() == 0:
                return ()
            texts: dict[bytes, int] = {}  # by word; all segments at once take ten times as long
            for leaf, _ in searcher.leaf_searchers():
                for word, told in leaf.reader().iter_field("words"):
                    texts[word] = texts.get(word, 0) + told.doc_frequency()
            return [(word.decode(), n) for word, n in texts.items()]


class _Writing:
    """A Whoosh writer ends with its commit, and deletes only what was committed before it."""

    def __init__(self, generation: Path) -> None:
        self._generation = generation
        self._writer: IndexWriter | None = None
        self._is_empty = True  # when the writer began
        self._put: set[str] = set()

    def put(self, groups: Groups) -> None:
        """Instead of what stands there for these groups."""
        if not self._put.isdisjoint(groups):
            self.commit()
        if self._writer is None:
            opened = index.open_dir(self._generation)
            self._writer, self._is_empty = opened.writer(compound=False), opened.is_empty()
            tempstore = self._writer.pool.tempstore
            self._writer.pool = _Pool(tempstore, self._writer.newsegment, MEMORY)
        if not self._is_empty:
            terms = [ask.Term("group", group) for group in groups]
            self._writer.delete_by_query(ask.Or(terms))
        self._put |= groups.keys()
        for documents in groups.values():
            for entry in entries(documents):
                self._writer.add_document(**entry)

    def commit(self) -> None:
        """What was put is found from now on."""
        if self._writer is not None:
            self._writer.commit(mergetype=_merge)
        self._writer = None
        self._put.clear()

    def give_up(self) -> None:
        """What was put since the last commit is not written."""
        if self._writer is not None:
            self._writer.cancel()
        self._writer = None


class _Pool(PostingPool):  # type: ignore[misc]
    """Postings that wait to be sorted; what memory has no room for is written many at a time, for
    Whoosh's own way, one by one, takes a quarter of a rebuild."""

    def _write_run(self, file: BinaryIO, items: Iterable[Any]) -> None:
        left = iter(items)
        super()._write_run(file, iter(lambda: list(islice(left, TOGETHER)), []))

    def _read_run(self, path: str) -> Iterator[Any]:
        return chain.from_iterable(super()._read_run(path))


def _merge(writer: IndexWriter, segments: Sequence[Segment]) -> list[Segment]:
    """Put small segments together, once there are many of a size; which ones stay.

    Whoosh's own way does so at nearly every commit, and of a large index with all there is.
    """
    sizes = [segment.doc_count_all() for segment in segments]
    for above, size in pairwise((0, *SMALL)):
        if sum(above < one <= size for one in sizes) >= MOST_SMALL:
            OPTIMIZE(writer, [one for one in segments if one.doc_count_all() <= size])
            return [one for one in segments if one.doc_count_all() > size]
    return [*segments]


def _searcher(generation: Path) -> Searcher:
    return index.open_dir(generation).searcher(weighting=WEIGHTING)
