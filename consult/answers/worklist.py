"""Reads for the officer who answers: the comments of a consultation, narrowed, counted, in order.

What is decided about each comment is in standing.py.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlmodel import Session, col

from consult.accounts.models import Person
from consult.accounts.organisations.queries import mandate_by
from consult.accounts.shown import known_as
from consult.answers.alike import likeness
from consult.answers.models import Assignment, Disposition
from consult.answers.standing import UNWRITTEN, standing
from consult.attachments.models import Attachment
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.naming import KnownAs
from drafts.models import Provision

NOBODY = 0  # as an officer: the comment is given to nobody
PAGE = 50
HITS = 50_000  # comments a search for words finds at most
COMPARED = 300  # comments on the same place that are looked through for similar ones
ALIKE = 0.2  # the share of common words from which a comment is shown as similar


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What the list is narrowed to; None means any. `wid` "" is the draft as a whole.

    `among`: the ids of the comments that hold the words looked for (`with_words`).
    """

    status: str | None = None
    wid: str | None = None
    kind: str | None = None
    issue: int | None = None
    officer: int | None = None
    stance: str | None = None
    channel: str | None = None
    lang: str | None = None
    organisation: bool | None = None
    files: bool | None = None
    among: tuple[int, ...] | None = None


FACETS = tuple(name for name in WorkFilter.__dataclass_fields__ if name != "among")


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A comment with its author, its group, who is to answer it, and the decision that counts.

    `mandate` is by what the author may speak for the organisation they spoke for; the comment's own
    says on whose behalf that spoke.
    """

    comment: Comment
    who: KnownAs
    region: str
    mandate: str
    issue_id: int
    officer_id: int
    status: str
    disposition: Disposition | None


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many comments there are and how many wait for an answer; how many the filter finds.

    An answer that is still being written is none. `by` maps a facet to {value: number}, with the
    other filters applied; `load` an officer to (comments given to them, those that wait).
    """

    total: int
    waiting: int
    found: int
    by: Mapping[str, Mapping[Any, int]]
    load: Mapping[int, tuple[int, int]]


class _Narrowing:
    """The comments of a consultation with what each may be narrowed by, a column a facet."""

    def __init__(self, consultation_id: int, wanted: WorkFilter) -> None:
        self.wanted = wanted
        self.stands = standing([consultation_id])
        with_file = exists().where(
            col(Attachment.comment_id) == col(Comment.id), col(Attachment.is_source).is_(False)
        )
        self.columns: Mapping[str, Any] = {
            "status": self.stands.c.status,
            "wid": col(Comment.wid),
            "kind": col(Comment.kind),
            "issue": self.stands.c.issue,
            "officer": func.coalesce(Assignment.officer_id, NOBODY),
            "stance": col(Comment.stance),
            "channel": col(Comment.channel),
            "lang": col(Comment.lang),
            "organisation": col(Comment.organisation_id).is_not(None),
            "files": with_file,
        }

    def select(self, *columns: Any) -> Select[Any]:
        return (
            select(*columns)
            .select_from(Comment)
            .join(self.stands, self.stands.c.comment_id == col(Comment.id))
            .join(Person, col(Person.id) == col(Comment.author_id))
            .outerjoin(Assignment, col(Assignment.comment_id) == col(Comment.id))
        )

    @property
    def holds_words(self) -> list[ColumnElement[bool]]:
        if self.wanted.among is None:
            return []
        # Written into the statement: there may be more than it takes parameters.
        ids: Any = bindparam("among", self.wanted.among, expanding=True, literal_execute=True)
        return [col(Comment.id).in_(ids)]

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        wishes = ((facet, getattr(self.wanted, facet)) for facet in FACETS)
        narrow = [self.columns[facet] == wish for facet, wish in wishes if wish is not None]
        return narrow + self.holds_words


def with_words(
    session: Session, consultation_id: int, wanted: WorkFilter, words: str
) -> WorkFilter:
    """The filter, narrowed to the comments in which each of some words, or its beginning, stands.

    Compared here and not by the database: SQLite folds the capitals of Latin letters only.
    """
    sought = words.casefold().split()
    if not sought:
        return wanted
    rows = session.execute(
        select(col(Comment.id), col(Comment.quote), col(Comment.body), col(Comment.proposed))
        .where(col(Comment.consultation_id) == consultation_id, *public())
        .order_by(col(Comment.id)),
        execution_options={"yield_per": 2000},
    )
    texts = ((id_, f"{quote} {body} {proposed}".casefold()) for id_, quote, body, proposed in rows)
    found = tuple(id_ for id_, text in texts if all(word in text for word in sought))
    return replace(wanted, among=found[:HITS])


