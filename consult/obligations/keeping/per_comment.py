"""Duties owed for each comment, or for each group of comments answered together.

What is owed for whom is read off the comments and groups as they are now, and compared with the
ledgers there are: it does not matter how often this is done, or how late.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    and_,
    case,
    cast,
    except_,
    func,
    literal,
    or_,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.answers.models import IssueComment
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.db import Database
from consult.errors import N_
from consult.law.queries import Law, law_of
from consult.moderation.models import ModerationAct
from consult.obligations.keeping.asked import new_duty
from consult.obligations.keeping.following import ENDED
from consult.obligations.ledger.rules import SETTLED, Kind, Stored
from consult.obligations.models import Obligation
from consult.obligations.queries import ledgers
from consult.obligations.writing import Line, write_many
from consult.procedure.deadlines import Trigger
from consult.procedure.duties import Duty, Evidence, Per
from consult.procedure.packs import RulePack
from drafts.models import Draft

BATCH = 500  # ledgers written at once: the one writer of SQLite is never held for long
TICKING = [Stored.RUNNING.value, Stored.PAUSED.value]
ALIVE = [state.value for state in Stored if state not in SETTLED]
BY_REPORT = frozenset({Evidence.ANSWER, Evidence.REPORT})  # all answers are published with it

WITHDRAWN = N_("The author withdrew the comment.")
DISAVOWED = N_("Its stated author says that they did not write it.")
HIDDEN = N_("The comment was hidden.")
HELD = N_("The comment is held until a moderator has looked.")
GROUPED = N_("It is answered together with its group.")
DISSOLVED = N_("The group has no comments any more that must be answered.")


def reconcile(database: Database, pack: RulePack, consultation_id: int, now: datetime) -> int:
    """Bring all duties owed for comments of a consultation up to date; returns how many changed.

    The differences are found in a few queries, then written batch by batch, each in a transaction
    of its own that looks at them again: broken off, it goes on where it was.
    """
    done = 0
    for duty in duties_per_comment(pack):
        with database.reading() as session:
            consultation = session.get_one(Consultation, consultation_id)
            waiting = iter(_differences(session, duty, consultation))
        while batch := list(islice(waiting, BATCH)):
            with database.writing() as session:
                bring_up(session, law_of(session, pack), duty, consultation_id, batch, now)
            done += len(batch)
        done += _keep_extensions(database, pack, duty, consultation_id, now)
    return done


def duties_per_comment(pack: RulePack) -> list[Duty]:
    """The duties of a pack owed for each comment, or each comment or group."""
    return [duty for duty in pack.duty if duty.per in (Per.COMMENT, Per.ISSUE)]


def begun_at(duty: Duty, consultation: Consultation) -> datetime | None:
    """When the clock of a duty begins for all comments alike; None if that has not happened.

    Where it begins with the comment itself, it has begun with the consultation.
    """
    return {
        Trigger.COMMENT_SUBMITTED: consultation.opened_at,
        Trigger.CONSULTATION_CLOSED: consultation.closed_at,
        Trigger.REPORT_PUBLISHED: consultation.reported_at,
    }.get(duty.trigger)


def _wanted(
    duty: Duty, consultation: Consultation, subjects: Sequence[str] | None = None
) -> Subquery:
    """What a duty is owed for (all of it, or as far as it is among `subjects`), and since when.

    An answer is owed to what the report's gate counts: comments that are public, replies too. A
    receipt was given to everybody. A comment that stands in a group is answered with it.
    """
    here = [col(Comment.consultation_id) == consultation.id]
    since: SQLColumnExpression[datetime] = col(Comment.created_at)
    if duty.evidence is not Evidence.RECEIPT:
        here, since = [*here, _answerable(consultation)], _seen_since()
    apart = [*here] if subjects is None else [*here, col(Comment.id).in_(_ids(subjects, "comment"))]
    singly: Select[str, datetime] = sa_select(
        _subject("comment:", col(Comment.id)).label("subject"),
        since.label("since"),
    )
    if duty.per is Per.COMMENT:
        return singly.where(*apart).subquery()
    issue = col(IssueComment.issue_id)
    of_groups = here if subjects is None else [*here, issue.in_(_ids(subjects, "issue"))]
    together = (
        sa_select(
            _subject("issue:", issue).label("subject"),
            func.min(since).label("since"),
        )
        .join(IssueComment, col(IssueComment.comment_id) == col(Comment.id))
        .where(*of_groups)
        .group_by(issue)
    )
    ungrouped = singly.outerjoin(IssueComment, col(IssueComment.comment_id) == col(Comment.id))
    return union_all(ungrouped.where(*apart, issue.is_(None)), together).subquery()


def _answerable(consultation: Consultation) -> ColumnElement[bool]:
    """Whether the agency owes an answer to a comment, or gave it one before it was not shown."""
    now = and_(*public())
    if consultation.reported_at is None:
        return now
    return or_(
        now,
        and_(
            col(Comment.withdrawn_at).is_(None),
            or_(
                col(Comment.hidden_at) > consultation.reported_at,
                col(Comment.held_at) > consultation.reported_at,
            ),
        ),
    )


def _seen_since() -> ColumnElement[datetime]:
    """When a comment came, or was last shown again after it had been hidden."""
    restored = (
        sa_select(func.max(col(ModerationAct.acted_at)))
        .where(col(ModerationAct.comment_id) == Comment.id, col(ModerationAct.act) == "restore")
        .correlate(Comment)
        .scalar_subquery()
    )
    return case((restored > Comment.created_at, restored), else_=col(Comment.created_at))


def _subject(kind: str, id_: Any) -> ColumnElement[str]:
    return literal(kind) + cast(id_, String)


def _ids(subjects: Sequence[str], kind: str) -> list[int]:
    pairs = (subject.split(":") for subject in subjects)
    return [int(number) for head, number in pairs if head == kind]


def _differences(session: Session, duty: Duty, consultation: Consultation) -> list[str]:
    """The subjects whose ledger is missing, or is not what it should be by now.

    Sets are compared with sets: what does not differ costs no more than to be read.
    """
    if begun_at(duty, consultation) is None:
        return []
    wanted = sa_select(_wanted(duty, consultation).c.subject)
    owed = sa_select(col(Obligation.subject)).where(
        col(Obligation.consultation_id) == consultation.id,
        col(Obligation.duty) == duty.code,
        col(Obligation.subject) != "",
    )
    standing = owed.where(col(Obligation.state) != Stored.CANCELLED.value)
    open_: Executable = owed.where(col(Obligation.state).in_(ALIVE))
    if consultation.reported_at is None or duty.evidence not in BY_REPORT:
        open_ = except_(owed.where(col(Obligation.state).in_(ALIVE)), wanted)
    missing = except_(wanted, standing)
    found = {subject for query in (open_, missing) for subject in session.execute(query).scalars()}
    return sorted(found, key=lambda subject: int(subject.split(":")[1]))


def bring_up(
    session: Session,
    law: Law,
    duty: Duty,
    consultation_id: int,
    subjects: Sequence[str],
    now: datetime,
) -> None:
    """Begin, fulfil or cancel what one duty asks for some comments and groups of a consultation."""
    consultation = session.get_one(
        Consultation, consultation_id, with_for_update={"key_share": True}
    )
    known = _known(session, duty, consultation_id, subjects)
    if begun_at(duty, consultation) is None or "" in known:
        return  # its time has not come; or it is owed once for all of them, as the rules once said
    draft = session.get_one(Draft, consultation.draft_id)
    again = draft.stage not in ENDED  # what ended with the draft is not begun a second time
    rows = _wanted(duty, consultation, subjects)
    wanted = dict(session.execute(select(rows.c.subject, rows.c.since)).all())
    new = {
        subject: wanted[subject]
        for subject in subjects
        if subject in wanted
        and all(again and owed.state == Stored.CANCELLED.value for owed in known[subject])
    }
    begun = _beginnings(duty, consultation, new)
    work: list[tuple[Obligation, list[Line]]] = []
    for subject, at in begun.items():
        owed = _new(law, duty, draft, consultation, subject, len(known[subject]) + 1)
        lines = [Line(Kind.CREATED, at), Line(Kind.TRIGGERED, at)]
        work.append((owed, [*lines, *_shown(duty, consultation, subject, at)]))
    alive = [owed for many in known.values() for owed in many if owed.state in ALIVE]
    gone = _gone(session, [owed.subject for owed in alive if owed.subject not in wanted], now)
    for owed in alive:
        line = gone.get(owed.subject)
        lines = [line] if line else _shown(duty, consultation, owed.subject, now)
        if lines:
            work.append((owed, lines))
    write_many(session, law, work, now)


def _keep_extensions(
    database: Database, pack: RulePack, duty: Duty, consultation_id: int, now: datetime
) -> int:
    """Let each group have the longest extension approved for one of its comments; returns to how
    many it was given.

    Two persons gave that time, and grouping does not take it. It counts from when it was approved,
    in whichever order comments came into the group; where the group's term had run out by then, or
    is counted by another rule, it cannot be carried over.
    """
    if duty.per is not Per.ISSUE:
        return 0
    with database.reading() as session:
        if not _extensions(session, duty, consultation_id):
            return 0
    with database.writing() as session:
        session.get_one(Consultation, consultation_id, with_for_update={"key_share": True})
        work = _extensions(session, duty, consultation_id)
        write_many(session, law_of(session, pack), work, now)
    return len(work)


def _extensions(
    session: Session, duty: Duty, consultation_id: int
) -> list[tuple[Obligation, list[Line]]]:
    """The line that each group with less time than one of its comments lacks."""
    own, together = aliased(Obligation), aliased(Obligation)
    alone, group = col(IssueComment.comment_id), col(IssueComment.issue_id)
    query = (
        select(together, own)
        .join(IssueComment, together.subject == _subject("issue:", group))  # type: ignore[arg-type]
        .join(own, own.subject == _subject("comment:", alone))  # type: ignore[arg-type]
        .where(
            *(col(one.consultation_id) == consultation_id for one in (own, together)),
            *(col(one.duty) == duty.code for one in (own, together)),
            col(together.state).in_(TICKING),
            col(own.extra) > col(together.extra),
            col(own.rule_version_id) == col(together.rule_version_id),
        )
    )
    longest: dict[int | None, tuple[Obligation, Obligation]] = {}
    for pair in session.exec(query.order_by(col(own.extra), col(own.id))).all():
        longest[pair[0].id] = pair
    given = ledgers(session, [one.id for _, one in longest.values()])
    work = []
    for owed, one in longest.values():
        line = next(line for line in reversed(given[one.id]) if line.kind is Kind.EXTENDED)
        if owed.due_at is not None and line.at < owed.due_at:
            approved = {key: line.data[key] for key in ("basis", "reason", "approved_by")}
            data = {**approved, "extra": one.extra - owed.extra}
            work.append((owed, [Line(Kind.EXTENDED, line.at, data, line.actor_id)]))
    return work


def _new(
    law: Law, duty: Duty, draft: Draft, consultation: Consultation, subject: str, nth: int
) -> Obligation:
    """A duty that is not written down yet, the `nth` for its subject; it is still without lines."""
    key = f"{duty.code}:{consultation.id}:{subject}"
    key = f"{key}:{nth}" if nth > 1 else key
    owed = new_duty(
        law, duty, key, subject, consultation.opened_at or consultation.opens_at, draft=draft
    )
    owed.consultation_id = consultation.id
    return owed


def _known(
    session: Session, duty: Duty, consultation_id: int, subjects: Sequence[str]
) -> dict[str, list[Obligation]]:
    query = select(Obligation).where(
        Obligation.consultation_id == consultation_id,
        Obligation.duty == duty.code,
        col(Obligation.subject).in_([*subjects, ""]),
    )
    known = defaultdict[str, list[Obligation]](list)
    for owed in session.exec(query.order_by(col(Obligation.id))).all():
        known[owed.subject].append(owed)
    return known


def _beginnings(
    duty: Duty, consultation: Consultation, new: Mapping[str, datetime]
) -> dict[str, datetime]:
    """When the clock of each new duty began.

    For a comment that was hidden and is shown again not before it was, for a group not before one
    of its comments was: the agency is not late because of a moderator. An answer to what is shown
    again after the report is owed by none.
    """
    own = duty.trigger is Trigger.COMMENT_SUBMITTED
    common = begun_at(duty, consultation)
    begun = {}
    for subject, since in new.items():
        at = since if own or common is None else max(common, since)
        reported_at = consultation.reported_at if duty.evidence in BY_REPORT else None
        if reported_at is None or at < reported_at:
            begun[subject] = at
    return begun


def _shown(duty: Duty, consultation: Consultation, subject: str, at: datetime) -> list[Line]:
    """The line that fulfils a duty, if what shows it is there: a receipt, a published answer."""
    kind, number = subject.split(":")
    path = f"/comments/{number}"
    if duty.evidence is Evidence.RECEIPT:
        return [Line(Kind.FULFILLED, at, {"evidence": path})]
    if duty.evidence not in BY_REPORT or consultation.reported_at is None:
        return []
    if kind == "issue":
        path = f"/drafts/{consultation.draft_id}/report/{consultation.round}"
    return [Line(Kind.FULFILLED, consultation.reported_at, {"evidence": path})]


def _gone(session: Session, subjects: Sequence[str], now: datetime) -> dict[str, Line]:
    """The lines that cancel what is owed to nobody any more, each with the reason."""

    def line(at: datetime, reason: str) -> Line:
        return Line(Kind.CANCELLED, at, {"reason": reason})

    gone = {subject: line(now, DISSOLVED) for subject in subjects}
    query = select(Comment).where(col(Comment.id).in_(_ids(subjects, "comment")))
    for comment in session.exec(query).all() if subjects else ():
        gone[f"comment:{comment.id}"] = line(*(gone_since(comment) or (now, GROUPED)))
    return gone


def gone_since(comment: Comment) -> tuple[datetime, str] | None:
    """Since when the words of a comment are not shown, and why; None while they are.

    The reason is a translatable sentence.
    """
    for at, reason in (
        (comment.withdrawn_at, DISAVOWED if comment.disavowed_at else WITHDRAWN),
        (comment.hidden_at, HIDDEN),
        (comment.held_at, HELD),
    ):
        if at is not None:
            return at, reason
    return None
