"""An index as it is kept in a folder, whatever engine wrote it: searched, changed, rebuilt, lost.

An engine says how a generation is made, written and asked; all else is here, so that engines differ
in nothing else.
"""

import logging
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from heapq import nlargest
from operator import itemgetter
from pathlib import Path
from typing import Protocol, TypeVar

from consult.errors import Conflict
from drafts.search.analyzers import FINGERPRINT
from drafts.search.index_folder import IndexFolder, key_of
from drafts.search.interface import Batch, Groups, Page, Query

CHECKPOINT = 4000  # documents after which a rebuild notes how far it has come
TRIES = 5  # to open what a writer or a rebuild may take away meanwhile

T = TypeVar("T")
log = logging.getLogger(__name__)


class Writing(Protocol):
    """A generation that is being written."""

    def put(self, groups: Groups) -> None:
        """These documents and no others stand for these groups, once it is committed."""

    def commit(self) -> None:
        """Let what was put be found; it may go on afterwards."""


class KeptIndex(ABC):
    """A `SearchEngine` (interface.py) in a folder of its own in `folder`.

    `stamp` names the engine and the form of its entries; `moving` are files it changes in place.
    Each stamp has a folder of its own: while code is exchanged, a process of the older and one of
    the newer would else take each other's index for outdated and rebuild it in turn.
    """

    def __init__(self, folder: Path, stamp: str, moving: Collection[str] = ()) -> None:
        self._stamp = f"{stamp} {FINGERPRINT}"
        self._folder = IndexFolder(folder / f"of-{key_of(self._stamp)}", moving)

    @abstractmethod
    def _create(self, generation: Path) -> None:
        """Make an empty index in an empty folder."""

    @abstractmethod
    def _writing(self, generation: Path) -> AbstractContextManager[Writing]:
        """Write; what is not committed at the end, or when an error leaves it, is given up."""

    @abstractmethod
    def _answer(self, generation: Path, query: Query) -> Page:
        """The page for a query; any error if the index is damaged or just going away."""

    @abstractmethod
    def _words(self, generation: Path) -> Iterable[tuple[str, int]]:
        """All words of drafts, in any order; any error as `_answer`."""

    def search(self, query: Query) -> Page:
        """The page for a query; an empty one while the index is lost."""
        return self._read(lambda live: self._answer(live, query), Page(lost=True))

    def words(self, most: int) -> Sequence[tuple[str, int]]:
        """The commonest words of all drafts, with the number of texts each is in."""
        nothing: list[tuple[str, int]] = []

        def commonest(live: Path) -> list[tuple[str, int]]:
            words = (one for one in self._words(live) if one[0].isalpha())
            return nlargest(most, words, key=itemgetter(1))

        return self._read(commonest, nothing)

    def version(self) -> str:
        """Another text after each change; "" while the index is lost."""
        live = self._live()
        return self._folder.version(live) if live else ""

    def place(self) -> str:
        """How far events are followed; "" while that is not known."""
        live = self._live()
        return self._folder.place(live) if live else ""

    def following(self) -> AbstractContextManager[None]:
        """Hold the right to follow events; raises Conflict at once if it is held."""
        return self._folder.following()

    def replace(
        self, groups: Groups, place: str | None = None, *, since: str | None = None
    ) -> None:
        """These documents and no others now stand for these groups."""
        with self._folder.writing():
            live = self._live()
            if live is None or not self._folder.is_whole(live, at_rest=True):
                return
            if since is not None and self._folder.place(live) != since:
                return
            if groups:
                with self._writing(live) as writing:
                    writing.put(groups)
                    writing.commit()
                self._folder.seal(live)
            if place is not None:
                self._folder.note_place(live, place)

    def rebuild(self, read: Callable[[str], Iterable[Batch]], *, anew: bool = False) -> None:
        """Build anew beside the live index, or go on where that was interrupted; take its place."""
        with self._folder.rebuilding():
            begun = None if anew else self._folder.begun(self._stamp)
            generation, mark = begun or (self._begin(), "")
            try:
                self._fill(generation, read(mark))
            except Exception:
                if self._folder.begun(self._stamp) == begun:  # it got nowhere: not so again
                    shutil.rmtree(generation, ignore_errors=True)
                raise
            with self._folder.writing():
                self._folder.go_live(generation, self._stamp)
                self._folder.keep_only(generation)
        self._folder.forget_older()

    def needs_rebuild(self) -> bool:
        """Is the index lost, damaged, never completed, or made by other rules than today's?"""
        live = self._live()
        return live is None or self._is_damaged(live)

    def _begin(self) -> Path:
        live = self._folder.live()
        self._folder.keep_only(*([live[0]] if live else []))
        generation = self._folder.fresh()
        self._create(generation)
        self._folder.seal(generation)
        return generation

    def _fill(self, generation: Path, batches: Iterable[Batch]) -> None:
        with self._writing(generation) as writing:
            waiting, last = 0, None
            for last in batches:
                writing.put(last.groups)
                waiting += sum(map(len, last.groups.values()))
                if waiting >= CHECKPOINT:
                    writing.commit()
                    self._note(generation, last)
                    waiting = 0
            writing.commit()
        if last:
            self._folder.note_place(generation, last.place)
        self._folder.seal(generation)

    def _note(self, generation: Path, batch: Batch) -> None:
        self._folder.seal(generation)
        self._folder.note_begun(generation, self._stamp, batch.mark)

    def _read(self, read: Callable[[Path], T], nothing: T) -> T:
        """What is read of the live index; `nothing` if it is lost or found to be damaged."""
        for left in reversed(range(TRIES)):
            live = self._live()
            if live is None:
                break
            try:
                if self._folder.is_whole(live, at_rest=False):
                    return read(live)
            except Exception:
                if not left and not self._is_damaged(live):
                    raise
            if self._is_damaged(live):
                log.error("The search index in %s is damaged and must be rebuilt.", live)
                self._folder.forget(live)
        return nothing

    def _live(self) -> Path | None:
        """An index made by other rules counts as lost: it would be asked for other words."""
        live = self._folder.live()
        return live[0] if live and live[1] == self._stamp else None

    def _is_damaged(self, live: Path) -> bool:
        try:
            with self._folder.writing(seconds=0):
                return self._live() == live and not self._folder.is_whole(live, at_rest=True)
        except Conflict:
            return False  # whoever is writing it has looked
