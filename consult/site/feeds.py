"""Feeds (Atom, RFC 4287): drafts opened for comment, reports published; and the page that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import InstrumentedAttribute
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.consultations.models import Consultation
from consult.db import text_in
from consult.i18n.catalogues import LANGUAGES
from consult.security import Db, Reader
from consult.site.cards import type_name
from consult.web import environment, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

router = APIRouter()

MOST = 50
MINTED = "2026"  # the year in which the tags below were first given out (RFC 4151)
FRESH = "public, max-age=300"
Code = Annotated[str, Query(max_length=20)]
Lang = Annotated[str, Query(max_length=2)]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a draft."""

    id: str
    url: str
    title: str
    lang: str
    summary: str
    at: datetime
    closes_at: datetime
    author: str
    act_type: str


def xml_text(text: str) -> str:
    """What XML 1.0 can hold of a text: without control characters and lone surrogates (§ 2.2)."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


def tag_uri(base_url: str, name: str) -> str:
    """A name that stays the same whatever becomes of the address: RFC 4151."""
    return f"tag:{urlsplit(base_url).hostname},{MINTED}:{name}"


def happened(
    session: Session, moment: InstrumentedAttribute[datetime | None], agency_id: int | None
) -> Sequence[tuple[Consultation, Draft]]:
    """The rounds of public drafts to which something has happened, the latest first."""
    query = (
        select(Consultation, Draft)
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .where(col(Draft.stage).in_(PUBLIC_STAGES), col(moment).is_not(None))
        .order_by(col(moment).desc(), col(Consultation.id).desc())
        .limit(MOST)
    )
    if agency_id:
        query = query.where(Draft.agency_id == agency_id)
    return session.exec(query).all()
