"""Files on disk: written so that a row never names what is not there, swept when no row names them.

A file is written before the transaction that names it commits. A crash between the two leaves a
file without a row, which `sweep` takes away after a day; the other way round cannot happen.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from consult.attachments.models import Attachment
from consult.attachments.rules import stored_path
from consult.db import Database

FOLDER = "attachments"  # in the folder of data, which no web server shows
LOCK, SWEPT, PART = ".lock", ".swept", ".part"
GRACE = timedelta(days=1)  # no transaction lasts as long
PAUSE = timedelta(hours=1)  # between two sweeps
BATCH = 500


def path_of(data_dir: Path, sha256: str) -> Path:
    """Where the bytes with this digest lie."""
    return data_dir / FOLDER / stored_path(sha256)


def store(data_dir: Path, data: bytes, now: datetime) -> str:
    """Keep bytes for good, unless they are kept already; returns their digest (hexadecimal)."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(data_dir, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(secrets.token_hex(8) + PART)
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _date(part, now)
        with _locked(data_dir):
            part.replace(path)
            _sync(path.parent)
            _sync(path.parent.parent)
    finally:
        part.unlink(missing_ok=True)
    return sha256


def sweep(data_dir: Path, database: Database, now: datetime) -> int:
    """Take away the files of a day ago that no row names; returns how many. Once an hour."""
    folder = data_dir / FOLDER
    if not folder.is_dir() or not _is_time(folder / SWEPT, now):
        return 0
    before = (now - GRACE).timestamp()
    old = [path for path in folder.glob("??/*") if _is_older(path, before)]
    return sum(
        _take_away(data_dir, database, old[start : start + BATCH], before)
        for start in range(0, len(old), BATCH)
    )


def discard(data_dir: Path, database: Database, digests: Sequence[str], now: datetime) -> int:
    """Take away at once, of these files, what no row names; a younger one waits for `sweep`."""
    paths = [path_of(data_dir, sha256) for sha256 in digests]
    return _take_away(data_dir, database, paths, (now - GRACE).timestamp())


def _take_away(data_dir: Path, database: Database, paths: Sequence[Path], before: float) -> int:
    digests = {path: path.parent.name + path.name for path in paths}
    with database.reading() as session:
        named = _named(session, list(digests.values()))
    gone = 0
    for path, sha256 in digests.items():
        # Whoever stores the same bytes again makes the file new, and then it stays.
        with _locked(data_dir):
            if sha256 not in named and _is_older(path, before):
                path.unlink()
                gone += 1
    return gone


def faults(data_dir: Path, session: Session) -> tuple[list[str], list[str]]:
    """The names of stored files that are missing, and of those whose bytes are not what they were.

    Reads every byte of every file: for the command line, not for a page.
    """
    missing, damaged = [], []
    named = select(Attachment.sha256).distinct().order_by(col(Attachment.sha256))
    for sha256 in session.exec(named):
        path = path_of(data_dir, sha256)
        if not path.is_file():
            missing.append(str(stored_path(sha256)))
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                damaged.append(str(stored_path(sha256)))
    return missing, damaged


def _named(session: Session, digests: Sequence[str]) -> set[str]:
    query = select(Attachment.sha256).where(col(Attachment.sha256).in_(digests))
    return set(session.exec(query.distinct()).all())


def _is_time(mark: Path, now: datetime) -> bool:
    """Whether the last sweep, which this mark dates, is long enough ago; dates it anew if so."""
    if mark.exists() and not _is_older(mark, (now - PAUSE).timestamp()):
        return False
    mark.touch()
    _date(mark, now)
    return True


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # another process swept it
        return False


def _date(path: Path, now: datetime) -> None:
    """Date a file by the clock of the site, which tests move."""
    os.utime(path, (now.timestamp(), now.timestamp()))


def _sync(folder: Path) -> None:
    """A name in a folder outlives a power cut only once the folder itself is written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """One at a time, among all processes of the installation."""
    with (data_dir / FOLDER / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
