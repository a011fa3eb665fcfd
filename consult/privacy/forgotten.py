"""The list of those who were forgotten, in a file beside the database: what a backup does not know.

A backup that is older than somebody's wish knows them still. The list is no part of it: whoever
restores one keeps the list of the installation as it was, and the site forgets them again.
"""

import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.config import Settings
from consult.privacy.leaving import Forgotten, Words, line_of, read_lines, seal_of

FILE = "forgotten.jsonl"  # in the folder of data
BATCH = 500


def listed(settings: Settings) -> list[Forgotten]:
    """Everybody on the list."""
    return read_list(settings.data_dir / FILE)


def read_list(path: Path) -> list[Forgotten]:
    """Everybody on a list; nobody if there is no such file."""
    return read_lines(path.read_text("utf-8").splitlines()) if path.is_file() else []


def note(settings: Settings, person: Person, words: Words, at: datetime) -> None:
    """Put somebody on the list, once, and let no power cut take it back."""
    person_id = person.id or 0
    append(settings, [Forgotten(person_id, at, words, seal_of(person_id, person.created_at))])


def append(settings: Settings, more: list[Forgotten]) -> int:
    """Add who does not stand on the list; returns how many."""
    path = settings.data_dir / FILE
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        known = {(one.person_id, one.seal) for one in read_lines(text.splitlines())}
        fresh = [one for one in more if (one.person_id, one.seal) not in known]
        if text and not text.endswith("\n"):  # a power cut left half a line
            file.write("\n")
        file.writelines(line_of(one) for one in fresh)
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def known_again(session: Session, settings: Settings) -> Iterator[tuple[Forgotten, Person]]:
    """Those on the list whom the database knows, by the very row they had."""
    for one, person in _present(session, settings):
        if one.seal == seal_of(one.person_id, person.created_at):
            yield one, person


def strangers(session: Session, settings: Settings) -> int:
    """How many numbers of the list are somebody else's by now."""
    return sum(
        one.seal != seal_of(one.person_id, person.created_at)
        for one, person in _present(session, settings)
    )


def _present(session: Session, settings: Settings) -> Iterator[tuple[Forgotten, Person]]:
    lines = listed(settings)
    for start in range(0, len(lines), BATCH):
        some = lines[start : start + BATCH]
        query = select(Person).where(
            col(Person.id).in_([one.person_id for one in some]), col(Person.forgotten_at).is_(None)
        )
        there = {person.id or 0: person for person in session.exec(query).all()}
        yield from ((one, there[one.person_id]) for one in some if one.person_id in there)
