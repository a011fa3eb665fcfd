"""What happens to hearings by itself: guests are reminded, what is over is said to be."""

from datetime import datetime

from consult.hearings.actions import follow_clock
from consult.hearings.queries import hearing_to_change, on_the_clock
from consult.platform import Platform

BATCH = 50


def follow_hearings(platform: Platform, now: datetime) -> int:
    """Do what the clock does, one hearing a transaction; returns for how many."""
    with platform.database.reading() as session:
        waiting = on_the_clock(session, now, BATCH)
    done = 0
    for hearing_id in waiting:
        with platform.database.writing() as session:
            done += follow_clock(session, hearing_to_change(session, hearing_id), now)
    return done
