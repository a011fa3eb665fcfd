"""What happened to drafts lately, as entries of a feed; reads only, no HTTP."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.consultations.models import Consultation
from consult.db import text_in
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

MOST = 50  # entries in a feed
MOST_DATES = 500  # rounds in a calendar
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


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Of which drafts is told; empty means of any. `ids`: those a search found."""

    agency_id: int | None = None
    act_type: str = ""
    topic: str = ""
    ids: tuple[int, ...] | None = None

    def clauses(self) -> list[ColumnElement[bool]]:
        found = [] if self.ids is None else [col(Draft.id).in_(self.ids)]
        pairs = (
            (Draft.agency_id, self.agency_id),
            (Draft.act_type, self.act_type),
            (Draft.topic, self.topic),
        )
        return [*found, *(col(column) == value for column, value in pairs if value)]


def openings(session: Session, base_url: str, lang: str, narrowed: Narrowed) -> list[Entry]:
    """The rounds opened last, the newest first."""
    rows = _rounds(session, Consultation.opened_at, narrowed)
    return [_entry(row, base_url, lang, "opening", row[0].opened_at, lambda _: "") for row in rows]


def reports(session: Session, base_url: str, lang: str, narrowed: Narrowed) -> list[Entry]:
    """The reports published last, the newest first."""
    rows = _rounds(session, Consultation.reported_at, narrowed)
    return [
        _entry(row, base_url, lang, "report", row[0].reported_at, lambda n: f"/report/{n}")
        for row in rows
    ]


Row = tuple[Consultation, Draft, Agency]


def rounds_running(session: Session, narrowed: Narrowed, since: datetime) -> list[Row]:
    """The rounds that were not over at some time, also those to come; the next to close first."""
    query = _joined().where(
        *narrowed.clauses(), Consultation.closes_at > since, col(Draft.published_at).is_not(None)
    )
    order = col(Consultation.closes_at), col(Consultation.id)
    return list(session.exec(query.order_by(*order).limit(MOST_DATES)).all())


def _rounds(session: Session, moment: Any, narrowed: Narrowed) -> list[Row]:
    query = _joined().where(*narrowed.clauses(), col(moment).is_not(None))
    newest = query.order_by(col(moment).desc(), col(Consultation.id).desc())
    return list(session.exec(newest.limit(MOST)).all())


def _joined() -> Any:
    return (
        select(Consultation, Draft, Agency)
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .join(Agency, col(Agency.id) == col(Draft.agency_id))
        .where(col(Draft.stage).in_(PUBLIC_STAGES))
    )


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
