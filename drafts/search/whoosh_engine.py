"""The search engine that needs nothing but Python: Whoosh in a folder of this machine.

What stands in its index is in whoosh_schema.py, how it is asked in whoosh_query.py; here is who
opens, writes, replaces and loses it.

Whoosh is dealt with as it wants: every writer has compound=False (a thirtieth of the memory, a
fifth of the time); a searcher is opened for each search (a millisecond), so it is always fresh and
no thread shares it; nothing is ever created where something lives.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from whoosh import index, versionstring
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from consult.errors import Conflict
from drafts.search.analyzers import FINGERPRINT
from drafts.search.index_folder import IndexFolder
from drafts.search.interface import Document, Page, Query
from drafts.search.whoosh_query import WEIGHTING, answer
from drafts.search.whoosh_schema import entries, original, schema

FIELDS = 1  # to be raised when schema() changes
STAMP = f"whoosh {versionstring()} {FIELDS} {FINGERPRINT}"
UNFINISHED = f"{STAMP} unfinished"  # of an index that no rebuild has filled

log = logging.getLogger(__name__)


class WhooshEngine:
    """A `SearchEngine` (interface.py) that has `folder` to itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = IndexFolder(folder)

    def search(self, query: Query) -> Page:
        """The page for a query; an empty one while the index is lost."""
        for last in (False, True):  # a rebuild may take the index away while it is being opened
            live = self._live()
            if live is None:
                break
            try:
                if self._folder.is_whole(live, at_rest=False):
                    with _searcher(live) as searcher:
                        return answer(searcher, query)
            except Exception:
                if last and not self._is_damaged(live):
                    raise
            if self._is_damaged(live):
                log.error("The search index in %s is damaged and must be rebuilt.", live)
                self._folder.forget(live)
        return Page()

    def replace_draft(self, draft_id: int, documents: Iterable[Document]) -> None:
        """These documents and no others now stand for the draft."""
        documents = list(documents)

        def replace(writer: IndexWriter) -> None:
            writer.delete_by_term("draft", str(draft_id))
            _add(writer, documents)

        with self._folder.writing():
            self._folder.note_change(draft_id)
            self._change(replace)

    def remove_draft(self, draft_id: int) -> None:
        """Nothing stands for the draft any more."""
        self.replace_draft(draft_id, ())

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Build anew beside the live index, then take its place."""
        with self._folder.rebuilding():
            fresh = self._folder.fresh()
            try:
                with self._writer(index.create_in(fresh, schema()), fresh) as writer:
                    for _, draft in groupby(documents, attrgetter("draft_id")):
                        _add(writer, draft)
                with self._folder.writing():
                    self._catch_up(fresh)
                    self._folder.go_live(fresh, STAMP)
                    self._folder.keep_only(fresh)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise

    def needs_rebuild(self) -> bool:
        """Is the index lost, damaged, never completed, or made by other rules than today's?"""
        live = self._folder.live()
        return live is None or live[1] != STAMP or self._is_damaged(live[0])

    def _live(self) -> Path | None:
        """An index made by other rules counts as lost: it would be asked for other words."""
        live = self._folder.live()
        return live[0] if live and live[1] in (STAMP, UNFINISHED) else None

    def _is_damaged(self, live: Path) -> bool:
        try:
            with self._folder.writing(seconds=0):
                return self._live() == live and not self._folder.is_whole(live, at_rest=True)
        except Conflict:
            return False  # whoever is writing it has looked

    def _change(self, change: Callable[[IndexWriter], None]) -> None:
        """Change the live index, or begin a new one if it is lost. For who holds `writing`."""
        live = self._live()
        if live and self._folder.is_whole(live, at_rest=True):
            with self._writer(index.open_dir(live), live) as writer:
                change(writer)
            return
        fresh = self._folder.fresh()
        with self._writer(index.create_in(fresh, schema()), fresh) as writer:
            change(writer)
        self._folder.go_live(fresh, UNFINISHED)

    def _catch_up(self, fresh: Path) -> None:
        """Carry over what was changed in the live index since the rebuild began."""
        live, changed = self._live(), self._folder.changes()
        if live is None or not changed:
            return
        with _searcher(live) as searcher, self._writer(index.open_dir(fresh), fresh) as writer:
            for draft_id in map(str, changed):
                writer.delete_by_term("draft", draft_id)
                _add(writer, [original(entry) for entry in searcher.documents(draft=draft_id)])

    @contextmanager
    def _writer(self, opened: index.Index, generation: Path) -> Iterator[IndexWriter]:
        """Commits at the end, or not at all."""
        with opened.writer(compound=False) as writer:
            yield writer
        self._folder.seal(generation)


def _searcher(generation: Path) -> Searcher:
    return index.open_dir(generation).searcher(weighting=WEIGHTING)


def _add(writer: IndexWriter, documents: Iterable[Document]) -> None:
    for entry in entries(documents):
        writer.add_document(**entry)
