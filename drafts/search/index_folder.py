"""The folder of an index: generations side by side, a pointer to the live one, and who may write.

Beside it lie those that code of other versions makes and uses (of-…).

- live: the name of the live generation, and the stamp of the rules that made it
- begun: the generation a rebuild is filling, its stamp, and how far it has come
- g-1f0c9a3e/: one generation, in whatever form its engine likes
- g-1f0c9a3e/place: how far events are followed in it
- g-1f0c9a3e/sizes.json: how long each of its files is, for no engine notices that one is cut short
- writing.lock, rebuilding.lock, following.lock

Knows no engine. What is lost here is rebuilt from the database, so nothing is fsynced.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.util.filelock import FileLock, try_for

from consult.errors import Conflict

SECONDS_TO_WAIT = 15.0  # for another writer; an update takes milliseconds, a merge seconds
SIZES = "sizes.json"
PLACE = "place"
DAY = 24 * 60 * 60 * 10**9  # nanoseconds


class IndexFolder:
    """Every method may be called by any thread of any process; those that change say who may.

    `moving` are files of a generation that a writer changes; all others are written once.
    """

    def __init__(self, root: Path, moving: Collection[str] = ()) -> None:
        self.root = root
        self._moving = frozenset(moving)
        self._pointer = root / "live"
        self._begun = root / "begun"

    def live(self) -> tuple[Path, str] | None:
        """The live generation and its stamp; None if there is none or its folder is gone."""
        try:
            name, _, stamp = self._pointer.read_text(encoding="utf-8").partition(" ")
        except (OSError, ValueError):
            return None
        generation = self.root / name
        return (generation, stamp) if name and generation.is_dir() else None

    def version(self, generation: Path) -> str:
        """Another one after each `seal`; "" if it never was sealed."""
        try:
            sealed = (generation / SIZES).stat()
        except OSError:
            return ""
        return f"{generation.name}.{sealed.st_mtime_ns}.{sealed.st_ino}"

    def fresh(self) -> Path:
        """A new, empty generation that is not live yet."""
        generation = self.root / f"g-{secrets.token_hex(4)}"
        generation.mkdir(parents=True)
        return generation

    def go_live(self, generation: Path, stamp: str) -> None:
        """Point at a generation, at one stroke. For who holds `writing`."""
        _write(self._pointer, f"{generation.name} {stamp}")
        self._begun.unlink(missing_ok=True)

    def forget(self, generation: Path) -> None:
        """There is no live index any more, if this one still is it."""
        live = self.live()
        if live is None or live[0] == generation:
            self._pointer.unlink(missing_ok=True)

    def place(self, generation: Path) -> str:
        """How far events are followed in a generation; "" if that is lost."""
        try:
            return (generation / PLACE).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def note_place(self, generation: Path, place: str) -> None:
        """Events are followed so far in a generation. For who may write it."""
        _write(generation / PLACE, place)

    def seal(self, generation: Path) -> None:
        """Note how long its files are, which is another `version`. For who may write it."""
        sizes = {path.name: path.stat().st_size for path in generation.iterdir() if path.is_file()}
        for name in (SIZES, PLACE):
            sizes.pop(name, None)
        _write(generation / SIZES, json.dumps(sizes))

    def is_whole(self, generation: Path, *, at_rest: bool) -> bool:
        """Are its files as long as when sealed? `at_rest`, for who holds `writing`: all of them;
        else those that are there, as a writer may just have replaced some."""
        try:
            sizes = json.loads((generation / SIZES).read_text())
            if not at_rest:
                sizes = {name: size for name, size in sizes.items() if name not in self._moving}
            found = {path.name: path.stat().st_size for path in map(generation.joinpath, sizes)}
            return bool(sizes == found)
        except FileNotFoundError:
            return not at_rest
        except (OSError, ValueError, AttributeError):
            return False

    def begun(self, stamp: str) -> tuple[Path, str] | None:
        """The generation that a rebuild by these rules was filling when it was interrupted, and
        the mark it had reached. For who is `rebuilding`."""
        try:
            name, made_by, mark = json.loads(self._begun.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError):
            return None
        generation = self.root / str(name)
        is_same = made_by == stamp and generation.is_dir()
        return (generation, mark) if is_same else None

    def note_begun(self, generation: Path, stamp: str, mark: str) -> None:
        """A rebuild has come so far. For who is `rebuilding`."""
        _write(self._begun, json.dumps([generation.name, stamp, mark]))

    def keep_only(self, *generations: Path) -> None:
        """Delete all other generations, as far as nobody has them open. For who `rebuilding`."""
        for other in self.root.glob("g-*"):
            if other.is_dir() and other not in generations:
                shutil.rmtree(other, ignore_errors=True)

    def forget_older(self) -> None:
        """Delete what other code made beside this, but for the one that was in use within a day.

        It holds words that nobody takes out of it any more; whoever still uses it makes it anew.
        """
        others = [one for one in self.root.parent.glob("of-*") if one != self.root]
        others.sort(key=_last_changed)
        if others and _last_changed(others[-1]) > _last_changed(self.root) - DAY:
            others.pop()
        for older in (*others, *self.root.parent.glob("g-*")):  # g-…: of code without stamps
            shutil.rmtree(older, ignore_errors=True)

    @contextmanager
    def writing(self, seconds: float = SECONDS_TO_WAIT) -> Iterator[None]:
        """Hold the right to change the live index. Raises Conflict if it is held for longer."""
        with self._locked("writing.lock", seconds):
            yield

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the right to rebuild. Raises Conflict at once if it is held."""
        with self._locked("rebuilding.lock", 0):
            yield

    @contextmanager
    def following(self) -> Iterator[None]:
        """Hold the right to follow events. Raises Conflict at once if it is held."""
        with self._locked("following.lock", 0):
            yield

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


def key_of(stamp: str) -> str:
    """The stamp as part of a name."""
    return hashlib.sha256(stamp.encode()).hexdigest()[:8]


def _last_changed(root: Path) -> int:
    """Nanoseconds; 0 for what is just going away. Whoever follows events changes it for each."""
    return max(
        (path.stat().st_mtime_ns for path in (*root.glob("live"), *root.glob("*/place"))), default=0
    )


def _write(path: Path, text: str) -> None:
    """At one stroke: whoever reads it has the old text or the new one."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
