"""The resource of hearings: when and where, what became of them, how many came."""

from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from consult.errors import N_
from consult.hearings.models import Hearing, HearingDraft
from consult.hearings.rules import KINDS, STATES, State
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Resource, address, in_languages
from consult.opendata.resources.shared import PUBLIC_DRAFT, agency_column, id_column
from drafts.models import Draft

# A hearing may be about several drafts: the first of them that is public.
_FIRST = (
    select(func.min(HearingDraft.draft_id))
    .join(Draft, col(Draft.id) == col(HearingDraft.draft_id))
    .where(col(HearingDraft.hearing_id) == col(Hearing.id), PUBLIC_DRAFT)
    .correlate(Hearing)
    .scalar_subquery()
)
_WHY_OFF = case((col(Hearing.state) == State.CALLED_OFF.value, col(Hearing.reason)), else_="")


def _instant(name: str, meaning: str, of: Any, *, nullable: bool = False) -> Column:
    return Column(name, Type.INSTANT, meaning, (col(of),), nullable=nullable)


HEARINGS = Resource(
    name="hearings",
    title=N_("Hearings"),
    meaning=N_("Where people could speak to an agency, and how many came."),
    filters={"agency": col(Hearing.agency_id), "draft": _FIRST},
    dated="starts_at",
    columns=(
        id_column(col(Hearing.id), "the hearing"),
        agency_column(col(Hearing.agency_id)),
        Column(
            "draft",
            Type.INTEGER,
            "The draft it is about, of several the first: drafts.id",
            (_FIRST,),
            nullable=True,
        ),
        Column("kind", Type.TEXT, "What it is", (col(Hearing.kind),), values=KINDS),
        Column("state", Type.TEXT, "What became of it", (col(Hearing.state),), values=STATES),
        *in_languages("title", "Its title", col(Hearing.titles)),
        *in_languages("access", "How people with disabilities take part", col(Hearing.access)),
        Column("place", Type.TEXT, "Where it is held; empty: online only", (col(Hearing.place),)),
        Column(
            "link", Type.TEXT, "Where one can join online; empty: nowhere", (col(Hearing.link),)
        ),
        _instant("starts_at", "When it begins", Hearing.starts_at),
        _instant("ends_at", "When it ends", Hearing.ends_at),
        _instant("announced_at", "When it was announced", Hearing.announced_at),
        Column(
            "seats",
            Type.INTEGER,
            "How many seats there are; null: as many as come",
            (col(Hearing.seats),),
            nullable=True,
        ),
        Column("reason", Type.TEXT, "Why it was called off; empty: it was not", (_WHY_OFF,)),
        *in_languages("minutes", "What was said", col(Hearing.minutes)),
        _instant("minutes_at", "When the minutes came out", Hearing.minutes_at, nullable=True),
        Column(
            "came",
            Type.INTEGER,
            "How many people came, as the minutes say",
            (col(Hearing.came),),
            nullable=True,
        ),
        address("/hearings/{}", col(Hearing.id)),
    ),
)
