"""The search engine for national size: tantivy in a folder of this machine.

What stands in its index is in tantivy_schema.py, how it is asked in tantivy_query.py, how it is
kept in kept_index.py; here is what tantivy wants of who deals with it.

An index is opened anew once it has changed: kept open it would keep files that are long gone. A
writer has one thread, so that the entries of a draft stand in their order; it waits for merges
before it is let go, so that what is sealed does not move.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import tantivy

from drafts.search.interface import Groups, Page, Query
from drafts.search.kept_index import KeptIndex
from drafts.search.tantivy_query import answer
from drafts.search.tantivy_schema import ANALYZER, analyzer, entries, schema

FIELDS = 1  # to be raised when schema() or what is put into it changes
HEAP = 64_000_000  # bytes of words that a writer gathers before it writes them
LETTERS = "абвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяәabcdefghijklmnopqrstuvwxyz"  # words begin with
MOVING = ("meta.json", ".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock")


class TantivyEngine(KeptIndex):
    """A `SearchEngine` (interface.py) that has `folder` to itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, f"tantivy {version('tantivy')} {FIELDS}", MOVING)
        self._opening = Lock()
        self._opened: tuple[str, tantivy.Searcher] | None = None

    def _create(self, generation: Path) -> None:
        tantivy.Index(schema(), str(generation))

    @contextmanager
    def _writing(self, generation: Path) -> Iterator["_Writing"]:
        writing = _Writing(generation)
        with _panics():
            try:
                yield writing
            except BaseException:
                writing.give_up()
                raise
            writing.finish()

    def _answer(self, generation: Path, query: Query) -> Page:
        with _panics():
            return answer(self._searcher(generation), query)

    def _words(self, generation: Path) -> Iterator[tuple[str, int]]:
        with _panics():
            searcher = self._searcher(generation)
            for letter in LETTERS:  # one after another: all at once would stand in memory twice
                yield from searcher.terms_with_prefix("words", letter)

    def _searcher(self, generation: Path) -> tantivy.Searcher:
        sealed = self._folder.version(generation)
        with self._opening:
            if self._opened and self._opened[0] == sealed:
                return self._opened[1]
            searcher = _open(generation).searcher()
            self._opened = (sealed, searcher) if sealed else None
            return searcher


class _Writing:
    """Opens its writer when something is put."""

    def __init__(self, generation: Path) -> None:
        self._generation = generation
        self._writer: tantivy.IndexWriter | None = None

    def put(self, groups: Groups) -> None:
        """Instead of what stands there for these groups."""
        if self._writer is None:
            self._writer = _open(self._generation).writer(HEAP, 1)
        for group, documents in groups.items():
            self._writer.delete_documents_by_term("group", group)
            for entry in entries(documents):
                self._writer.add_document(entry)

    def commit(self) -> None:
        """What was put is found from now on."""
        if self._writer is not None:
            self._writer.commit()

    def finish(self) -> None:
        """Wait until nothing moves any more."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
        self._writer = None

    def give_up(self) -> None:
        """What was put since the last commit is not written."""
        if self._writer is not None:
            self._writer.rollback()
        self.finish()


@contextmanager
def _panics() -> Iterator[None]:
    """What tantivy gives up on (a damaged file, say) is an error like any other."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise RuntimeError(str(error)) from error
        raise


def _open(generation: Path) -> tantivy.Index:
    index = tantivy.Index.open(str(generation))
    index.register_tokenizer(ANALYZER, analyzer())
    return index
