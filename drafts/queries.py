"""Reads of dossiers and texts: lists by keyset, versions, provisions, trees. Nothing is changed."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.errors import Conflict, NotFound
from consult.i18n.catalogues import LANGUAGES
from consult.procedure.stages import Stage
from drafts.models import Draft, DraftVersion, Provision, ProvisionChange
from drafts.tree import Node, Tree
from drafts.versions.aligning import CONFIRM

ABOVE_ARTICLES = frozenset({"part", "section", "chapter"})
PUBLIC_STAGES = tuple(stage.value for stage in Stage if stage is not Stage.DRAFT)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list of drafts is narrowed to; empty means any."""

    agency_id: int | None = None
    act_type: str = ""
    stage: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list ordered newest first: rows before (older than) it come next."""

    at: datetime
    id: int


def list_drafts(
    session: Session, wanted: ListFilter, *, before: Cursor | None, limit: int
) -> list[Draft]:
    """Public drafts, newest first; one more than `limit` tells that there are older ones."""
    query = select(Draft).where(
        col(Draft.stage).in_(PUBLIC_STAGES), col(Draft.published_at).is_not(None)
    )
    if wanted.agency_id:
        query = query.where(Draft.agency_id == wanted.agency_id)
    for column, value in (
        (Draft.act_type, wanted.act_type),
        (Draft.stage, wanted.stage),
        (Draft.topic, wanted.topic),
    ):
        if value:
            query = query.where(column == value)
    shown = col(Draft.published_at)
    if before:
        query = query.where(
            or_(shown < before.at, and_(shown == before.at, col(Draft.id) < before.id))
        )
    query = query.order_by(shown.desc(), col(Draft.id).desc()).limit(limit + 1)
    return list(session.exec(query).all())


def draft_for(session: Session, draft_id: int, actor: Actor) -> Draft:
    """A draft this person may see; one not yet public only its own agency may. Raises NotFound."""
    draft = session.get(Draft, draft_id)
    if draft is None or not (
        (draft.stage in PUBLIC_STAGES and draft.published_at)
        or (actor.may("desk") and actor.may_for("desk", draft.agency_id))
    ):
        raise NotFound("There is no such draft.")
    return draft


def drafts_of_agency(session: Session, agency_ids: Sequence[int]) -> list[Draft]:
    """All drafts of some agencies (all agencies when none is named), newest first."""
    query = select(Draft).order_by(col(Draft.id).desc()).limit(200)
    if agency_ids:
        query = query.where(col(Draft.agency_id).in_(agency_ids))
    return list(session.exec(query).all())


def drafts_at(session: Session, stages: Sequence[Stage], most: int = 200) -> list[Draft]:
    """The public drafts at some stages, the newest first."""
    query = select(Draft).where(
        col(Draft.stage).in_([stage.value for stage in stages]),
        col(Draft.published_at).is_not(None),
    )
    newest = query.order_by(col(Draft.published_at).desc(), col(Draft.id).desc())
    return list(session.exec(newest.limit(most)).all())


def versions(session: Session, draft_id: int) -> list[DraftVersion]:
    """All versions of a draft, the first first."""
    query = (
        select(DraftVersion).where(DraftVersion.draft_id == draft_id).order_by(col(DraftVersion.n))
    )
    return list(session.exec(query).all())


def latest_version(session: Session, draft_id: int) -> DraftVersion | None:
    """The newest version, public or not."""
    query = select(DraftVersion).where(DraftVersion.draft_id == draft_id)
    return session.exec(query.order_by(col(DraftVersion.n).desc()).limit(1)).first()


def version_before(session: Session, version: DraftVersion) -> DraftVersion | None:
    """The version this one follows."""
    return session.exec(
        select(DraftVersion).where(
            DraftVersion.draft_id == version.draft_id, DraftVersion.n == version.n - 1
        )
    ).one_or_none()


def unready(session: Session, version: DraftVersion) -> Conflict | None:
    """Why a version may not become public yet: a text is missing, or pairs are not confirmed.

    A text that the last public version has and this one has not would read as if all of it had
    been deleted. Where pairs wait, `params` say how many.
    """
    waiting = select(func.count()).where(*doubtful(version.id or 0)).scalar_subquery()
    query = select(DraftVersion, waiting).where(
        DraftVersion.draft_id == version.draft_id,
        DraftVersion.n < version.n,
        col(DraftVersion.published_at).is_not(None),
    )
    found = session.exec(query.order_by(col(DraftVersion.n).desc()).limit(1)).first()
    if found is None:
        return None
    public, count = found
    missing = [code for code in public.langs if code not in version.langs]
    if missing:
        return Conflict(
            "This version has no text in {languages} yet. Import it first: "
            "both texts are equally authentic.",
            languages=", ".join(LANGUAGES.get(code, code) for code in missing),
        )
    if count:
        return Conflict(
            "A person has yet to confirm what became of provisions that changed much or were "
            "deleted: {count}.",
            count=count,
        )
    return None


def doubtful(version_id: int) -> tuple[ColumnElement[bool], ...]:
    """What a select of changes is narrowed to: those a person has yet to confirm."""
    return (
        col(ProvisionChange.version_id) == version_id,
        col(ProvisionChange.kind) != "added",
        col(ProvisionChange.similarity) < CONFIRM,
        col(ProvisionChange.confirmed_at).is_(None),
    )


def unconfirmed(session: Session, version_id: int) -> int:
    """How many changes of a version a person has yet to confirm."""
    return session.exec(select(func.count()).where(*doubtful(version_id))).one()


def provisions(session: Session, version_id: int, lang: str) -> Sequence[Row[Any]]:
    """The provisions of a text in reading order, as plain rows."""
    return session.execute(
        select(  # type: ignore[call-overload]
            Provision.wid,
            Provision.eid,
            Provision.parent_eid,
            Provision.depth,
            Provision.kind,
            Provision.number,
            Provision.label,
            Provision.heading,
            Provision.text,
        )
        .where(Provision.version_id == version_id, Provision.lang == lang)
        .order_by(Provision.position)
    ).all()


def place_names(rows: Sequence[Row[Any]]) -> dict[str, str]:
    """What each provision (as `provisions` gives them) is called, by wid: "Article 5, 2), а)".

    The chapters above an article are left out; what has no label goes by its first words.
    """
    by_eid = {row.eid: row for row in rows}

    def called(row: Row[Any]) -> str:
        line = [row]
        while above := by_eid.get(line[-1].parent_eid):
            line.append(above)
        in_article = any(one.kind == "article" for one in line)
        told = [one for one in line if not (in_article and one.kind in ABOVE_ARTICLES)]
        return ", ".join(filter(None, map(_own_name, reversed(told))))

    return {row.wid: called(row) for row in rows}


def _own_name(row: Row[Any], most: int = 48) -> str:
    """Its label, unless that is only a dash; else its first words, of at most so many letters."""
    if any(letter.isalnum() for letter in row.label):
        return str(row.label).rstrip(".")
    words = row.heading or getattr(row, "text", "")  # an outline has no words
    text = " ".join(str(words).split())  # a row's cells are parted by tabs
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


def with_parts(rows: Sequence[Row[Any]], wid: str) -> Sequence[Row[Any]]:
    """A provision and everything below it; empty when it is not among the rows."""
    start = next((i for i, row in enumerate(rows) if row.wid == wid), len(rows))
    below = (i for i in range(start + 1, len(rows)) if rows[i].depth <= rows[start].depth)
    return rows[start : next(below, len(rows))]


def provision(session: Session, version_id: int, lang: str, wid: str) -> Provision | None:
    """One provision of a version in one language."""
    return session.exec(
        select(Provision).where(
            Provision.version_id == version_id, Provision.lang == lang, Provision.wid == wid
        )
    ).one_or_none()


def last_with(session: Session, version_ids: Sequence[int], wid: str) -> int:
    """The number of the newest of some versions that has a provision. Raises NotFound."""
    n = session.exec(
        select(DraftVersion.n)
        .join(Provision, col(Provision.version_id) == col(DraftVersion.id))
        .where(col(DraftVersion.id).in_(version_ids), Provision.wid == wid)
        .order_by(col(DraftVersion.n).desc())
        .limit(1)
    ).first()
    if n is None:
        raise NotFound("There is no such provision in this text.")
    return n


def provision_texts(
    session: Session, version_id: int, wids: Sequence[str]
) -> dict[tuple[str, str], Provision]:
    """Some provisions of a version by (wid, lang)."""
    rows = session.exec(
        select(Provision).where(
            Provision.version_id == version_id, col(Provision.wid).in_(set(wids))
        )
    ).all()
    return {(row.wid, row.lang): row for row in rows}


def text_hashes(
    session: Session, version_id: int, langs: Sequence[str]
) -> dict[tuple[str, str], str]:
    """The hash of each provision's words by (wid, lang), in reading order."""
    rows = session.execute(
        select(Provision.wid, Provision.lang, Provision.text_hash)
        .where(Provision.version_id == version_id, col(Provision.lang).in_(langs))
        .order_by(col(Provision.position))
    ).all()
    return {(wid, lang): text_hash for wid, lang, text_hash in rows}


