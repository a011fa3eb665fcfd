"""Questions about the drafts of a scope, by how they stand and whether the answer met the point."""

from typing import Any

from sqlalchemy import Select, and_, case, or_
from sqlmodel import col

from consult.questions.models import Question
from consult.questions.queries import in_state
from consult.questions.rules import State
from consult.statistics.facts.ground import Ground, when
from consult.statistics.parts import YES
from drafts.models import Draft


def questions(ground: Ground) -> Select[Any]:
    """Those that are shown: answered or not, and what who asked says of the answer."""
    answered, met = in_state(State.ANSWERED), col(Question.met)
    rated = case(
        (and_(answered, met.is_(True)), YES), (and_(answered, met.is_(False)), "no"), else_=""
    )
    query = ground.fact("questions", when(answered), rated)
    query = query.join(Question, col(Question.draft_id) == col(Draft.id))
    return query.where(or_(answered, in_state(State.WAITING)))


FACTS = (questions,)
