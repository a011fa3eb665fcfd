"""The resources of what became of it: issues, answers, reports, outcomes; once each is public."""

from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from consult.adoption.models import ActOutcome
from consult.adoption.rules import OUTCOMES as ENDS
from consult.answers.models import Disposition, Issue, IssueComment
from consult.answers.rules import OUTCOMES
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Resource, address
from consult.opendata.resources.shared import PUBLIC_DRAFT, REPORTED, draft_column, id_column
from consult.reports.models import Report
from drafts.models import Draft


def _of_round(table: Any) -> Any:
    """Rows of a table that belong to a round of a public draft."""

    def source(query: Any) -> Any:
        return (
            query.select_from(table)
            .outerjoin(Consultation, col(Consultation.id) == table.consultation_id)
            .outerjoin(Draft, col(Draft.id) == Consultation.draft_id)
            .where(PUBLIC_DRAFT)
        )

    return source


def _issues(query: Any) -> Any:
    return _of_round(Issue)(query).where(REPORTED)


def _answers(query: Any) -> Any:
    return _of_round(Disposition)(query).where(col(Disposition.state) == "published")


def _outcomes(query: Any) -> Any:
    joined = query.select_from(ActOutcome).outerjoin(Draft, col(Draft.id) == ActOutcome.draft_id)
    return joined.where(PUBLIC_DRAFT)


_ROUND = Column(
    "round", Type.INTEGER, "The round of the draft: rounds.round", (col(Consultation.round),)
)
_FILTERS = {"agency": col(Draft.agency_id), "draft": col(Draft.id)}
_GROUPED = (
    select(func.count())
    .select_from(IssueComment)
    .join(Comment, col(Comment.id) == IssueComment.comment_id)
    .where(col(IssueComment.issue_id) == col(Issue.id), *public())
    .correlate(Issue)
    .scalar_subquery()
)

ISSUES = Resource(
    name="issues",
    title=N_("Groups of comments"),
    meaning=N_("Comments that raise one point and were answered together, once the report is out."),
    source=_issues,
    filters=_FILTERS,
    columns=(
        id_column(col(Issue.id), "the group"),
        draft_column(col(Consultation.draft_id)),
        _ROUND,
        Column(
            "title",
            Type.TEXT,
            "The point they raise, in the words of the agency",
            (col(Issue.title),),
        ),
        Column("comments", Type.INTEGER, "How many of them are shown", (_GROUPED,)),
    ),
)

ANSWERS = Resource(
    name="answers",
    title=N_("Answers"),
    meaning=N_("What the agency decided about a comment or a group of them, with its reason."),
    source=_answers,
    filters=_FILTERS,
    dated="published_at",
    columns=(
        id_column(col(Disposition.id), "the answer"),
        draft_column(col(Consultation.draft_id)),
        _ROUND,
        Column(
            "comment",
            Type.INTEGER,
            "The comment that is answered: comments.id",
            (col(Disposition.comment_id),),
            nullable=True,
        ),
        Column(
            "issue",
            Type.INTEGER,
            "Or the group that is answered: issues.id",
            (col(Disposition.issue_id),),
            nullable=True,
        ),
        Column(
            "outcome", Type.TEXT, "What was decided", (col(Disposition.outcome),), values=OUTCOMES
        ),
        Column("reason", Type.TEXT, "Why", (col(Disposition.reason),)),
        Column("lang", Type.TEXT, "The language of the reason", (col(Disposition.lang),)),
        Column(
            "provision",
            Type.TEXT,
            "The provision that was changed because of it; empty: none",
            (col(Disposition.changed_wid),),
        ),
        Column("before", Type.TEXT, "Its words before", (col(Disposition.text_before),)),
        Column("after", Type.TEXT, "Its words after", (col(Disposition.text_after),)),
        Column(
            "published_at",
            Type.INSTANT,
            "When it became public",
            (col(Disposition.published_at),),
            nullable=True,
        ),
    ),
)


def _counted(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """A count the report keeps; one kept in an older form may not tell it."""
    return Column(
        name, Type.INTEGER, meaning, (col(Report.content)[name].as_integer(),), nullable=nullable
    )


REPORTS = Resource(
    name="reports",
    title=N_("Reports"),
    meaning=N_("The published result of a round, with what it counts."),
    source=_of_round(Report),
    filters=_FILTERS,
    dated="published_at",
    columns=(
        id_column(col(Report.id), "the report"),
        draft_column(col(Consultation.draft_id)),
        _ROUND,
        Column("published_at", Type.INSTANT, "When it was published", (col(Report.published_at),)),
        _counted("people", "People who took part"),
        _counted("comments", "Comments and replies that were answered"),
        _counted("replies", "Of these, replies", nullable=True),
        _counted("organisations", "Organisations that took part", nullable=True),
        _counted("distinct", "How many different texts the comments were", nullable=True),
        _counted("signatures", "Signatures under them", nullable=True),
        _counted("answers", "Answers that were given", nullable=True),
        _counted("template", "Of these, so many give the reason of another", nullable=True),
        _counted(
            "changes_n", "Provisions that read otherwise in the newest version", nullable=True
        ),
        _counted("unexplained", "Of these, so many because of no comment", nullable=True),
        address("/drafts/{}/report/{}", col(Consultation.draft_id), col(Consultation.round)),
    ),
)

OUTCOMES_OF_DRAFTS = Resource(
    name="outcomes",
    title=N_("What became of drafts"),
    meaning=N_("The act that came of a draft with its number, or why there is none."),
    key=("draft",),
    source=_outcomes,
    filters=_FILTERS,
    dated="decided_on",
    columns=(
        draft_column(col(ActOutcome.draft_id)),
        Column("outcome", Type.TEXT, "How its way ended", (col(ActOutcome.outcome),), values=ENDS),
        Column("number", Type.TEXT, "The number of the act", (col(ActOutcome.number),)),
        Column("decided_on", Type.DATE, "The day of the decision", (col(ActOutcome.decided_on),)),
        Column(
            "in_force_on",
            Type.DATE,
            "Since when it is in force",
            (col(ActOutcome.in_force_on),),
            nullable=True,
        ),
        Column(
            "act_url",
            Type.TEXT,
            "Where the act can be read; empty: not told",
            (col(ActOutcome.url),),
        ),
        Column(
            "reason", Type.TEXT, "Why it was rejected; empty: not told", (col(ActOutcome.reason),)
        ),
        address("/drafts/{}/after", col(ActOutcome.draft_id)),
    ),
)
