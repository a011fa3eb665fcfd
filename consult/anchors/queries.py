"""Reads of anchors: what is to be resolved, where comments stand, what authors are asked."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, RowMapping, Select, and_, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.anchors.models import AnchorResolution
from consult.anchors.rules import ASKED, Line, Step, Steps, Text
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import Conflict, NotFound
from drafts.models import DraftVersion, Provision, ProvisionChange
from drafts.reading.within import stands_in
from drafts.versions.anchoring import Quote
from drafts.versions.diffing import word_pieces

LINES = select(  # type: ignore[call-overload]
    Provision.wid, Provision.depth, Provision.label, Provision.heading, Provision.text
)


@dataclass(frozen=True, slots=True)
class Told:
    """A resolution with the number of its version and of the one the comment was made on."""

    resolution: AnchorResolution
    n: int
    made_on: int


@dataclass(frozen=True, slots=True)
class Question:
    """A comment whose text changed with version `n`: its author is asked whether it matters."""

    comment: Comment
    resolution: AnchorResolution
    n: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The words a comment is about as they were when it was made, and as they are; "" for none."""

    before: str
    after: str

    @property
    def words(self) -> list[tuple[str, str]]:
        """How the one became the other (same | ins | del, words); empty when they are the same."""
        return word_pieces(self.before, self.after) if self.before != self.after else []


def public_version(session: Session, draft_id: int, n: int | None = None) -> DraftVersion:
    """A public version of a draft by its number, else the newest; raises NotFound, Conflict."""
    query = select(DraftVersion).where(DraftVersion.draft_id == draft_id)
    if n is None:
        query = query.where(col(DraftVersion.published_at).is_not(None))
    else:
        query = query.where(DraftVersion.n == n)
    version = session.exec(query.order_by(col(DraftVersion.n).desc()).limit(1)).first()
    if version is None:
        raise NotFound("There is no such version of this draft.")
    if version.published_at is None:
        raise Conflict("This version is not public yet: its text may still change.")
    return version


def unresolved(session: Session, version: DraftVersion) -> Sequence[Row[Any]]:
    """The anchored comments on earlier versions that have no row for this one yet.

    In the order in which they are resolved: those on one provision come one after another.
    Replies stand where the comment stands that they reply to.
    """
    done = exists().where(
        col(AnchorResolution.comment_id) == col(Comment.id),
        col(AnchorResolution.version_id) == version.id,
    )
    return session.execute(
        select(  # type: ignore[call-overload]
            Comment.id,
            Comment.version_id,
            Comment.anchor_lang,
            Comment.wid,
            Comment.quote,
            Comment.quote_prefix,
            Comment.quote_suffix,
            Comment.quote_start,
        )
        .join(DraftVersion, col(DraftVersion.id) == col(Comment.version_id))
        .where(
            Comment.draft_id == version.draft_id,
            col(DraftVersion.n) < version.n,
            Comment.wid != "",
            col(Comment.parent_id).is_(None),
            ~done,
        )
        .order_by(DraftVersion.n, Comment.anchor_lang, Comment.wid, Comment.id)
    ).all()


def quote_of(row: Row[Any] | Comment) -> Quote | None:
    """The quoted words of a comment; None when it is about a provision as such."""
    if not row.quote or row.quote_start is None:
        return None
    end = row.quote_start + len(row.quote)
    return Quote(row.quote, row.quote_prefix, row.quote_suffix, row.quote_start, end)


def versions_until(session: Session, version: DraftVersion) -> list[DraftVersion]:
    """All versions of the draft up to this one, the first first."""
    query = select(DraftVersion).where(
        DraftVersion.draft_id == version.draft_id, DraftVersion.n <= version.n
    )
    return list(session.exec(query.order_by(col(DraftVersion.n))).all())


def steps_of(session: Session, version_ids: Sequence[int]) -> dict[int, Steps]:
    """What became of each provision, by version and old wid."""
    rows = session.execute(
        select(
            ProvisionChange.version_id,
            ProvisionChange.kind,
            ProvisionChange.old_wid,
            ProvisionChange.new_wid,
        )
        .where(col(ProvisionChange.version_id).in_(version_ids))
        .order_by(col(ProvisionChange.id))
    ).all()
    found: dict[int, defaultdict[str, list[Step]]] = {id_: defaultdict(list) for id_ in version_ids}
    for version_id, kind, old, new in rows:
        found[version_id][old].append(Step(kind, new))
    return dict(found)


