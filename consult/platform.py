"""The parts of one running installation, handed to whoever needs them. Built only in app.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from consult.access import Actor
from consult.clock import Clock
from consult.config import Settings
from consult.db import Database
from consult.limits.store import Limits
from consult.procedure.packs import RulePack
from drafts.search.interface import SearchEngine

Identify = Callable[[Session, str, datetime], Actor]
Unseen = Callable[[Session, str, date], bool]
See = Callable[[Session, str, date], None]


@dataclass(frozen=True, slots=True)
class Platform:
    """`identify` turns a sign-in token into an actor (a visitor when it is no good).

    `unseen` and `see`: whether a token was not used on a day yet, and that it now was.
    """

    settings: Settings
    database: Database
    clock: Clock
    pack: RulePack
    search: SearchEngine
    identify: Identify
    limits: Limits
    unseen: Unseen
    see: See
