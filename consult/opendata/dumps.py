"""Everything public as files: written once a night beside each other, of one moment, or not at all.

All is read in one transaction that sees the database as it was at its beginning. It holds up nobody
who writes: SQLite goes on in its log (WAL) meanwhile, PostgreSQL keeps the rows that were. What was
begun and not finished is thrown away, for two moments make no data; the next begins anew.

What is taken back (words hidden or redacted, a person forgotten) must not lie about in the files of
earlier nights: they are deleted at once, and written anew within the hour.
"""

import fcntl
import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import file_digest
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.errors import Conflict
from consult.opendata import dictionary, parquet
from consult.opendata.catalogue import Filed, catalogue
from consult.opendata.columns import LANGUAGES
from consult.opendata.reading import context_of, pieces
from consult.opendata.registry import RESOURCES
from consult.opendata.resource import Asked, Context, Resource
from consult.opendata.writing import LICENCE, LINES, TABLE
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.deadlines import local_day

FORMATS = ("jsonl", "csv", "parquet")
ABOUT, SUMS, DICTIONARY, CATALOGUE = "about.json", "SHA256SUMS", "dictionary.json", "catalog.jsonld"
NIGHT = 2  # o'clock, where the law runs: files of a day are written from then on
AGAIN = timedelta(hours=1)  # how soon files that had to go are written anew
LATE = timedelta(minutes=1)  # PostgreSQL may show an event after one with a higher number
# After these, what stands in a file must not be said any more. (What its author withdrew goes with
# the files of the night, which are kept for some days.)
TAKEN_BACK = (
    *("CommentDisavowed", "CommentHidden", "CommentHeld", "CommentRedacted"),
    *("ReportRedacted", "PersonForgotten"),
)


@dataclass(frozen=True, slots=True)
class Dump:
    """The files of one moment. `event` is the last thing that had happened by then."""

    made_at: datetime
    event: int
    rows: dict[str, int]
    formats: tuple[str, ...]
    files: tuple[Filed, ...]

    @property
    def lacks_parquet(self) -> bool:
        return "parquet" not in self.formats


def write(platform: Platform, folder: Path, now: datetime, formats: Sequence[str] = ()) -> Dump:
    """Write everything into a folder that is not there yet. Raises Conflict.

    Without `formats` all that can be written here: Parquet needs DuckDB.
    """
    if folder.exists():
        raise Conflict("{folder} is there already.", folder=folder)
    wanted = set(formats or [one for one in FORMATS if one != "parquet" or parquet.is_here()])
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        dump = _write(platform, beside, now, wanted)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return dump


def _write(platform: Platform, folder: Path, now: datetime, wanted: set[str]) -> Dump:
    with platform.database.steady() as session:
        event = _last_event(session, now)
        context = context_of(session, platform)
        rows = {
            one.name: _write_resource(session, one, context, folder, wanted)
            for one in RESOURCES.values()
        }
    resources = list(RESOURCES.values())
    _put(folder / DICTIONARY, dictionary.as_json(resources))
    if "parquet" in wanted:
        parquet.write(folder, folder / DICTIONARY)
    if "jsonl" not in wanted:
        for one in resources:
            (folder / f"{one.name}.jsonl.gz").unlink(missing_ok=True)
    (folder / "dictionary.csv").write_text(dictionary.as_csv(resources), "utf-8", newline="")
    _put(folder / "csv-metadata.json", dictionary.as_csvw(resources, ".csv.gz"))
    day = local_day(now, platform.pack.tz)
    data = _filed(folder)
    _put(folder / CATALOGUE, catalogue(resources, context.base_url, LANGUAGES, day, data))
    told = {"made_at": now.astimezone(UTC).isoformat(), "event": event, "licence": LICENCE}
    told |= {"formats": sorted(wanted), "rows": rows}
    _put(folder / ABOUT, told | {"files": [asdict(one) for one in data]})
    sums = "".join(f"{one.sha256}  {one.name}\n" for one in _filed(folder))
    (folder / SUMS).write_text(sums, "ascii")
    return Dump(now, event, rows, tuple(sorted(wanted)), tuple(data))