def text_of(session: Session, version: DraftVersion, lang: str) -> Text | None:
    """The text of a version in one language, if it has one."""
    if lang not in version.langs:
        return None
    rows = session.execute(
        LINES.where(Provision.version_id == version.id, Provision.lang == lang).order_by(
            col(Provision.position)
        )
    ).all()
    return Text(Line(*row) for row in rows)


def parts_of(
    session: Session, lang: str, places: Collection[tuple[int, str]]
) -> dict[tuple[int, str], list[Line]]:
    """Provisions of some versions, each with all below it in reading order, by (version, wid).

    In one query; what is not there is left out.
    """
    top = aliased(Provision)
    here = (
        and_(col(top.version_id) == version_id, col(top.wid) == wid) for version_id, wid in places
    )
    rows = session.execute(
        LINES.add_columns(col(top.version_id).label("of"), col(top.wid).label("top"))
        .join(top, stands_in(top))
        .where(top.lang == lang, or_(*here))
        .order_by(col(Provision.version_id), col(Provision.position))
    ).all()
    found: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for *line, version_id, wid in rows:
        found[version_id, wid].append(Line(*line))
    return dict(found)


def standings(session: Session, version_id: int) -> dict[int, AnchorResolution]:
    """Where each comment stands in a version, by comment."""
    query = select(AnchorResolution).where(AnchorResolution.version_id == version_id)
    return {row.comment_id: row for row in session.exec(query).all()}


def resolved(session: Session, version_id: int) -> Sequence[RowMapping]:
    """Every comment on an earlier version with where it stands in this one, in their order."""
    made_on = aliased(DraftVersion)
    query = (
        select(  # type: ignore[call-overload]
            col(Comment.id).label("comment"),
            Comment.receipt,
            col(made_on.n).label("made_on"),
            col(Comment.anchor_lang).label("lang"),
            col(Comment.wid).label("wid_then"),
            col(AnchorResolution.wid).label("wid_now"),
            AnchorResolution.state,
            Comment.quote,
            AnchorResolution.start,
            AnchorResolution.end,
            AnchorResolution.changed,
            AnchorResolution.relevance,
        )
        .join(Comment, col(Comment.id) == col(AnchorResolution.comment_id))
        .join(made_on, col(made_on.id) == col(Comment.version_id))
        .where(AnchorResolution.version_id == version_id)
        .order_by(Comment.id)
    )
    return session.execute(query).mappings().all()


def told_of(session: Session, comment_ids: Iterable[int]) -> dict[int, list[Told]]:
    """All that is known of some comments in later versions, the earliest version first."""
    made_on = aliased(DraftVersion)
    rows = session.execute(
        select(AnchorResolution, DraftVersion.n, made_on.n)
        .join(DraftVersion, col(DraftVersion.id) == col(AnchorResolution.version_id))
        .join(Comment, col(Comment.id) == col(AnchorResolution.comment_id))
        .join(made_on, col(made_on.id) == col(Comment.version_id))
        .where(col(AnchorResolution.comment_id).in_(set(comment_ids)))
        .order_by(col(DraftVersion.n))
    ).all()
    found: dict[int, list[Told]] = defaultdict(list)
    for row, n, first in rows:
        found[row.comment_id].append(Told(row, n, first))
    return found


def moved_here(version_id: int, wid: str) -> Select[tuple[int]]:
    """The comments made on another provision whose words stand in this one in a version."""
    return select(AnchorResolution.comment_id).where(  # type: ignore[return-value]
        AnchorResolution.version_id == version_id,
        col(AnchorResolution.elsewhere).is_(True),
        AnchorResolution.wid == wid,
    )


def arrivals(session: Session, version_id: int) -> dict[str, int]:
    """How many public comments made on another provision stand at each provision of a version."""
    rows = session.execute(
        select(AnchorResolution.wid, func.count())
        .join(Comment, col(Comment.id) == col(AnchorResolution.comment_id))
        .where(
            AnchorResolution.version_id == version_id,
            col(AnchorResolution.elsewhere).is_(True),
            *public(),
        )
        .group_by(col(AnchorResolution.wid))
    ).all()
    return dict(rows)


def _question() -> ColumnElement[bool]:
    """Whether a row is the newest thing to ask about a comment: no later one asks or answers it."""
    later = aliased(AnchorResolution)
    settled = or_(col(later.changed).is_(True), col(later.state).not_in(ASKED))
    return and_(
        col(AnchorResolution.changed).is_(True),
        ~exists().where(
            col(later.comment_id) == col(AnchorResolution.comment_id),
            col(later.version_id) > col(AnchorResolution.version_id),
            settled,
        ),
        *public(),
    )


