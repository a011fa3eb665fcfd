"""The resource of questions to bodies: what was asked, what was answered, whether it met the point.

Of a question that was taken back or hidden stands that there was one; who asks stands nowhere.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, null
from sqlmodel import col

from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Context, Resource, address
from consult.opendata.resources.shared import (
    PUBLIC_DRAFT,
    agency_code,
    agency_column,
    id_column,
)
from consult.questions.models import Question, QuestionAnswer
from consult.questions.queries import in_state
from consult.questions.rules import KINDS, State
from drafts.models import Draft

NOT_SHOWN = "null where it is not shown"
STATES = tuple(state.value for state in State)
STATE = case(
    *((in_state(one), one.value) for one in State if one is not State.WAITING),
    else_=State.WAITING.value,
)


def _questions(query: Any) -> Any:
    published = and_(
        col(QuestionAnswer.question_id) == Question.id, col(QuestionAnswer.state) == "published"
    )
    return (
        query.select_from(Question)
        .outerjoin(Draft, and_(col(Draft.id) == Question.draft_id, PUBLIC_DRAFT))
        .outerjoin(QuestionAnswer, published)
    )


def _said(name: str, meaning: str, of: Any, when: tuple[State, ...]) -> Column:
    """Words that are shown while the question is in one of these states."""
    shown: ColumnElement[Any] = case((STATE.in_([one.value for one in when]), of), else_=null())
    return Column(name, Type.TEXT, f"{meaning}; {NOT_SHOWN}", (shown,), nullable=True)


def _yes(_context: Context, value: Any) -> bool | None:
    return bool(value) if value is not None else None


ASKED = (State.WAITING, State.ANSWERED)
ANSWERED = (State.ANSWERED,)

QUESTIONS = Resource(
    name="questions",
    title=N_("Questions"),
    meaning=N_("What bodies were asked by people, deputies and councils, and what they answered."),
    source=_questions,
    filters={"agency": col(Question.agency_id), "draft": col(Draft.id)},
    dated="asked_at",
    columns=(
        id_column(col(Question.id), "the question"),
        Column("kind", Type.TEXT, "Who asks", (col(Question.kind),), values=KINDS),
        agency_column(col(Question.agency_id), "Who owes the answer now: agencies.code"),
        Column(
            "council",
            Type.TEXT,
            "The council in whose name it is asked: agencies.code",
            (agency_code(Question.council_id),),
            nullable=True,
        ),
        Column(
            "draft",
            Type.INTEGER,
            "The draft it is about: drafts.id",
            (col(Draft.id),),
            nullable=True,
        ),
        Column("state", Type.TEXT, "How it stands", (STATE,), values=STATES),
        Column("lang", Type.TEXT, "The language of the question", (col(Question.lang),)),
        _said("title", "What is asked, in a few words", col(Question.title), ASKED),
        _said("body", "What is asked", col(Question.body), ASKED),
        Column("asked_at", Type.INSTANT, "When it was asked", (col(Question.asked_at),)),
        Column(
            "wishes", Type.INTEGER, "How many others want to know too", (col(Question.wishes_n),)
        ),
        _said("answer", "The answer", col(QuestionAnswer.body), ANSWERED),
        _said("answer_lang", "The language of the answer", col(QuestionAnswer.lang), ANSWERED),
        Column(
            "answered_at",
            Type.INSTANT,
            "When it was answered",
            (col(Question.answered_at),),
            nullable=True,
        ),
        Column(
            "met",
            Type.BOOLEAN,
            "Whether the answer met the point, as who asked says; null: they did not say",
            (col(Question.met),),
            _yes,
            nullable=True,
        ),
        address("/questions/{}", col(Question.id)),
    ),
)
