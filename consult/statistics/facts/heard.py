"""Hearings about the drafts of a scope: how many were held, who came, what was recorded of them."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col

from consult.comments.models import Comment
from consult.comments.queries import public
from consult.hearings.models import Hearing, HearingDraft
from consult.hearings.rules import State
from consult.intake.models import Provenance
from consult.statistics.facts.ground import Ground, summed
from drafts.models import Draft

# A hearing about several drafts counts once, with the first of them.
FIRST = (
    select(func.min(HearingDraft.draft_id))
    .where(col(HearingDraft.hearing_id) == col(Hearing.id))
    .correlate(Hearing)
    .scalar_subquery()
)


def hearings(ground: Ground) -> Select[Any]:
    """Those that took place."""
    return _held(ground.fact("hearings"))


def came(ground: Ground) -> Select[Any]:
    """The people who were there, as the minutes say."""
    return _held(ground.fact("came", n=summed(col(Hearing.came))))


def _held(query: Select[Any]) -> Select[Any]:
    about = col(HearingDraft.draft_id) == col(Draft.id)
    query = query.join(HearingDraft, about)
    query = query.join(Hearing, col(Hearing.id) == col(HearingDraft.hearing_id))
    return query.where(col(Hearing.state) == State.HELD.value, col(HearingDraft.draft_id) == FIRST)


def contributions(ground: Ground) -> Select[Any]:
    """The comments shown that were said at one of them."""
    query = ground.fact("contributions").join(Comment, col(Comment.draft_id) == col(Draft.id))
    query = query.join(Provenance, col(Provenance.comment_id) == col(Comment.id))
    return query.where(col(Provenance.hearing_id).is_not(None), *public())


FACTS = (hearings, came, contributions)
