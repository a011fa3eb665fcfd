"""The resources of parliament and keneshes: readings, amendments, votes by name, sittings."""

from typing import Any

from sqlalchemy import case
from sqlmodel import col, select

from consult.chambers.bills.models import Amendment, BillRegistration, Reading
from consult.chambers.bills.rules import DECISIONS, OUTCOMES
from consult.chambers.deputies.models import Deputy
from consult.chambers.sittings.models import Sitting
from consult.chambers.voting.models import RollCall, RollCallVote
from consult.chambers.voting.rules import CHOICES
from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Resource, address
from consult.opendata.resources.shared import (
    PUBLIC_DRAFT,
    agency_code,
    agency_column,
    draft_column,
    id_column,
)
from drafts.models import Draft

_FILTERS = {"agency": col(Draft.agency_id), "draft": col(Draft.id)}
_BODY = (
    select(BillRegistration.body_id)
    .where(col(BillRegistration.draft_id) == col(Reading.draft_id))
    .correlate(Reading)
    .scalar_subquery()
)
_AUTHOR = case(
    (
        col(Amendment.deputy_id).is_not(None),
        select(Deputy.name).where(col(Deputy.id) == col(Amendment.deputy_id)).scalar_subquery(),
    ),
    else_=col(Amendment.author),
)
_NUMBER = (
    select(Amendment.number).where(col(Amendment.id) == RollCall.amendment_id).scalar_subquery()
)


def _of_draft(table: Any) -> Any:
    """Rows of a table that belong to a public draft."""

    def source(query: Any) -> Any:
        joined = query.select_from(table).outerjoin(Draft, col(Draft.id) == table.draft_id)
        return joined.where(PUBLIC_DRAFT)

    return source


def _votes(query: Any) -> Any:
    return (
        query.select_from(RollCallVote)
        .outerjoin(RollCall, col(RollCall.id) == RollCallVote.roll_call_id)
        .outerjoin(Reading, col(Reading.id) == RollCall.reading_id)
        .outerjoin(Deputy, col(Deputy.id) == RollCallVote.deputy_id)
        .outerjoin(Draft, col(Draft.id) == RollCall.draft_id)
        .where(PUBLIC_DRAFT)
    )


def _sittings(query: Any) -> Any:
    published = case((col(Sitting.published_at).is_not(None), 1), else_=0) == 1  # as in shared.py
    return query.select_from(Sitting).where(published)


READINGS = Resource(
    name="readings",
    title=N_("Readings"),
    meaning=N_("When bills were read in parliament or a kenesh, and how that ended."),
    source=_of_draft(Reading),
    filters=_FILTERS,
    columns=(
        id_column(col(Reading.id), "the reading"),
        draft_column(col(Reading.draft_id)),
        Column(
            "body", Type.TEXT, "Who read it: agencies.code", (agency_code(_BODY),), nullable=True
        ),
        Column("n", Type.INTEGER, "Which reading it is: 1 is the first", (col(Reading.n),)),
        Column("held_on", Type.DATE, "The day of it", (col(Reading.held_on),)),
        Column("outcome", Type.TEXT, "How it ended", (col(Reading.outcome),), values=OUTCOMES),
        Column("note", Type.TEXT, "What is said of it", (col(Reading.note),)),
        address("/drafts/{}/parliament/readings/{}", col(Reading.draft_id), col(Reading.n)),
    ),
)

AMENDMENTS = Resource(
    name="amendments",
    title=N_("Amendments"),
    meaning=N_("What was to be changed in bills, by whom, and what was decided of it."),
    source=_of_draft(Amendment),
    filters=_FILTERS,
    columns=(
        id_column(col(Amendment.id), "the amendment"),
        draft_column(col(Amendment.draft_id)),
        Column(
            "number", Type.TEXT, "Its number in the table of the body", (col(Amendment.number),)
        ),
        Column(
            "provision",
            Type.TEXT,
            "The provision it changes: provisions.wid; empty: a new one",
            (col(Amendment.wid),),
        ),
        Column("place", Type.TEXT, "Where a new provision goes", (col(Amendment.place),)),
        Column("lang", Type.TEXT, "The language of its words", (col(Amendment.lang),)),
        Column(
            "proposed",
            Type.TEXT,
            "How the provision is to read; empty: it is to go",
            (col(Amendment.proposed),),
        ),
        Column("author", Type.TEXT, "Who proposed it: a deputy, or whoever is named", (_AUTHOR,)),
        Column(
            "decision", Type.TEXT, "What was decided", (col(Amendment.decision),), values=DECISIONS
        ),
        Column(
            "conclusion", Type.TEXT, "What the committee concluded", (col(Amendment.conclusion),)
        ),
        Column("reason", Type.TEXT, "The reason of the decision", (col(Amendment.reason),)),
        address("/drafts/{}/parliament", col(Amendment.draft_id)),
    ),
)

ROLL_CALL_VOTES = Resource(
    name="roll-call-votes",
    title=N_("Votes by name"),
    meaning=N_("How each deputy voted on bills and amendments."),
    key=("roll_call", "deputy"),
    source=_votes,
    filters=_FILTERS,
    columns=(
        Column(
            "roll_call",
            Type.INTEGER,
            "The number of the roll-call",
            (col(RollCallVote.roll_call_id),),
        ),
        Column("deputy", Type.INTEGER, "The number of the deputy", (col(RollCallVote.deputy_id),)),
        Column("name", Type.TEXT, "The name of the deputy", (col(Deputy.name),)),
        Column("faction", Type.TEXT, "Their faction on that day", (col(RollCallVote.faction),)),
        draft_column(col(RollCall.draft_id)),
        Column("reading", Type.INTEGER, "At which reading: readings.n", (col(Reading.n),)),
        Column(
            "amendment",
            Type.TEXT,
            "On which amendment: amendments.number; null: on the bill as a whole",
            (_NUMBER,),
            nullable=True,
        ),
        Column("vote", Type.TEXT, "How they voted", (col(RollCallVote.choice),), values=CHOICES),
        Column(
            "voted_at",
            Type.INSTANT,
            "When they voted; null: they were absent",
            (col(RollCallVote.voted_at),),
            nullable=True,
        ),
        address("/parliament/deputies/{}", col(RollCallVote.deputy_id)),
    ),
)

SITTINGS = Resource(
    name="sittings",
    title=N_("Sittings"),
    meaning=N_("The sittings of parliament and keneshes whose results are public."),
    source=_sittings,
    filters={"agency": col(Sitting.body_id)},
    dated="published_at",
    columns=(
        id_column(col(Sitting.id), "the sitting"),
        agency_column(col(Sitting.body_id), "Who sat: agencies.code"),
        Column("title", Type.TEXT, "What it is called", (col(Sitting.title),)),
        Column("held_on", Type.DATE, "The day of it", (col(Sitting.held_on),)),
        Column("lang", Type.TEXT, "The language of its words", (col(Sitting.lang),)),
        Column("results", Type.TEXT, "Its results in words", (col(Sitting.results),)),
        Column(
            "published_at",
            Type.INSTANT,
            "When its results became public",
            (col(Sitting.published_at),),
        ),
        address("/parliament/sittings/{}", col(Sitting.id)),
    ),
)
