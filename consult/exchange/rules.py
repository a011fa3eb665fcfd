"""[pure] Rules of the exchange: how a key and a number look, whether a system may work."""

import re
from typing import Protocol

from consult.access import Actor, Role
from consult.accounts.rules import clean_line
from consult.errors import Conflict, Invalid, NotAllowed

PREFIX = "kenesh_x_"  # so that whoever finds one in a file knows what it opens
TITLE_MAX = 60  # characters
NUMBER_MAX = 60
MOST_OF_ONE = 5  # systems of an agency at once
# As numbers stand on papers: 17-2/45, № 12-Т; nothing that cannot be typed.
_NUMBER = re.compile(r"[\w№.()/–-]+(?: [\w№.()/–-]+)*")


class System(Protocol):
    """What these rules read of a system."""

    agency_id: int
    made_by: int
    permitted_by: int | None


def state_of(system: System) -> str:
    """ "waiting" for a second person, or "works"."""
    return "works" if system.permitted_by is not None else "waiting"


def clean_title(typed: str) -> str:
    """What a system is called; raises Invalid."""
    title = clean_line(typed)
    if not title:
        raise Invalid("Please fill this in.", field="title")
    if len(title) > TITLE_MAX:
        raise Invalid("This is too long: at most {most} characters.", field="title", most=TITLE_MAX)
    return title


def clean_number(sent: str) -> str:
    """The number of a draft in the books of its agency; raises Invalid."""
    number = sent.strip()
    if not _NUMBER.fullmatch(number) or len(number) > NUMBER_MAX:
        raise Invalid(
            "A number is of letters, digits and the signs № . / ( ) and -, at most {most}.",
            field="number",
            most=NUMBER_MAX,
        )
    return number


def check_second_person(system: System, actor: Actor) -> None:
    """Raise NotAllowed for whoever would permit a system of their own."""
    if system.made_by == actor.id:
        raise NotAllowed("Another person has to permit this system.")


def check_not_too_many(systems: int) -> None:
    """Raise Conflict for an agency that has as many as it may have."""
    if systems >= MOST_OF_ONE:
        raise Conflict(
            "An agency cannot have more than {most} systems. End one of them first.",
            field="title",
            most=MOST_OF_ONE,
        )


def as_system(officer: Actor, system: System) -> Actor:
    """What a system may do: what its officer may as one of that agency, and nothing else.

    Raises NotAllowed while nobody has permitted it, or when that officer is none there any more.
    """
    if system.permitted_by is None:
        raise NotAllowed("A second person of the agency has to permit this system first.")
    if Role.OFFICER not in officer.roles or not officer.may_for("prepare", system.agency_id):
        raise NotAllowed("Whoever named this system is no officer of the agency any more.")
    here = frozenset({system.agency_id})
    return Actor(
        id=officer.id,
        name=officer.name,
        lang=officer.lang,
        roles=frozenset({Role.VISITOR, Role.OFFICER}),
        agencies={Role.OFFICER: here},
        bodies=here,
        is_identified=officer.is_identified,
    )
