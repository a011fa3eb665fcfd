"""What happened to drafts lately, as entries of a feed; reads only, no HTTP."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.consultations.models import Consultation
from consult.db import text_in
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

MOST = 50  # entries in a feed
MINTED = 2026  # the year in which the tags below were first given out
# XML 1.0, § 2.2: neither control characters nor lone surrogates can stand in a document.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a draft, in one language as far as there is a text in it."""

    id: str
    url: str
    at: datetime
    title: str
    title_lang: str
    summary: str
    summary_lang: str
    closes_at: datetime
    round: int
    agency: str
    act_type: str


def xml_text(text: str) -> str:
    """What XML can hold of a text."""
    return NOT_XML.sub("", text)


def tag_uri(base_url: str, name: str) -> str:
    """A name that stays the same wherever the thing is moved to (RFC 4151)."""
    return f"tag:{urlsplit(base_url).hostname},{MINTED}:{name}"


def openings(session: Session, base_url: str, lang: str, agency_id: int | None) -> list[Entry]:
    """The rounds opened last, the newest first."""
    rows = _rounds(session, Consultation.opened_at, agency_id)
    return [_entry(row, base_url, lang, "opening", row[0].opened_at, lambda _: "") for row in rows]


def reports(session: Session, base_url: str, lang: str, agency_id: int | None) -> list[Entry]:
    """The reports published last, the newest first."""
    rows = _rounds(session, Consultation.reported_at, agency_id)
    return [
        _entry(row, base_url, lang, "report", row[0].reported_at, lambda n: f"/report/{n}")
        for row in rows
    ]


Row = tuple[Consultation, Draft, Agency]


def _rounds(session: Session, moment: Any, agency_id: int | None) -> list[Row]:
    query = (
        select(Consultation, Draft, Agency)
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .join(Agency, col(Agency.id) == col(Draft.agency_id))
        .where(col(Draft.stage).in_(PUBLIC_STAGES), col(moment).is_not(None))
        .order_by(col(moment).desc(), col(Consultation.id).desc())
        .limit(MOST)
    )
    if agency_id:
        query = query.where(Draft.agency_id == agency_id)
    return list(session.exec(query).all())


def _entry(
    row: Row,
    base_url: str,
    lang: str,
    kind: str,
    at: datetime | None,
    page: Callable[[int], str],
) -> Entry:
    consultation, draft, agency = row
    title, title_lang = text_in(draft.titles, lang)
    summary, summary_lang = text_in(draft.summaries, lang)
    return Entry(
        id=tag_uri(base_url, f"drafts/{draft.id}/{kind}/{consultation.round}"),
        url=f"{base_url}/drafts/{draft.id}{page(consultation.round)}",
        at=at or consultation.opens_at,
        title=xml_text(title),
        title_lang=title_lang,
        summary=xml_text(summary),
        summary_lang=summary_lang,
        closes_at=consultation.closes_at,
        round=consultation.round,
        agency=xml_text(text_in(agency.names, lang)[0]),
        act_type=draft.act_type,
    )
