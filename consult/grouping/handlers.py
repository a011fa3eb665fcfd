"""Proposes groups in the background: once a discussion has closed, and when an officer asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from consult.comments.models import Comment
from consult.events import CommentRedacted, ConsultationClosed, SuggestionsAsked
from consult.grouping.models import GroupSuggestion
from consult.grouping.queries import ungrouped
from consult.grouping.rules import Suggested, suggest, was_dismissed
from consult.platform import Platform

Looked = ConsultationClosed | SuggestionsAsked


def suggest_groups(_session: Session, platform: Platform, event: Looked, now: datetime) -> None:
    """Compare what is in no group and propose; what waited from before is proposed anew.

    Read and compared outside a transaction that writes, for it takes seconds; done twice, the
    second changes nothing. What a person took or dismissed stays.
    """
    with platform.database.reading() as session:
        texts = ungrouped(session, event.consultation_id)
    found = suggest(texts)
    with platform.database.writing() as session:
        dismissed = session.exec(
            select(GroupSuggestion.comment_ids).where(
                GroupSuggestion.consultation_id == event.consultation_id,
                GroupSuggestion.state == "dismissed",
            )
        ).all()
        fresh = [one for one in found if not was_dismissed(one.ids, dismissed)]
        _replace(session, event.consultation_id, fresh, now)


def _replace(
    session: Session, consultation_id: int, found: Sequence[Suggested], now: datetime
) -> None:
    """Let exactly these wait, in this order."""
    waiting = (
        col(GroupSuggestion.consultation_id) == consultation_id,
        col(GroupSuggestion.state) == "open",
    )
    session.execute(delete(GroupSuggestion).where(*waiting))
    session.add_all(
        GroupSuggestion(
            consultation_id=consultation_id,
            method=one.method,
            score=one.score,
            comment_ids=list(one.ids),
            terms=list(one.terms),
            proposed_at=now,
        )
        for one in found
    )


def forget_shared_words(
    session: Session, _platform: Platform, event: CommentRedacted, _now: datetime
) -> None:
    """What was removed from a comment may be among the words it shared with others."""
    comment = session.get_one(Comment, event.comment_id)
    query = select(GroupSuggestion).where(
        GroupSuggestion.consultation_id == comment.consultation_id
    )
    for row in session.exec(query).all():
        if comment.id in row.comment_ids:
            row.terms = []
            session.add(row)
