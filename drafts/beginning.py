"""For whom a person may begin a draft: reads that several pages share."""

from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.errors import Invalid
from consult.procedure.acts import ActType


def bodies_for(session: Session, actor: Actor, act: ActType | None = None) -> list[Agency]:
    """The agencies this person may begin a draft for; of an `act`, those that may publish it.

    One that was closed begins no draft.
    """
    held = actor.held_for("prepare")
    every = [one for one in agencies(session).values() if one.closed_on is None]
    mine = (one for one in every if not held or one.id in held)
    return sorted(
        (one for one in mine if act is None or act.fits(one.kind)), key=lambda one: one.code
    )


def chosen_body(
    session: Session, actor: Actor, chosen: int | str, act: ActType | None = None
) -> int:
    """The agency chosen, or the only one there is to choose. Raises Invalid."""
    mine = [agency.id or 0 for agency in bodies_for(session, actor, act)]
    body = int(chosen) if chosen else (mine[0] if len(mine) == 1 else 0)
    if body not in mine:
        raise Invalid("Please choose the agency.", field="agency")
    return body
