"""Somebody closes their account, in whatever scene they took part in."""

from consult.accounts.models import Person
from consult.privacy.forgetting import forget
from consult.privacy.leaving import Words
from tests.adopted import Act
from tests.planted import Planted
from tests.questioned import Hall


def close(act: Act | Hall | Planted, words: Words, name: str = "Zqname") -> None:
    """Somebody closes their account."""
    with act.platform.database.writing() as session:
        person = session.get_one(Person, act.people[name].id)
        forget(session, person, words=words, by=person.id, now=act.clock.now)


def leave(act: Act | Hall | Planted, name: str, words: Words) -> None:
    """The same, and the background does its part."""
    close(act, words, name)
    act.drain()
