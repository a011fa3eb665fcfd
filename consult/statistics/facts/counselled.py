"""Opinions of councils on the drafts of a scope, and what the agencies made of them."""

from typing import Any

from sqlalchemy import Select, and_, func
from sqlmodel import col

from consult.councils.models import CouncilOpinion, OpinionAnswer
from consult.statistics.facts.ground import Ground
from drafts.models import Draft


def opinions(ground: Ground) -> Select[Any]:
    """Those that were given, by how much of them was taken up; "" where nobody has answered."""
    answered = and_(
        col(OpinionAnswer.opinion_id) == col(CouncilOpinion.id),
        col(OpinionAnswer.published_at).is_not(None),
    )
    query = ground.fact("opinions", func.coalesce(col(OpinionAnswer.taken), ""))
    query = query.join(CouncilOpinion, col(CouncilOpinion.draft_id) == col(Draft.id))
    return query.outerjoin(OpinionAnswer, answered).where(col(CouncilOpinion.state) == "given")


FACTS = (opinions,)
