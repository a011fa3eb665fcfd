"""[pure] Rules of forgetting somebody: the choice they have, and how they are kept in mind.

Who was forgotten stands by number in a file beside the database (forgotten.py), so that a backup
that knows them still can be made to forget them again. Numbers are given anew after a backup was
restored: a line therefore holds a seal that only the row it was written of has.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from consult.errors import Conflict, Invalid


class Words(StrEnum):
    """What is to become of the public words of who is forgotten."""

    KEEP = "keep"  # they stay, as those of a former participant
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One line of the list: who, when, by which choice; `seal` ties the number to its row."""

    person_id: int
    at: datetime
    words: Words
    seal: str


def seal_of(person_id: int, created_at: datetime) -> str:
    """What only the row of this number that was made at this instant has.

    Without the secret key of the installation: under another one the list must hold all the same.
    """
    told = f"forgotten:{person_id}:{created_at.astimezone(UTC).isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()


def line_of(one: Forgotten) -> str:
    """A line of the list, with its end."""
    told = {"person": one.person_id, "at": one.at.astimezone(UTC).isoformat()}
    return json.dumps({**told, "words": one.words.value, "seal": one.seal}) + "\n"


def read_lines(lines: Iterable[str]) -> list[Forgotten]:
    """The list; a line that a power cut left half written is passed over."""
    found = []
    for line in lines:
        try:
            told = json.loads(line)
            at = datetime.fromisoformat(told["at"])
            found.append(Forgotten(int(told["person"]), at, Words(told["words"]), told["seal"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def check_typed(typed: str, email: str | None) -> None:
    """Whoever leaves types their address: nobody does so by mistake. Raises Invalid."""
    if not email or typed.strip().casefold() != email:
        raise Invalid("Please type your e-mail address as it stands above.", field="typed")


def check_no_roles(roles_n: int) -> None:
    """Raise Conflict for who works here: their work must be handed over first."""
    if roles_n:
        raise Conflict(
            "You work here: your account has roles. Ask an administrator to take them from it "
            "first, then delete it."
        )
