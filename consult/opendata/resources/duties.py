"""The resources of what agencies owe and announce: duties, items of the plan."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, null
from sqlmodel import col

from consult.consultations.models import Consultation
from consult.errors import N_
from consult.obligations.cards import statuses
from consult.obligations.ledger.rules import Status
from consult.obligations.models import Obligation
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Context, Resource, address, in_languages
from consult.opendata.resources.shared import PUBLIC_DRAFT, agency_column, id_column
from consult.plans.models import PlanItem
from consult.plans.rules import PUBLIC, State
from consult.procedure.deadlines import last_day
from drafts.models import Draft

STATUSES = tuple(status.value for status in Status)


def _duties(query: Any) -> Any:
    return (
        query.select_from(Obligation)
        .outerjoin(Draft, and_(col(Draft.id) == Obligation.draft_id, PUBLIC_DRAFT))
        .outerjoin(Consultation, col(Consultation.id) == Obligation.consultation_id)
    )


def _items(query: Any) -> Any:
    return (
        query.select_from(PlanItem)
        .outerjoin(Draft, and_(col(Draft.id) == PlanItem.draft_id, PUBLIC_DRAFT))
        .where(case((col(PlanItem.state).in_(PUBLIC), 1), else_=0) == 1)  # as in shared.py
    )


class _Clocked(NamedTuple):
    state: str
    due_at: datetime | None
    fulfilled_at: datetime | None


def _status(
    context: Context, state: str, due_at: datetime | None, fulfilled_at: datetime | None
) -> str:
    """As the register shows it now; it is stored nowhere."""
    status_of = context.kept.setdefault("status_of", statuses(context.law, context.now))
    return str(status_of(_Clocked(state, due_at, fulfilled_at)).value)


def _due_on(context: Context, due_at: datetime | None) -> date | None:
    return last_day(due_at, context.law.tz) if due_at else None


def _citation(context: Context, code: str) -> str | None:
    rule = context.law.pack.rules.get(code)
    return rule.citation if rule else None


DUTIES = Resource(
    name="duties",
    title=N_("Duties"),
    meaning=N_("What agencies owe by law, until when, and whether they did it."),
    source=_duties,
    filters={"agency": col(Obligation.agency_id), "draft": col(Draft.id)},
    columns=(
        id_column(col(Obligation.id), "the duty"),
        Column("duty", Type.TEXT, "Which duty it is, by its code", (col(Obligation.duty),)),
        agency_column(col(Obligation.agency_id), "Who owes it: agencies.code"),
        Column(
            "draft",
            Type.INTEGER,
            "The draft it is owed for: drafts.id",
            (col(Draft.id),),
            nullable=True,
        ),
        Column(
            "round",
            Type.INTEGER,
            "The round it is owed for",
            (case((col(Draft.id).is_not(None), col(Consultation.round)), else_=null()),),
            nullable=True,
        ),
        Column(
            "subject",
            Type.TEXT,
            "What else it is owed for (comment:7, period:2026-H1); empty: the round",
            (col(Obligation.subject),),
        ),
        Column(
            "status",
            Type.TEXT,
            "How it stands at the time of asking",
            (col(Obligation.state), col(Obligation.due_at), col(Obligation.fulfilled_at)),
            _status,
            values=STATUSES,
        ),
        Column(
            "due_on",
            Type.DATE,
            "The last day on which it is done in time",
            (col(Obligation.due_at),),
            _due_on,
            nullable=True,
        ),
        Column(
            "preliminary",
            Type.BOOLEAN,
            "Whether that day may move: a calendar is not final",
            (col(Obligation.preliminary),),
        ),
        Column(
            "expected_on",
            Type.DATE,
            "When the agency says it will be done, if late",
            (col(Obligation.expected_on),),
            nullable=True,
        ),
        Column(
            "fulfilled_at",
            Type.INSTANT,
            "When it was done",
            (col(Obligation.fulfilled_at),),
            nullable=True,
        ),
        Column(
            "extra",
            Type.INTEGER,
            "By how much the term was extended, in its unit",
            (col(Obligation.extra),),
        ),
        Column("rule", Type.TEXT, "The rule it follows, by its code", (col(Obligation.rule_code),)),
        Column(
            "citation",
            Type.TEXT,
            "The act and article that say so",
            (col(Obligation.rule_code),),
            _citation,
            nullable=True,
        ),
        address("/obligations/{}", col(Obligation.id)),
    ),
)

PLAN = Resource(
    name="plan-items",
    title=N_("Plan of law-making"),
    meaning=N_("Acts that were announced before there was a text."),
    source=_items,
    filters={"agency": col(PlanItem.agency_id), "draft": col(Draft.id)},
    dated="published_at",
    columns=(
        id_column(col(PlanItem.id), "the item"),
        agency_column(col(PlanItem.agency_id)),
        Column("state", Type.TEXT, "What became of it", (col(PlanItem.state),), values=PUBLIC),
        Column(
            "expected_on",
            Type.DATE,
            "The first day of the month in which its discussion is to begin",
            (col(PlanItem.expected_on),),
        ),
        Column("act_type", Type.TEXT, "The kind of act, by its code", (col(PlanItem.act_type),)),
        Column("topic", Type.TEXT, "The topic, by its code; empty: none", (col(PlanItem.topic),)),
        *in_languages("title", "Its title", col(PlanItem.titles)),
        *in_languages("summary", "What it is about", col(PlanItem.summaries)),
        Column(
            "published_at",
            Type.INSTANT,
            "When it was announced",
            (col(PlanItem.published_at),),
            nullable=True,
        ),
        Column(
            "draft",
            Type.INTEGER,
            "The draft it became: drafts.id",
            (case((col(PlanItem.state) == State.STARTED.value, col(Draft.id)), else_=null()),),
            nullable=True,
        ),
        address("/plan/{}", col(PlanItem.id)),
    ),
)
