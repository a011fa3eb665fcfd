"""How the acts that drafts of a scope became work in practice, and what agencies conclude of it."""

from typing import Any

from sqlalchemy import Select, exists
from sqlmodel import col

from consult.adoption.models import Problem
from consult.adoption.practice.models import PracticeReview
from consult.adoption.queries import is_shown
from consult.statistics.facts.ground import Ground
from drafts.models import Draft


def practice(ground: Ground) -> Select[Any]:
    """What was reported of acts and is shown, by kind."""
    query = ground.fact("practice", col(Problem.kind))
    return query.join(Problem, col(Problem.draft_id) == col(Draft.id)).where(is_shown())


def acts_to_change(ground: Ground) -> Select[Any]:
    """Acts of which a published review concludes that they are to be changed."""
    concluded = exists().where(
        col(PracticeReview.draft_id) == col(Draft.id),
        col(PracticeReview.published_at).is_not(None),
        col(PracticeReview.overall) == "change",
    )
    return ground.fact("acts_to_change").where(concluded)


FACTS = (practice, acts_to_change)