def _write_resource(
    session: Session, resource: Resource, context: Context, folder: Path, wanted: set[str]
) -> int:
    """The rows of a resource in both forms of text at once; returns how many there are."""
    forms = [LINES, TABLE] if "csv" in wanted else [LINES]  # Parquet is made from lines
    count = 0
    columns = resource.columns
    with _gzipped(folder / f"{resource.name}.jsonl.gz") as lines:
        table_path = folder / f"{resource.name}.csv.gz"
        with _gzipped(table_path) if TABLE in forms else _nowhere() as table:
            if table:
                table.write(TABLE.begins(columns))
            for rows in pieces(session, resource, Asked(columns), context):
                count += len(rows)
                lines.write(LINES.rows(columns, rows))
                if table:
                    table.write(TABLE.rows(columns, rows))
    return count


@contextmanager
def _gzipped(path: Path) -> Iterator[TextIOWrapper]:
    """A file that is the same whenever the same is written."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed,
        TextIOWrapper(packed, "utf-8", newline="") as text,
    ):
        yield text


@contextmanager
def _nowhere() -> Iterator[None]:
    yield None


def _put(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _filed(folder: Path) -> list[Filed]:
    """The files of a folder with their sums."""
    found = []
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        with path.open("rb") as file:
            found.append(
                Filed(path.name, path.stat().st_size, file_digest(file, "sha256").hexdigest())
            )
    return found


def _last_event(session: Session, now: datetime) -> int:
    """The number of the last thing that happened, of which nothing earlier is still to come."""
    query = select(func.max(OutboxEvent.id)).where(col(OutboxEvent.occurred_at) < now - LATE)
    return session.exec(query).one() or 0


def home_of(platform: Platform) -> Path:
    """The folder of all of them."""
    return platform.settings.data_dir / "dumps"


def dumps(platform: Platform) -> dict[date, Dump]:
    """Those there are, the newest first."""
    found = {}
    home = home_of(platform)
    for folder in sorted(home.iterdir(), reverse=True) if home.is_dir() else ():
        if (dump := _read(folder)) is not None:
            found[date.fromisoformat(folder.name)] = dump
    return found


def _read(folder: Path) -> Dump | None:
    """One of them; None for any other folder."""
    try:
        date.fromisoformat(folder.name)
        told = json.loads((folder / ABOUT).read_text("utf-8"))
    except (ValueError, OSError):
        return None
    return Dump(
        made_at=datetime.fromisoformat(told["made_at"]),
        event=told["event"],
        rows=told["rows"],
        formats=tuple(told["formats"]),
        files=tuple(Filed(**one) for one in told["files"]),
    )


def keep_dumps(platform: Platform, now: datetime) -> int:
    """Write those of today if it is time, delete those that are too old or say too much."""
    if platform.settings.dumps_kept == 0 and not home_of(platform).is_dir():
        return 0
    with _alone(platform) as lock:
        return _keep(platform, now, lock) if lock else 0


def _keep(platform: Platform, now: datetime, lock: Path) -> int:
    for half in home_of(platform).glob(".*.*"):  # somebody switched off in the middle
        shutil.rmtree(half)
    most, home = platform.settings.dumps_kept, home_of(platform)
    with platform.database.reading() as session:
        gone = [day for day, dump in dumps(platform).items() if _says_too_much(session, dump)]
    for day in gone:
        _delete(home / day.isoformat())
    kept = list(dumps(platform))
    today = now.astimezone(platform.pack.tz)
    begun = lock.read_text("ascii")
    # Not at once after a deletion: what it was for would be newer than what is known to be in them.
    again = not gone and (not begun or now >= datetime.fromisoformat(begun) + AGAIN)
    made = 0
    if most and today.date() not in kept and again and (today.hour >= NIGHT or not kept):
        lock.write_text(now.isoformat(), "ascii")
        write(platform, home / today.date().isoformat(), now)
        kept.insert(0, today.date())
        made = 1
    for day in kept[most:]:
        _delete(home / day.isoformat())
    return len(gone) + made + len(kept[most:])


def _says_too_much(session: Session, dump: Dump) -> bool:
    query = select(OutboxEvent.id).where(
        col(OutboxEvent.id) > dump.event, col(OutboxEvent.name).in_(TAKEN_BACK)
    )
    return session.exec(query.limit(1)).first() is not None


def _delete(folder: Path) -> None:
    """Away with it: nobody finds half of it."""
    half = folder.with_name(f".{folder.name}.gone")
    folder.rename(half)
    shutil.rmtree(half)


@contextmanager
def _alone(platform: Platform) -> Iterator[Path | None]:
    """The file of the lock, if no other process writes; it holds when the last was begun."""
    home = home_of(platform)
    home.mkdir(parents=True, exist_ok=True)
    path = home / ".lock"
    with path.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield path
