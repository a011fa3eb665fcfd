"""What of the database goes into the search index: the documents of a draft, of all drafts."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.events import DraftChanged, VersionPublished
from consult.platform import Platform
from drafts.models import Draft, DraftVersion
from drafts.queries import PUBLIC_STAGES, provisions
from drafts.search.interface import Document

NOT_SEARCHED = frozenset({"note", "table"})  # a table is found by its rows


def index_draft(
    session: Session, platform: Platform, event: DraftChanged | VersionPublished, _now: datetime
) -> None:
    """Bring the index up to the draft as it is now; done twice, nothing changes."""
    documents = list(documents_of(session, event.draft_id))
    if documents:
        platform.search.replace_draft(event.draft_id, documents)
    else:
        platform.search.remove_draft(event.draft_id)


def rebuild_if_lost(platform: Platform) -> None:
    """Build the index anew when it is missing, damaged or of an older kind: it is only a cache."""
    if platform.search.needs_rebuild():
        with platform.database.reading() as session:
            platform.search.rebuild(all_documents(session))


def all_documents(session: Session) -> Iterator[Document]:
    """Everything that may be found, draft by draft."""
    ids = session.exec(
        select(Draft.id).where(col(Draft.stage).in_(PUBLIC_STAGES)).order_by(col(Draft.id))
    ).all()
    for draft_id in ids:
        yield from documents_of(session, draft_id or 0)


def documents_of(
    session: Session, draft_id: int, version_id: int | None = None
) -> Iterator[Document]:
    """The documents of a public draft: itself and its newest public text, in each language.

    With `version_id`, as it was with that text.
    """
    draft = session.get(Draft, draft_id)
    if draft is None or draft.stage not in PUBLIC_STAGES or draft.published_at is None:
        return
    query = select(DraftVersion).where(
        DraftVersion.draft_id == draft_id, col(DraftVersion.published_at).is_not(None)
    )
    if version_id is not None:
        query = query.where(DraftVersion.id == version_id)
    version = session.exec(query.order_by(col(DraftVersion.n).desc()).limit(1)).first()
    titles, summaries = draft.titles, draft.summaries
    if version_id is not None and version is not None:
        titles, summaries = version.titles or titles, version.summaries or summaries
    agency = session.get_one(Agency, draft.agency_id)
    texts = version.langs if version else []
    # A draft is found by its title in any language, also one its text is not written in.
    for lang in dict.fromkeys((*texts, *titles, *summaries)):
        title = titles.get(lang) or next(iter(titles.values()))
        facts = {
            "draft_id": draft_id,
            "lang": lang,
            "agency": agency.code,
            "act_type": draft.act_type,
            "topic": draft.topic,
            "stage": draft.stage,
            "year": draft.published_at.year,
            "title": title,
        }
        summary = summaries.get(lang, "")
        yield Document(id=f"draft:{draft_id}:{lang}", body=summary, **facts)
        for row in provisions(session, version.id or 0, lang) if version and lang in texts else ():
            if row.kind not in NOT_SEARCHED and (row.text or row.heading):
                yield Document(
                    id=f"provision:{draft_id}:{lang}:{row.wid}",
                    wid=row.wid,
                    heading=f"{row.label} {row.heading}".strip(),
                    body=row.text,
                    **facts,
                )
