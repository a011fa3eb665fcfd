"""Reads of consultations: the current round of a draft, rounds by draft, what was counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from consult.consultations.models import Consultation, ConsultationExtension, Tally
from consult.errors import NotFound


def current_round(session: Session, draft_id: int) -> Consultation | None:
    """The newest round of a draft."""
    query = select(Consultation).where(Consultation.draft_id == draft_id)
    return session.exec(query.order_by(col(Consultation.round).desc()).limit(1)).first()


def consultation_by_id(session: Session, consultation_id: int) -> Consultation:
    """One round; raises NotFound."""
    consultation = session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFound("There is no such discussion.")
    return consultation


def extensions_of(session: Session, consultation_id: int) -> list[ConsultationExtension]:
    """How often and why the closing of a round was put off, the first first."""
    query = select(ConsultationExtension).where(
        ConsultationExtension.consultation_id == consultation_id
    )
    return list(session.exec(query.order_by(col(ConsultationExtension.id))).all())


def rounds_of(session: Session, draft_ids: Sequence[int]) -> dict[int, Consultation]:
    """The newest round of each of some drafts, in one query."""
    rows = session.exec(
        select(Consultation)
        .where(col(Consultation.draft_id).in_(draft_ids))
        .order_by(col(Consultation.round))
    ).all()
    return {row.draft_id: row for row in rows}


def rounds_by_draft(session: Session, draft_id: int) -> list[Consultation]:
    """All rounds of a draft, the newest first."""
    query = select(Consultation).where(Consultation.draft_id == draft_id)
    return list(session.exec(query.order_by(col(Consultation.round).desc())).all())


def due_transitions(session: Session, now: datetime, limit: int = 100) -> list[Consultation]:
    """The rounds that should have opened or closed by now."""
    query = select(Consultation).where(col(Consultation.next_transition_at) <= now)
    return list(
        session.exec(query.order_by(col(Consultation.next_transition_at)).limit(limit)).all()
    )


def tallies(session: Session, draft_id: int) -> Sequence[Row[Any]]:
    """All counts of a draft: (version_id, wid, comments_n, for_n, against_n), identified_*."""
    return session.execute(
        select(  # type: ignore[call-overload]
            Tally.version_id,
            Tally.wid,
            Tally.comments_n,
            Tally.for_n,
            Tally.against_n,
            Tally.identified_for_n,
            Tally.identified_against_n,
        ).where(Tally.draft_id == draft_id)
    ).all()


def comment_totals(session: Session, draft_ids: Sequence[int]) -> dict[int, int]:
    """How many comments each of some drafts has."""
    rows = session.execute(
        select(Tally.draft_id, func.sum(Tally.comments_n))
        .where(col(Tally.draft_id).in_(draft_ids))
        .group_by(col(Tally.draft_id))
    ).all()
    return {draft_id: int(total or 0) for draft_id, total in rows}
