"""Parliament and local keneshes, as agencies, and who keeps their minutes."""

from sqlmodel import Session, col, select

from consult.access import Actor, check_agency, check_right
from consult.accounts.models import Agency
from consult.chambers.rules import BODY_KINDS
from consult.errors import Invalid, NotFound


def is_body(agency: Agency) -> bool:
    """Whether this is a parliament or a local kenesh, or a committee of one."""
    return agency.kind in BODY_KINDS


def body_by_code(session: Session, code: str) -> Agency:
    """A parliament or kenesh; raises NotFound for any other agency."""
    body = session.exec(select(Agency).where(Agency.code == code)).first()
    if body is None or not is_body(body):
        raise NotFound("There is no such parliament or kenesh.")
    return body


def chosen_body(session: Session, body_id: int, field: str) -> Agency:
    """The one that was chosen in a form; raises Invalid for any other agency."""
    body = session.get(Agency, body_id)
    if body is None or not is_body(body) or body.closed_on:
        raise Invalid("Please choose one of the options.", field=field)
    return body


def check_secretary(actor: Actor, body_id: int) -> None:
    """Raise NotAllowed unless this person keeps the minutes of this body."""
    check_right(actor, "convene")
    check_agency(actor, "convene", body_id)


def may_record(actor: Actor, body: Agency) -> bool:
    """Whether this person keeps the minutes of this body."""
    return is_body(body) and actor.may("convene") and actor.may_for("convene", body.id or 0)


def bodies_of(session: Session, actor: Actor) -> list[Agency]:
    """The open parliaments and keneshes whose minutes this person keeps, by their code."""
    query = select(Agency).where(
        col(Agency.kind).in_(BODY_KINDS),
        col(Agency.closed_on).is_(None),
    )
    return [
        body
        for body in session.exec(query.order_by(col(Agency.code))).all()
        if may_record(actor, body)
    ]


def committees_of(session: Session, body_id: int) -> list[Agency]:
    """The open committees of a body, by their code."""
    query = select(Agency).where(Agency.parent_id == body_id, col(Agency.closed_on).is_(None))
    return list(session.exec(query.order_by(col(Agency.code))).all())
