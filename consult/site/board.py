"""What the widget of an agency shows: what is planned, open, waiting, answered; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.consultations.models import Consultation, Tally
from consult.consultations.queries import comment_totals
from consult.law.queries import Law
from consult.plans.models import PlanItem
from consult.plans.queries import PlanFilter, plan_items
from consult.procedure.deadlines import working_days_left
from consult.procedure.stages import Stage
from consult.reports.models import Report
from consult.reports.queries import head_of
from consult.reports.snapshot import Head
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

Stages = tuple[str, ...]
OPEN: Stages = (Stage.OPEN.value,)
AWAITING: Stages = (Stage.CLOSED.value, Stage.ANSWERING.value)
ANSWERED: Stages = (
    *(Stage.REPORTED.value, Stage.IN_PARLIAMENT.value),
    *(Stage.ADOPTED.value, Stage.REJECTED.value),
)
SHOWN = 5  # drafts in a list; how many there are in all is told
PLANNED = 3  # planned acts
REPORTS = 3  # reports whose outcomes are told


@dataclass(frozen=True, slots=True)
class Held:
    """A draft with its newest round; `days_left` are working days, of an open round only."""

    draft: Draft
    round: Consultation
    comments: int
    days_left: int


@dataclass(frozen=True, slots=True)
class Group:
    """The first drafts of those at some stages, and how many there are in all."""

    shown: Sequence[Held]
    total: int


@dataclass(frozen=True, slots=True)
class Board:
    """What an agency has to tell, in a constant number of queries.

    `comments` are those on all its drafts, None while it has none: no data. `reports` are its
    last ones, each as it said of the whole when it was published.
    """

    agency: Agency
    planned: Sequence[PlanItem]
    more_planned: bool
    open: Group
    awaiting: Group
    answered: Group
    drafts: int
    comments: int | None
    reports: Sequence[tuple[Draft, Head]]


def board_of(session: Session, agency: Agency, law: Law, now: datetime) -> Board:
    """The board of one agency."""
    agency_id = agency.id or 0
    totals = _by_stage(session, agency_id)
    soonest, latest = col(Consultation.closes_at), col(Consultation.closes_at).desc()
    found: dict[Stages, Sequence[tuple[Draft, Consultation]]] = {
        stages: _newest_rounds(session, agency_id, stages, order)
        for stages, order in ((OPEN, soonest), (AWAITING, latest), (ANSWERED, latest))
    }
    ids = [draft.id or 0 for rows in found.values() for draft, _ in rows]
    comments = comment_totals(session, ids)

    def group(stages: Stages) -> Group:
        shown = [
            Held(draft, held, comments.get(draft.id or 0, 0), _days_left(held, law, now))
            for draft, held in found[stages]
        ]
        return Group(shown, sum(totals.get(stage, 0) for stage in stages))

    planned = plan_items(session, PlanFilter(agencies=(agency_id,)), limit=PLANNED)
    return Board(
        agency=agency,
        planned=planned[:PLANNED],
        more_planned=len(planned) > PLANNED,
        open=group(OPEN),
        awaiting=group(AWAITING),
        answered=group(ANSWERED),
        drafts=sum(totals.values()),
        comments=_comments(session, agency_id) if totals else None,
        reports=_last_reports(session, agency_id),
    )


def held(session: Session, draft: Draft, law: Law, now: datetime) -> Held | None:
    """One draft with its newest round; None if there was none."""
    query = select(Consultation).where(Consultation.draft_id == draft.id)
    newest = session.exec(query.order_by(col(Consultation.round).desc()).limit(1)).first()
    if newest is None:
        return None
    comments = comment_totals(session, [draft.id or 0])
    return Held(draft, newest, comments.get(draft.id or 0, 0), _days_left(newest, law, now))


def _days_left(held: Consultation, law: Law, now: datetime) -> int:
    if held.closed_at is not None or held.closes_at <= now:
        return 0
    return working_days_left(now, held.closes_at, law.calendar, law.tz)


def _public(agency_id: int) -> Any:
    return and_(
        col(Draft.agency_id) == agency_id,
        col(Draft.stage).in_(PUBLIC_STAGES),
        col(Draft.published_at).is_not(None),
    )


def _by_stage(session: Session, agency_id: int) -> Mapping[str, int]:
    query = select(Draft.stage, func.count()).where(_public(agency_id))
    return dict(session.exec(query.group_by(Draft.stage)).all())


def _newest_rounds(
    session: Session, agency_id: int, stages: Sequence[str], order: Any
) -> Sequence[tuple[Draft, Consultation]]:
    last = (
        select(func.max(Consultation.round))
        .where(Consultation.draft_id == Draft.id)
        .correlate(Draft)
        .scalar_subquery()
    )
    query = (
        select(Draft, Consultation)
        .join(Consultation, col(Consultation.draft_id) == col(Draft.id))
        .where(_public(agency_id), col(Draft.stage).in_(stages), Consultation.round == last)
    )
    return session.exec(query.order_by(order, col(Draft.id).desc()).limit(SHOWN)).all()


def _comments(session: Session, agency_id: int) -> int:
    query = select(func.sum(Tally.comments_n)).join(Draft, col(Draft.id) == col(Tally.draft_id))
    return int(session.exec(query.where(_public(agency_id))).one() or 0)


def _last_reports(session: Session, agency_id: int) -> list[tuple[Draft, Head]]:
    query = (
        select(Draft, Report)
        .join(Consultation, col(Consultation.draft_id) == col(Draft.id))
        .join(Report, col(Report.consultation_id) == col(Consultation.id))
        .where(_public(agency_id))
        .order_by(col(Report.published_at).desc(), col(Report.id).desc())
    )
    found = session.exec(query.limit(REPORTS)).all()
    return [(draft, head_of(report)) for draft, report in found]
