"""The resources of how acts work in practice: what was reported of them, the yearly reviews.

Of a report that is hidden stands that there is one, and when it was hidden.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func, null
from sqlmodel import col, select

from consult.accounts.models import Person
from consult.adoption.models import Problem, ProblemEcho
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.rules import CONCLUSIONS
from consult.adoption.queries import is_shown
from consult.adoption.rules import FOLLOWS, PRACTICE
from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Resource, address
from consult.opendata.resources.shared import PUBLIC_DRAFT, draft_column, id_column
from drafts.models import Draft

NOT_SHOWN = "null where it is hidden"


def _problems(query: Any) -> Any:
    return (
        query.select_from(Problem)
        .outerjoin(Person, col(Person.id) == Problem.author_id)
        .outerjoin(Draft, col(Draft.id) == Problem.draft_id)
        .where(PUBLIC_DRAFT)
    )


def _reviews(query: Any) -> Any:
    joined = query.select_from(PracticeReview)
    joined = joined.outerjoin(Draft, col(Draft.id) == PracticeReview.draft_id)
    return joined.where(PUBLIC_DRAFT)


def _shown(of: Any) -> ColumnElement[Any]:
    return case((is_shown(), of), else_=null())


def _published(of: Any) -> ColumnElement[Any]:
    """A column of a review that is public; what is being written is not."""
    return case((col(PracticeReview.published_at).is_not(None), of), else_=null())


def _said(name: str, meaning: str, of: Any, values: tuple[str, ...] = ()) -> Column:
    sql = (_shown(func.nullif(of, "")),)
    return Column(name, Type.TEXT, f"{meaning}; {NOT_SHOWN}", sql, nullable=True, values=values)


_ECHOES = (
    select(func.count())
    .where(col(ProblemEcho.problem_id) == col(Problem.id))
    .correlate(Problem)
    .scalar_subquery()
)
_FILTERS = {"agency": col(Draft.agency_id), "draft": col(Draft.id)}

PROBLEMS = Resource(
    name="problems",
    title=N_("How acts work in practice"),
    meaning=N_("What people found when an act was applied, and what the agency answered."),
    source=_problems,
    filters=_FILTERS,
    dated="created_at",
    columns=(
        id_column(col(Problem.id), "the report"),
        draft_column(col(Problem.draft_id)),
        Column(
            "provision",
            Type.TEXT,
            "The provision of the act it is about; empty: the act as a whole",
            (col(Problem.wid),),
        ),
        Column("kind", Type.TEXT, "What was found", (col(Problem.kind),), values=PRACTICE),
        Column("lang", Type.TEXT, "The language of the words", (col(Problem.lang),)),
        _said("body", "What was reported", col(Problem.body)),
        Column("created_at", Type.INSTANT, "When it was reported", (col(Problem.created_at),)),
        Column("echoes", Type.INTEGER, "How many others met with the same", (_ECHOES,)),
        _said("answer", "What the agency answered", col(Problem.answer)),
        _said("follows", "What follows from it", col(Problem.follows), FOLLOWS),
        _said("follows_link", "Where that is seen", col(Problem.follows_link)),
        Column(
            "answered_at",
            Type.INSTANT,
            "When it was answered",
            (col(Problem.answered_at),),
            nullable=True,
        ),
        Column(
            "hidden_at",
            Type.INSTANT,
            "When it was hidden",
            (col(Problem.hidden_at),),
            nullable=True,
        ),
        address("/drafts/{}/after?before={}", col(Problem.draft_id), col(Problem.id) + 1),
    ),
)

REVIEWS = Resource(
    name="reviews",
    title=N_("Yearly reviews of acts"),
    meaning=N_("What agencies conclude once a year from how their acts work."),
    source=_reviews,
    filters=_FILTERS,
    dated="until",
    columns=(
        id_column(col(PracticeReview.id), "the review"),
        draft_column(col(PracticeReview.draft_id)),
        Column(
            "year_of_act",
            Type.INTEGER,
            "Which year since its adoption: 1 is the first",
            (col(PracticeReview.n),),
        ),
        Column("since", Type.DATE, "The first day of that year", (col(PracticeReview.since_on),)),
        Column("until", Type.DATE, "Its last day", (col(PracticeReview.until_on),)),
        Column(
            "conclusion",
            Type.TEXT,
            "What is to follow for the act; null before it is published",
            (_published(col(PracticeReview.overall)),),
            nullable=True,
            values=CONCLUSIONS,
        ),
        Column(
            "words",
            Type.TEXT,
            "Why; null before it is published",
            (_published(col(PracticeReview.words)),),
            nullable=True,
        ),
        Column(
            "lang",
            Type.TEXT,
            "The language of the words; null before it is published",
            (_published(col(PracticeReview.lang)),),
            nullable=True,
        ),
        Column(
            "published_at",
            Type.INSTANT,
            "When it was published",
            (col(PracticeReview.published_at),),
            nullable=True,
        ),
        address("/reviews/{}", col(PracticeReview.id)),
    ),
)
