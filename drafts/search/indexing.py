"""What the texts of drafts are to a search: the documents of a draft, of many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.procedure.deadlines import local_day
from drafts.models import Draft, DraftVersion, Provision
from drafts.queries import PUBLIC_STAGES
from drafts.search.interface import Document

NOT_SEARCHED = ("note", "table")  # a table is found by its rows

Texts = Mapping[tuple[int, str], Sequence[Row[Any]]]  # provisions by version and language


def documents_of(
    session: Session, draft_id: int, version_id: int | None = None, tz: tzinfo = UTC
) -> list[Document]:
    """The documents of a public draft: itself and its newest public text, in each language.

    With `version_id`, as it was with that text.
    """
    return documents_of_drafts(session, (draft_id,), version_id, tz).get(draft_id, [])


def documents_of_drafts(
    session: Session,
    draft_ids: Collection[int],
    version_id: int | None = None,
    tz: tzinfo = UTC,
) -> dict[int, list[Document]]:
    """The same of many drafts in three queries; those that are not public are left out.

    A draft belongs to the year of its publication in the zone `tz`.
    """
    drafts = session.execute(
        select(Draft, Agency.code)
        .join(Agency, col(Agency.id) == col(Draft.agency_id))
        .where(
            col(Draft.id).in_(draft_ids),
            col(Draft.stage).in_(PUBLIC_STAGES),
            col(Draft.published_at).is_not(None),
        )
    ).all()
    versions = _versions(session, [draft.id for draft, _ in drafts], version_id)
    texts = _texts(session, [version.id or 0 for version in versions.values()])
    return {
        draft.id: list(
            _documents(draft, code, versions.get(draft.id), texts, version_id is not None, tz)
        )
        for draft, code in drafts
    }


def _versions(
    session: Session, draft_ids: Collection[int], version_id: int | None
) -> dict[int, DraftVersion]:
    """The newest public version of each draft, or that which is named."""
    query = select(DraftVersion).where(
        col(DraftVersion.draft_id).in_(draft_ids), col(DraftVersion.published_at).is_not(None)
    )
    if version_id is not None:
        query = query.where(DraftVersion.id == version_id)
    else:
        newest = (
            select(DraftVersion.draft_id, func.max(DraftVersion.n).label("n"))
            .where(
                col(DraftVersion.draft_id).in_(draft_ids),
                col(DraftVersion.published_at).is_not(None),
            )
            .group_by(col(DraftVersion.draft_id))
            .subquery()
        )
        same = (newest.c.draft_id == DraftVersion.draft_id) & (newest.c.n == DraftVersion.n)
        query = query.join(newest, same)
    return {version.draft_id: version for version in session.exec(query)}


def _texts(session: Session, version_ids: Collection[int]) -> Texts:
    columns: tuple[Any, ...] = (
        *(Provision.version_id, Provision.lang, Provision.wid),
        *(Provision.label, Provision.heading, Provision.text),
    )
    rows = session.execute(
        select(*columns)
        .where(col(Provision.version_id).in_(version_ids), col(Provision.kind).not_in(NOT_SEARCHED))
        .order_by(col(Provision.version_id), col(Provision.lang), col(Provision.position))
    )
    texts: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.text or row.heading:
            texts[row.version_id, row.lang].append(row)
    return texts


def _documents(
    draft: Draft,
    agency: str,
    version: DraftVersion | None,
    texts: Texts,
    as_then: bool,
    tz: tzinfo,
) -> Iterator[Document]:
    titles, summaries = draft.titles, draft.summaries
    if as_then and version is not None:
        titles, summaries = version.titles or titles, version.summaries or summaries
    assert draft.published_at is not None  # noqa: S101 - only public drafts are read
    written = version.langs if version else []
    # A draft is found by its title in any language, also one its text is not written in.
    for lang in dict.fromkeys((*written, *titles, *summaries)):
        facts: dict[str, Any] = {
            "draft_id": draft.id,
            "lang": lang,
            "agency": agency,
            "act_type": draft.act_type,
            "topic": draft.topic,
            "stage": draft.stage,
            "year": local_day(draft.published_at, tz).year,
            "at": int(draft.published_at.timestamp()),
            "title": titles.get(lang) or next(iter(titles.values()), ""),
        }
        yield Document(id=f"draft:{draft.id}:{lang}", body=summaries.get(lang, ""), **facts)
        if version is None or lang not in written:
            continue
        for row in texts.get((version.id or 0, lang), ()):
            yield Document(
                id=f"provision:{draft.id}:{lang}:{row.wid}",
                wid=row.wid,
                heading=f"{row.label} {row.heading}".strip(),
                body=row.text,
                **facts,
            )
