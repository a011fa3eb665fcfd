"""What the page of all figures shows beside those of counting.py: months, silent drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import Session, col

from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.procedure.deadlines import local_day
from consult.procedure.packs import RulePack
from consult.statistics.facts.ground import Ground
from consult.statistics.keeping import counted
from consult.statistics.metrics import metrics
from consult.statistics.queries import NO_REPLY, beginnings, bucket, pairs
from consult.statistics.rules import EARLIER, Figures, from_first, months_before
from consult.statistics.scope import Scope
from consult.votes.models import Vote
from drafts.models import Draft

MONTHS = 24
ONCE = frozenset({"people", "first_time"})  # who works with two agencies counts once in the whole


@dataclass(frozen=True, slots=True)
class Overall:
    """The figures by code, and of each agency that has a draft those of its own, by its code."""

    figures: Figures
    agencies: Sequence[tuple[str, Figures]]
    as_of: datetime


def overall_figures(
    session: Session,
    scope: Scope,
    codes: Mapping[int, str],
    *,
    pack: RulePack,
    now: datetime,
) -> Overall:
    """Everything that is counted over many drafts; `codes` are those of the agencies, by id.

    What adds up is divided by agency too, the one with the most drafts first.
    """
    found = counted(session, scope, ("agency",), pack=pack, now=now)
    rows = [(codes[agency_id], own) for agency_id, own in found.by_key.items()]
    rows.sort(key=lambda row: (-(row[1]["drafts"].value or 0), row[0]))
    figures = {
        code: replace(figure, by={**_by_agency(code, rows), **figure.by})
        for code, figure in found.figures.items()
    }
    comments = figures["comments"]
    months = _by_month(session, Ground(scope, pack, now))
    figures["comments"] = replace(comments, by={**comments.by, "month": months})
    return Overall(figures, rows, found.as_of)


def _by_agency(
    code: str, rows: Sequence[tuple[str, Figures]]
) -> dict[str, Mapping[str, int | None]]:
    if metrics()[code].unit != "count" or code in ONCE or not rows or code not in rows[0][1]:
        return {}
    return {"agency": {agency: int(own[code].value or 0) for agency, own in rows}}


def _by_month(session: Session, ground: Ground) -> dict[str, int]:
    """The comments by month, as far back as MONTHS; what is older stands in one part."""
    tz = ground.pack.tz
    starts = months_before(local_day(ground.now, tz), MONTHS)
    month = bucket(col(Comment.created_at), beginnings(starts, tz)).label("month_n")
    query = ground.drafts(month, func.count()).join(Comment, col(Comment.draft_id) == col(Draft.id))
    found = pairs(session, query.where(*public(), NO_REPLY).group_by("month_n"))
    names = (EARLIER, *(start.isoformat()[:7] for start in starts))
    return from_first({name: found.get(i, 0) for i, name in enumerate(names)})


def silent_drafts(session: Session, ground: Ground, limit: int = 20) -> list[Draft]:
    """The newest drafts whose discussion was opened, and nobody said or voted anything."""
    query = select(Draft).where(*ground.narrowed(), *_silent())
    newest = (col(Draft.published_at).desc(), col(Draft.id).desc())
    return list(session.execute(query.order_by(*newest).limit(limit)).scalars())


def _silent() -> tuple[ColumnElement[bool], ...]:
    own = col(Draft.id)
    opened = (col(Consultation.draft_id) == own, col(Consultation.opened_at).is_not(None))
    said = (col(Comment.draft_id) == own, *public(), NO_REPLY)
    return (
        exists().where(*opened),
        ~exists().where(*said),
        ~exists().where(col(Vote.draft_id) == own),
    )
