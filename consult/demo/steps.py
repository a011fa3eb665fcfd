"""What the demonstration is played of: something that happens so many days from the start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

Act = Callable[[Session, datetime], None]
HOUR = 1 / 24


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened so many days from the start."""

    day: float
    act: Act


def call(act: Callable[..., None], part: object, session: Session, now: datetime) -> None:
    """Do `act` with a part of the scenario: partial(call, act, part) is the act of a Step."""
    act(session, part, now)
