"""Once a day: acts another year of which has ended, and the review that is owed of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.adoption.models import ActOutcome
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.rules import ActYear, ended_years
from consult.errors import NotFound
from consult.law.queries import Law, law_of
from consult.obligations.keeping.asked import owe_for_one
from consult.procedure.deadlines import end_of, local_day
from consult.procedure.duties import Duty, Per
from consult.procedure.packs import RulePack
from drafts.models import Draft

ALMOST_A_YEAR = timedelta(days=364)


def begin_reviews(session: Session, pack: RulePack, now: datetime) -> int:
    """Begin the reviews of years that have ended, and owe them; returns how many.

    Nothing where the law asks for none, and none of a year that was over before this site was told
    of the act. Done twice, nothing is added.
    """
    law = law_of(session, pack)
    duties = [duty for duty in law.pack.duty if duty.per is Per.REVIEW]
    if not duties:
        return 0
    today, n = local_day(now, law.tz), 0
    for outcome, draft, known in _acts(session, today):
        for year in _new_years(law, outcome, known, today):
            if _is_asked_for(law, duties, draft, year.last):
                _begin(session, law, draft, year, now)
                n += 1
    return n


def _acts(session: Session, today: date) -> list[tuple[ActOutcome, Draft, int]]:
    """Acts a year or more old, each with the last year a review was begun of."""
    reviewed = select(func.max(PracticeReview.n)).where(
        col(PracticeReview.draft_id) == col(Draft.id)
    )
    query = (
        select(ActOutcome, Draft, reviewed.scalar_subquery())
        .join(Draft, col(Draft.id) == col(ActOutcome.draft_id))
        .where(ActOutcome.outcome == "adopted", ActOutcome.decided_on < today - ALMOST_A_YEAR)
        .order_by(col(Draft.id))
    )
    return [(outcome, draft, n or 0) for outcome, draft, n in session.exec(query).all()]


def _new_years(law: Law, outcome: ActOutcome, known: int, today: date) -> Iterator[ActYear]:
    for year in ended_years(outcome.decided_on, today):
        if year.n > known and end_of(year.last, law.tz) > outcome.recorded_at:
            yield year


def _is_asked_for(law: Law, duties: list[Duty], draft: Draft, on: date) -> bool:
    """Whether on that day the law knew a term for it."""
    try:
        for duty in duties:
            law.pack.rule_for(duty.term, draft.act_type, on, draft.attributes)
    except NotFound:
        return False
    return True


def _begin(session: Session, law: Law, draft: Draft, year: ActYear, now: datetime) -> None:
    """The clock began in the last second of the year, so that counting starts with the next day."""
    ended_at = end_of(year.last, law.tz) - timedelta(seconds=1)
    review = PracticeReview(
        draft_id=draft.id or 0,
        n=year.n,
        since_on=year.first,
        until_on=year.last,
        begun_at=ended_at,
        written_at=ended_at,
    )
    session.add(review)
    session.flush()
    owe_for_one(session, law, Per.REVIEW, review.id or 0, ended_at, now, draft=draft)
