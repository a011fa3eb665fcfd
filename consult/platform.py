"""The parts of one running installation, handed to whoever needs them. Built only in app.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from consult.access import Actor
from consult.clock import Clock
from consult.config import Settings
from consult.db import Database
from consult.procedure.packs import RulePack
from drafts.search.interface import SearchEngine

Identify = Callable[[Session, str, datetime], Actor]


@dataclass(frozen=True, slots=True)
class Platform:
    """`identify` turns a sign-in token into an actor (a visitor when it is no good)."""

    settings: Settings
    database: Database
    clock: Clock
    pack: RulePack
    search: SearchEngine
    identify: Identify