def _questions() -> Select[tuple[Comment, AnchorResolution, int]]:
    return (
        select(Comment, AnchorResolution, DraftVersion.n)  # type: ignore[return-value]
        .join(AnchorResolution, col(AnchorResolution.comment_id) == col(Comment.id))
        .join(DraftVersion, col(DraftVersion.id) == col(AnchorResolution.version_id))
        .where(_question())
    )


def question_about(session: Session, comment_id: int) -> Question | None:
    """What the author of a comment is, or was, asked about its text last."""
    row = session.execute(_questions().where(col(Comment.id) == comment_id)).first()
    return Question(*row) if row else None


def questions_about(session: Session, comment_ids: Sequence[int]) -> dict[int, Question]:
    """The same for some comments, by comment."""
    rows = session.execute(_questions().where(col(Comment.id).in_(comment_ids))).all()
    return {row[0].id: Question(*row) for row in rows}


def open_questions(
    session: Session, person_id: int, before: int | None = None, limit: int = 20
) -> list[Question]:
    """What a person has not said of their comments yet, the newest comment first.

    One more than `limit` tells that there are older ones.
    """
    query = _questions().where(
        col(Comment.author_id) == person_id, col(AnchorResolution.relevance) == ""
    )
    if before:
        query = query.where(col(Comment.id) < before)
    rows = session.execute(query.order_by(col(Comment.id).desc()).limit(limit + 1)).all()
    return [Question(*row) for row in rows]


def count_open_questions(session: Session, person_id: int) -> int:
    """How many of a person's comments wait for their word."""
    query = (
        select(func.count())
        .select_from(Comment)
        .join(AnchorResolution, col(AnchorResolution.comment_id) == col(Comment.id))
        .where(
            col(Comment.author_id) == person_id, col(AnchorResolution.relevance) == "", _question()
        )
    )
    return int(session.exec(query).one())


def asked_authors(session: Session, version_id: int) -> list[int]:
    """Whom a version gives something to ask: people with an account, of comments still shown."""
    query = (
        select(Comment.author_id)
        .join(AnchorResolution, col(AnchorResolution.comment_id) == col(Comment.id))
        .join(Person, col(Person.id) == col(Comment.author_id))
        .where(
            col(AnchorResolution.version_id) == version_id,
            col(AnchorResolution.relevance) == "",
            _question(),
            col(Person.email_confirmed_at).is_not(None),
        )
        .distinct()
    )
    return sorted(session.exec(query).all())


def asked_of(session: Session, version_id: int, person_id: int) -> list[Question]:
    """The comments of a person whose text changed with a version, the first first."""
    query = _questions().where(
        col(AnchorResolution.version_id) == version_id,
        col(AnchorResolution.relevance) == "",
        col(Comment.author_id) == person_id,
    )
    return [Question(*row) for row in session.execute(query.order_by(col(Comment.id))).all()]


def relevance_counts(session: Session, draft_id: int) -> Counter[str]:
    """What the authors of a draft's shown comments said when last asked: "" for nothing yet."""
    rows = session.execute(
        select(AnchorResolution.relevance, func.count())
        .join(Comment, col(Comment.id) == col(AnchorResolution.comment_id))
        .where(col(Comment.draft_id) == draft_id, _question())
        .group_by(col(AnchorResolution.relevance))
    ).all()
    return Counter(dict(rows))


def passages(session: Session, questions: Sequence[Question]) -> dict[int, Passage]:
    """The words some comments are about, before and after, by comment, in one query.

    A quote with what became of it; of a comment on a provision as such, its own words.
    """
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Provision.version_id, Provision.lang, Provision.wid, Provision.heading, Provision.text
        ).where(
            col(Provision.version_id).in_(
                {id_ for q in questions for id_ in (q.comment.version_id, q.resolution.version_id)}
            ),
            col(Provision.wid).in_(
                {w for q in questions for w in (q.comment.wid, q.resolution.wid)}
            ),
        )
    ).all()
    texts = {(row.version_id, row.lang, row.wid): (row.heading, row.text) for row in rows}
    found = {}
    for question in questions:
        comment, row = question.comment, question.resolution
        heading, text = texts.get((row.version_id, comment.anchor_lang, row.wid), ("", ""))
        if comment.quote:
            now = text[row.start : row.end] if row.start is not None else ""
            found[comment.id or 0] = Passage(comment.quote, now)
        else:
            then = texts.get((comment.version_id, comment.anchor_lang, comment.wid), ("", ""))
            parts = (filter(None, own) for own in (then, (heading, text)))
            found[comment.id or 0] = Passage(*("\n".join(part) for part in parts))
    return found
