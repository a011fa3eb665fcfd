"""The resource of agencies."""

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from consult.accounts.models import AGENCY_KINDS, Agency
from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Resource, address, in_languages

above = aliased(Agency)
AGENCIES = Resource(
    name="agencies",
    title=N_("Agencies"),
    meaning=N_("Bodies that publish drafts, or watch over those who do."),
    key=("code",),
    source=lambda query: query.select_from(Agency),
    columns=(
        Column("code", Type.TEXT, "The code of the agency", (col(Agency.code),)),
        Column("kind", Type.TEXT, "What it is", (col(Agency.kind),), values=AGENCY_KINDS),
        *in_languages("name", "Its name today", col(Agency.names)),
        Column(
            "parent",
            Type.TEXT,
            "The body it belongs to: agencies.code",
            (select(above.code).where(above.id == col(Agency.parent_id)).scalar_subquery(),),
            nullable=True,
        ),
        Column(
            "closed_on",
            Type.DATE,
            "Since when it is no more",
            (col(Agency.closed_on),),
            nullable=True,
        ),
        address("/agencies/{}", col(Agency.code)),
    ),
)
