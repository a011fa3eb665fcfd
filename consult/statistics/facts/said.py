"""What was said and voted on the drafts of a scope, and on how many of them."""

from typing import Any

from sqlalchemy import Select, exists
from sqlmodel import col

from consult.campaigns.models import Cluster, TextCount
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.plans.models import PlanItem
from consult.plans.rules import State
from consult.statistics.facts.ground import Ground, summed, when
from consult.statistics.queries import NO_REPLY, comment_standing, vote_subject
from consult.votes.models import Vote
from drafts.models import Draft

OF_DRAFT = col(Comment.draft_id) == col(Draft.id)


def drafts(ground: Ground) -> Select[Any]:
    """By stage, whether a discussion was opened, what was said, whether a plan had told of it."""
    opened = exists().where(
        col(Consultation.draft_id) == col(Draft.id), col(Consultation.opened_at).is_not(None)
    )
    commented = exists().where(OF_DRAFT, *public(), NO_REPLY)
    voted = exists().where(col(Vote.draft_id) == col(Draft.id))
    planned = exists().where(
        col(PlanItem.draft_id) == col(Draft.id),
        col(PlanItem.state) == State.STARTED.value,
        col(PlanItem.published_at) < col(Draft.published_at),
    )
    taking_part = when(commented).concat("/").concat(when(voted))
    return ground.fact("drafts", col(Draft.stage), when(opened), taking_part, when(planned))


def comments(ground: Ground) -> Select[Any]:
    """By standing, kind, channel, and whether their round is over."""
    closed = when(col(Consultation.closed_at).is_not(None))
    parts = comment_standing(), col(Comment.kind), col(Comment.channel), closed
    query = ground.fact("comments", *parts).join(Comment, OF_DRAFT)
    return query.join(Consultation, col(Consultation.id) == col(Comment.consultation_id))


def votes(ground: Ground) -> Select[Any]:
    """By value, whether it is known who voted, and what on."""
    value = when(col(Vote.value) > 0)
    query = ground.fact("votes", value, when(col(Vote.is_identified)), vote_subject())
    return query.join(Vote, col(Vote.draft_id) == col(Draft.id))


def texts(ground: Ground) -> Select[Any]:
    """Comments that were compared with one another."""
    query = ground.fact("compared", n=summed(col(TextCount.submissions)))
    return query.join(TextCount, col(TextCount.draft_id) == col(Draft.id))


def distinct_texts(ground: Ground) -> Select[Any]:
    """The different texts among them."""
    query = ground.fact("distinct", n=summed(col(TextCount.distinct_n)))
    return query.join(TextCount, col(TextCount.draft_id) == col(Draft.id))


def campaigns(ground: Ground) -> Select[Any]:
    """Texts that were sent more than once, with some words changed or none."""
    return ground.fact("campaigns").join(Cluster, col(Cluster.draft_id) == col(Draft.id))


FACTS = (drafts, comments, votes, texts, distinct_texts, campaigns)
