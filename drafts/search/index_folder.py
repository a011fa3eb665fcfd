"""The folder of an index: generations side by side, a pointer to the live one, and who may write.

- live: the name of the live generation, and the stamp of the rules that made it
- g-1f0c9a3e/: one generation, in whatever form its engine likes
- g-1f0c9a3e/sizes.json: how long each of its files is, for no engine notices that one is cut short
- changed: the drafts written while a rebuild goes on, one number a line
- writing.lock, rebuilding.lock

Knows no engine. What is lost here is rebuilt from the database, so nothing is fsynced.
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.util.filelock import FileLock, try_for

from consult.errors import Conflict

SECONDS_TO_WAIT = 15.0  # for another writer; an update takes milliseconds, a merge seconds
SIZES = "sizes.json"


class IndexFolder:
    """Every method may be called by any thread of any process; those that change say who may."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = root / "live"
        self._changed = root / "changed"

    def live(self) -> tuple[Path, str] | None:
        """The live generation and its stamp; None if there is none or its folder is gone."""
        try:
            name, _, stamp = self._pointer.read_text(encoding="utf-8").partition(" ")
        except (OSError, ValueError):
            return None
        generation = self.root / name
        return (generation, stamp) if name and generation.is_dir() else None

    def fresh(self) -> Path:
        """A new, empty generation that is not live yet."""
        generation = self.root / f"g-{secrets.token_hex(4)}"
        generation.mkdir(parents=True)
        return generation

    def go_live(self, generation: Path, stamp: str) -> None:
        """Point at a generation, at one stroke. For who holds `writing`."""
        beside = self.root / f"{generation.name}.live"
        beside.write_text(f"{generation.name} {stamp}", encoding="utf-8")
        beside.replace(self._pointer)

    def forget(self, generation: Path) -> None:
        """There is no live index any more, if this one still is it."""
        live = self.live()
        if live is None or live[0] == generation:
            self._pointer.unlink(missing_ok=True)

    def seal(self, generation: Path) -> None:
        """Note how long its files are, which never change once written. For who holds `writing`."""
        sizes = {path.name: path.stat().st_size for path in generation.iterdir() if path.is_file()}
        sizes.pop(SIZES, None)
        beside = generation / f"{SIZES}.new"
        beside.write_text(json.dumps(sizes))
        beside.replace(generation / SIZES)

    def is_whole(self, generation: Path, *, at_rest: bool) -> bool:
        """Are its files as long as when sealed? `at_rest`, for who holds `writing`: all of them;
        else those that are there, as a writer may just have replaced some."""
        try:
            sizes = json.loads((generation / SIZES).read_text())
            found = {path.name: path.stat().st_size for path in map(generation.joinpath, sizes)}
            return bool(sizes == found)
        except FileNotFoundError:
            return not at_rest
        except (OSError, ValueError):
            return False

    def keep_only(self, generation: Path) -> None:
        """Delete all other generations, as far as nobody has them open. For who `rebuilding`."""
        for other in self.root.glob("g-*"):
            if other.is_dir() and other != generation:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self, seconds: float = SECONDS_TO_WAIT) -> Iterator[None]:
        """Hold the right to change the live index. Raises Conflict if it is held for longer."""
        with self._locked("writing.lock", seconds):
            yield

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the right to rebuild. Raises Conflict at once if it is held."""
        with self._locked("rebuilding.lock", 0):
            with self.writing():
                self._changed.write_text("")
            try:
                yield
            finally:
                self._changed.unlink(missing_ok=True)

    def note_change(self, draft_id: int) -> None:
        """Tell a rebuild that goes on that it may have read this draft too early."""
        if self._changed.exists():
            with self._changed.open("a") as changed:
                changed.write(f"{draft_id}\n")

    def changes(self) -> set[int]:
        """The drafts noted since the rebuild began."""
        try:
            return {int(line) for line in self._changed.read_text().split()}
        except FileNotFoundError:  # the whole folder was deleted meanwhile
            return set()

    @contextmanager
    def _locked(self, name: str, seconds: float) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.root / name))
        if not try_for(lock.acquire, timeout=seconds, delay=0.02):
            raise Conflict("The search index is being written. Try again in a few minutes.")
        try:
            yield
        finally:
            lock.release()
