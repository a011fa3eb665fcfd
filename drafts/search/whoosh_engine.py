"""The search engine that needs nothing but Python: Whoosh in a folder of this machine.

What stands in its index is in whoosh_schema.py, how it is asked in whoosh_query.py; here is who
opens, writes, replaces and loses it.

Whoosh is dealt with as it wants: every writer has compound=False (a thirtieth of the memory, a
fifth of the time); a searcher is opened for each search (a millisecond), so it is always fresh and
no thread shares it; nothing is ever created where something lives.
"""

import logging
import shutil
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from whoosh import index
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from drafts.search.analyzers import FINGERPRINT
from drafts.search.index_folder import IndexFolder
from drafts.search.interface import Document, Page, Query
from drafts.search.whoosh_query import WEIGHTING, answer
from drafts.search.whoosh_schema import entries, original, schema

STAMP = f"whoosh 1 {FINGERPRINT}"  # the number is to be raised when schema() changes
UNFINISHED = f"{STAMP} unfinished"  # of an index that no rebuild has filled
ATTEMPTS = 3  # another process may take the index away while it is being opened

log = logging.getLogger(__name__)


class WhooshEngine:
    """A `SearchEngine` (interface.py) that has `folder` to itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = IndexFolder(folder)

    def search(self, query: Query) -> Page:
        """The page for a query; an empty one while the index is lost."""
        for _ in range(ATTEMPTS):
            live = self._live()
            if live is None:
                break
            try:
                with _searcher(live) as searcher:
                    return answer(searcher, query)
            except Exception:
                if not self._is_lost(live):
                    raise
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
                with index.create_in(fresh, schema()).writer(compound=False) as writer:
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
        return live is None or live[1] != STAMP or not _opens(live[0])

    def _live(self) -> Path | None:
        """An index made by other rules counts as lost: it would be asked for other words."""
        live = self._folder.live()
        return live[0] if live and live[1] in (STAMP, UNFINISHED) else None

    def _change(self, change: Callable[[IndexWriter], None]) -> None:
        """Change the live index, or begin a new one if it is lost. For who holds `writing`."""
        if live := self._live():
            try:
                with index.open_dir(live).writer(compound=False) as writer:
                    change(writer)
            except Exception:
                if not self._is_lost(live):
                    raise
            else:
                return
        fresh = self._folder.fresh()
        with index.create_in(fresh, schema()).writer(compound=False) as writer:
            change(writer)
        self._folder.go_live(fresh, UNFINISHED)

    def _catch_up(self, fresh: Path) -> None:
        """Carry over what was changed in the live index since the rebuild began."""
        live, changed = self._live(), self._folder.changes()
        if live is None or not changed:
            return
        with (
            _searcher(live) as searcher,
            index.open_dir(fresh).writer(compound=False) as writer,
        ):
            for draft_id in map(str, changed):
                writer.delete_by_term("draft", draft_id)
                _add(writer, [original(entry) for entry in searcher.documents(draft=draft_id)])

    def _is_lost(self, live: Path) -> bool:
        """Asked where using the index failed: was it replaced, or is it damaged? Then forget it."""
        if self._live() != live:
            return True
        if _is_sound(live):
            return False
        log.error("The search index in %s is damaged and must be rebuilt.", live)
        self._folder.forget(live)
        return True


def _searcher(generation: Path) -> Searcher:
    return index.open_dir(generation).searcher(weighting=WEIGHTING)


def _add(writer: IndexWriter, documents: Iterable[Document]) -> None:
    for entry in entries(documents):
        writer.add_document(**entry)


def _opens(generation: Path) -> bool:
    try:
        _searcher(generation).close()
    except Exception:  # its files are unpickled: anything may come out of damaged ones
        return False
    return True


def _is_sound(generation: Path) -> bool:
    """Can everything in it be read? Takes seconds, and is asked only where something could not."""
    try:
        with _searcher(generation) as searcher:
            reader = searcher.reader()
            list(map(original, reader.all_stored_fields()))
            for name, text in reader.all_terms():
                list(reader.postings(name, text).all_ids())
    except Exception:  # as above
        return False
    return True
