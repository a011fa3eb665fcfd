"""Reads of a bill in parliament or a kenesh: its registration, readings, speakers, amendments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.chambers.bills.models import Amendment, BillRegistration, Reading, Speech
from consult.chambers.deputies.models import Deputy
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import NotFound
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version, place_names, provisions, versions

NOT_CHOSEN = frozenset({"note", "row"})  # kinds of provision nobody points to


@dataclass(frozen=True, slots=True)
class Spoke:
    """A speech with the deputy who made it; None: a guest."""

    speech: Speech
    deputy: Deputy | None


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of a provision in their comments, by stance."""

    support: int = 0
    oppose: int = 0
    neutral: int = 0


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment with the deputy who proposed it; None: `amendment.author` says who did."""

    amendment: Amendment
    deputy: Deputy | None


def registration_of(session: Session, draft_id: int) -> BillRegistration | None:
    """Under what number a draft was registered, if it was."""
    query = select(BillRegistration).where(BillRegistration.draft_id == draft_id)
    return session.exec(query).one_or_none()


def registered(session: Session, draft_id: int) -> BillRegistration:
    """The same; raises NotFound for a draft that is no bill."""
    found = registration_of(session, draft_id)
    if found is None:
        raise NotFound("This draft is not registered in parliament or a kenesh.")
    return found


def readings_of(session: Session, draft_id: int) -> Sequence[Reading]:
    """The readings of a bill in their order."""
    query = select(Reading).where(Reading.draft_id == draft_id).order_by(col(Reading.n))
    return session.exec(query).all()


def reading_by_number(session: Session, draft_id: int, n: int) -> Reading:
    """One of them; raises NotFound."""
    query = select(Reading).where(Reading.draft_id == draft_id, Reading.n == n)
    reading = session.exec(query).one_or_none()
    if reading is None:
        raise NotFound("No such reading is recorded.")
    return reading


def reading_by_id(session: Session, reading_id: int) -> Reading:
    """One reading; raises NotFound."""
    reading = session.get(Reading, reading_id)
    if reading is None:
        raise NotFound("No such reading is recorded.")
    return reading


def count_speeches(session: Session, draft_id: int) -> Mapping[int, int]:
    """How many spoke at each reading of a bill, by its number."""
    rows = session.execute(
        select(Speech.reading_id, func.count())
        .join(Reading, col(Reading.id) == col(Speech.reading_id))
        .where(Reading.draft_id == draft_id)
        .group_by(col(Speech.reading_id))
    ).all()
    return {row[0]: row[1] for row in rows}


def speeches_at(session: Session, reading_id: int) -> list[Spoke]:
    """Who spoke at a reading, in the order of speaking."""
    query = (
        select(Speech, Deputy)
        .outerjoin(Deputy, col(Deputy.id) == col(Speech.deputy_id))
        .where(Speech.reading_id == reading_id)
        .order_by(col(Speech.position))
    )
    return [Spoke(*row) for row in session.exec(query).all()]


def amendments_of(
    session: Session, draft_id: int, *, after: int = 0, limit: int | None = None
) -> list[Amended]:
    """The amendments of a bill as they came in; one more than `limit` tells that there are more."""
    query = (
        select(Amendment, Deputy)
        .outerjoin(Deputy, col(Deputy.id) == col(Amendment.deputy_id))
        .where(Amendment.draft_id == draft_id, col(Amendment.id) > after)
        .order_by(col(Amendment.id))
    )
    if limit is not None:
        query = query.limit(limit + 1)
    return [Amended(*row) for row in session.exec(query).all()]


def amendment_by_id(session: Session, amendment_id: int) -> Amendment:
    """One amendment; raises NotFound."""
    amendment = session.get(Amendment, amendment_id)
    if amendment is None:
        raise NotFound("There is no such amendment.")
    return amendment


def count_amendments(session: Session, draft_id: int) -> Mapping[str, int]:
    """How many amendments of a bill were decided how."""
    rows = session.execute(
        select(Amendment.decision, func.count())
        .where(Amendment.draft_id == draft_id)
        .group_by(col(Amendment.decision))
    ).all()
    return {row[0]: row[1] for row in rows}


def said_about(session: Session, draft_id: int, wids: Sequence[str]) -> Mapping[str, Said]:
    """What the public said of some provisions of a draft, in all its rounds."""
    rows = session.execute(
        select(Comment.wid, Comment.stance, func.count())
        .where(Comment.draft_id == draft_id, col(Comment.wid).in_(set(wids)), *public())
        .group_by(col(Comment.wid), col(Comment.stance))
    ).all()
    counts: dict[str, dict[str, int]] = {}
    for wid, stance, n in rows:
        counts.setdefault(wid, {})[stance] = n
    return {wid: Said(**by_stance) for wid, by_stance in counts.items()}


def text_before_body(session: Session, draft: Draft) -> DraftVersion | None:
    """The newest public text of a draft: what amendments are made to."""
    public_texts = [one for one in versions(session, draft.id or 0) if one.published_at]
    return public_texts[-1] if public_texts else latest_version(session, draft.id or 0)


def choices_in(session: Session, version: DraftVersion | None, lang: str) -> dict[str, str]:
    """What the provisions of a text are called that an amendment may change, by wid."""
    if version is None:
        return {}
    spoken = lang if lang in version.langs else version.langs[0]
    rows = provisions(session, version.id or 0, spoken)
    names = place_names(rows)
    return {row.wid: names[row.wid] for row in rows if row.kind not in NOT_CHOSEN}
