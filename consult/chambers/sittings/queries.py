"""Reads of sittings and of reports on appeals."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from consult.chambers.sittings.models import AppealsReport, Sitting, SittingItem
from consult.errors import NotFound
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES


@dataclass(frozen=True, slots=True)
class Dealt:
    """An item of an agenda with the draft it was about, if that is public."""

    item: SittingItem
    draft: Draft | None


def sitting_by_id(session: Session, sitting_id: int) -> Sitting:
    """One sitting; raises NotFound."""
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound("There is no such sitting.")
    return sitting


def sittings_of(
    session: Session, body_id: int, *, before: int = 0, limit: int = 20
) -> Sequence[Sitting]:
    """The sittings of a body as they were entered, newest first; one more than `limit` tells that
    there are older ones. Those without results are told of too: that they are owed is public."""
    query = select(Sitting).where(Sitting.body_id == body_id)
    if before:
        query = query.where(col(Sitting.id) < before)
    return session.exec(query.order_by(col(Sitting.id).desc()).limit(limit + 1)).all()


def items_of(session: Session, sitting_id: int) -> list[Dealt]:
    """The agenda of a sitting with its results, in order."""
    public = col(Draft.stage).in_(PUBLIC_STAGES) & col(Draft.published_at).is_not(None)
    query = (
        select(SittingItem, Draft)
        .outerjoin(Draft, (col(Draft.id) == col(SittingItem.draft_id)) & public)
        .where(SittingItem.sitting_id == sitting_id)
        .order_by(col(SittingItem.position))
    )
    return [Dealt(*row) for row in session.exec(query).all()]


def sittings_about(session: Session, draft_id: int, limit: int = 20) -> Sequence[Sitting]:
    """The sittings with results at which a draft was an item, the newest first."""
    query = (
        select(Sitting)
        .join(SittingItem, col(SittingItem.sitting_id) == col(Sitting.id))
        .where(SittingItem.draft_id == draft_id, col(Sitting.published_at).is_not(None))
        .order_by(col(Sitting.held_on).desc(), col(Sitting.id).desc())
    )
    return session.exec(query.distinct().limit(limit)).all()


def appeals_reports_of(session: Session, body_id: int, limit: int = 20) -> Sequence[AppealsReport]:
    """The newest reports of a body on the appeals it considered."""
    query = select(AppealsReport).where(AppealsReport.body_id == body_id)
    order = col(AppealsReport.until_on).desc(), col(AppealsReport.id).desc()
    return session.exec(query.order_by(*order).limit(limit)).all()


def appeals_report_by_id(session: Session, report_id: int) -> AppealsReport:
    """One of them; raises NotFound."""
    report = session.get(AppealsReport, report_id)
    if report is None:
        raise NotFound("There is no such report.")
    return report


def appeals_of_period(session: Session, body_id: int, said: AppealsReport) -> AppealsReport | None:
    """A report of the same body about days that are in `said` as well."""
    query = select(AppealsReport).where(
        AppealsReport.body_id == body_id,
        ~or_(
            col(AppealsReport.until_on) < said.since_on, col(AppealsReport.since_on) > said.until_on
        ),
    )
    return session.exec(query).first()