def places(session: Session, version_id: int, lang: str, wids: Sequence[str]) -> dict[str, str]:
    """Where provisions of one text stand, in words ("2-берене, 1, а)"), by wid."""
    named = places_in(session, {(version_id, lang, wid) for wid in wids})
    return {wid: place for (_, _, wid), place in named.items()}


def places_in(
    session: Session, wanted: Set[tuple[int, str, str]]
) -> dict[tuple[int, str, str], str]:
    """The same for provisions of many texts, by (version, language, wid), in two queries."""
    of_versions = col(Provision.version_id).in_({version_id for version_id, _, _ in wanted})
    rows = session.execute(
        select(Provision.version_id, Provision.lang, Provision.wid, Provision.eid).where(
            of_versions, col(Provision.wid).in_({wid for _, _, wid in wanted})
        )
    ).all()
    lines = {
        (version_id, lang, wid): _line_of(eid)
        for version_id, lang, wid, eid in rows
        if (version_id, lang, wid) in wanted
    }
    found = session.execute(
        select(  # type: ignore[call-overload]
            Provision.version_id,
            Provision.lang,
            Provision.eid,
            Provision.label,
            Provision.heading,
        ).where(of_versions, col(Provision.eid).in_({e for line in lines.values() for e in line}))
    ).all()
    names = {(row[0], row[1], row[2]): row.label.rstrip(".") or row.heading for row in found}
    return {
        (version_id, lang, wid): ", ".join(
            name for eid in line if (name := names.get((version_id, lang, eid)))
        )
        for (version_id, lang, wid), line in lines.items()
    }


def _line_of(eid: str) -> list[str]:
    """The eids of a provision and of all it stands in, outermost first; they nest by "__"."""
    parts = eid.split("__")
    return ["__".join(parts[:end]) for end in range(1, len(parts) + 1)]


def load_tree(session: Session, version_id: int, lang: str) -> Tree:
    """The tree of a text, as it was stored."""
    return tree_of(provisions(session, version_id, lang), lang)


def tree_of(rows: Sequence[Row[Any]], lang: str) -> Tree:
    """The tree of a text from its rows, as `provisions` gives them."""
    children: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        children[row.parent_eid].append(row)

    def build(parent: str) -> tuple[Node, ...]:
        return tuple(
            Node(
                kind=row.kind,
                number=row.number,
                label=row.label,
                heading=row.heading,
                text=row.text,
                eid=row.eid,
                wid=row.wid,
                children=build(row.eid),
            )
            for row in children[parent]
        )

    return Tree(lang, build(""))


def changes(session: Session, version_id: int) -> list[ProvisionChange]:
    """What became of each provision from the version before."""
    query = select(ProvisionChange).where(ProvisionChange.version_id == version_id)
    return list(session.exec(query.order_by(col(ProvisionChange.id))).all())