def count_work(session: Session, consultation_id: int, wanted: WorkFilter) -> WorkCounts:
    """The counts beside each filter, in one query."""
    work = _Narrowing(consultation_id, wanted)
    hit = [*work.holds_words] or [col(Comment.id) > 0]
    columns = [work.columns[facet].label(facet) for facet in FACETS] + [hit[0].label("hit")]
    inner = work.select(*columns).subquery()
    rows = session.execute(select(*inner.c, func.count()).group_by(*inner.c)).all()
    by: dict[str, Counter[Any]] = {facet: Counter() for facet in FACETS}
    given: Counter[int] = Counter()
    left: Counter[int] = Counter()
    total = found = waiting = 0
    wishes = [getattr(wanted, facet) for facet in FACETS]
    officer_at = FACETS.index("officer")
    for *values, is_hit, n in rows:
        waits = n if values[0] in UNWRITTEN else 0
        total += n
        waiting += waits
        given[values[officer_at]] += n
        left[values[officer_at]] += waits
        missed = [at for at, wish in enumerate(wishes) if wish is not None and wish != values[at]]
        if not is_hit or len(missed) > 1:
            continue
        found += 0 if missed else n
        for at in missed or range(len(FACETS)):
            by[FACETS[at]][values[at]] += n
    load = {officer: (n, left[officer]) for officer, n in given.items()}
    return WorkCounts(total, waiting, found, by, load)


def _in_text(lang: str) -> ColumnElement[bool]:
    """Joins a comment to its provision, for its place in the text; `lang` is one the text has."""
    return and_(
        col(Provision.version_id) == col(Comment.version_id),
        col(Provision.lang) == lang,
        col(Provision.wid) == col(Comment.wid),
    )


# In the order of the text, replies after the comment their thread begins with.
IN_ORDER = (
    func.coalesce(Provision.position, -1),
    func.coalesce(Comment.root_id, Comment.id),
    col(Comment.id),
)


def _rows(consultation_id: int, wanted: WorkFilter) -> Select[Any]:
    work = _Narrowing(consultation_id, wanted)
    columns = (
        Comment,
        known_as(Comment),
        col(Person.region),
        mandate_by(col(Comment.organisation_id), col(Comment.author_id)),
        work.stands.c.issue,
        work.columns["officer"],
        work.stands.c.status,
        Disposition,
    )
    counting = col(Disposition.id) == work.stands.c.disposition_id
    return work.select(*columns).outerjoin(Disposition, counting).where(*work.conditions)


def list_work(
    session: Session, consultation_id: int, lang: str, wanted: WorkFilter, page: int = 1
) -> list[WorkRow]:
    """One page of the list, in the order of the text."""
    query = _rows(consultation_id, wanted).outerjoin(Provision, _in_text(lang))
    query = query.order_by(*IN_ORDER).limit(PAGE).offset((page - 1) * PAGE)
    return [WorkRow(*row) for row in session.execute(query).all()]


def work_row(session: Session, consultation_id: int, comment_id: int) -> WorkRow | None:
    """One comment as the list shows it; None when no answer is owed to it."""
    query = _rows(consultation_id, WorkFilter()).where(col(Comment.id) == comment_id)
    row = session.execute(query).first()
    return WorkRow(*row) if row else None


def found_ids(session: Session, consultation_id: int, wanted: WorkFilter) -> list[int]:
    """The ids of all comments the filter finds."""
    work = _Narrowing(consultation_id, wanted)
    return list(session.execute(work.select(col(Comment.id)).where(*work.conditions)).scalars())


def next_unanswered(
    session: Session, consultation_id: int, lang: str, wanted: WorkFilter, after: Comment | None
) -> tuple[int, int] | None:
    """The next comment without an answer: (its id, its group), from the top again after the last.

    The filter keeps whatever else an officer works through.
    """
    work = _Narrowing(consultation_id, replace(wanted, status="unanswered"))
    query = (
        work.select(col(Comment.id), work.stands.c.issue)
        .outerjoin(Provision, _in_text(lang))
        .where(*work.conditions)
        .order_by(*IN_ORDER)
        .limit(1)
    )
    if after is not None:
        here = select(*IN_ORDER).select_from(Comment).outerjoin(Provision, _in_text(lang))
        place = session.execute(here.where(col(Comment.id) == after.id)).one()
        passed = case((tuple_(*IN_ORDER) > tuple_(*place), 0), else_=1)
        query = query.order_by(None).order_by(passed, *IN_ORDER)
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def similar(session: Session, row: WorkRow, most: int = 6) -> list[tuple[float, WorkRow]]:
    """Comments on the same place, or with the very same words: the most alike first."""
    comment = row.comment
    query = (
        _rows(comment.consultation_id, WorkFilter())
        .where(
            col(Comment.id) != comment.id,
            or_(col(Comment.wid) == comment.wid, col(Comment.body_hash) == comment.body_hash),
        )
        .order_by(col(Comment.id).desc())
        .limit(COMPARED)
    )
    words = f"{comment.body} {comment.proposed}"
    others = [WorkRow(*found) for found in session.execute(query).all()]
    scored = [(likeness(words, f"{o.comment.body} {o.comment.proposed}"), o) for o in others]
    alike = [pair for pair in scored if pair[0] >= ALIKE]
    return sorted(alike, key=lambda pair: -pair[0])[:most]
