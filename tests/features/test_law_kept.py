"""What is kept of a calendar in memory is never stale: rollbacks, revocations, others' commits."""

from datetime import date
from threading import Thread

from consult.db import Database
from consult.law.models import CalendarAct, CalendarDay
from consult.law.queries import law_of
from consult.law.rules import DecreedDay
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from tests.decrees import MONDAY, MOVED, PACK, SATURDAY, enter, take_back, works


def test_a_calendar_that_was_rolled_back_is_forgotten(platform: Platform) -> None:
    """The next act gets the number of the one that was rolled back: it must not be taken for it."""
    database = platform.database
    with database.session(writes=True) as session:
        enter(session, *MOVED)
        assert works(session, SATURDAY)
        session.rollback()
    with database.writing() as session:
        enter(session, DecreedDay(date(2026, 9, 19), DayKind.WORKING))
    with database.reading() as session:
        assert not works(session, SATURDAY)
        assert works(session, date(2026, 9, 19))


def test_a_revocation_that_was_rolled_back_is_forgotten(platform: Platform) -> None:
    database = platform.database
    with database.writing() as session:
        acts = [enter(session, MOVED[0]), enter(session, MOVED[1])]
    with database.session(writes=True) as session:
        take_back(session, acts[0])
        assert (works(session, SATURDAY), works(session, MONDAY)) == (False, False)
        session.rollback()
    with database.writing() as session:
        take_back(session, acts[1])
    with database.reading() as session:
        assert (works(session, SATURDAY), works(session, MONDAY)) == (True, True)


def test_rows_deleted_by_hand_make_room_for_others_under_the_same_number(
    platform: Platform,
) -> None:
    database = platform.database
    with database.writing() as session:
        act = enter(session, MOVED[0])
        assert works(session, SATURDAY)
    with database.writing() as session:
        session.delete(session.get_one(CalendarDay, (act.id, SATURDAY)))
        session.flush()
        session.delete(session.get_one(CalendarAct, act.id))
    with database.writing() as session:
        enter(session, MOVED[1])
        assert (works(session, SATURDAY), works(session, MONDAY)) == (False, False)


def test_what_one_process_enters_another_sees(platform: Platform) -> None:
    other = Database(platform.settings.database)
    with other.reading() as session:
        assert not works(session, SATURDAY)
    with platform.database.writing() as session:
        act = enter(session, *MOVED)
    with other.reading() as session:
        assert works(session, SATURDAY)
    with other.writing() as session:
        take_back(session, act)
    with platform.database.reading() as session:
        assert not works(session, SATURDAY)
    other.engine.dispose()


def test_readers_beside_a_writer_see_its_calendar_as_soon_as_it_is_committed(
    platform: Platform,
) -> None:
    """Each round enters or revokes; whoever reads after the commit must see just that."""
    stale: list[int] = []
    done: list[int] = [0]

    def read() -> None:
        while done[0] < 20:
            before = done[0]
            with platform.database.reading() as session:
                seen = works(session, SATURDAY)
            if before == done[0] >= 0 and seen is not bool(before % 2):
                stale.append(before)

    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    act = None
    for n in range(1, 21):
        done[0] = -1  # between two states nothing is asserted
        with platform.database.writing() as session:
            act = enter(session, *MOVED) if act is None else (take_back(session, act), None)[1]
        done[0] = n
    for reader in readers:
        reader.join()
    assert stale == []


def test_the_calendar_is_read_once_while_it_stays_the_same(platform: Platform) -> None:
    with platform.database.writing() as session:
        enter(session, *MOVED)
    with platform.database.reading() as session:
        first = law_of(session, PACK).calendar
    with platform.database.reading() as session:
        assert law_of(session, PACK).calendar is first
