"""What `consult check` and /healthz look at: whether this installation can do its work."""

from dataclasses import dataclass

from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from consult.attachments.storing import faults
from consult.law.queries import confirmations, law_of
from consult.law.rules import unconfirmed_years
from consult.moderation.appeals import appeal_kinds, oversight_agency
from consult.outbox import Delivery
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from consult.record.queries import head_holds
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
        if not head_holds(session):
            found.append(Finding("The public record is broken: run `consult verify-record`.", True))
        found += _bad_files(session, platform)
        found += _unconfirmed(session, platform)
        found += _appeals(session, platform)
    return found


def _bad_files(session: Session, platform: Platform) -> list[Finding]:
    """The files of comments that are not there any more, or not as they were."""
    missing, damaged = faults(platform.settings.data_dir, session)
    return [
        *(Finding(f"The attached file {name} is missing.", serious=True) for name in missing),
        *(Finding(f"The attached file {name} is damaged.", serious=True) for name in damaged),
    ]


def _unconfirmed(session: Session, platform: Platform) -> list[Finding]:
    """The rules and the calendars that somebody still has to compare with the law in force."""
    law, found = law_of(session, platform.pack), []
    rules = len(law.pack.rule) - len(confirmations(session, law.pack))
    if rules:
        found.append(f"{rules} rules of law are not confirmed by the operator; see /admin/rules.")
    found += [
        f"The working calendar of {year} is not confirmed; see /admin/calendar?year={year}."
        for year in unconfirmed_years(law.calendar, local_day(platform.clock(), law.tz))
    ]
    return [Finding(text, serious=False) for text in found]


def _appeals(session: Session, platform: Platform) -> list[Finding]:
    """Whether somebody owes a decision to an author who appeals against moderation."""
    kinds = appeal_kinds(platform.pack)
    if not kinds:
        text = "The rules give no time to appeal against moderation, so nobody can."
    elif oversight_agency(session, platform.pack, other_than=0) is None:
        text = f"No agency ({', '.join(kinds)}) is entered that owes decisions on appeals."
    else:
        return []
    return [Finding(text, serious=False)]
