"""What several resources say alike: which drafts and versions are public, codes of agencies."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case
from sqlmodel import col, select

from consult.accounts.models import Agency
from consult.consultations.models import Consultation
from consult.opendata.columns import Column, Type
from drafts.models import Draft, DraftVersion
from drafts.queries import PUBLIC_STAGES

# Resources begin with their own table, in the order of its key, and join the others to it (outer
# joins, which SQLite leaves in their order): else it begins with the drafts, reads all that belongs
# to them and sorts it, for every thousand rows anew. So these are conditions no index is looked
# through for, and that no outer join is taken for an inner one by.
PUBLIC_DRAFT: ColumnElement[bool] = case(
    (col(Draft.published_at).is_not(None), col(Draft.stage)), else_=""
).in_(PUBLIC_STAGES)
PUBLIC_VERSION: ColumnElement[bool] = and_(
    PUBLIC_DRAFT, case((col(DraftVersion.published_at).is_not(None), 1), else_=0) == 1
)
REPORTED: ColumnElement[bool] = case((col(Consultation.reported_at).is_not(None), 1), else_=0) == 1


def agency_code(agency_id: Any) -> Any:
    """The code of an agency by its id."""
    return select(Agency.code).where(col(Agency.id) == agency_id).scalar_subquery()


def id_column(of: Any, what: str) -> Column:
    return Column("id", Type.INTEGER, f"The number of {what}, for ever", (of,))


def draft_column(of: Any) -> Column:
    return Column("draft", Type.INTEGER, "The draft it belongs to: drafts.id", (of,))


def agency_column(agency_id: Any, meaning: str = "The agency: agencies.code") -> Column:
    return Column("agency", Type.TEXT, meaning, (agency_code(agency_id),))
