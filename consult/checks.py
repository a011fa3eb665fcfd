"""What `consult check` and /healthz look at: whether this installation can do its work."""

from dataclasses import dataclass

from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from consult.outbox import Delivery
from consult.platform import Platform
from consult.schema import is_current
from notifications.models import Mail


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know; serious if it must be mended before the installation works."""

    text: str
    serious: bool


def can_serve(platform: Platform) -> bool:
    """Whether the database answers."""
    try:
        with platform.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def findings(platform: Platform) -> list[Finding]:
    """Everything that is not as it should be."""
    if not can_serve(platform):
        return [Finding("The database does not answer.", serious=True)]
    if not is_current(platform.database.engine):
        return [Finding("The database is not up to date: run `consult migrate`.", serious=True)]
    found = []
    if platform.search.needs_rebuild():
        found.append(Finding("The search index is missing or old: run `consult reindex`.", True))
    with platform.database.reading() as session:
        for model, name in ((Delivery, "background tasks"), (Mail, "mails")):
            count = session.exec(
                select(func.count()).select_from(model).where(col(model.parked_at).is_not(None))
            ).one()
            if count:
                found.append(Finding(f"{count} {name} were given up; see /admin.", serious=True))
    unconfirmed = [rule.code for rule in platform.pack.rule if not rule.confirmed]
    if unconfirmed:
        found.append(
            Finding(f"{len(unconfirmed)} rules of law are not confirmed by the operator.", False)
        )
    return found
